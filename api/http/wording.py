"""Pydantic's findings as sentences for clients, which never repeat any of the input."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

MAX_REPORTED = 20
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


def describe_errors(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pydantic's errors as `{"rollout" or "group": index, "field", "message"}`, without input."""
    described = []
    for error in errors:
        place = list(error["loc"])
        entry: dict[str, Any] = {}
        if len(place) > 1 and place[0] in {"rollouts", "groups"} and isinstance(place[1], int):
            entry[place[0].removesuffix("s")] = place[1]
            place = place[2:]
        if field := _path(place):
            entry["field"] = field
        entry["message"] = _sentence(error)
        described.append(entry)
        if len(described) == MAX_REPORTED:
            break
    return described


def in_words(entry: Mapping[str, Any]) -> str:
    """One entry of `describe_errors` as a sentence."""
    places = [f"{kind} {entry[kind]}" for kind in ("rollout", "group") if kind in entry]
    if "field" in entry:
        places.append(f"field `{entry['field']}`")
    return f"{', '.join(places) or 'the body'}: {entry['message']}"


def _path(place: list[str | int]) -> str:
    path = ""
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += ("." if path else "") + (step if _PLAIN_KEY.fullmatch(step) else "?")
    return path


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] == "missing":
        return "it is missing"
    if error["type"] == "extra_forbidden":
        return "there is no such field"
    return str(error["msg"]).removeprefix("Value error, ").replace("Input should", "it should")
