"""What workers and the queue count, as Prometheus reads it: the one table of those names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from sandbox.counting import BOUNDS, SEPARATOR
from verifier.dispatch import Figures
from verifier.dispatch.redis_backend.names import QUEUES
from verifier.model import Kind

_LANES = [(str(kind), queue) for kind in Kind for queue in QUEUES]
_LINE = ("kind", "traffic")

_COUNTERS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "nulls": (
        "verifier_worker_nulls",
        "Rollouts that a worker could not judge, by its machine; over Redis others try after it.",
        ("outcome", "worker"),
    ),
    "failures": (
        "verifier_judge_failures",
        "Rollouts that could not be judged by our own fault.",
        ("reason",),
    ),
    "retries": ("verifier_retries", "Chunks sent again after a failure or a loss.", _LINE),
    "leases_lost": ("verifier_leases_lost", "Chunks whose worker fell silent.", _LINE),
    "workers_lost": ("verifier_workers_lost", "Embedded workers that ended unasked.", ()),
    "duplicates": (
        "verifier_duplicate_verdicts",
        "Verdicts that came second and were dropped.",
        (),
    ),
    "poison": (
        "verifier_poison_rollouts",
        (
            "Rollouts given up because worker after worker died of them, by the first digits of "
            "the SHA-256 of their ground truth's JSON."
        ),
        ("problem",),
    ),
    "jail_starts": ("verifier_jail_starts", "Jails started.", ("variant",)),
    "jail_failures": ("verifier_jail_failures", "Jails that could not start.", ("variant",)),
    "jail_ends": (
        "verifier_jail_ends",
        (
            "Jails ended: worn (so many runs), odd (a run left something), lost (it died), unfit "
            "(it broke a promise), closed (its worker ends)."
        ),
        ("variant", "reason"),
    ),
    "child_starts": (
        "verifier_child_starts",
        "Killable children started: for algebra, for comparing what programs return.",
        ("child",),
    ),
    "remembered": (
        "verifier_remembered",
        "Answers and programs looked up among those judged before.",
        ("kind", "result"),
    ),
    "cpu_seconds": (
        "verifier_cpu_seconds",
        "CPU seconds of judging: of the worker itself, of the programs it ran.",
        ("kind", "spent_by"),
    ),
    "child_cpu_seconds": ("verifier_child_cpu_seconds", "CPU seconds of children.", ("child",)),
}
_HISTOGRAMS = {
    "queue_seconds": ("verifier_queue_seconds", "From handing its batch in to a rollout's turn."),
    "judging_seconds": ("verifier_judging_seconds", "Judging one rollout."),
    "total_seconds": ("verifier_total_seconds", "From handing its batch in to a verdict."),
}
_ALWAYS: Mapping[str, list[tuple[str, ...]]] = {
    "retries": [*_LANES],
    "leases_lost": [*_LANES],
    "duplicates": [()],
    "workers_lost": [()],
    "poison": [("other",)],
    "failures": [("no_sandbox",), ("internal_error",)],
}
"""What is 0 as long as nothing happened, not absent: alerts rest on it."""


class Counted:
    """Gives Prometheus `figures`, the latest there are."""

    def __init__(self) -> None:
        self.figures = Figures()

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client's Collector."""
        yield from counted_metrics(self.figures.counts)
        yield from _gauges(self.figures)


class CountedHere:
    """Gives Prometheus what `counts` says, the workers of one supervisor, say."""

    def __init__(self, counts: Callable[[], Mapping[str, float]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client's Collector."""
        yield from counted_metrics(self._counts())


def counted_metrics(counts: Mapping[str, float]) -> Iterator[Metric]:
    """Counters and histograms of everything that `sandbox.counting` counted."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for name, known in _ALWAYS.items():
        found[name] = dict.fromkeys(known, 0.0)
    for key, number in counts.items():
        name, *words = key.split(SEPARATOR)
        found.setdefault(name, {})[tuple(words)] = number
    for name, (called, text, labels) in _COUNTERS.items():
        family = CounterMetricFamily(called, text, labels=labels)
        for values, number in found.get(name, {}).items():
            if len(values) == len(labels):  # not what another release means by it
                family.add_metric(values, number)
        yield family
    for name, (called, text) in _HISTOGRAMS.items():
        histogram = HistogramMetricFamily(called, text, labels=_LINE)
        _add_histograms(histogram, found.get(name, {}).items())
        yield histogram


def _add_histograms(
    family: HistogramMetricFamily, counts: Iterable[tuple[tuple[str, ...], float]]
) -> None:
    by_lane: dict[tuple[str, ...], dict[str, float]] = {}
    for values, number in counts:
        if len(values) == len(_LINE) + 1:
            by_lane.setdefault(values[:-1], {})[values[-1]] = number
    for lane, buckets in by_lane.items():
        so_far, cumulative = 0.0, []
        for bound in BOUNDS:
            so_far += buckets.get(bound, 0.0)
            cumulative.append((bound, so_far))
        family.add_metric(lane, cumulative, buckets.get("sum", 0.0))


def _gauges(figures: Figures) -> Iterator[Metric]:
    oldest = GaugeMetricFamily(
        "verifier_oldest_waiting_seconds",
        "For how long the oldest batch that still has something waiting has waited.",
        labels=_LINE,
    )
    for lane, seconds in figures.oldest_s.items():
        kind, _, traffic = lane.partition("-")
        oldest.add_metric((kind, traffic), seconds)
    yield oldest
    for called, text, number in (
        ("verifier_busy_workers", "Workers that have a chunk.", figures.busy_workers),
        ("verifier_jails", "Jails that workers over Redis hold.", figures.jails),
        ("verifier_redis_bytes", "What Redis holds.", figures.used_bytes),
        ("verifier_redis_allowed_bytes", "What Redis may hold.", figures.allowed_bytes),
        ("verifier_redis_trip_seconds", "What asking Redis for this took.", figures.trip_s),
    ):
        yield GaugeMetricFamily(called, text, value=number)
