"""One call of `score` or `stream`: a batch cut into parts, and each part's answer read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2

from verifier_client.errors import Refused
from verifier_client.exchange import Request
from verifier_client.model import Result, Scores, summarize
from verifier_client.parts import Part, Rows, cut
from verifier_client.retry import TOO_LARGE
from verifier_client.settings import Settings
from verifier_client.unjudged import numbers

PARTS_AT_ONCE = 4
"""Parts of one batch under way: one is judged while the next are made and sent."""
FEW_ROLLOUTS = 64


class Batch:
    """One call of `score` or `stream`."""

    def __init__(
        self,
        settings: Settings,
        rollouts: Rows | None,
        groups: Rows | None,
        batch_id: str | None,
        deadline_s: float | None,
        options: dict[str, Any],
        *,
        rewards_only: bool,
    ) -> None:
        self._rows = (rollouts, groups)
        self._rewards_only = rewards_only
        self._batch_id = batch_id or uuid.uuid4().hex
        self._deadline_s = deadline_s or settings.deadline_s
        self._unjudged = settings.unjudged
        self._options = {"deadline_s": self._deadline_s, **options}

    @property
    def is_small(self) -> bool:
        """Whether it is made into parts in no time worth another thread."""
        rollouts, groups = self._rows
        if isinstance(rollouts, Sequence):
            return len(rollouts) <= FEW_ROLLOUTS
        if isinstance(groups, Sequence):
            return sum(len(group.get("completions") or ()) for group in groups) <= FEW_ROLLOUTS
        return False

    def parts(self) -> Iterator[Part]:
        """Raises what `cut` does."""
        return cut(*self._rows, self._batch_id, self._options)

    def request(self, part: Part, accept: str = "application/json") -> Request:
        """What to send."""
        return Request.score(part, self._deadline_s, accept, rewards_only=self._rewards_only)

    def scores(self, results: list[Result]) -> Scores:
        """The answer to all parts. Raises Unjudged where that was chosen."""
        rewards: Sequence[float | None] = [result.reward for result in results]
        if self._unjudged is not None:
            rewards = numbers(results, self._unjudged)
        return Scores(
            batch_id=self._batch_id, rewards=rewards, results=results, groups=summarize(results)
        )


def read_answer(part: Part, response: httpx2.Response) -> list[Result]:
    """Raises Mismatched; what is no JSON is no answer to any part."""
    try:
        content = response.json()
    except ValueError:
        content = None
    return part.results(content)


def too_large(part: Part, refused: Refused) -> Result | None:
    """The null of a rollout that is too large for the service, or for what stands before it; None
    where the part is not that."""
    if refused.status == TOO_LARGE and len(part.asked) == 1:
        return part.null(str(refused))
    return None


def halves(part: Part, refused: Refused) -> tuple[Part, Part]:
    """What to send in place of a part that is too large for the service, or for what stands before
    it. Raises Refused where it is not that, or one rollout is."""
    halves = part.halves() if refused.status == TOO_LARGE else None
    if halves is None:
        raise refused
    return halves
