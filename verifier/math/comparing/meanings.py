"""What plain words say: "no solution", "all real numbers", "twenty-five"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from verifier.math.literals import PlainNumber
from verifier.math.number_words import number_in_words
from verifier.math.tree import (
    Apply,
    FiniteSet,
    Node,
    Number,
    Prose,
    Quantity,
    Symbol,
    Words,
    round_tuple,
)
from verifier.math.units import is_unit

POSITIVE = round_tuple((Number(PlainNumber(Fraction(0))), Symbol("oo")))
EVERYTHING = round_tuple((Apply("neg", (Symbol("oo"),)), Symbol("oo")))
_NOTHING = FiniteSet(())
_MEANINGS: dict[str, Node] = {
    **dict.fromkeys(
        ("all real numbers", "all reals", "all real number", "real numbers", "reals"), EVERYTHING
    ),
    **dict.fromkeys(
        (
            *("no solution", "no solutions", "no real solution", "no real solutions", "none"),
            *("empty set", "there is no solution", "there are no solutions", "null set"),
            *("has no solution", "no such", "no roots", "no real roots", "the empty set"),
            *("no solution exists", "no solutions exist", "no real solution exists"),
            *("no real solutions exist", "there is no real solution", "no real root"),
            *("there are no real solutions", "there is no solutions", "no solution exist"),
        ),
        _NOTHING,
    ),
    **dict.fromkeys(("all positive integers", "positive integers"), Symbol("set Z+")),
    **dict.fromkeys(("all positive real numbers", "all positive reals"), POSITIVE),
    **dict.fromkeys(("all integers", "integers", "the integers"), Symbol("set Z")),
    **dict.fromkeys(("all natural numbers", "natural numbers"), Symbol("set N")),
    **dict.fromkeys(
        ("does not exist", "dne", "undefined", "not defined", "doesn't exist", "doesnt exist"),
        Words("undefined"),
    ),
    **dict.fromkeys(("negative infinity", "minus infinity"), Apply("neg", (Symbol("oo"),))),
    **dict.fromkeys(("impossible", "not possible"), Words("impossible")),
    **dict.fromkeys(("all primes", "all prime numbers", "prime numbers"), Words("primes")),
    **dict.fromkeys(("diverges", "divergent", "diverge", "it diverges"), Words("diverges")),
    **dict.fromkeys(("converges", "convergent", "converge", "it converges"), Words("converges")),
    **dict.fromkeys(("infinitely many", "infinitely many solutions"), Words("infinitely many")),
    **dict.fromkeys(("true", "yes"), Words("yes")),
    **dict.fromkeys(("false", "no"), Words("no")),
}
_REPLY = re.compile(
    r"(yes|no|true|false)(?:[,.;:!] ?| (?=(?:because|since|as)\b)|(?<=yes) )(?=[^ ])"
)
"""A reply and the start of what is said behind it: of `no` a comma or a reason, which tell it from
`no solution`."""
_REPLIES = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
_HEDGE = re.compile(
    r"\b(?:yes|no|true|false|maybe|perhaps|if|unless|only|when|except|but|or|depends)\b"
)
_SUBJECT = re.compile(r"\A(?:the )?(?:series|sequence|integral|limit|equation) ")
_SKIPPED_WORDS = frozenset(("the", "a", "an", "is", "are", "it", "so", "of"))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a yes-or-no question."""

    said: str
    """`yes` or `no`."""
    more: str
    """The words behind it, empty where there are none."""

    @property
    def is_hedged(self) -> bool:
        """Whether what follows may take the reply back, or binds it to a condition."""
        return bool(_HEDGE.search(self.more))


def read_words(text: str) -> Node:
    """What plain words say."""
    spelled = " ".join(text.lower().replace("-", " ").strip(" .!,;:'\"").split())
    if (number := number_in_words(spelled.removesuffix(" percent"))) is not None:
        percent = spelled.endswith(" percent")
        return Number(PlainNumber(number / 100 if percent else number, percent=percent))
    *counted, unit = spelled.split() or [""]
    if is_unit(unit) and (number := number_in_words(" ".join(counted))) is not None:
        return Quantity(Number(PlainNumber(number)), unit)
    if (said := _SUBJECT.sub("", spelled)) in _MEANINGS:
        return _MEANINGS[said]
    if found := _REPLY.match(spelled):
        return Words(f"{_REPLIES[found[1]]}, {_without_fillers(spelled[found.end() :])}")
    return Words(_without_fillers(spelled) or spelled)


def _without_fillers(spelled: str) -> str:
    words = [word.strip(".,;:!") for word in spelled.split() if word not in _SKIPPED_WORDS]
    return " ".join(words)


def reply_of(node: Node) -> Reply | None:
    """What words that start with `yes` or `no` reply."""
    match node:
        case Words(said):
            more = ""
        case Prose((Words(first), *others)) if isinstance(start := read_words(first), Words):
            said = start.text
            more = " ".join(part.text for part in others if isinstance(part, Words)) or "..."
        case _:
            return None
    reply, _, first = said.partition(", ")
    return Reply(reply, " ".join((first, more)).strip()) if reply in ("yes", "no") else None
