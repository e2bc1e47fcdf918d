"""One line of a worker's log for each batch that it judged something of."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping

from verifier.dispatch.tasks import word_for
from verifier.logs import FIELDS, about
from verifier.model import Result

LEAST_ROLLOUTS = 9
"""Of what is told of: smaller batches come by the thousand."""

logger = logging.getLogger(__name__)


class Diary:
    """What was judged of the batch at hand; belongs to the thread that judges."""

    def __init__(self) -> None:
        self._batch = ""
        self._words: Mapping[str, str] = {}
        self._outcomes: Counter[str] = Counter()
        self._began = 0.0

    def turn_to(self, batch: str, words: Mapping[str, str]) -> None:
        """Judge something of this batch, of which lines say these words; tell of the one before."""
        if batch != self._batch:
            self.tell()
            self._batch, self._words, self._began = batch, words, time.monotonic()

    def done(self, result: Result) -> None:
        """One more of it."""
        self._outcomes[word_for(result)] += 1

    def tell(self) -> None:
        """Nothing more of it is here for now."""
        judged = self._outcomes.total()
        if judged >= LEAST_ROLLOUTS:
            took_s = time.monotonic() - self._began
            with about(**self._words):
                fields: dict[str, object] = {"rollouts": judged, "took_s": took_s}
                fields.update(self._outcomes.items())
                logger.info("judged of a batch", extra={FIELDS: fields})
        self._batch, self._outcomes = "", Counter()
