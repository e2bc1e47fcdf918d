"""The fast path: decides a pair of normalised answers where the result is certain both ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from verifier.math.literals import PlainNumber, read_choice, read_number

_LETTERS = re.compile(r"(?:\\text ?\{ ?|\\\{)?([A-Z](?:(?:, ?(?:and )?| +and +)?[A-Z])+) ?\\?\}?")
_BETWEEN_LETTERS = re.compile("[^A-Z]")
_CHOSEN = frozenset("ABCDEFGHIJTYN")
"""Letters of choices and replies, also in small; any other one is a variable, `V` and not `v`."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The result, and what decided it."""

    same: bool
    how: str


def decide_at_sight(reference: str, answer: str) -> Decided | None:
    """Whether the answer is the reference; None where that takes more than a look."""
    if reference == answer:
        return Decided(same=True, how="string")
    if (number := _number(reference)) is not None and (other := read_number(answer)) is not None:
        return Decided(number.equals(other), "number")
    if (choice := _choice(reference)) is not None and (letter := read_choice(answer)) is not None:
        return Decided(choice == (letter.upper() if choice in _CHOSEN else letter), "choice")
    if (letters := _LETTERS.fullmatch(reference)) and (others := _LETTERS.fullmatch(answer)):
        return _decide_letters(letters[1], others[1])
    return None


def _decide_letters(reference: str, answer: str) -> Decided | None:
    """Capitals in a row are a name or an order, `VI` and not `IV`; so are the same ones listed."""
    mine, yours = (_BETWEEN_LETTERS.sub("", text) for text in (reference, answer))
    distinct = len(set(mine)) == len(mine)
    if mine == yours and distinct:
        return Decided(same=True, how="choice")
    in_a_row = reference == mine and answer == yours
    if in_a_row and mine != yours and sorted(mine) == sorted(yours):
        return Decided(same=False, how="choice")
    return None


@lru_cache(maxsize=4096)
def _number(reference: str) -> PlainNumber | None:
    return read_number(reference)


@lru_cache(maxsize=4096)
def _choice(reference: str) -> str | None:
    """The reference's letter, if it can only be a choice: a lone small letter is a variable."""
    letter = read_choice(reference)
    return letter if letter is not None and letter.isupper() else None
