"""Batches: read from requests, judged once under their id, shaped into answers."""
