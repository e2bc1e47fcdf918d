"""Permutations as products of cycles: `(1 2)(3 4)`, without blanks where that can be told.

A normalised text is rewritten so that cycles are words, which nobody multiplies."""

from __future__ import annotations

import re

_CYCLE = r"\((?:[1-9][0-9]?(?: [1-9][0-9]?)+|[1-9]{2,9})\)"
_PRODUCT = re.compile(rf"(?:(?<=[{{,=])|(?<=[,=] )|(?<=\A))(?:{_CYCLE} ?)+(?<! )(?=\\?\}}|,|\Z)")
_MOVED = re.compile(r"\(([^()]+)\)")
_AS_LETTERS = str.maketrans("0123456789", "bcdfghjklm")

Cycle = tuple[str, ...]


def spell_cycles(reference: str, answer: str) -> tuple[str, str]:
    """Both with their cycles as words, if the reference has any: it says by blanks, or by several
    cycles that move different numbers, that it is no product of numbers."""
    if not any(map(_is_permutation, _PRODUCT.findall(reference))):
        return reference, answer
    first, second = (
        _PRODUCT.sub(lambda found: _in_words(_cycles(found[0])), text)
        for text in (reference, answer)
    )
    return first, second


def _cycles(product: str) -> list[Cycle]:
    """The numbers that each cycle moves, the smallest first."""
    found: list[Cycle] = []
    for inner in _MOVED.findall(product):
        moved = tuple(inner.split()) if " " in inner else tuple(inner)
        start = moved.index(min(moved, key=int))
        found.append(moved[start:] + moved[:start])
    return found


def _is_permutation(product: str) -> bool:
    cycles = _cycles(product)
    if any(len(set(cycle)) < len(cycle) for cycle in cycles):
        return False
    return " " in product or (len(cycles) > 1 and _are_disjoint(cycles))


def _are_disjoint(cycles: list[Cycle]) -> bool:
    """Whether no number is moved twice, so that their order does not count."""
    moved = [number for cycle in cycles for number in cycle]
    return len(set(moved)) == len(moved)


def _in_words(cycles: list[Cycle]) -> str:
    ordered = sorted(cycles) if _are_disjoint(cycles) else cycles
    spelled = ("x".join(number.translate(_AS_LETTERS) for number in cycle) for cycle in ordered)
    return rf"\text{{cycles {' '.join(spelled)}}}"
