"""A simulation of the Redis mode, event by event, up to 1,000 workers and 10^5 rollouts a second.

Batches arrive at API processes, which parse them one after the other; their chunks go through
Redis, which does one thing at a time, to workers, and their verdicts the same way back. Some
rollouts take very long, and workers are lost. What each step takes is fitted to
`benchmarks.redis.costs` (docs/scaling.md); nothing here is measured.

`uv run --no-project --with simpy --with rich python -m benchmarks.service.simulation`
(`--seconds 4`, `--check`)
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Generator
from dataclasses import dataclass, replace

import simpy
from rich.console import Console
from rich.table import Table

Steps = Generator[simpy.Event, None, None]
LEASE_S = 2.0
"""After which a lost worker's chunk goes to another."""


@dataclass(frozen=True)
class Load:
    """What arrives, and what there is to judge it."""

    workers: int
    apis: int
    rollouts_s: float
    judging_s: float
    """CPU seconds of judging a rollout, on average."""
    kilobytes: float = 1.0
    batch: int = 4096
    chunk: int = 64
    straggler_share: float = 0.0
    """Of rollouts, that take `straggler_s`."""
    straggler_s: float = 10.0
    losses_s: float = 0.0
    """Workers that are lost in a second, all together."""

    @property
    def parse_s(self) -> float:
        """Of a batch in an API process, with handing it in and answering it."""
        return self.batch * (6 + 1.3 * self.kilobytes + 15 + 4 * (self.kilobytes - 1) + 3.4) * 1e-6

    @property
    def redis_s(self) -> float:
        """Of a chunk in Redis, on its whole way."""
        return (360 + self.chunk * (4 + 3.4 * (self.kilobytes - 1))) * 1e-6

    @property
    def beside_s(self) -> float:
        """Of a chunk in a worker, beside judging."""
        return (940 + self.chunk * (5 + 2.7 * (self.kilobytes - 1))) * 1e-6


@dataclass
class Seen:
    """What came of it."""

    took_s: list[float]
    ended_s: float = 0.0
    """When the last rollout that was judged at once had its verdict."""
    judged: int = 0
    busy_redis_s: float = 0.0
    busy_workers_s: float = 0.0


