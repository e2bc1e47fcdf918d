"""`verifier serve`: the HTTP service in this process, its workers in processes of their own."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import importlib.metadata
import logging
import math
import signal
import socket
import sys
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from api.access.auth import Exposed, refuse_exposure
from api.access.keys import KeyRing
from api.app import create_app
from api.cli.judges import embedded_dispatcher
from api.cli.terminal import ExitCode, Unusable, read_settings, unusable_redis, write_logs
from api.http.connections import raise_file_limit
from api.http.leaving import Leaving
from api.http.protocol import bounded_protocol
from api.problems.folder import ProblemFolder
from api.problems.registry import ProblemRegistry, Problems
from api.problems.shared import SharedProblemRegistry
from api.settings import Queue, SandboxKind, Settings
from verifier.dispatch import Dispatcher
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.logs import FIELDS
from verifier.notify import READY, STOPPING, notify
from verifier.tracing import export

LAST_WORD_S = 2
"""How long it may take to tell those requests that are not done by then."""
SWITCH_INTERVAL_S = 0.0005
"""How long a thread that parses a batch may keep the event loop waiting (Python's own: 0.005)."""
_VERSION = {FIELDS: {"version": importlib.metadata.version("grpo-verifier")}}

logger = logging.getLogger("verifier")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind.  [127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="0 takes a free one.  [8000]")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that judge.  [one for each CPU]")
    ] = None,
    sandbox: Annotated[
        SandboxKind | None, typer.Option(help="What programs run in.  [auto: what works here]")
    ] = None,
    redis: Annotated[
        str | None,
        typer.Option(help="Address of a Redis; `verifier worker` processes there judge instead."),
    ] = None,
    queue: Annotated[
        Queue | None, typer.Option(help="What goes through that Redis here.  [training]")
    ] = None,
    allow_unauthenticated: Annotated[
        bool, typer.Option(help="Let whoever reaches a non-loopback address use the service.")
    ] = False,
) -> None:
    """Serve /v1/score over HTTP. Needs no other server, unless --redis names one."""
    settings = read_settings(
        host=host,
        port=port,
        workers=workers,
        sandbox=sandbox,
        redis=redis,
        queue=queue,
        allow_unauthenticated=allow_unauthenticated or None,
    )
    keys = _keys(settings)
    listener = _listen(settings, keys)
    write_logs("api")
    export("verifier-api")
    bounds = settings.bounds()
    bounds = dataclasses.replace(bounds, max_connections=raise_file_limit(bounds.max_connections))
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = Leaving(create_app(settings, _dispatcher(settings), _problems(settings), keys))
    server = _Server(
        app,
        settings.drain_s,
        uvicorn.Config(
            app,
            http=bounded_protocol(bounds),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=math.ceil(settings.drain_s) + LAST_WORD_S,
        ),
    )
    # uvicorn passes the signal on after it has stopped in order: that is the end we wanted.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(ExitCode.DONE))
    if settings.api_keys_file:
        # Read again; else it would end everything at once.
        signal.signal(signal.SIGHUP, lambda *_: keys.read_again())
    server.run([listener])


def _dispatcher(settings: Settings) -> Dispatcher:
    """Raises Unusable."""
    if settings.redis is not None:
        try:
            return RedisDispatcher(
                settings.redis,
                queue=settings.queue,
                max_queued=settings.max_queued_rollouts,
                max_bytes=settings.max_redis_bytes,
                keep_s=settings.keep_results_s,
            )
        except ValueError as error:
            raise unusable_redis(error) from None
    return embedded_dispatcher(settings)


def _problems(settings: Settings) -> Problems:
    """Raises Unusable."""
    bounds = settings.max_problems, settings.max_problems_bytes
    if settings.redis is not None:
        return SharedProblemRegistry(settings.redis, *bounds)
    try:
        folder = ProblemFolder(settings.problems_dir) if settings.problems_dir else None
    except OSError as error:
        raise Unusable(
            f"VERIFIER_PROBLEMS_DIR cannot be used: {error.filename}: {error.strerror}."
        ) from None
    return ProblemRegistry(*bounds, folder)


def _keys(settings: Settings) -> KeyRing:
    """Raises Unusable."""
    try:
        return settings.key_ring()
    except ValueError as error:
        raise Unusable(f"{error}.") from None
    except OSError as error:
        raise Unusable(f"{error.filename} cannot be read: {error.strerror}.") from None


def _listen(settings: Settings, keys: KeyRing) -> socket.socket:
    """The socket to serve on. Raises Unusable."""
    try:
        refuse_exposure(settings.host, keys.needed, settings.allow_unauthenticated)
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, address = found[0][0], found[0][4]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except Exposed as error:
        raise Unusable(str(error)) from None
    except OSError as error:
        raise Unusable(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Choose another --host or --port."
        ) from None


class _Server(uvicorn.Server):
    """Says in the log where it serves, and that it is about to stop; then it lets requests under
    way go on for a while, and tells the others to ask again."""

    def __init__(self, app: Leaving, drain_s: float, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app
        self._drain_s = drain_s

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            notify(READY)
            # What lives from here to the end is not worth looking at for garbage again and again.
            gc.collect()
            gc.freeze()
            for listener in sockets or []:
                logger.info(
                    "serving on %s (documentation: /docs)", _address(listener), extra=_VERSION
                )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            notify(STOPPING)
            limit_s = self._drain_s
            logger.info("stopping when requests under way are done, in %g s at most", limit_s)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(self._drain_s, self._app.leave)
        await super().shutdown(sockets)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
