"""Redis, the service and workers, started for a benchmark and ended after it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import redis
from verifier.dispatch.redis_backend import names

VERIFIER = str(Path(sys.executable).with_name("verifier"))
FREE_WORKER = (sys.executable, "-m", "benchmarks.redis.worker")
START_LIMIT_S = 120.0


class Stack:
    """What runs, by what it is; a benchmark may end or replace any of it."""

    def __init__(self, folder: str, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self.url = f"unix://{folder}/redis.sock"
        self.client = redis.Redis.from_url(self.url)
        self.redis = self.start_redis()
        self.workers: list[subprocess.Popen[bytes]] = []
        self.services: list[subprocess.Popen[bytes]] = []

    def start_redis(self) -> subprocess.Popen[bytes]:
        """Returns when it answers."""
        options = ["--port", "0", "--unixsocket", f"{self._folder}/redis.sock", "--save", ""]
        self.redis = self.start(
            ["redis-server", *options, "--dir", self._folder, "--appendonly", "yes"]
        )
        _wait(self._answers)
        return self.redis

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def start_workers(
        self,
        count: int,
        command: Sequence[str] = FREE_WORKER,
        sandbox: str = "auto",
        url: str | None = None,
    ) -> None:
        """So many more, which reach Redis by `url`; returns when they can judge."""
        ready = self.ready_workers() + count
        self.workers += [self.start_worker(command, sandbox, url) for _ in range(count)]
        _wait(lambda: self.ready_workers() == ready)

    def start_worker(
        self, command: Sequence[str] = FREE_WORKER, sandbox: str = "auto", url: str | None = None
    ) -> subprocess.Popen[bytes]:
        process = self.start(
            [*command, "--parent", str(os.getpid()), "--sandbox", sandbox], stdin=subprocess.PIPE
        )
        assert process.stdin
        with process.stdin as pipe:
            pipe.write((url or self.url).encode() + b"\n")
        return process

    def ready_workers(self) -> int:
        return self.client.zcard(names.WORKERS)

    def end_workers(self) -> None:
        for process in self.workers:
            process.terminate()
        for process in self.workers:
            process.wait()
        self.workers = []

    def serve(self, *options: str, port: int | None = None) -> str:
        """The address of a service with these options, once it answers."""
        if port is None:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
        self.services.append(self.start([VERIFIER, "serve", "--port", str(port), *options]))
        _wait(lambda: _listens(port))
        return f"http://127.0.0.1:{port}"

    def start(
        self,
        command: Sequence[str],
        stdin: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Anything else, with these variables beside its parent's, ended with the rest."""
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
        )
        self._stack.callback(_end, process)
        return process


@contextmanager
def running(folder: Path | None = None) -> Iterator[Stack]:
    """With a Redis of its own that keeps an append-only file in `folder`, or in one made for it."""
    with ExitStack() as stack:
        own = folder or stack.enter_context(tempfile.TemporaryDirectory())
        yield Stack(str(own), stack)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + START_LIMIT_S
    while not condition():
        if time.monotonic() > until:
            sys.exit("what the benchmark needs did not start")
        time.sleep(0.02)
