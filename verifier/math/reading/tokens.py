"""Cuts a normalised answer into tokens: numbers, letters, commands, words, signs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from verifier.math import operations
from verifier.math.units import is_unit, is_unit_in_plain_letters

Kind = Literal["number", "letter", "command", "words", "joint", "sign"]

FUNCTIONS = frozenset((*operations.FUNCTIONS, "log", "lg", "det"))
"""Names of functions; a determinant is read, and not worked out."""
_FUNCTION_SPELLINGS = {
    **{name: name for name in FUNCTIONS},
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "tg": "tan",
    "ctg": "cot",
    "arctg": "arctan",
    "cosec": "csc",
    "arcsinh": "arsinh",
    "arccosh": "arcosh",
    "arctanh": "artanh",
    "sign": "sgn",
}
_WORD_COMMANDS = frozenset(
    (
        *("pi", "infty", "sqrt", "theta", "alpha", "beta", "gamma", "lambda", "omega", "phi"),
        *("frac", "cup", "cap", "pm", "times", "cdot", "abs", "floor", "ceil", "delta", "sigma"),
    )
)
_WORD_SPELLINGS = {"inf": "infty", "infinity": "infty", "union": "cup", "oo": "infty"}

_RECURRING = r"""[0-9]*\.[0-9]*(?:
    \\overline\ ?\{[0-9]+\}
    |\\dot\ ?\{?[0-9]\}?(?:[0-9]*\\dot\ ?\{?[0-9]\}?)?
    |\([0-9]+\)(?![0-9a-zA-Z^])
    |[0-9]+(?:\.\.\.|\\ldots))"""
_BASED = r"""(?=[A-F]*[0-9])[0-9A-F]++(?:\.[0-9A-F]+)?_
    (?:\{\(?(?:\\text\ ?\{)?\(?[0-9a-z]+\)?\}?\)?\}|\([0-9]+\)|[0-9](?![0-9]))"""
_NUMBER = r"(?:[0-9]+(?:\.[0-9]+|\.(?=/))?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4}(?![0-9a-zA-Z.]))?"
_TOKEN = re.compile(
    rf"""\\text\ ?\{{(?P<text>[^{{}}]*)\}}
    |(?P<recurring>{_RECURRING})
    |(?P<based>{_BASED})
    |(?P<number>{_NUMBER})
    |\\(?P<command>[a-zA-Z]+)
    |(?P<escaped>\\[^a-zA-Z])
    |(?P<letters>[a-zA-Z]+)
    |(?P<sign>[^\s])""",
    re.VERBOSE,
)
_THOUSANDS_RUN = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9]|,[0-9])")
_LETTERS_LISTED = re.compile(r"[A-Z](?:(?:, ?(?:and )?| and | ?& ?| or )[A-Z])+")
_MEASURED = re.compile(  # what follows the first number of "3 hours and 20 minutes"
    r"(?P<unit>[a-zA-Z]+)\.? ?(?P<joint>and ?)?"
    r"(?P<number>[0-9]+(?:\.[0-9]+)?) ?(?P<rest>(?P<finer>[a-zA-Z]+)\b.*)",
    re.DOTALL,
)
_SMALL_WORDS = frozenset(("to", "per", "for", "all", "any", "not", "but", "the", "are"))
_SHORT_WORDS = frozenset(("no", "if", "to", "by", "of", "at", "is", "on", "as"))
"""What is a word in a text, where other pairs of letters are products; "ax + by" is in none."""
_ARGUMENTS = frozenset("xyzABC")
"""Letters that stand behind a function without a blank: `sinx`, but not `cost`."""
_JOINTS = {"and": "and", "or": "or", "&": "and"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    spaced: bool = False
    """White space stands before it."""


def is_applied(run: str) -> bool:
    """Whether letters are a function and what it is applied to: `sinx`."""
    return run[:-1] in _FUNCTION_SPELLINGS and run[-1] in _ARGUMENTS


def has_thousands_run(text: str) -> bool:
    """Whether commas in it may separate thousands as well as items: no item is written `000`."""
    runs = _THOUSANDS_RUN.findall(text)
    return bool(runs) and not any(",0" in run for run in runs)


def tokenise(text: str, *, thousands: bool = True) -> list[Token]:
    """`thousands`: read `1,234` as one number where no bracket says otherwise."""
    if thousands:
        text = _THOUSANDS_RUN.sub(_join_outside_brackets(text), text)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        spaced = match.start() > 0 and text[match.start() - 1] == " "
        tokens.extend(_tokens_of(match, spaced, text))
    return tokens


def _join_outside_brackets(text: str) -> Callable[[re.Match[str]], str]:
    def join(match: re.Match[str]) -> str:
        before = text[: match.start()]
        inside = any(before.count(left) > before.count(right) for left, right in ("()", "[]")) or (
            before.count(r"\{") > before.count(r"\}")
        )
        return match[0] if inside else match[0].replace(",", "")

    return join


def _tokens_of(match: re.Match[str], spaced: bool, text: str) -> list[Token]:
    """By what was matched: text is split further, and so is a run of letters."""
    kind, found = match.lastgroup, match[0]
    if kind == "text":
        words = match["text"].strip()
        if len(words) == 1 and is_unit(words) and _follows_value(text, match.start()):
            return [Token("words", words, spaced)]
        return _words(match["text"], spaced)
    if kind in ("recurring", "based", "number"):
        return [Token("number", found, spaced)]
    if kind == "command":
        return [
            Token("command", _FUNCTION_SPELLINGS.get(match["command"], match["command"]), spaced)
        ]
    if found == "cup" and not text[match.end() :].strip(" .") and match.start():
        return [Token("words", found, spaced)]  # 3/4 cup
    if kind == "letters":
        return _letters(found, spaced, after_number=_follows_value(text, match.start()))
    return [Token("sign", found, spaced)]


def _words(content: str, spaced: bool) -> list[Token]:
    """What text inside mathematics means: a joint, a function, a measure, a letter, or words."""
    words = content.strip(" ~")
    if not words:
        return []
    if words.lower().strip(" ,") in _JOINTS:
        return [Token("joint", _JOINTS[words.lower().strip(" ,")], spaced)]
    bare = words.replace("(", "").replace(")", "")
    if _LETTERS_LISTED.fullmatch(bare):
        return [
            Token("letter", part) if len(part) == 1 and part.isalpha() else Token("joint", "and")
            for part in re.findall(r"[A-Z]|[^A-Z]+", bare)
        ]
    if words.lower() in ("infinity", "infinite"):
        return [Token("command", "infty", spaced)]
    if words in _FUNCTION_SPELLINGS and not is_unit(words):
        return [Token("command", _FUNCTION_SPELLINGS[words], spaced)]
    if words in (",", ";"):
        return [Token("sign", ",", spaced)]
    if measures := _measures(words, spaced):
        return measures
    if words in ("i", "e", "d", "C", "P") or (len(words) == 1 and not is_unit(words)):
        return [Token("letter", words, spaced)]
    if (
        len(words) == 2
        and words.isalpha()
        and not is_unit(words)
        and words.lower() not in _SHORT_WORDS
    ):
        return [Token("letter", letter, spaced) for letter in words]
    return [Token("words", words, spaced)]


def _measures(words: str, spaced: bool) -> list[Token]:
    """A unit and the finer measure behind it, or "and"; nothing where words are no such."""
    if (inner := _MEASURED.fullmatch(words)) and is_unit(inner["unit"]) and is_unit(inner["finer"]):
        return [
            Token("words", inner["unit"], spaced),
            Token("number", inner["number"], True),
            *_words(inner["rest"], True),
        ]
    if words.endswith(" and") and words[:-4].replace(" ", "").isalpha():  # 5 boys and 6 girls
        return [*_words(words[:-4], spaced), Token("joint", "and", True)]
    return []


def _letters(run: str, spaced: bool, *, after_number: bool) -> list[Token]:
    """What a run of letters is: a unit behind a number, a joint, a function, a long word, or a
    product of its letters."""
    lower = run.lower()
    if after_number and len(run) > 1 and is_unit_in_plain_letters(run, spaced=spaced):
        return [Token("words", run, spaced)]
    if run in _SMALL_WORDS and spaced:
        return [Token("words", run, spaced)]
    if lower in _JOINTS and (len(run) > 2 or run == "or"):
        return [Token("joint", _JOINTS[lower], spaced)]
    if lower in _FUNCTION_SPELLINGS and (run.islower() or lower != run):
        return [Token("command", _FUNCTION_SPELLINGS[lower], spaced)]
    if lower in _WORD_SPELLINGS:
        return [Token("command", _WORD_SPELLINGS[lower], spaced)]
    if run in _WORD_COMMANDS:
        return [Token("command", run, spaced)]
    if is_applied(run):
        name = _FUNCTION_SPELLINGS[run[:-1]]
        return [Token("command", name, spaced), Token("letter", run[-1], False)]
    if len(run) >= 4:
        return [Token("words", run, spaced)]
    return [Token("letter", letter, spaced and not at) for at, letter in enumerate(run)]


def _follows_value(text: str, position: int) -> bool:
    before = text[:position].rstrip()
    return bool(before) and (
        before[-1].isdigit()
        or before[-1] in "})%]"
        or before.endswith(("square", "cubic", " sq", " cu", " per", "\\pi"))
    )
