"""The latest batches of each owner, as whoever watches the service sees them: numbers and reasons.

Nothing of a rollout is kept but why it has no verdict. Those without an id and of a few rollouts
come by the thousand: they are one entry together.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from api.access.keys import Owner
from api.batches.journal import SMALL_ROLLOUTS
from api.batches.submission import Submission
from verifier.excerpts import text_excerpt
from verifier.model import Outcome

MAX_BATCHES = 20
"""Of one owner."""
MAX_OWNERS = 256
MAX_REASONS = 5
"""Of one batch, the most frequent."""


@dataclass(slots=True)
class _Entry:
    """A batch, or small ones together."""

    began: float
    """By the wall clock: people read it."""
    submission: Submission | None = None
    """While it is under way."""
    batch_id: str | None = None
    batches: int = 1
    rollouts: int = 0
    took_s: float | None = None
    """None while it is under way."""
    refusal: str | None = None
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, submission: Submission) -> None:
        """What this submission came to."""
        self.rollouts += submission.size
        self.outcomes.update(submission.outcomes)
        self.reasons.update(submission.reasons)
        if submission.refusal is not None:
            self.refusal = text_excerpt(str(submission.refusal))

    def as_json(self) -> dict[str, Any]:
        """The entry as it is now."""
        if self.submission is not None:
            now = _Entry(self.began, batch_id=self.batch_id)
            now.add(self.submission)
            return now.as_json()
        return {
            "batch_id": self.batch_id,
            "batches": self.batches,
            "began": self.began,
            "took_s": self.took_s,
            "rollouts": self.rollouts,
            "outcomes": {outcome.value: count for outcome, count in self.outcomes.items()},
            "nulls": dict(self.reasons.most_common(MAX_REASONS)),
            "refusal": self.refusal,
        }


@dataclass(slots=True)
class _Latest:
    """Of one owner."""

    batches: deque[_Entry] = field(default_factory=lambda: deque(maxlen=MAX_BATCHES))
    small: _Entry | None = None


class Recent:
    """Of one API process; belongs to the event loop."""

    def __init__(self) -> None:
        self._owners: OrderedDict[Owner, _Latest] = OrderedDict()
        """Who came last is at the end."""

    def began(self, submission: Submission, owner: Owner) -> None:
        """A submission is under way."""
        latest = self._owners.setdefault(owner, _Latest())
        self._owners.move_to_end(owner)
        if len(self._owners) > MAX_OWNERS:
            self._owners.popitem(last=False)
        if not _is_small(submission):
            latest.batches.append(_Entry(time.time(), submission, submission.envelope.batch_id))

    def ended(self, submission: Submission, owner: Owner) -> None:
        """It is judged, refused or given up."""
        latest = self._owners.get(owner)
        if latest is None:
            return
        if _is_small(submission):
            latest.small = latest.small or _Entry(time.time(), batches=0)
            latest.small.batches += 1
            latest.small.add(submission)
            _keep_few(latest.small.reasons)
            return
        for entry in latest.batches:
            if entry.submission is submission:
                entry.submission, entry.took_s = None, time.time() - entry.began
                entry.add(submission)

    def of(self, owner: Owner) -> list[dict[str, Any]]:
        """The latest batches of this owner, the last one first; small ones together at the end."""
        latest = self._owners.get(owner, _Latest())
        entries = [*reversed(latest.batches), *([latest.small] if latest.small else [])]
        return [entry.as_json() for entry in entries]


def _is_small(submission: Submission) -> bool:
    return submission.envelope.batch_id is None and submission.size <= SMALL_ROLLOUTS


def _keep_few(reasons: Counter[str]) -> None:
    """However many there come to be, no more are kept than a few times what is shown."""
    if len(reasons) > 8 * MAX_REASONS:
        for reason, _ in reasons.most_common()[4 * MAX_REASONS :]:
            del reasons[reason]
