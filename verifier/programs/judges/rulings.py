"""Reads the ruling of a judging program: its exit code, its last line, its value."""

from __future__ import annotations

import base64
import json
import math
import re
from dataclasses import dataclass

from sandbox import RunResult, Status
from verifier.errors import GroundTruthError
from verifier.model import JudgingStyle
from verifier.programs.judges.python_driver import BROKE
from verifier.programs.judges.sources import SCORE

_POINTS = re.compile(r"points (\d+(?:\.\d+)?)(?: |$)")
_OK, _FAIL, _POINTS_CODE, _PARTIALLY, _MOST = 0, 3, 7, 16, 216
_ACCEPTED, _REJECTED = 42, 43
_WRONG = frozenset({1, 2, 4, 8})
"""testlib's exit codes: wrong answer, wrong form, more than was asked for, less."""
_OF_DATA = frozenset({"ValueError", "LookupError", "AssertionError", "EOFError", "StopIteration"})
"""What a program in Python raises where the data that it takes apart is not of its form."""
_TRUE = frozenset({"1", "1.0", "True", "true"})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a judging program says of one output."""

    score: float
    """From 0 (wrong) to 1 (right)."""
    has_points: bool = False
    """Whether it gave points rather than a verdict."""

    @property
    def is_right(self) -> bool:
        return self.score >= 1


RIGHT, WRONG = Ruling(1.0), Ruling(0.0)


class BrokenJudge(GroundTruthError):
    """A judging program that gives no ruling, with a sentence that says why."""


def read_ruling(result: RunResult, style: JudgingStyle, most_points: float = 1.0) -> Ruling:
    """The ruling of a run; `most_points` are those for a right output.

    Raises BrokenJudge where it crashed, hung, or says that it cannot tell."""
    if result.status not in (Status.OK, Status.NONZERO_EXIT) or result.exit_code is None:
        raise BrokenJudge(result.message or f"it ended with {result.status}")
    if result.exit_code == BROKE:
        raised = re.findall(r"\w+", _last_line(result.stderr))
        if _OF_DATA.isdisjoint(raised):
            raise BrokenJudge(f"it raised {raised[0][:100] if raised else 'an exception'}")
        return WRONG
    if style == "testlib":
        return _of_exit_code(result.exit_code, result.stderr, most_points)
    if style in ("check", "dmoj"):
        return _of_value(result.stdout)
    if style == "kattis":
        return _of_validator(result, most_points)
    if style == "cms":
        return _of_number(result)
    if result.exit_code != 0:
        return WRONG
    words = result.stdout.decode(errors="replace").split()
    is_right = style == "files" or bool(words and words[-1] in _TRUE)
    return RIGHT if is_right else WRONG


def _of_exit_code(code: int, stderr: bytes, most_points: float) -> Ruling:
    """What an exit code of testlib means. Raises BrokenJudge where the program itself failed."""
    if code == _OK:
        return RIGHT
    if code in _WRONG:
        return WRONG
    if code == _POINTS_CODE and (said := _POINTS.match(_last_line(stderr))):
        return _of_points(float(said[1]), most_points)
    if _PARTIALLY <= code <= _MOST:
        return Ruling(min((code - _PARTIALLY) / 100, 1.0), has_points=True)
    said_last = _last_line(stderr)[:200]
    what = "failed" if code == _FAIL else f"ended with the exit code {code}"
    raise BrokenJudge(f"it {what} ({said_last})" if said_last else f"it {what}")


def _of_points(points: float, most_points: float) -> Ruling:
    """Of points that no case speaks of, one is all of them, or a hundred where it gave more."""
    most = 100.0 if most_points == 1 and points > 1 else most_points
    return Ruling(min(points / most, 1.0), has_points=True)


def _of_validator(result: RunResult, most_points: float) -> Ruling:
    """What a validator of Kattis' form says. Raises BrokenJudge."""
    if result.exit_code == _REJECTED:
        return WRONG
    if result.exit_code != _ACCEPTED:
        raise BrokenJudge(f"it ended with the exit code {result.exit_code}, neither 42 nor 43")
    if SCORE not in result.files:
        return RIGHT
    points = _number(base64.b64decode(result.files[SCORE]))
    if points is None:
        raise BrokenJudge("it gave points that are no number")
    return _of_points(points, most_points)


def _of_number(result: RunResult) -> Ruling:
    """What a checker of CMS' form prints. Raises BrokenJudge."""
    score = _number(result.stdout)
    if result.exit_code != 0 or score is None:
        raise BrokenJudge("it failed, or printed no number first")
    return Ruling(min(score, 1.0), has_points=0 < score < 1)


def _number(text: bytes) -> float | None:
    """The first word, where it is a number that is not negative."""
    try:
        number = float(text.split(None, 1)[0])
    except (ValueError, IndexError):
        return None
    return number if 0 <= number < math.inf else None


def _of_value(stdout: bytes) -> Ruling:
    try:
        value = json.loads(_last_line(stdout))["value"]
    except (ValueError, TypeError, KeyError):
        raise BrokenJudge("it ended before it returned") from None
    if value is None or isinstance(value, bool):
        return RIGHT if value else WRONG
    if not isinstance(value, int | float) or math.isnan(value):
        raise BrokenJudge("it returned neither true, false nor a number")
    return Ruling(min(max(float(value), 0.0), 1.0), has_points=0 < value < 1)


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
