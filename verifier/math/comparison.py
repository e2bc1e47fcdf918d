"""The slow path, which runs in the child: reads two answers and compares what they state."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from verifier.math.comparing.evaluate import constant_value, same_function
from verifier.math.comparing.exact import TooLarge
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.rules import equivalent
from verifier.math.comparing.tolerance import is_near
from verifier.math.cycles import spell_cycles
from verifier.math.fallback import is_too_much, parsed, restates, same_to_math_verify, split_sides
from verifier.math.reading import TooComplex, Unreadable, read
from verifier.math.reading.tokens import has_thousands_run
from verifier.math.tree import (
    Apply,
    Matrix,
    Node,
    Number,
    Prose,
    Quantity,
    Relation,
    Row,
    children_of,
    symbols_of,
)
from verifier.math.units import PLAIN_UNIT, in_plain_letters

How = Literal["symbolic", "math-verify", "limit", "unevaluated"]

UNDEFINED = "it has no value"
TOO_LARGE = "a number in it is too large to be computed"
TOO_COMPLEX = "it is too long or too deeply nested to be compared"

_TEXT = re.compile(r"\\text ?\{([^{}]*)\}")
_PLAIN_LETTER = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]")
_PLAIN_UNIT = re.compile(
    rf"(?P<value>(?:[^a-zA-Z=,]|\\[a-z]+)*(?:[0-9}}]|\\pi))(?P<blank> ?)(?P<unit>{PLAIN_UNIT})"
)
_CROSS = r"\cross"
_TIMES = re.compile(r"(?<=[a-zA-Z}]) ?\\times ?(?=[a-zA-Z{\\])")
_NAME_OF_FUNCTION = r"(?:[A-DE-Za-df-hj-z]|\\(?:phi|psi|sigma|delta|mu|chi|Phi|Psi))"
_APPLIED = re.compile(
    rf"(?<![a-zA-Z\\}}_^'])({_NAME_OF_FUNCTION})\((?:0|(?!\1)[a-zA-Z](?:\^\{{?[0-9]\}}?)?)\)(?! ?=)"
)
_RATIO = re.compile(r"[0-9]+(?:\.[0-9]+)?(?: ?(?::|to) ?[0-9]+(?:\.[0-9]+)?)+")


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison of two answers came to."""

    same: bool
    how: How


@lru_cache(maxsize=2048)
def _read(text: str, thousands: bool) -> Node | None:
    try:
        return read(text, thousands=thousands)
    except Unreadable:
        return None


def fault_of_reference(text: str) -> str | None:
    """Why a normalised reference cannot be used, None where it can.

    Computes all that comparisons with it will compute, so that what a hostile reference costs is
    spent here, where nobody's answer can be blamed for it."""
    try:
        node = _read(text, True)
        if node is None:
            if not is_too_much(text):
                parsed(text)
            return None
        return None if all(map(_has_value, _scalars(node))) else UNDEFINED
    except (TooLarge, OverflowError, MemoryError):
        return TOO_LARGE
    except (TooComplex, RecursionError):
        return TOO_COMPLEX


def _scalars(node: Node) -> Iterator[Node]:
    """The expressions in it that are evaluated as wholes."""
    if isinstance(node, Apply) and not _holds_more(node):
        yield node
    elif not isinstance(node, Prose):  # of which nobody knows what it says of them
        for child in children_of(node):
            yield from _scalars(child)


def _holds_more(node: Node) -> bool:
    """Whether there are tuples or matrices in it: those are worked out entry by entry."""
    return isinstance(node, Row | Matrix) or any(map(_holds_more, children_of(node)))


def _has_value(node: Node) -> bool:
    names = symbols_of(node)
    if "oo" in names or names - CONSTANTS:
        with contextlib.suppress(RecursionError):
            same_function(node, node)
        return True
    return constant_value(node) is not None or not _is_arithmetic(node)


def _is_arithmetic(node: Node) -> bool:
    return not isinstance(node, Apply) or (
        node.op in ("+", "*", "/", "^", "neg", "sqrt", "root", "ln", "log", "lg")
        and all(map(_is_arithmetic, node.args))
    )


def compare(
    reference: str, answer: str, *, values_only: bool, tolerance: float | None = None
) -> Compared:
    """Whether a normalised answer states what the normalised reference states. `tolerance`: how
    far numbers may be off, as a part of the reference's."""
    try:
        found = _compare(reference, answer, values_only=values_only)
        if tolerance is not None and not found.same and _is_within(reference, answer, tolerance):
            found = Compared(same=True, how="symbolic")
    except (TooLarge, TooComplex, OverflowError, MemoryError, RecursionError):
        return Compared(same=False, how="limit")
    return found


