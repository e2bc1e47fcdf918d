"""How a place for a run is made: in Docker, or of Linux namespaces."""
