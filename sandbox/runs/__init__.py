"""Runs in a jail: how programs are sent in, run, called and measured, and results read."""
