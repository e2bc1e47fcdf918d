"""What plain words say: "no solution", "all real numbers", "twenty-five"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifier.math.literals import PlainNumber
from verifier.math.number_words import number_in_words
from verifier.math.tree import (
    Apply,
    FiniteSet,
    Listing,
    Node,
    Number,
    Prose,
    Quantity,
    Relation,
    Symbol,
    Words,
    round_tuple,
)
from verifier.math.units import is_unit

POSITIVE = round_tuple((Number(PlainNumber(Fraction(0))), Symbol("oo")))
EVERYTHING = round_tuple((Apply("neg", (Symbol("oo"),)), Symbol("oo")))
_NOTHING = FiniteSet(())
_ONE = Number(PlainNumber(Fraction(1)))
_MEANINGS: dict[str, Node] = {
    **dict.fromkeys(
        ("all real numbers", "all reals", "all real number", "real numbers", "reals"), EVERYTHING
    ),
    **dict.fromkeys(
        (*("none", "empty set", "the empty set", "null set"),),
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
    **dict.fromkeys(
        (
            *("infinity", "infinite", "infinitely many", "infinitely many solutions"),
            *("an infinite number", "an infinite number of solutions"),
        ),
        Symbol("oo"),
    ),
    **dict.fromkeys(("true", "yes"), Words("yes")),
    **dict.fromkeys(("false", "no"), Words("no")),
}
_NONE = re.compile(
    r"(?:it )?(?:has |there (?:is|are|exists?) )?no(?P<such> such)?"
    r"(?: (?:real|integer|integral|positive|natural|rational|valid|possible))*"
    r"(?:(?P<solutions> solutions?| roots?)|(?P<things> [a-z]+))?(?P<exist> exists?)?"
)
"""`no solution`, `there are no such triples`, `no such n exists`."""
_SERIES = re.compile(
    r"(?:it )?(?:(?P<before>[a-z]+ly|pointwise) )?(?P<what>con|di)verge(?:s|nt|nce)?"
    r"(?: (?P<behind>[a-z]+ly|pointwise))?"
)
"""`converges absolutely`, `conditionally convergent`."""
_KINDS = re.compile(
    r"(?:all )?(?:the )?(?P<first>positive )?(?P<parity>even|odd) (?P<then>positive )?"
    r"(?:integers|(?:natural |whole )?numbers)"
)
"""`all even integers`, `odd positive integers`."""
_WINNER = re.compile(
    r"(?:the )?(?P<who>.+?) (?:(?:always |will (?:always )?|can (?:always )?)?wins?(?: the game)?"
    r"|has (?:a|the) winning strategy)"
)
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
_BETWEEN = re.compile(r" ?,? and | ?, ?")
_SKIPPED_WORDS = frozenset(("the", "a", "an", "is", "are", "it", "so", "of"))


_TOLD_BY_PLACE = re.compile(
    r"yes|no|true|false|[tfyn]|(?:in|de)creas(?:es?|ed|ing)|(?:con|di)verge(?:s|nt)|always|never"
    r"|sometimes|(?:stays|remains) the same|unchanged"
)


def answer_several_questions(said: Sequence[str]) -> bool:
    """Whether a list of words, in lower case, is one of replies: then their places count."""
    return len(said) > 1 and all(map(_TOLD_BY_PLACE.fullmatch, said))


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
    spelled = " ".join(text.lower().replace("-", " ").strip(" .!,;:'\"").split()).removesuffix(
        " only"
    )
    if (number := number_in_words(spelled.removesuffix(" percent"))) is not None:
        percent = spelled.endswith(" percent")
        return Number(PlainNumber(number / 100 if percent else number, percent=percent))
    *counted, unit = spelled.split() or [""]
    if is_unit(unit) and (number := number_in_words(" ".join(counted))) is not None:
        return Quantity(Number(PlainNumber(number)), unit)
    if (said := _SUBJECT.sub("", spelled)) in _MEANINGS:
        return _MEANINGS[said]
    if found := _KINDS.fullmatch(said):
        return _whole_numbers(found)
    if (found := _NONE.fullmatch(said)) and _denies_any(found):
        return _NOTHING
    if found := _SERIES.fullmatch(said):
        how = found["before"] or found["behind"]
        return Words(" ".join(filter(None, (how, f"{found['what']}vergent"))))
    if answer_several_questions(replies := _BETWEEN.split(spelled)):
        return Listing(tuple(map(read_words, replies)))
    if found := _REPLY.match(spelled):
        more = _without_fillers(spelled[found.end() :])
        return Words(", ".join(filter(None, (_REPLIES[found[1]], more))))
    if found := _WINNER.fullmatch(spelled):
        spelled = found["who"]
    return Words(_without_fillers(spelled) or spelled)


def _whole_numbers(found: re.Match[str]) -> Node:
    """The even or the odd ones, as `2k` or `2k - 1` for every `k`, or from one on."""
    k = Symbol("k")
    value = Apply("*", (Number(PlainNumber(Fraction(2))), k))
    if found["parity"] == "odd":
        value = Apply("+", (value, Apply("neg", (_ONE,))))
    if found["first"] or found["then"]:
        return Listing((value, Relation((k, _ONE), (">=",))))
    return Apply("family", (value, k))


def _denies_any(found: re.Match[str]) -> bool:
    """Whether it says that nothing is there, and not that something has no such property."""
    is_stated = found["such"] or found["exist"] or found[0].startswith("there ")
    return bool(found["solutions"] or is_stated)


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