def _compare(reference: str, answer: str, *, values_only: bool) -> Compared:
    """By our own rules, with commas read as thousands and then as not; by math-verify where these
    leave it open, or the answer leaves to be worked out what the reference has worked out."""
    if _TEXT.sub(r"\1", reference) == _TEXT.sub(r"\1", answer):
        return Compared(same=True, how="symbolic")
    reference, answer = _with_ratios_spelled(reference, answer)
    answer = _with_unit_spelled(reference, answer)
    reference, answer = _with_vectors_spelled(reference, answer)
    reference, answer = _with_functions_spelled(reference, answer)
    reference, answer = spell_cycles(reference, answer)
    if restates(reference, answer):
        return _compare_by_math_verify(reference, answer, values_only=values_only)
    unsure = False
    for thousands in (True, False):
        mine, yours = _read(reference, thousands), _read(answer, thousands)
        if mine is None or yours is None:
            unsure = True
        else:
            verdict = equivalent(mine, yours)
            if verdict:
                if values_only and _is_plain(mine) and not _is_plain(yours):
                    return Compared(same=False, how="unevaluated")
                return Compared(same=True, how="symbolic")
            unsure = unsure or verdict is None
        if not (has_thousands_run(reference) or has_thousands_run(answer)):
            break
    if not unsure:
        return Compared(same=False, how="symbolic")
    return _compare_by_math_verify(reference, answer, values_only=values_only)


def _is_within(reference: str, answer: str, tolerance: float) -> bool:
    mine, yours = _read(reference, True), _read(answer, True)
    return mine is not None and yours is not None and is_near(mine, yours, tolerance)


def _with_ratios_spelled(reference: str, answer: str) -> tuple[str, str]:
    """ "3 to 4" as the ratio that the other side writes; beside anything else it may be a range."""
    bare = [_TEXT.sub(r"\1", text) for text in (reference, answer)]
    if not all(map(_RATIO.fullmatch, bare)) or ":" not in reference + answer:
        return reference, answer
    first, second = (text.replace("to", ":") for text in bare)
    return first, second


def _with_vectors_spelled(reference: str, answer: str) -> tuple[str, str]:
    """A product of vectors that only one side marks as such, on the other side too."""
    if (_CROSS in reference) == (_CROSS in answer):
        return reference, answer
    first, second = (_TIMES.sub(lambda _: _CROSS + " ", text) for text in (reference, answer))
    return first, second


def _with_functions_spelled(reference: str, answer: str) -> tuple[str, str]:
    """`F(b) - F(a)`, where a letter before another one in brackets is a function and no factor,
    which the letter is then in `F(b - a)`, too."""
    names = {found[1] for found in _APPLIED.finditer(reference)}
    names |= {found[1] for found in _APPLIED.finditer(answer) if found[1].isupper()}
    if not names:
        return reference, answer
    name = "|".join(map(re.escape, sorted(names)))
    applied = re.compile(rf"(?<![a-zA-Z\\}}_^'])(?=(?:{name})\((?![^()]*\) ?=))")
    return applied.sub(r"\\function ", reference), applied.sub(r"\\function ", answer)


def _with_unit_spelled(reference: str, answer: str) -> str:
    """`10 m` as a measure where the reference is a number without any letter: no variable is asked
    for. A blank parts a unit from its number, and nothing a factor."""
    found = _PLAIN_UNIT.fullmatch(answer)
    if not found or not found["blank"] or _PLAIN_LETTER.search(_TEXT.sub("", reference)):
        return answer
    unit = in_plain_letters(found["unit"])
    return rf"{found['value']}\text{{{unit}}}" if unit else answer


def _compare_by_math_verify(reference: str, answer: str, *, values_only: bool) -> Compared:
    """What is left to math-verify; equations side by side, for it takes any two without a solution
    for equal."""
    if is_too_much(reference) or is_too_much(answer):
        return Compared(same=False, how="limit")
    mine, yours = split_sides(reference), split_sides(answer)
    if restates(reference, answer):
        worked_out = [side for side in yours if not restates(reference, side)]
        if len(mine) > 1 or len(yours) == 1 or yours[-1] not in worked_out:
            return Compared(same=False, how="unevaluated")
        for side in worked_out:
            found = _compare(reference, side, values_only=values_only)
            if not found.same:
                break
        return found
    if len(mine) > 1 and len(yours) in (1, len(mine)):
        for side, other in zip(reversed(mine), reversed(yours), strict=False):
            if side != other:
                found = _compare(side, other, values_only=values_only)
                if not found.same:
                    return found
        return Compared(same=True, how="math-verify")
    return Compared(same_to_math_verify(reference, answer), "math-verify")


def _is_plain(node: Node) -> bool:
    """A number as it is written: nothing in it is left to be worked out."""
    match node:
        case Number():
            return True
        case Apply("neg", (inner,)) | Quantity(inner, _):
            return _is_plain(inner)
        case Apply("/", (Number(), Number())):
            return True
        case Relation(sides, _):
            return _is_plain(sides[-1])
        case Apply("+", (Number(), Apply("/", (Number(), Number())))):
            return True
        case _:
            return False
