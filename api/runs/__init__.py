"""Programs that are run and not judged."""
