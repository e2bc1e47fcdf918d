"""Calls of a function in another language than Python: a program that makes one and prints it."""

from verifier.programs.drivers.calls import LANGUAGES_OF_CALLS, as_stdin, value_printed

__all__ = ["LANGUAGES_OF_CALLS", "as_stdin", "value_printed"]
