"""From the bytes of a request to rollouts: parsed, checked, ground truths looked up.

Takes as long as the body is large: call it in a thread, never on the event loop.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from api.errors import Problem
from api.problems import Registered
from api.schemas import GroupIn, OpenRlhfRequest, RolloutIn, ScoreRequest
from api.settings import Settings
from api.strict_json import NotJson, loads, loads_in_steps
from api.wording import MAX_REPORTED, describe_errors, in_words
from verifier.model import NO_LIMITS, Rollout

FindProblem = Callable[[str], Registered | None]
"""Looks a name up among what the sender registered."""
MAX_NAMED = 1000
"""Unknown problems listed in one answer."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A request that can be judged."""

    rollouts: Sequence[Rollout]
    batch_id: str | None
    deadline_s: float
    explain: bool
    digest: str | None
    """Of the body as it was sent, by which a batch with an id is known again."""
    size_bytes: int = 0
    """Of that body: about what its texts hold of memory until it is judged."""


def read_value(body: bytes) -> Any:
    """Any JSON value. Raises Problem 400."""
    try:
        return loads(body)
    except NotJson as error:
        raise _not_json(error) from None


def read_batch(body: bytes, settings: Settings, find: FindProblem) -> Batch:
    """A batch in its JSON form. Raises Problem."""
    try:
        content = loads_in_steps(body)
    except NotJson as error:
        raise _not_json(error) from None
    return _batch(content, [body], settings, find)


def read_queries(body: bytes, deadline_s: float, settings: Settings) -> Batch:
    """A batch as OpenRLHF sends it. Raises Problem."""
    try:
        content = loads_in_steps(body)
    except NotJson as error:
        raise _not_json(error) from None
    sent = content.get("query") if isinstance(content, dict) else None
    _check_count({"rollouts": sent}, settings.max_rollouts)
    try:
        request = OpenRlhfRequest.model_validate(content, context=settings)
    except ValidationError as error:
        raise _unfit(
            describe_errors(error.errors(include_url=False, include_input=False))
        ) from None
    prompts = request.prompts or [""] * len(request.query)
    return Batch(
        rollouts=[
            Rollout(completion=query.removeprefix(prompt), ground_truth=label)
            for query, prompt, label in zip(request.query, prompts, request.labels, strict=True)
        ],
        batch_id=None,
        deadline_s=min(deadline_s, settings.max_deadline_s),
        explain=False,
        digest=None,
        size_bytes=len(body),
    )


def read_lines(
    body: bytes, envelope: Mapping[str, Any], settings: Settings, find: FindProblem
) -> Batch:
    """A batch as one rollout a line; `envelope` has what JSON says beside them. Raises Problem."""
    lines = enumerate(io.BytesIO(body), start=1)
    rollouts = [_line(line, number) for number, line in lines if not line.isspace()]
    sent = [json.dumps(envelope).encode("ascii"), body]
    return _batch({**envelope, "rollouts": rollouts}, sent, settings, find)


def rollout_of(row: RolloutIn, ground_truth: Any) -> Rollout:
    """The core's rollout; `ground_truth` is the row's own or the registered one."""
    return Rollout(
        completion=row.completion,
        ground_truth=ground_truth,
        id=row.id,
        group=row.group,
        truncated=bool(row.truncated),
        limits=row.limits.override() if row.limits else NO_LIMITS,
    )


def _line(line: bytes, number: int) -> Any:
    try:
        return loads(line)
    except NotJson as error:
        raise _not_json(error, f"Line {number} of the body") from None


def _not_json(error: NotJson, what: str = "The body") -> Problem:
    return Problem(400, f"{what} is not JSON that can be used. {error}")


def _batch(content: Any, sent: Sequence[bytes], settings: Settings, find: FindProblem) -> Batch:
    _check_count(content, settings.max_rollouts)
    try:
        request = ScoreRequest.model_validate(content, context=settings)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        raise _unfit(describe_errors(errors)) from None
    return Batch(
        rollouts=_Lookup(find).rollouts(request),
        batch_id=request.batch_id,
        deadline_s=request.deadline_s or settings.max_deadline_s,
        explain=request.explain,
        digest=None if request.batch_id is None else _digest(sent),
        size_bytes=sum(map(len, sent)),
    )


def _digest(sent: Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in sent:
        digest.update(piece)
    return digest.hexdigest()


def _check_count(content: Any, most: int) -> None:
    """Before validation, whose cost grows with the count."""
    if not isinstance(content, dict):
        raise _unfit([{"message": "it should be an object with `rollouts` or `groups`"}])
    groups = content.get("groups")
    groups = groups if isinstance(groups, list) else []
    count = _length(content.get("rollouts")) + sum(
        max(1, _length(group.get("completions"))) if isinstance(group, dict) else 1
        for group in groups
    )
    if count > most:
        raise Problem(
            413,
            f"The batch has {count} rollouts and the limit is {most} (VERIFIER_MAX_ROLLOUTS); "
            "send it in several requests.",
        )


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0


def _unfit(errors: list[dict[str, Any]]) -> Problem:
    more = f" (and {len(errors) - 1} more)" if 1 < len(errors) < MAX_REPORTED else ""
    sentence = f"The batch cannot be used: {in_words(errors[0])}{more}. Nothing was scored."
    return Problem(422, sentence, errors=errors)


class _Lookup:
    """Turns a request into rollouts, remembering the names that nobody registered."""

    def __init__(self, find: FindProblem) -> None:
        self._find = find
        self._found: dict[str, Registered | None] = {}
        self._unknown: dict[str, None] = {}

    def rollouts(self, request: ScoreRequest) -> list[Rollout]:
        """Raises Problem 409 listing the unknown problems."""
        rollouts = [rollout_of(row, self._truth(row)) for row in request.rollouts or ()]
        for position, group in enumerate(request.groups or ()):
            rollouts += self._of_group(group, str(position) if group.id is None else group.id)
        if self._unknown:
            raise Problem(
                409,
                f"{len(self._unknown)} problems are not registered, so nothing was scored: send "
                "each with PUT /v1/problems/{name}, then the batch again.",
                unknown_problems=list(self._unknown)[:MAX_NAMED],
            )
        return rollouts

    def _of_group(self, group: GroupIn, name: str) -> list[Rollout]:
        truth = self._truth(group)
        limits = group.limits.override() if group.limits else NO_LIMITS
        flags = group.truncated or [False] * len(group.completions)
        return [
            Rollout(
                completion=completion,
                ground_truth=truth,
                group=name,
                truncated=bool(truncated),
                limits=limits,
            )
            for completion, truncated in zip(group.completions, flags, strict=True)
        ]

    def _truth(self, row: RolloutIn | GroupIn) -> Any:
        if row.problem is None:
            return row.ground_truth
        if row.problem not in self._found:
            self._found[row.problem] = self._find(row.problem)
        found = self._found[row.problem]
        if found is None:
            self._unknown[row.problem] = None
            return None
        return found.ground_truth
