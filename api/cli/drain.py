"""`verifier drain`: have workers take nothing more, so that a machine can be switched off."""

from __future__ import annotations

import time
from typing import Annotated

import redis as redis_client
import typer

from api.cli.terminal import Unusable, out, read_settings, unusable_redis
from verifier.dispatch.redis_backend.connection import connect, plain
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.names import EVERYWHERE

LOOK_S = 0.25
BEATS_S = 1.5
"""After which every worker that lives has heard of it."""


def drain(
    redis: Annotated[
        str | None, typer.Option(help="Address of the Redis that the workers are at.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="The machine, as `verifier top` calls it.  [all of them]")
    ] = EVERYWHERE,
    end: Annotated[bool, typer.Option(help="Have them take work again.")] = False,
) -> None:
    """Have the workers of a machine finish what they have and take no more; returns when they have.

    What comes meanwhile goes to other workers; where there are none it is refused with 503."""
    settings = read_settings(redis=redis)
    if settings.redis is None:
        raise Unusable("No workers are named: give their Redis with --redis URL or VERIFIER_REDIS.")
    try:
        workers = WorkerLedger(connect(settings.redis))
        if end:
            workers.end_draining(host)
            out.print("They take work again.")
        else:
            workers.drain(host)
            _await(workers, host)
    except ValueError as error:
        raise unusable_redis(error) from None
    except redis_client.RedisError as error:
        raise Unusable(f"Redis does not answer: {plain(error)}.") from None


def _await(workers: WorkerLedger, host: str) -> None:
    """Until none of them has anything."""
    heard_at, had = time.monotonic() + BEATS_S, -1
    while True:
        there = [worker for worker in workers.alive() if host in (EVERYWHERE, worker.host)]
        busy = [worker for worker in there if worker.job]
        if not there:
            out.print("There is no worker there; none that starts there takes work.")
            return
        if len(busy) != had:
            had = len(busy)
            out.print(f"{had} of {len(there)} workers have a chunk.")
        if not busy and time.monotonic() > heard_at:
            out.print("They have finished, and take nothing until `verifier drain --end`.")
            return
        time.sleep(LOOK_S)
