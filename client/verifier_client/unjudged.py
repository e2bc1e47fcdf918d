"""What a trainer that knows no null gets for a rollout that could not be judged.

VERIFIER_UNJUDGED says it: `raise` ends the call, `zero` and `nan` stand for the reward. Whichever
it is, and where the trainer leaves the rollout out too, it is counted and a warning is logged.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Sequence

from verifier_client.errors import Unjudged
from verifier_client.model import Result
from verifier_client.settings import usable_choice

BETWEEN_WARNINGS_S = 5.0

logger = logging.getLogger("verifier_client")

_lock = threading.Lock()
_counts: Counter[str] = Counter()
_warned_at = -math.inf


def _begin_process() -> None:
    """A child counts for itself; whoever held its parent's lock is not there."""
    global _lock, _counts, _warned_at
    _lock, _counts, _warned_at = threading.Lock(), Counter(), -math.inf


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_process)


def counts() -> Counter[str]:
    """By outcome, how many rollouts this process got no verdict for."""
    with _lock:
        return _counts.copy()


def left_out(results: Sequence[Result], instead: str) -> None:
    """Count those without a verdict and say what they get `instead`, seldom enough to be read."""
    global _warned_at  # noqa: PLW0603 - a process is global
    found = [result for result in results if result.reward is None]
    if not found:
        return
    with _lock:
        _counts.update(result.outcome for result in found)
        warn = time.monotonic() - _warned_at >= BETWEEN_WARNINGS_S
        if warn:
            _warned_at = time.monotonic()
        so_far = sum(_counts.values())
    if warn:
        logger.warning("%s and %s. %d so far in this process.", _sentence(results), instead, so_far)


def numbers(
    results: Sequence[Result], choice: str | None = None, *, default: str = "zero"
) -> list[float]:
    """A number for each, as `choice` has it, or else VERIFIER_UNJUDGED, or else `default`.

    Raises Unjudged, and Unusable for a choice that there is not."""
    choice = usable_choice(choice or os.environ.get("VERIFIER_UNJUDGED")) or default
    left_out(results, {"raise": "end this call"}.get(choice, f"get {choice} for a reward"))
    if choice == "raise" and any(result.reward is None for result in results):
        raise Unjudged(f"{_sentence(results)} (VERIFIER_UNJUDGED=raise).")
    stand_in = math.nan if choice == "nan" else 0.0
    return [stand_in if result.reward is None else result.reward for result in results]


def _sentence(results: Sequence[Result]) -> str:
    found = [result for result in results if result.reward is None]
    outcomes = ", ".join(sorted({result.outcome for result in found}))
    message = next((result.message for result in found if result.message), "")
    said = f": {message.rstrip('.')}" if message else ""
    return f"{len(found)} of {len(results)} rollouts could not be judged ({outcomes}{said})"
