"""The edge: HTTP, request and response shapes, the problem registry, errors, the command line."""
