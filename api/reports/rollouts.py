"""Scored rows without their texts: the reward and outcome that reports count."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from verifier.ground_truth import kind_of
from verifier.model import Kind, Outcome

NONE = "(none)"
"""What rows without a value for a field are listed under."""
SOURCE = "source"
_TOKEN_FIELDS = ("completion_tokens", "response_tokens", "num_tokens", "response_length")
_CODE_DETAILS = ("passed", "total", "first_failure", "cpu_s")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")

_MISSING = re.compile(r"ModuleNotFoundError: No module named '(\w{1,60})")
_REWARDS = {0: 0.0, 1: 1.0}

Window = Literal["year", "quarter", "month", "day"]


@dataclass(frozen=True, slots=True)
class By:
    """A field by whose values rollouts are told apart."""

    field: str
    """Its name; `a.b` is the field b of the object a."""
    window: Window = "month"
    """How much time one value takes where the field holds dates."""

    def value(self, row: Mapping[str, Any]) -> str:
        """Where this row belongs; dates come to their window: 2024-05, or 2024-Q2."""
        found = _at(row, self.field)
        if found is None or found == "":
            return NONE
        date = _DATE.fullmatch(found) if isinstance(found, str) else None
        return self._in_window(*date.groups()) if date else str(found)

    def _in_window(self, year: str, month: str, day: str) -> str:
        return {
            "year": year,
            "quarter": f"{year}-Q{(int(month) + 2) // 3}",
            "month": f"{year}-{month}",
            "day": f"{year}-{month}-{day}",
        }[self.window]


@dataclass(frozen=True, slots=True)
class Scored:
    """One rollout and what it came to."""

    row: int
    """Its place in the file, from 0."""
    source: str
    problem: str
    is_alone: bool
    """Nothing says which problem it is a rollout of: `problem` is a name made for it."""
    id: str | None
    reward: float | None
    outcome: str
    vote: str | None
    """The extracted answer of mathematics; None where there is none."""
    is_math: bool
    truncated: bool | None
    """Whether it was cut off; None where the row does not say."""
    chars: int | None
    tokens: int | None
    cpu_s: float | None
    missing: str | None
    """The library that its program ended for want of; None where it did not."""
    digest: bytes | None
    """Of its completion: tells the same rollout again in another file."""
    values: tuple[str, ...]
    """Where it belongs by each field that was asked for."""

    @property
    def judged(self) -> bool:
        return self.reward is not None

    @property
    def solved(self) -> bool:
        return self.reward == 1


def read_scored(rows: Iterable[Mapping[str, Any]], by: Sequence[By] = ()) -> Iterator[Scored]:
    """Each row has `reward` and `outcome`. A problem is known by its `source` and its `group`, or
    the registered `problem` it names; a row that has neither is a problem of its own."""
    names = _Names()
    kept: dict[str, str] = {}

    def once(text: str) -> str:
        """The same text as one object: there may be millions of rows."""
        return kept.setdefault(text, text)

    for number, row in enumerate(rows):
        details = row.get("details")
        details = details if isinstance(details, Mapping) else {}
        answer, completion = details.get("answer"), row.get("completion")
        text = completion if isinstance(completion, str) else None
        yield Scored(
            row=number,
            source=once(By(SOURCE).value(row)),
            problem=once(names.of(row, number)),
            is_alone=_named(row) is None,
            id=None if row.get("id") is None else str(row["id"]),
            reward=_REWARDS.get(row["reward"]),
            outcome=once(row["outcome"]),
            vote=once(" ".join(answer.split())) if isinstance(answer, str) else None,
            is_math=_is_math(row, details),
            truncated=_flag(row.get("truncated")),
            chars=None if text is None else len(text),
            tokens=_tokens(row),
            cpu_s=_number(details.get("cpu_s")),
            missing=_missing(row["outcome"], details),
            digest=None if text is None else _digest(text),
            values=tuple(once(field.value(row)) for field in by),
        )


def _at(row: Mapping[str, Any], path: str) -> Any:
    if path in row:
        return row[path]
    found: Any = row
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


class _Names:
    """What problems are called; a row that belongs to none by its id, if no other has that."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, row: Mapping[str, Any], number: int) -> str:
        """The name of the problem that this row is a rollout of."""
        if (name := _named(row)) is not None:
            return name
        name = f"rollout {row['id']}" if row.get("id") is not None else ""
        if not name or name in self._taken:
            return f"row {number + 1}"
        self._taken.add(name)
        return name


def _named(row: Mapping[str, Any]) -> str | None:
    for name in ("group", "problem"):
        if isinstance(row.get(name), str | int):
            return str(row[name])
    return None


def _is_math(row: Mapping[str, Any], details: Mapping[str, Any]) -> bool:
    """What judging it told; where it told nothing, the shape of its ground truth does."""
    if "answer" in details:
        return True
    if any(name in details for name in _CODE_DETAILS) or "ground_truth" not in row:
        return False
    return kind_of(row["ground_truth"]) is Kind.MATH


def _tokens(row: Mapping[str, Any]) -> int | None:
    for name in _TOKEN_FIELDS:
        if isinstance(row.get(name), int):
            return int(row[name])
    return None


def _missing(outcome: str, details: Mapping[str, Any]) -> str | None:
    failure = details.get("first_failure")
    if outcome != Outcome.RUNTIME_ERROR or not isinstance(failure, Mapping):
        return None
    found = _MISSING.search(str(failure.get("message", "")))
    return found[1] if found else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
