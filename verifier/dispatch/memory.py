"""Verdicts that last, whichever worker they are from: an equal rollout needs no worker any more.

It belongs to the process that takes batches and has the workers as its own. Over Redis the workers
share one (`redis_backend.worker_side.recall`).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from sandbox.counting import count
from verifier.dispatch.tasks import asked_of
from verifier.model import Result, Rollout, Task, TruthText, Verdict
from verifier.remembered import Key, Remembered


class Memory:
    """Of the rollouts of every batch, for their owners alone."""

    def __init__(self, remembered: Remembered | None = None) -> None:
        """Keeps as many as a worker does. Raises VerifierError as `Remembered` does."""
        self._remembered = Remembered() if remembered is None else remembered

    def keys(self, tasks: Iterable[Task], owner: str) -> dict[int, Key]:
        """By which the verdicts on these are found, by their places; a run has none."""
        return keys_of(enumerate(tasks), owner, self._remembered)

    def found(self, keys: dict[int, Key]) -> dict[int, Verdict]:
        """Those that are known, by their places."""
        found = {
            place: verdict
            for place, key in keys.items()
            if (verdict := self._remembered.verdict(key)) is not None
        }
        if found:
            count("remembered", "any", "hit", by=len(found))
        return found

    def learn(self, key: Key, result: Result) -> None:
        """Keep a verdict that lasts."""
        if isinstance(result, Verdict) and result.lasts:
            self._remembered.keep(key, result)


def keys_of(
    tasks: Iterable[tuple[int, Task]], owner: str, remembered: Remembered, *more: object
) -> dict[int, Key]:
    """By which verdicts on these are found, by the number that stands before each; a run has none.
    `more`: what else they follow from, the same for all."""
    keys: dict[int, Key] = {}
    digests: dict[str, bytes] = {}
    for place, task in tasks:
        if isinstance(task, Rollout) and isinstance(task.ground_truth, TruthText):
            text = task.ground_truth.text
            digest = digests.get(text)
            if digest is None:
                digest = digests[text] = sha256(text.encode("ascii")).digest()
            completion, *asked = asked_of(task)
            said = sha256(completion.encode("utf-8", "surrogatepass")).digest()
            if key := remembered.key(owner, digest, said, *asked, *more):
                keys[place] = key
    return keys
