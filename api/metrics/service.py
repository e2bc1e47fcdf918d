"""What Prometheus may know of one API process, and through it of the workers."""

from __future__ import annotations

import importlib.metadata

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from api.access.keys import KeyRing, Owner
from api.metrics.counted import Counted
from verifier.dispatch import Figures, Readiness
from verifier.model import Outcome

_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600)
_LAG_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)


class Metrics:
    """The numbers of one service."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counted = Counted()
        self.registry.register(self._counted)
        Gauge(
            "verifier_build_info",
            "1; the label has the version.",
            ["version"],
            registry=self.registry,
        ).labels(importlib.metadata.version("grpo-verifier")).set(1)
        self.verdicts = Counter(
            "verifier_verdicts", "Rollouts by outcome.", ["outcome"], registry=self.registry
        )
        # Those that never came are 0, not absent: alerts rest on them.
        self.of_outcome = {outcome: self.verdicts.labels(outcome.value) for outcome in Outcome}
        self.runs = Counter(
            "verifier_runs",
            "Programs run and not judged, by how they ended.",
            ["status"],
            registry=self.registry,
        )
        self.run_requests = Counter(
            "verifier_run_requests",
            "Requests for runs: answered, told to ask again (504), given up by their client.",
            ["answer"],
            registry=self.registry,
        )
        self.run_wait_seconds = Histogram(
            "verifier_run_wait_seconds",
            "From a request for a run to its turn.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.run_seconds = Histogram(
            "verifier_run_seconds",
            "From handing a run in to its end.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.runs_waiting = Gauge(
            "verifier_runs_waiting", "Runs before their turn.", registry=self.registry
        )
        self.refused = Counter(
            "verifier_refused_batches", "Batches not taken.", ["reason"], registry=self.registry
        )
        self.batch_seconds = Histogram(
            "verifier_batch_seconds",
            "From taking a batch to its end.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.queued = Gauge(
            "verifier_queued_rollouts", "Rollouts without a verdict.", registry=self.registry
        )
        self.held_bytes = Gauge(
            "verifier_held_body_bytes",
            "Bodies that arrive or are judged.",
            registry=self.registry,
        )
        self.workers = Gauge("verifier_workers", "Workers there should be.", registry=self.registry)
        self.workers_ready = Gauge(
            "verifier_workers_ready", "Workers that can judge.", registry=self.registry
        )

        self.redis_up = Gauge(
            "verifier_redis_up",
            "Whether Redis answers and takes something; 1 where none is used. While it is 0, the "
            "numbers of rollouts and workers are those last known.",
            registry=self.registry,
        )
        self.queued_of_kind = Gauge(
            "verifier_kind_queued_rollouts",
            "Rollouts without a verdict, where workers may serve one kind only.",
            ["kind"],
            registry=self.registry,
        )
        self.workers_of_kind = Gauge(
            "verifier_kind_workers", "Workers that serve a kind.", ["kind"], registry=self.registry
        )

        self.http = Counter(
            "verifier_http_requests",
            "Requests answered, by the route's pattern and the status.",
            ["route", "code"],
            registry=self.registry,
        )
        self.loop_lag = Histogram(
            "verifier_event_loop_lag_seconds",
            "How much later than asked for the event loop came to a timer.",
            buckets=_LAG_SECONDS,
            registry=self.registry,
        )
        self._key_cpu = Counter(
            "verifier_key_cpu_seconds",
            "CPU seconds that programs of a key used.",
            ["key"],
            registry=self.registry,
        )

    def count_cpu(self, owner: Owner, seconds: float) -> None:
        """A program of this owner's used so much."""
        if key := self._keys.key_of(owner):
            self._key_cpu.labels(key.label).inc(seconds)

    def page(self, readiness: Readiness, figures: Figures, held_bytes: int) -> bytes:
        """All of it as Prometheus reads it."""
        self._counted.figures = figures
        self.held_bytes.set(held_bytes)
        self.redis_up.set(readiness.reachable)
        self.queued.set(readiness.queued_rollouts)
        self.workers.set(readiness.workers)
        self.workers_ready.set(readiness.workers_ready)
        for kind, state in readiness.kinds.items():
            self.queued_of_kind.labels(kind.value).set(state.queued_rollouts)
            self.workers_of_kind.labels(kind.value).set(state.workers)
        return generate_latest(self.registry)
