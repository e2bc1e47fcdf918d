"""Jails, the places in which programs run: made by Docker, or of Linux namespaces."""
