"""`verifier top`: the queues, the workers and what each is at, and how fast it goes, live."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import httpx2
import redis as redis_client
import typer
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Group
from rich.live import Live
from rich.table import Table

from api.cli.terminal import Unusable, out, read_settings, unusable_redis
from sandbox.counting import SEPARATOR
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.connection import connect, plain
from verifier.dispatch.redis_backend.ledger.totals import Totals
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.records import WorkerNow
from verifier.model import Kind

LATE_S = 5.0


@dataclass(frozen=True, slots=True)
class Now:
    """Queue and workers at one moment."""

    at: float
    """By the monotonic clock."""
    queued: Mapping[str, float]
    """Rollouts without a verdict, by kind."""
    workers: Mapping[str, float]
    """By kind."""
    oldest_s: Mapping[str, float]
    """By lane."""
    judged: Mapping[str, float]
    """Since the queue is there, by lane."""
    busy: Sequence[WorkerNow] | None
    """The workers; None where only their number is told."""


def top(
    redis: Annotated[
        str | None, typer.Option(help="Address of the Redis that the workers are at.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="A service instead; it names no workers.")] = None,
    every_s: Annotated[float, typer.Option("--every", min=0.1, help="Seconds.")] = 1.0,
    once: Annotated[bool, typer.Option(help="Print it once and end.")] = False,
) -> None:
    """Show queues, workers and what each is at, and rates, until Ctrl-C."""
    settings = read_settings(redis=redis)
    if url is None and settings.redis is None:
        raise Unusable(
            "No place to look is named: give a Redis with --redis URL, or a service with --url URL."
        )
    before = now = _look(url, settings.redis)
    if once:
        out.print(_shown(now, now))
        return
    with Live(_shown(now, now), console=out, auto_refresh=False) as live:
        while True:
            time.sleep(every_s)
            before, now = now, _look(url, settings.redis)
            live.update(_shown(before, now), refresh=True)


def _look(url: str | None, redis: str | None) -> Now:
    """Raises Unusable."""
    try:
        return _at_service(url) if url else _at_redis(redis or "")
    except httpx2.HTTPError as error:
        raise Unusable(f"{url} does not answer: {error}.") from None
    except ValueError as error:
        raise unusable_redis(error) from None
    except redis_client.RedisError as error:
        raise Unusable(f"Redis does not answer: {plain(error)}.") from None


def _at_redis(address: str) -> Now:
    with connect(address) as client:
        totals = Totals(client)
        census, figures = totals.census(), totals.figures()
        workers = WorkerLedger(client).alive()
    judged: dict[str, float] = {}
    for key, number in figures.counts.items():
        name, *labels = key.split(SEPARATOR)
        if name == "total_seconds" and labels[-1] != "sum":
            lane = "-".join(labels[:-1])
            judged[lane] = judged.get(lane, 0) + number
    serving: dict[str, float] = {
        kind: max(census.serving[names.lane(kind, queue)] for queue in names.QUEUES)
        for kind in Kind
    }
    queued: dict[str, float] = {str(kind): n for kind, n in census.queued.items()}
    return Now(time.monotonic(), queued, serving, figures.oldest_s, judged, workers)


def _at_service(url: str) -> Now:
    page = httpx2.get(f"{url.rstrip('/')}/metrics", timeout=LATE_S)
    page.raise_for_status()
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(page.text):
        for sample in family.samples:
            labels = sample.labels
            lane = "-".join(labels[key] for key in ("kind", "traffic") if key in labels)
            found.setdefault(sample.name, {})[lane] = sample.value
    return Now(
        time.monotonic(),
        found.get("verifier_kind_queued_rollouts") or found.get("verifier_queued_rollouts", {}),
        found.get("verifier_kind_workers") or found.get("verifier_workers_ready", {}),
        found.get("verifier_oldest_waiting_seconds", {}),
        found.get("verifier_total_seconds_count", {}),
        None,
    )


def _shown(before: Now, now: Now) -> Group:
    queues = Table("lane", "workers", "queued", "oldest", "judged", "a second", box=None)
    took_s = now.at - before.at
    for lane in sorted({*now.judged, *now.oldest_s}):
        kind = lane.partition("-")[0]
        since = now.judged.get(lane, 0) - before.judged.get(lane, 0)
        queues.add_row(
            lane,
            f"{now.workers.get(kind, now.workers.get('', 0)):.0f}",
            f"{now.queued.get(kind, now.queued.get('', 0)):.0f}",
            f"{now.oldest_s.get(lane, 0):.1f} s",
            f"{now.judged.get(lane, 0):.0f}",
            f"{since / took_s:.1f}" if took_s else "",
        )
    if now.busy is None:
        return Group(queues)
    workers = Table("machine", "pid", "state", "jails", "chunks", "at", "for", "release", box=None)
    for worker in sorted(now.busy, key=lambda worker: (worker.host, worker.pid)):
        workers.add_row(
            worker.host,
            worker.pid,
            worker.state,
            worker.jails,
            worker.chunks,
            worker.job.rpartition("_")[2],
            f"{worker.for_s:.1f} s" if worker.job else "",
            worker.release,
        )
    return Group(queues, "", workers)
