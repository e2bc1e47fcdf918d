"""Writes one log line for each batch that ends, and one for many small ones together."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter

from api.access.accounts import Accounts
from api.access.keys import Owner
from api.batches.submission import Submission
from verifier.logs import FIELDS, about
from verifier.model import Outcome

SMALL_ROLLOUTS = 8
TOGETHER_S = 10.0
"""Batches of so few rollouts, without an id, come by the thousand: they are told of together."""

logger = logging.getLogger("verifier.batches")


class Journal:
    """Of one API process; belongs to the event loop."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._small: Counter[Outcome] = Counter()
        self._batches = 0
        self._telling: asyncio.TimerHandle | None = None

    def ended(
        self, submission: Submission, owner: Owner, began: float, words: dict[str, str]
    ) -> None:
        """It is judged, refused or given up; `began` by the monotonic clock."""
        if (
            submission.envelope.batch_id is None
            and submission.size <= SMALL_ROLLOUTS
            and submission.refusal is None
        ):
            self._small.update(submission.outcomes)
            self._batches += 1
            if self._telling is None:
                loop = asyncio.get_running_loop()
                self._telling = loop.call_later(TOGETHER_S, self.tell_small)
            return
        fields: dict[str, object] = {
            "owner": self._accounts.label(owner),
            "rollouts": submission.size,
            "first_s": (submission.first_at or time.monotonic()) - began,
            "took_s": time.monotonic() - began,
            "program_cpu_s": submission.cpu_s,
        }
        fields.update(submission.outcomes.items())
        with about(**words):
            if submission.refusal is None:
                logger.info("batch ended", extra={FIELDS: fields})
            else:
                logger.warning("batch not judged: %s", submission.refusal, extra={FIELDS: fields})

    def tell_small(self) -> None:
        """What is not told of yet."""
        if self._telling:
            self._telling.cancel()
            self._telling = None
        if self._batches:
            fields: dict[str, object] = {"batches": self._batches}
            fields.update(self._small.items())
            logger.info("small batches ended", extra={FIELDS: fields})
        self._batches, self._small = 0, Counter()
