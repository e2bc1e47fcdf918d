"""Hostile and odd programs as data: `<class>/<name>.py`, each with what must come of it.

Comment lines at the top of a file say so:

    # expect: <outcome>, several separated by `|`
    # why: one sentence
    # kind: which problems it is judged on, of `problems.PROBLEMS`; default `stdin`
    # limits: JSON of the limits that differ from `DEFAULT_LIMITS`
    # forges: the judges of `weak_judge.py` that pay for it
    # xfail: the reason why what `expect` says does not hold yet
    # form: `escaped` where the program is written with \\u and \\x escapes; `generated` where the
            file is a program that binds the hostile one to `program`

In a program `@CANARY@` stands for the path of a host's file, `@REQUESTS@` and `@ANSWERS@` for the
descriptors through which a called function's process is asked and answers.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.examples import head_of, several
from verifier.model import LimitsOverride, Outcome

FOLDER = Path(__file__).parent
NOT_CASES = frozenset({"__pycache__"})
DEFAULT_LIMITS = {"cpu_s": 20, "wall_s": 20, "memory_mb": 128, "output_kb": 256}
"""More time than a program needs that is to fail for anything else, on a slow machine too: memory
that the host has not handed out yet costs ten times what other memory does."""
SHORT_LIMITS = DEFAULT_LIMITS | {"cpu_s": 0.3, "wall_s": 0.3}
"""For programs that are expected to use up their time."""
HONEST_LIMITS = DEFAULT_LIMITS | {"memory_mb": 512, "output_kb": 1024}
_KEYS = ("expect", "why", "kind", "limits", "forges", "xfail", "form")


@dataclass(frozen=True, slots=True)
class Case:
    """One program and what each of its problems must make of it."""

    name: str
    source: str
    kinds: tuple[str, ...]
    expected: frozenset[Outcome]
    limits: LimitsOverride
    forges: tuple[str, ...]
    xfail: str | None


def read_cases() -> list[Case]:
    """All of them, by class and name."""
    folders = [path for path in FOLDER.iterdir() if path.is_dir() and path.name not in NOT_CASES]
    return [_read(path) for folder in sorted(folders) for path in sorted(folder.glob("*.py"))]


def _read(path: Path) -> Case:
    text = path.read_text(encoding="utf-8")
    head, program = head_of(text, _KEYS)
    assert {"expect", "why"} <= head.keys(), f"{path} does not say what to expect and why"
    expected = frozenset(map(Outcome, several(head["expect"])))
    limits = SHORT_LIMITS if Outcome.TIME_LIMIT_EXCEEDED in expected else DEFAULT_LIMITS
    if path.parent.name == "honest":
        limits = HONEST_LIMITS
    return Case(
        name=f"{path.parent.name}/{path.stem}",
        source=_program(program.lstrip("\n"), head.get("form")),
        kinds=tuple(head.get("kind", "stdin").split()),
        expected=expected,
        limits=LimitsOverride(**limits | json.loads(head.get("limits", "{}"))),
        forges=tuple(head.get("forges", "").split()),
        xfail=head.get("xfail"),
    )


def _program(body: str, form: str | None) -> str:
    if form == "escaped":
        return codecs.decode(body, "unicode_escape")
    if form == "generated":
        names: dict[str, Any] = {}
        exec(body, names)
        return str(names["program"])
    return body
