"""`verifier worker`: processes that judge what comes through a Redis."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry, start_http_server

from api.cli.terminal import Unusable, read_settings, unusable_redis, write_logs
from api.metrics.counted import CountedHere
from api.settings import Queue, SandboxKind
from verifier.dispatch.redis_backend.connection import connect
from verifier.dispatch.redis_backend.names import QUEUES
from verifier.dispatch.redis_backend.worker_side.supervisor import Supervisor

logger = logging.getLogger("verifier")


def worker(
    redis: Annotated[
        str | None, typer.Option(help="Address of the Redis that `verifier serve` uses.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes that judge.  [one for each CPU]")
    ] = None,
    sandbox: Annotated[
        SandboxKind | None, typer.Option(help="What programs run in.  [auto: what works here]")
    ] = None,
    queue: Annotated[
        Queue | None, typer.Option(help="Work for this queue only.  [both, training first]")
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(help="math or code: judge these only. math needs no sandbox.  [both]"),
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(help="Where Prometheus finds what these count.  [nowhere]")
    ] = None,
) -> None:
    """Judge what comes through a Redis, until told to stop.

    The address may have a password in it: give it as VERIFIER_REDIS, which `ps` does not show."""
    settings = read_settings(
        redis=redis,
        workers=processes,
        sandbox=sandbox,
        worker_kinds=",".join(kinds) if kinds else None,
        metrics_port=metrics_port,
    )
    if settings.redis is None:
        raise Unusable("No Redis is named: give the service's with --redis URL or VERIFIER_REDIS.")
    try:
        connect(settings.redis).close()
    except ValueError as error:
        raise unusable_redis(error) from None
    # Nothing that is started from here, a sandbox least of all, needs to know it.
    for name in ("VERIFIER_REDIS", "VERIFIER_REDIS_PASSWORD"):
        os.environ.pop(name, None)
    write_logs("workers")
    supervisor = Supervisor(
        settings.redis,
        processes=settings.workers,
        sandbox=settings.sandbox,
        queues=[queue] if queue else QUEUES,
        kinds=settings.worker_kinds,
        collect=settings.metrics_port is not None,
    )
    if settings.metrics_port is not None:
        _expose(settings.host, settings.metrics_port, supervisor)
    raise typer.Exit(supervisor.run())


def _expose(host: str, port: int, supervisor: Supervisor) -> None:
    """Raises Unusable."""
    registry = CollectorRegistry()
    registry.register(CountedHere(supervisor.counts))
    try:
        server, _ = start_http_server(port, host, registry)
    except OSError as error:
        raise Unusable(
            f"Cannot listen on {host} port {port}: {error.strerror}. Choose another --metrics-port."
        ) from None
    logger.info("metrics on http://%s:%d/metrics", host, server.server_port)
