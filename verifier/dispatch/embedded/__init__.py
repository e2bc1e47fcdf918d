"""Dispatch to worker processes of our own: no server of any kind."""
