"""Products of matrices, `A^{-1}B`: their order counts, which numbers for letters would not show."""

from __future__ import annotations

import random
from typing import Any

from mpmath import mp

from verifier.math.comparing.outcome import NOT_MINE, Decision, Same
from verifier.math.tree import Apply, Node, Number, Symbol, children_of, symbols_of

_SIZE = 3
_DIGITS = 30
_MAX_POWER = 8
_MATRICES_OF_GREEK = frozenset(("Sigma", "Lambda", "Phi", "Omega"))
_OF_NUMBERS = frozenset("IJKLMNQRTV")
"""Letters of dimensions and of gases: `MLT^{-1}` is no product of matrices."""
_UNITS = frozenset(("I", "I_n", "I_m", "E"))


def same_products_of_matrices(reference: Node, answer: Node, _same: Same) -> Decision:
    """Whether both are the same matrix, where each letter is some matrix. One side must look the
    part: capital letters, one of them inverted or transposed."""
    if not (_is_of_matrices(reference) or _is_of_matrices(answer)):
        return NOT_MINE
    with mp.workdps(_DIGITS):
        mine, yours = _value(reference), _value(answer)
        if not (isinstance(mine, mp.matrix) and isinstance(yours, mp.matrix)):
            return NOT_MINE
        return bool(mp.mnorm(mine - yours) < mp.mnorm(mine) * mp.mpf(10) ** (-_DIGITS // 2))


def _is_of_matrices(node: Node) -> bool:
    letters = set(filter(_is_matrix, symbols_of(node))) - _UNITS
    return len(letters) > 1 and not letters <= _OF_NUMBERS and _has_inverse(node)


def _is_matrix(name: str) -> bool:
    return (len(name) == 1 and name.isupper()) or name in _MATRICES_OF_GREEK


def _has_inverse(node: Node) -> bool:
    match node:
        case Apply("^", (base, exponent)) if _power(exponent) in (-1, "T"):
            return all(map(_is_matrix, symbols_of(base))) or _has_inverse(base)
        case _:
            return any(map(_has_inverse, children_of(node)))


def _power(exponent: Node) -> int | str | None:
    match exponent:
        case Number(plain) if plain.value.denominator == 1 and plain.value <= _MAX_POWER:
            return int(plain.value)
        case Apply("neg", (Number(plain),)) if plain.value == 1:
            return -1
        case Symbol("T"):
            return "T"
        case _:
            return None


def _value(node: Node) -> Any:
    """A matrix, a number, or None for what is neither."""
    match node:
        case Number(plain):
            return mp.mpf(plain.value.numerator) / plain.value.denominator
        case Symbol(name):
            return _letter(name)
        case Apply("^", (base, exponent)):
            return _raised(_value(base), _power(exponent))
        case Apply(op, args):
            values = [_value(arg) for arg in args]
            if any(value is None for value in values):
                return None
            return _worked_out(op, values)
        case _:
            return None


def _letter(name: str) -> Any:
    if name in _UNITS:
        return mp.eye(_SIZE)
    drawn = random.Random(name)  # noqa: S311 - the same matrix for the same letter, no secret
    if _is_matrix(name):
        return mp.matrix(_SIZE, _SIZE).apply(lambda _: drawn.randint(1, 97))
    return mp.mpf(drawn.randint(2, 97))


def _raised(base: Any, power: int | str | None) -> Any:
    if base is None or power is None:
        return None
    if power == "T":
        return base.T if isinstance(base, mp.matrix) else None
    try:
        return base**power
    except ZeroDivisionError:
        return None


def _worked_out(op: str, values: list[Any]) -> Any:
    first, *others = values
    are_matrices = [isinstance(value, mp.matrix) for value in values]
    match op:
        case "neg":
            return -first
        case "+" if len(set(are_matrices)) == 1:
            return sum(others, first)
        case "*":
            for other in others:
                first = first * other
            return first
        case "/" if not are_matrices[1]:
            return first / others[0]
        case _:
            return None
