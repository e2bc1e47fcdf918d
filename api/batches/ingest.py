"""From the bytes of a request to rollouts: parsed, checked, ground truths looked up.

Takes as long as the body is large: call it in a thread, never on the event loop.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from api.http.budget import Body
from api.http.errors import Refusal
from api.http.schemas.score import GroupIn, RolloutIn, ScoreRequest
from api.http.schemas.trainers import OpenRlhfRequest
from api.http.strict_json import LISTS, NotJson, TooManyItems, loads, loads_in_steps
from api.http.wording import MAX_REPORTED, describe_errors, in_words
from api.problems.registry import Registered
from api.provenance import provenance
from api.settings import Settings
from verifier.ground_truth import truth_text
from verifier.model import NO_LIMITS, NO_RULES, Rollout, TruthText
from verifier_client.completions import after_prompt, text_of
from verifier_client.final_part import final_part, shortened

FindProblem = Callable[[str], Registered | None]
"""Looks a name up among what the sender registered."""
ROLLOUT_BYTES = 200
"""Of a rollout beside its texts."""
LONG_CHARS = 16 * 1024
UNFINISHED = "<think>"
"""Judged like a completion whose thinking does not end."""
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
    """About what it holds of memory until it is judged, see `size_of`."""
    verifier: Mapping[str, str] | None = None
    """What judges it, where its results are to say so."""
    rewards_only: bool = False
    """Its client wants to know no more than the rewards."""


def read_value(body: Body, *, lenient: bool = False) -> Any:
    """Any JSON value; `lenient`: NaN and infinities too, as in a row of a batch. Raises Refusal
    400."""
    try:
        return loads(body.data, body.share.take, a_row=lenient)
    except NotJson as error:
        raise not_json(error) from None


def read_batch(
    body: Body, settings: Settings, find: FindProblem, *, rewards_only: bool = False
) -> Batch:
    """A batch in its JSON form. Raises Refusal."""
    content = _content(body, settings)
    _check_count(content, settings.max_rollouts)
    request = checked(content, settings)
    lookup = Lookup(find, settings)
    rollouts = lookup.rollouts(request)
    lookup.refuse_unknown()
    digest = None if request.batch_id is None else hashlib.sha256(body.data).hexdigest()
    return batch_of(rollouts, request, settings, digest, rewards_only=rewards_only)


def read_queries(body: Body, deadline_s: float, settings: Settings) -> Batch:
    """A batch as OpenRLHF sends it. Raises Refusal."""
    content = _content(body, settings)
    sent = content.get("query") if isinstance(content, dict) else None
    _check_count({"rollouts": sent}, settings.max_rollouts)
    try:
        request = OpenRlhfRequest.model_validate(content, context=settings)
    except ValidationError as error:
        raise unfit(found_in(error)) from None
    prompts = request.prompts or [""] * len(request.query)
    completions = map(after_prompt, request.query, prompts)
    asked = zip(completions, request.labels, strict=True)
    return nameless(asked, deadline_s, settings, any_order=True)


def nameless(
    asked: Iterable[tuple[Any, Any]], deadline_s: float, settings: Settings, **said: Any
) -> Batch:
    """A batch that nobody can ask for again, of pairs of a completion and its ground truth; `said`
    is what each rollout has besides."""
    truths = _Truths()
    rollouts = [
        rollout_on(completion, truths.text(truth), settings.max_completion_chars, **said)
        for completion, truth in asked
    ]
    return Batch(
        rollouts=rollouts,
        size_bytes=size_of(rollouts),
        batch_id=None,
        deadline_s=min(deadline_s, settings.max_deadline_s),
        explain=False,
        digest=None,
    )


def _content(body: Body, settings: Settings) -> Any:
    try:
        return loads_in_steps(body.data, body.share.take, settings.max_rollouts)
    except NotJson as error:
        raise not_json(error) from None
    except TooManyItems:
        most = settings.max_rollouts
        raise too_many(f"more than {LISTS * most}", most) from None


def batch_of(
    rollouts: Sequence[Rollout],
    envelope: ScoreRequest,
    settings: Settings,
    digest: str | None,
    *,
    rewards_only: bool = False,
) -> Batch:
    """These rollouts with what was said beside them."""
    if (rules := envelope.answer_rules()) is not NO_RULES or rewards_only:
        rollouts = [replace(each, rules=rules, any_order=rewards_only) for each in rollouts]
    return Batch(
        rollouts=rollouts,
        batch_id=envelope.batch_id,
        deadline_s=envelope.deadline_s or settings.max_deadline_s,
        explain=envelope.explain,
        verifier=provenance(rules) if envelope.provenance else None,
        digest=digest,
        size_bytes=size_of(rollouts),
        rewards_only=rewards_only,
    )


def judged_part(completion: str) -> str:
    """What has the same verdict, and no chain of thought in it."""
    if len(completion) > LONG_CHARS:
        return shortened(completion)
    # What else could be left out of a short one is not worth the time that it takes to find.
    final = final_part(completion)
    return UNFINISHED if final is None else final


def rollout_of(row: RolloutIn, ground_truth: Any, most_chars: int = sys.maxsize) -> Rollout:
    """The core's rollout; `ground_truth` is the row's own or the registered one."""
    return rollout_on(
        row.completion,
        ground_truth,
        most_chars,
        id=row.id,
        group=row.group,
        truncated=bool(row.truncated),
        limits=row.limits.override() if row.limits else NO_LIMITS,
    )


def rollout_on(completion: Any, ground_truth: Any, most_chars: int, **said: Any) -> Rollout:
    """The core's rollout: of the completion, which is text or messages, no more than what is
    judged; no chain of thought is held or sent on. `said` is what else it has.

    A completion that cannot be judged spoils no other: its rollout says why."""
    try:
        text = text_of(completion)
    except TypeError as error:
        return _spoilt(f"The completion cannot be used: {error}.", said)
    if len(text) > most_chars:
        reason = f"The completion is longer than the {most_chars} characters of "
        return _spoilt(f"{reason}VERIFIER_MAX_COMPLETION_CHARS.", said)
    return Rollout(completion=judged_part(text), ground_truth=ground_truth, **said)


def _spoilt(reason: str, said: Mapping[str, Any]) -> Rollout:
    return Rollout(completion="", ground_truth=None, unusable=reason, **said)


def not_json(error: NotJson, what: str = "The body") -> Refusal:
    return Refusal(400, f"{what} is not JSON that can be used. {error}")


def size_of(rollouts: Sequence[Rollout]) -> int:
    """What rollouts hold of memory, each ground truth once."""
    truths = {id(rollout.ground_truth): rollout.ground_truth for rollout in rollouts}
    texts = [truth.text for truth in truths.values() if isinstance(truth, TruthText)]
    return sum(map(held_bytes, rollouts)) + sum(map(sys.getsizeof, texts))


def held_bytes(rollout: Rollout) -> int:
    """What a rollout holds of memory, without its ground truth."""
    texts = [rollout.completion, rollout.id, rollout.group]
    return ROLLOUT_BYTES + sum(sys.getsizeof(text) for text in texts if text is not None)


def checked(content: Any, settings: Settings) -> ScoreRequest:
    """Raises Refusal 422."""
    try:
        return ScoreRequest.model_validate(content, context=settings)
    except ValidationError as error:
        raise unfit(found_in(error)) from None


def found_in(error: ValidationError) -> list[dict[str, Any]]:
    """What pydantic found, as entries of `errors`."""
    return describe_errors(error.errors(include_url=False, include_input=False))


def _check_count(content: Any, most: int) -> None:
    """Before validation, whose cost grows with the count."""
    if not isinstance(content, dict):
        raise unfit([{"message": "it should be an object with `rollouts` or `groups`"}])
    groups = content.get("groups")
    groups = groups if isinstance(groups, list) else []
    count = _length(content.get("rollouts")) + sum(
        max(1, _length(group.get("completions"))) if isinstance(group, dict) else 1
        for group in groups
    )
    if count > most:
        raise too_many(count, most)


def too_many(count: int | str, most: int) -> Refusal:
    """What to do about a batch of so many rollouts."""
    return Refusal(
        413,
        f"The batch has {count} rollouts and the limit is {most} (VERIFIER_MAX_ROLLOUTS); send it "
        "in several requests.",
    )


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0


def unfit(errors: list[dict[str, Any]]) -> Refusal:
    """What to say of a batch in which these errors were found."""
    more = f" (and {len(errors) - 1} more)" if 1 < len(errors) < MAX_REPORTED else ""
    sentence = f"The batch cannot be used: {in_words(errors[0])}{more}. Nothing was scored."
    return Refusal(422, sentence, errors=errors)


class _Truths:
    """Ground truths as text, one object for all that are equal."""

    def __init__(self) -> None:
        self._known: dict[str, TruthText] = {}

    def text(self, raw: Any) -> TruthText:
        truth = truth_text(raw)
        return self._known.setdefault(truth.text, truth)


class Lookup:
    """Turns rows into rollouts, remembering the names that nobody registered."""

    def __init__(self, find: FindProblem, settings: Settings) -> None:
        self._find = find
        self._most_chars = settings.max_completion_chars
        self._truths = _Truths()
        self._found: dict[str, Registered | None] = {}

    def rollouts(self, request: ScoreRequest) -> list[Rollout]:
        """Without the ground truths of unknown problems."""
        rollouts = [self.rollout(row) for row in request.rollouts or ()]
        for position, group in enumerate(request.groups or ()):
            rollouts += self._of_group(group, str(position) if group.id is None else group.id)
        return rollouts

    def rollout(self, row: RolloutIn) -> Rollout:
        """Without its ground truth where its problem is unknown."""
        return rollout_of(row, self._truth(row), self._most_chars)

    def refuse_unknown(self) -> None:
        """Raises Refusal 409 listing the unknown problems."""
        unknown = [name for name, found in self._found.items() if found is None]
        if unknown:
            raise Refusal(
                409,
                f"{len(unknown)} problems are not registered, so nothing was scored: send each "
                "with PUT /v1/problems/{name}, then the batch again.",
                unknown_problems=unknown[:MAX_NAMED],
            )

    def _of_group(self, group: GroupIn, name: str) -> list[Rollout]:
        truth = self._truth(group)
        limits = group.limits.override() if group.limits else NO_LIMITS
        flags = group.truncated or [False] * len(group.completions)
        return [
            rollout_on(
                completion,
                truth,
                self._most_chars,
                group=name,
                truncated=bool(truncated),
                limits=limits,
            )
            for completion, truncated in zip(group.completions, flags, strict=True)
        ]

    def _truth(self, row: RolloutIn | GroupIn) -> TruthText | None:
        if row.problem is None:
            return self._truths.text(row.ground_truth)
        if row.problem not in self._found:
            self._found[row.problem] = self._find(row.problem)
        found = self._found[row.problem]
        return None if found is None else found.ground_truth
