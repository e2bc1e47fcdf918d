"""Leaves a pair to math-verify that is written in a notation the reader does not know.

math-verify reads much and forgives much: it drops words, units, names, marks and all that stands
behind them, and its comparison depends on which side is the reference. Its "equal" counts here only
where there are no words, both directions agree, names and marks are the same, and both sides are of
one kind, which is not that of relations.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from math_verify import LatexExtractionConfig, parse, verify
from sympy import Basic, MatrixBase, Set, Tuple, nan, zoo
from sympy.core.relational import Relational

_WORDS = re.compile(r"\\text ?\{([^{}]*)\}|(?<![\\a-zA-Z])(?:[a-zA-Z]{3,}|to(?![a-zA-Z]))")
_SPACE_BEFORE_WORDS = re.compile(r" ?\\text ?\{ ?([^{}]*?) ?\} ?")
_OPERATORS = re.compile(
    r"\\(sum|int|iint|oint|prod|lim|frac ?\{ ?\\?(?:text)?\{?d\}?[ }^])|[\])|]_(?:\{[^{}]*\}|.)\^"
)
"""What is to be worked out; the last one is a difference of values, `[x^2]_0^1`."""
_SIDE_BY_SIDE = re.compile(r"[0-9] +\.?[0-9]|[0-9] ?\\frac")
"""Numbers without a sign between them, which math-verify multiplies."""
_DROPPED = tuple(
    re.compile(mark) for mark in (r"\\ldots", r"\.\.\.", "'", r"\\prime", r"\^ ?\{? ?\*")
)
"""Marks that math-verify reads over."""
_SUBSCRIPT = re.compile(r"(?<=[0-9)}\]]) ?_")
"""A subscript of a number or of brackets, which it reads over with what stands in it."""
_LIMIT = re.compile(r"\\lim ?_ ?\{[^{}]*\}")
_UNKNOWN = re.compile(
    r"\\(?:partial|nabla|wedge|vee|neg|lnot|otimes|oplus|star|ast|circ|cross|subset|supset|mapsto"
    r"|iff|implies|to|rightarrow|leftrightarrow|Rightarrow|Leftrightarrow|forall|exists)(?![a-zA-Z])"
)
"""What it reads over, or takes for a sign it knows; a derivative by a letter is nothing to it,
whatever the letter."""
_LATEX = (LatexExtractionConfig(),)

MAX_CHARS = 1000
MAX_DEPTH = 12

for _name in ("math_verify", "latex2sympy2_extended"):  # they warn of what is meant here
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@lru_cache(maxsize=512)
def parsed(text: str) -> Basic | MatrixBase | None:
    """What math-verify makes of a normalised answer; None where it makes nothing of it."""
    # Its parser has no timeout here: the process is killed from outside.
    found = parse(f"${text}$", _LATEX, fallback_mode="no_fallback", parsing_timeout=0)
    if len(found) != 1 or not isinstance(found[0], Basic | MatrixBase):
        return None
    value = found[0]
    return None if isinstance(value, Basic) and value.has(nan, zoo) else value


def is_too_much(text: str) -> bool:
    """Whether a text is longer or nested deeper than math-verify reads in reasonable time."""
    depth = deepest = 0
    for sign in text if len(text) <= MAX_CHARS else "":
        depth += (sign in "{([") - (sign in "})]")
        deepest = max(depth, deepest)
    return len(text) > MAX_CHARS or deepest > MAX_DEPTH


def split_sides(text: str) -> list[str]:
    """What stands between the equals signs outside of all brackets, from left to right."""
    sides, depth = [""], 0
    for sign in text:
        depth += (sign in "{([") - (sign in "})]")
        if sign == "=" and depth == 0:
            sides.append("")
        else:
            sides[-1] += sign
    return [side.strip() for side in sides]


def restates(reference: str, answer: str) -> bool:
    """Whether the answer leaves a sum, an integral or a limit to be worked out that the reference
    has worked out."""
    return bool(set(_OPERATORS.findall(answer)) - set(_OPERATORS.findall(reference)))


def same_to_math_verify(reference: str, answer: str) -> bool:
    """Whether math-verify holds two normalised answers for equal, beyond its leniencies."""
    if "approx" in answer or restates(reference, answer):
        return False
    if any(map(_is_misread, (reference, answer))):
        return _squeezed(reference) == _squeezed(answer)
    if any(len(mark.findall(reference)) != len(mark.findall(answer)) for mark in _DROPPED):
        return False
    mine, yours = parsed(reference), parsed(answer)
    if mine is None or yours is None or _kind(mine) != _kind(yours) or _kind(mine) == "relation":
        return False
    if _symbols(mine) != _symbols(yours):
        return False
    return _equal(mine, yours) and _equal(yours, mine)


def _is_misread(text: str) -> bool:
    """Whether there is something in it that math-verify takes for something else."""
    text = _LIMIT.sub("", text)
    marks = (_WORDS, _SIDE_BY_SIDE, _SUBSCRIPT, _UNKNOWN)
    return any(mark.search(text) for mark in marks)


def _squeezed(text: str) -> str:
    return _SPACE_BEFORE_WORDS.sub(r"\g<1>", text)


def _symbols(value: Any) -> set[str]:
    return {str(symbol) for symbol in getattr(value, "free_symbols", set())}


def _kind(value: Any) -> str:
    for kind, types in (
        ("matrix", MatrixBase),
        ("relation", Relational),
        ("set", Set),
        ("tuple", Tuple),
    ):
        if isinstance(value, types):
            return kind
    return "relation" if type(value).__name__ == "And" else "expression"


def _equal(first: Any, second: Any) -> bool:
    return bool(verify(first, second, float_rounding=12, timeout_seconds=None))
