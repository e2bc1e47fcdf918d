"""Reads the limits and the language that rows of contests carry beside their cases."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox import PYTHON
from verifier.ground_truth import fields
from verifier.ground_truth.fields import LIMIT_CAPS, LIMIT_FLOORS, Row
from verifier.model import NO_LIMITS, GroundTruth, LimitsOverride, MathTruth, StdinTruth

FIELDS = frozenset(
    {
        *("time_limit", "timeout", "memory_limit", "memory_limit_bytes"),
        *("time_limit_ms", "memory_limit_mb"),
        *("language", "programming_language", "execution_language", "lang"),
    }
)
"""What is honoured beside the fields of any shape but the native ones."""

_LANGUAGES = ("language", "lang", "execution_language", "programming_language")
_OF_STATEMENTS = frozenset({"en", "english", "zh", "chinese", "ru", "russian", "ja", "japanese"})
"""Languages that people speak: that of a problem's statement says nothing of its solutions'."""
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)")
_MEGABYTES = {"k": 1 / 1024, "g": 1024.0, "b": 1 / (1024 * 1024)}
_MOST_SECONDS = 100.0
"""Time limits above that are milliseconds: no contest waits so long for a program."""
_MOST = 10**15
_MOST_MEGABYTES = 65536.0
"""Memory limits above that are kilobytes, and those of a thousand times more, bytes."""


def with_limits_of(row: Row, truth: GroundTruth) -> GroundTruth:
    """`truth` with the limits and in the language that `row` names, where it does not say itself.

    Raises GroundTruthError for a language that cannot be judged, and limits that are none."""
    if isinstance(truth, MathTruth):
        return truth
    language = _language(row)
    if isinstance(truth, StdinTruth):
        truth = replace(truth, language=fields.language({"language": language or truth.language}))
    elif language is not None and truth.language == PYTHON:
        fields.python_only({"language": language})
    limits = _limits(row)
    if limits == NO_LIMITS:
        return truth
    return replace(truth, limits=truth.limits.or_else(limits))


def _language(row: Row) -> str | None:
    for key in _LANGUAGES:
        value = row.get(key)
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        if value and str(value).lower() not in _OF_STATEMENTS:
            return fields.required_text({key: value}, key)
    return None


def _limits(row: Row) -> LimitsOverride:
    cpu_s = _seconds(row.get("time_limit") or row.get("timeout") or _with_unit(row, "ms"))
    memory = row.get("memory_limit") or _with_unit(row, "mb")
    memory_mb = _megabytes(memory, row.get("memory_limit_bytes"))
    return LimitsOverride(
        cpu_s=_within("cpu_s", cpu_s),
        wall_s=_within("wall_s", max(cpu_s, _ASLEEP_S)) if cpu_s is not None else None,
        memory_mb=_within("memory_mb", memory_mb),
    )


def _with_unit(row: Row, unit: str) -> str | None:
    """Of `time_limit_ms` or `memory_limit_mb`, whose name has the unit."""
    value = row.get("time_limit_ms" if unit == "ms" else "memory_limit_mb")
    return f"{value} {unit}" if value else None


_ASLEEP_S = 10.0
"""At least: contests limit what a program computes, and a busy machine may keep it waiting."""


def _within(key: str, value: float | None) -> float | None:
    return None if value is None else min(max(value, LIMIT_FLOORS[key]), LIMIT_CAPS[key])


def _seconds(raw: Any) -> float | None:
    """Of `2`, `2.0`, `2000`, `"2 seconds"`, `{"seconds": 2, "nanos": 0}`."""
    if isinstance(raw, Mapping):
        raw = (raw.get("seconds") or 0) + (raw.get("nanos") or 0) / 1e9
    number, unit = _quantity(raw, "`time_limit`")
    if number is None:
        return None
    if not unit:
        return number / 1000 if number > _MOST_SECONDS else number
    return number / 1000 if unit.lower().startswith("m") else number


def _megabytes(raw: Any, in_bytes: Any) -> float | None:
    """Of `256`, `"256 megabytes"`, `"256MB"`, and of a number of bytes."""
    if not raw:
        number, _ = _quantity(in_bytes, "`memory_limit_bytes`")
        return None if number is None else number / (1024 * 1024)
    number, unit = _quantity(raw, "`memory_limit`")
    if number is None:
        return None
    if unit:
        return number * _MEGABYTES.get(unit[0].lower(), 1.0)
    if number > _MOST_MEGABYTES:
        return number / 1024 if number <= 1024 * _MOST_MEGABYTES else number / (1024 * 1024)
    return number


def _quantity(raw: Any, what: str) -> tuple[float | None, str]:
    """A positive number and its unit; None where there is none, or nothing that limits."""
    if raw is None or raw == "" or raw is False:
        return None, ""
    if isinstance(raw, str):
        found = _QUANTITY.match(raw)
        if found is None:
            raise fields.fail(f"{what} is no quantity.")
        number, unit = float(found[1]), found[2]
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        number, unit = float(min(raw, _MOST)), ""
    else:
        raise fields.fail(f"{what} must be a number or a text such as `2 seconds`.")
    if math.isnan(number) or number < 0:
        raise fields.fail(f"{what} must be a positive number.")
    return (number or None), unit
