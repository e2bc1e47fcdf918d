"""Parses dataset source text without running any of it."""

from __future__ import annotations

import ast
import warnings

from verifier.errors import GroundTruthError


def parse_python(source: str, what: str) -> ast.Module:
    """The syntax tree of dataset text. Raises GroundTruthError, also for hostile nesting."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a dataset is none of ours
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise GroundTruthError(
            f"The ground truth cannot be used: {what} is not Python ({error})."
        ) from None
