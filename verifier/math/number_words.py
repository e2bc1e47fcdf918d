"""Numbers in words: `twenty-five`, `one hundred and two`, `two thirds`, `minus one`, `fifth`."""

from __future__ import annotations

from fractions import Fraction

_BELOW_TWENTY = {
    word: value
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        )
    )
}
_TENS = {
    word: 10 * tens
    for tens, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PARTS = {
    word: value
    for value, word in enumerate(
        ("half", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 2
    )
} | {"quarter": 4}
_PLURALS = {f"{word}s": value for word, value in _PARTS.items()} | {"halves": 2}
_IRREGULAR = {
    "first": 1,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    **{f"{word[:-1]}ieth": value for word, value in _TENS.items()},
}
_ORDINALS = _IRREGULAR | {
    f"{word}th": value
    for word, value in _BELOW_TWENTY.items()
    if value > 2 and value not in _IRREGULAR.values()
}
"""Not "second", which is a unit."""
MAX_WORDS = 30


def number_in_words(text: str) -> Fraction | None:
    """The number that words in lower case say, hyphens replaced by blanks; None where they say
    none, or are no usual way to say one."""
    words = text.split()
    if not 1 <= len(words) <= MAX_WORDS:
        return None
    if words[0] in ("minus", "negative"):
        positive = number_in_words(" ".join(words[1:]))
        return None if positive is None else -positive
    *before, last = words
    if (ordinal := _ORDINALS.get(last)) and (
        not before or (len(before) == 1 and before[0] in _TENS and ordinal < 10)
    ):
        return Fraction(ordinal + sum(_TENS[word] for word in before))
    if len(before) == 1 and (last in _PLURALS or last in _PARTS):
        top = _BELOW_TWENTY.get(before[0], 0)  # not "twenty third"
        parts = _PARTS.get(last) if top == 1 else _PLURALS.get(last)
        return Fraction(top, parts) if top and parts else None
    whole = _whole_number(words)
    return None if whole is None else Fraction(whole)


def _whole_number(words: list[str]) -> int | None:
    """The number; None where the words are not in the order in which one is said."""
    if words == ["zero"]:
        return 0
    total, group, room, scale = 0, 0, 1000, 10**15
    for before, word in zip(["", *words], words, strict=False):
        value = _BELOW_TWENTY.get(word) or _TENS.get(word)
        if word == "and" and (before == "hundred" or before in _SCALES) and word is not words[-1]:
            continue
        if value and value < room:
            group, room = group + value, 10 if word in _TENS else 1
        elif word == "hundred" and 1 <= group <= 9:
            group, room = group * 100, 100
        elif _SCALES.get(word, scale) < scale and group:
            scale = _SCALES[word]
            total, group, room = total + group * scale, 0, 1000
        else:
            return None
    return total + group
