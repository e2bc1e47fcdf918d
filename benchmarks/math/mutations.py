"""Alters references so that they say something else, or the same in other words: what passes that
must not, and what is refused that must not.

Every reference of ../shared/data/math is altered in each way below at each place, up to a few, and
judged against itself. What passes is printed, unless it says the same for a reason of `HELD_EQUAL`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from verifier.math import MathJudge
from verifier.model import MathTruth, Outcome

DATA = Path(__file__).parents[3] / "shared" / "data" / "math"
MAX_PLACES = 3
"""So many places of a reference are altered in each way."""

_LETTER = re.compile(r"(?<![a-zA-Z\\{])[a-zA-Z](?![a-zA-Z])")
_COMMAND = re.compile(r"\\(?:text|mathrm|operatorname|mbox) ?\{[^{}]*\}")
_RELATIONS = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", "=": r"\ne "}


def _at_places(pattern: str, change: Callable[[str], str]) -> Callable[[str], Iterator[str]]:
    def altered(text: str) -> Iterator[str]:
        for found in list(re.finditer(pattern, text))[:MAX_PLACES]:
            yield text[: found.start()] + change(found[0]) + text[found.end() :]

    return altered


def _letters(text: str) -> Iterator[str]:
    """One letter another one, at one of its places."""
    masked = _COMMAND.sub(lambda words: "#" * len(words[0]), text)
    for found in list(_LETTER.finditer(masked))[:MAX_PLACES]:
        other = chr((ord(found[0]) - 96) % 26 + 97) if found[0].islower() else "W"
        yield text[: found.start()] + other + text[found.end() :]


def _dropped_items(text: str) -> Iterator[str]:
    if text.count(",") and not re.search(r"\d,\d{3}(?!\d)", text):
        yield text[: text.rindex(",")] + re.sub(r"^[^)\]}]*", "", text[text.rindex(",") + 1 :])


OTHER: dict[str, Callable[[str], Iterator[str]]] = {
    "digit": _at_places(r"[0-9]", lambda digit: str((int(digit) + 1) % 10)),
    # Not behind \frac or \sqrt, where the second digit is a factor, nor of a decimal, which rounds.
    "digit more": _at_places(
        r"(?<![.0-9])(?<!\\sqrt)(?<!\\frac)(?<!\\frac[0-9])[0-9]+(?![.0-9])",
        lambda digits: digits + "1",
    ),
    "sign": _at_places(r"(?<=[0-9a-z)}]) ?[+-]", lambda sign: "-" if "+" in sign else "+"),
    "negated": lambda text: iter([f"-({text})"] if re.fullmatch(r"[^=<>,]+", text) else []),
    "one more": lambda text: iter(
        [f"{text}+1"] if re.fullmatch(r"[^=<>,]*[0-9a-z}]", text) else []
    ),
    "letter": _letters,
    "relation": _at_places(r"\\[lg]e(?![a-z])|[<>=]", lambda sign: _RELATIONS[sign]),
    "item": _dropped_items,
}
SAME: dict[str, Callable[[str], str]] = {
    "spaces": lambda text: re.sub(r"(?<=[+=,<>]) ?", " ", text),
    "dfrac": lambda text: text.replace(r"\frac", r"\dfrac"),
    "dollars": lambda text: f"${text}$",
    "braces": lambda text: "{" + text + "}",
    "full stop": lambda text: text + ".",
}


def _by_fours(powers: re.Match[str]) -> str:
    return f"i^{{{int(powers[1]) % 4}}}"


def _acute(sine: re.Match[str]) -> str:
    top, bottom = int(sine[1]), int(sine[2])
    return rf"\sin \frac{{{min(top, bottom - top)}\pi}}{{{bottom}}}"


HELD_EQUAL: tuple[tuple[str, str, str | Callable[[re.Match[str]], str]], ...] = (
    ("zero has no sign", r"^-\((\$?0(?:\.0)?(?:\^\{\\circ\})? *\$?)\)$", r"\1"),
    ("a zeroth power is one", r"[0-9]+\^\{0\}", "1"),
    ("powers of one are one", r"\\left\(i\^\{4\}\\right\)\^\{[0-9]+\}", "1"),
    ("powers of i come round by fours", r"i\^\{([0-9]+)\}", _by_fours),
    ("sines of supplementary angles", r"\\sin \\frac\{([0-9])\\pi\}\{([0-9])\}", _acute),
    ("a constant function of any variable", r"f\([a-z]\)=(?=-?[0-9]\$)", "f="),
    ("multiples of pi by any integer", r"[+-](?=\\pi k)", "+"),
    ("free constants by any number", r"c_\{[1-9]\} ?\\sin", r"c_{n} \\sin"),
    ("the domain of a function may be left out", r",[^,]*\\(?:geq|leq) [^,]*$", ""),
    ("that a parameter is real may be left out", r"\}?(?:, \\hat\{t\})? \\in \\mathbb\{R\}\$$", ""),
    ("of a worked reference the box counts", r"(?s)^.*(\\boxed.*)$", r"\1"),
)
"""Why an altered reference still says the same: what it says, and how to see that it is so, by
replacements after which it is the reference."""


def is_held_equal(reference: str, answer: str) -> bool:
    """Whether an altered reference says what the reference says."""
    for _, pattern, replacement in HELD_EQUAL:
        reference, answer = (
            re.sub(pattern, replacement, text).strip() for text in (reference, answer)
        )
    return reference == answer


def references() -> list[str]:
    """The distinct references of the data, in their order."""
    found: dict[str, None] = {}
    for name in ("golds", "reviewed", "math_rollouts"):
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            reference = row.get("answer") or row.get("reference") or row.get("ground_truth")
            for one in reference if isinstance(reference, list) else [reference]:
                found.setdefault(str(one))
    return list(found)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", type=int, default=1000, help="pairs printed at most")
    options = arguments.parse_args()
    judge = MathJudge()
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    held: Counter[str] = Counter()
    shown: list[str] = []

    def outcome(reference: str, answer: str) -> Outcome:
        final = rf"The answer is \boxed{{{answer}}}."
        return judge.judge(MathTruth((reference,)), final, truncated=False).outcome

    usable = [text for text in references() if outcome(text, text) is Outcome.CORRECT]
    for reference in usable:
        for way, alter in OTHER.items():
            for answer in alter(reference):
                tried[way] += 1
                if answer == reference or outcome(reference, answer) is not Outcome.CORRECT:
                    continue
                if is_held_equal(reference, answer):
                    held[way] += 1
                else:
                    missed[way] += 1
                    shown.append(f"passes ({way}): {reference} | {answer}")
        for way, respell in SAME.items():
            tried[way] += 1
            if outcome(reference, respell(reference)) is not Outcome.CORRECT:
                missed[way] += 1
                shown.append(f"refused ({way}): {reference} | {respell(reference)}")
    judge.close()
    print("\n".join(shown[: options.show]))
    print(f"\n{len(usable)} references")
    for way in (*OTHER, *SAME):
        verb = "pass" if way in OTHER else "are refused"
        print(f"{way:12} {tried[way]:6} tried, {missed[way]:4} {verb}, {held[way]:3} are equal")


if __name__ == "__main__":
    main()
