"""What each owner of a key takes: counted for Prometheus, and bounded where the key says so."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge

from api.access.keys import KeyRing, Owner
from api.http.errors import Refusal
from verifier.dispatch import QueueFull

BURST_S = 60.0
"""What was not sent in the last minute may be sent at once."""


class Work(Protocol):
    """Rollouts under way."""

    @property
    def size(self) -> int: ...

    @property
    def judged(self) -> int: ...


@dataclass(slots=True)
class _Account:
    under_way: set[Work] = field(default_factory=set)
    credit: float = 0.0
    """Rollouts that may be sent now; negative after a batch that was larger."""
    as_of: float = -math.inf


class Accounts:
    """Of one API process; belongs to the event loop."""

    def __init__(
        self, keys: KeyRing, registry: CollectorRegistry, traffic: str = "training"
    ) -> None:
        """`traffic` is what the service takes."""
        self._keys = keys
        self._traffic = traffic
        self._accounts: dict[Owner, _Account] = {}
        self._taken = Counter(
            "verifier_key_rollouts", "Rollouts taken in, by key.", ["key"], registry=registry
        )
        self._refused = Counter(
            "verifier_key_refused_rollouts",
            "Rollouts beyond what the key may send, by key.",
            ["key"],
            registry=registry,
        )
        self._queued = Gauge(
            "verifier_key_queued_rollouts",
            "Rollouts without a verdict, by key.",
            ["key"],
            registry=registry,
        )

    def label(self, owner: Owner) -> str:
        """What people call an owner; empty where the service has no keys."""
        key = self._keys.key_of(owner)
        return key.label if key else ""

    def take(self, owner: Owner, work: Work, rollouts: int) -> None:
        """Count these rollouts as the owner's, until `give_back`. Raises Refusal 403, QueueFull."""
        key = self._keys.key_of(owner)
        if key is None:
            return
        if key.traffic not in (None, self._traffic):
            raise Refusal(
                403,
                f"This key is for {key.traffic} and this service takes {self._traffic}: send it to "
                f"one that was started with --queue {key.traffic}, or with another key.",
            )
        account = self._accounts.setdefault(owner, _Account())
        queued = sum(other.size - other.judged for other in account.under_way)
        if key.queued_rollouts is not None and queued + rollouts > key.queued_rollouts:
            self._refused.labels(key.label).inc(rollouts)
            raise _beyond(
                f"{queued} rollouts of this key wait for a verdict and {rollouts} more "
                f"would exceed its limit of {key.queued_rollouts}",
                1,
            )
        if rate := key.rollouts_per_s:
            most, now = rate * BURST_S, time.monotonic()
            account.credit = min(most, account.credit + (now - account.as_of) * rate)
            account.as_of = now
            if account.credit <= 0:
                self._refused.labels(key.label).inc(rollouts)
                wait_s = max(1, math.ceil(-account.credit / rate))
                raise _beyond(f"this key may send {rate:g} rollouts a second", wait_s)
            account.credit -= rollouts
        account.under_way.add(work)
        self._taken.labels(key.label).inc(rollouts)
        self._queued.labels(key.label).inc(rollouts)

    def give_back(self, owner: Owner, work: Work, rollouts: int) -> None:
        """They have their verdicts, or nobody waits for them."""
        account = self._accounts.get(owner)
        if account is None or work not in account.under_way:
            return
        account.under_way.remove(work)
        if key := self._keys.key_of(owner):
            self._queued.labels(key.label).dec(rollouts)


def _beyond(sentence: str, wait_s: int) -> QueueFull:
    """Waited for by the routes of trainers that know no "later", as a full queue is."""
    sentence = sentence[0].upper() + sentence[1:]
    return QueueFull(f"{sentence}; send it again later.", retry_after_s=wait_s)