class Service:
    """Its parts are queues; each step of a chunk waits for its turn at one of them."""

    def __init__(self, load: Load, seed: int = 0) -> None:
        self.load = load
        self.seen = Seen([])
        self.environment = simpy.Environment()
        self._drawn = random.Random(seed)  # noqa: S311 - the same for everyone
        self._apis = simpy.Resource(self.environment, load.apis)
        self._redis = simpy.Resource(self.environment, 1)
        self._workers = simpy.Resource(self.environment, load.workers)

    def run(self, seconds: float) -> Seen:
        """What happens until the last batch that arrived within so many seconds is answered, or ten
        times as long has passed."""
        self.environment.process(self._arrivals(seconds))
        self.environment.run(until=10 * seconds)
        return self.seen

    def _arrivals(self, seconds: float) -> Steps:
        pause_s = self.load.batch / self.load.rollouts_s
        while self.environment.now < seconds:
            self.environment.process(self._batch())
            yield self.environment.timeout(pause_s)

    def _batch(self) -> Steps:
        began = self.environment.now
        yield from self._at(self._apis, self.load.parse_s)
        chunks = max(1, self.load.batch // self.load.chunk)
        yield simpy.AllOf(
            self.environment, [self.environment.process(self._chunk()) for _ in range(chunks)]
        )
        self.seen.took_s.append(self.environment.now - began)

    def _chunk(self) -> Steps:
        load = self.load
        rollouts = min(load.chunk, load.batch)
        yield from self._at(self._redis, load.redis_s * 0.6)
        stragglers = sum(self._drawn.random() < load.straggler_share for _ in range(rollouts))
        own_s = load.beside_s + sum(
            self._drawn.expovariate(1 / load.judging_s) for _ in range(rollouts - stragglers)
        )
        # A rollout that takes long leaves its chunk, so that the others go on elsewhere.
        slow = [self.environment.process(self._judged(load.straggler_s)) for _ in range(stragglers)]
        yield from self._judged(own_s)
        yield simpy.AllOf(self.environment, slow)
        yield from self._at(self._redis, load.redis_s * 0.4)
        self.seen.judged += rollouts
        if not stragglers:
            self.seen.ended_s = self.environment.now

    def _judged(self, seconds: float) -> Steps:
        lost_in_s = self._lost_after()
        with self._workers.request() as turn:
            yield turn
            if lost_in_s < seconds:
                yield self.environment.timeout(lost_in_s)
            else:
                self.seen.busy_workers_s += seconds
                yield self.environment.timeout(seconds)
                return
        yield self.environment.timeout(LEASE_S)
        yield from self._judged(seconds)

    def _lost_after(self) -> float:
        """When the worker at hand is lost."""
        if not self.load.losses_s:
            return float("inf")
        return self._drawn.expovariate(self.load.losses_s / self.load.workers)

    def _at(self, resource: simpy.Resource, seconds: float) -> Steps:
        with resource.request() as turn:
            yield turn
            if resource is self._redis:
                self.seen.busy_redis_s += seconds
            yield self.environment.timeout(seconds)


PLAIN_S, ALGEBRA_S, STDIN_S = 0.09e-3, 0.66e-3, 13.0e-3
MATH = Load(workers=128, apis=6, rollouts_s=0, judging_s=ALGEBRA_S)
LONG = replace(MATH, kilobytes=8, apis=14)
CODE = replace(MATH, workers=1000, judging_s=STDIN_S, chunk=16)
CASES = {
    "plain numbers, 16 workers": (replace(MATH, workers=16, judging_s=PLAIN_S), (5e4, 9e4, 1.1e5)),
    "algebra, 128 workers": (MATH, (5e4, 9e4, 1.1e5)),
    "the same, 8 kB each": (LONG, (1e4, 2.5e4, 4e4)),
    "programs, 1,000 workers, chunks of 16": (CODE, (2e4, 3.5e4, 5e4)),
    "chunks of 1": (replace(CODE, chunk=1), (1e3, 2.5e3, 4e3)),
    "chunks of 10, as a batch is cut": (replace(CODE, chunk=10), (1e4, 2e4, 3e4)),
    "chunks of 64": (replace(CODE, chunk=64), (3.5e4, 6e4, 8e4)),
    "1 in 10,000 takes 10 s": (replace(CODE, straggler_share=1e-4), (2e4, 3.5e4)),
    "10 workers lost a second": (replace(CODE, losses_s=10.0), (2e4, 3.5e4)),
}
"""Each with the rates at which it is asked."""
CHECK = Load(workers=2, apis=1, rollouts_s=1, judging_s=1e-9)
"""4,096 free rollouts of 1 kB on two cores, which nothing here was fitted to: 143 ms, measured."""


def main() -> None:
    """Print a line for each load, or the check."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=4.0)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    if options.check:
        took_s = Service(CHECK).run(0.5).took_s
        print(f"4,096 free rollouts, two workers: {1000 * took_s[0]:.0f} ms; measured: 143 ms")
        return
    columns = ("load", "asked, 1/s", "done, 1/s", "batch p50, s", "p99, s", "Redis", "workers")
    table = Table(*columns, title="simulated, not measured")
    for name, (load, rates) in CASES.items():
        for rate in rates:
            asked = replace(load, rollouts_s=rate)
            table.add_row(name if rate == rates[0] else "", *figures(asked, options.seconds))
    Console(width=110).print(table)


def figures(load: Load, seconds: float) -> list[str]:
    """What a line of the table says."""
    service = Service(load)
    seen = service.run(seconds)
    took_s = sorted(seen.took_s) or [float("nan")]
    return [
        f"{load.rollouts_s:,.0f}",
        f"{seen.judged / seen.ended_s:,.0f}",
        f"{statistics.median(took_s):.2f}",
        f"{took_s[int(0.99 * (len(took_s) - 1))]:.2f}",
        f"{seen.busy_redis_s / seen.ended_s:.0%}",
        f"{seen.busy_workers_s / load.workers / seen.ended_s:.0%}",
    ]


if __name__ == "__main__":
    main()
