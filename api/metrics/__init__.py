"""What Prometheus may know; docs/operations.md lists it."""
