"""Registered ground truths: in memory, as files, or shared over Redis."""
