"""Whether a script came to the `sys.exit(0)` that it ends with, which its exit code does not tell.

Harnesses that a trainer sends to `/run_code` run a candidate's code in their own process, and end
with 0 where its tests passed. So does a candidate that ends the process. In the text that is run
another number stands in the place of the harness' 0.
"""

from __future__ import annotations

import ast
import re
import secrets

from verifier.errors import GroundTruthError
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python

_LEAST, _MANY = 64, 64
"""Codes that shells, signals and frameworks have no meaning for."""

_LAST_LINE = re.compile(r"\b(?:exit|quit)\([^\n()]*\)[ \t;]*\s*\Z")
_BEGINS = re.compile(r"(?!else\b|elif\b|#)\S")
"""A line at the margin that a statement begins in."""
_MOST_CHARACTERS = 4000


def with_own_code(source: str) -> tuple[str, int] | None:
    """The source, ending with a code of ours instead of 0; None where not every way through its
    last statement ends in an exit. Nothing but that statement is parsed: a source is hostile."""
    if not _LAST_LINE.search(source):
        return None
    lines = source.split("\n")
    first = next((n for n in range(len(lines) - 1, -1, -1) if _BEGINS.match(lines[n])), None)
    if first is None or (first > 0 and lines[first - 1].rstrip().endswith("\\")):
        return None
    tail = "\n".join(lines[first:])
    if len(tail) > _MOST_CHARACTERS:
        return None
    try:
        body = parse_python(tail, "its end").body
        zeros = _zeros(body) if _exits(body) else []
    except (GroundTruthError, Unsupported, RecursionError):
        return None
    code = _LEAST + secrets.randbelow(_MANY)
    parts = tail.encode().split(b"\n")
    for zero in sorted(zeros, key=lambda each: (each.lineno, each.col_offset), reverse=True):
        part = parts[zero.lineno - 1]
        start, end = zero.col_offset, zero.end_col_offset
        parts[zero.lineno - 1] = part[:start] + str(code).encode() + part[end:]
    changed = b"\n".join(parts).decode()
    return ("\n".join([*lines[:first], changed]), code) if zeros else None


def _exits(body: list[ast.stmt]) -> bool:
    match body[-1] if body else None:
        case ast.Expr(value=call):
            return _is_exit(call)
        case ast.If(body=then, orelse=otherwise):
            return _exits(then) and _exits(otherwise)
    return False


def _is_exit(call: ast.expr) -> bool:
    return isinstance(call, ast.Call) and ast.unparse(call.func) in ("sys.exit", "exit", "quit")


def _zeros(body: list[ast.stmt]) -> list[ast.Constant]:
    """The codes 0 of the exits that it ends with."""
    match body[-1]:
        case ast.Expr(value=ast.Call(args=[ast.Constant(value=0) as zero])):
            return [zero]
        case ast.If(body=then, orelse=otherwise):
            return _zeros(then) + _zeros(otherwise)
    return []
