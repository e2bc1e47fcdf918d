"""A Redis server and worker processes of a test's own, which it may kill."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import redis

from tests.verifier.dispatch.forked import ForkedWorker
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher

ROOT = Path(__file__).parents[3]
FAKE_WORKER = (sys.executable, "-m", "tests.verifier.dispatch.fake_redis_worker")
HOPELESS_S = 600.0


class RedisServer:
    """A redis-server with an append-only file, on a unix socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"unix://{folder}/redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self._process = subprocess.Popen(
            [
                *("redis-server", "--port", "0", "--unixsocket", f"{self._folder}/redis.sock"),
                *("--dir", str(self._folder), "--appendonly", "yes", "--save", ""),
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_until(self._answers, "redis-server answers")

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def send(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    def kill(self) -> None:
        """What it has said is done is in its file."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def workers(self) -> int:
        """How many can judge."""
        with self.client() as client:
            return int(client.zcard(names.WORKERS))


@asynccontextmanager
async def dispatching(server: RedisServer, **options: Any) -> AsyncIterator[RedisDispatcher]:
    """An API's end at that server."""
    running = RedisDispatcher(server.url, **options)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


class Worker:
    """One worker process, as the supervisor would start it."""

    def __init__(self, url: str, command: Sequence[str] = FAKE_WORKER, *options: str) -> None:
        self.options = options
        self.process = (
            ForkedWorker(url, options)
            if command == FAKE_WORKER
            else _started(url, command, options)
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def _started(url: str, command: Sequence[str], options: Sequence[str]) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [*command, "--parent", str(os.getpid()), "--sandbox", "auto", *options],
        stdin=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin
    with process.stdin as pipe:
        pipe.write(url.encode() + b"\n")
    return process


class Workers:
    """A number of workers at one Redis; those that died may be replaced."""

    def __init__(self, server: RedisServer) -> None:
        self._server = server
        self.all: list[Worker] = []

    def start(self, count: int, *options: str, command: Sequence[str] = FAKE_WORKER) -> None:
        """Returns when so many more can judge."""
        ready = self._server.workers() + count
        started = [Worker(self._server.url, command, *options) for _ in range(count)]
        self.all += started

        def all_ready() -> bool:
            assert all(worker.process.poll() is None for worker in started), "one ended at start"
            return self._server.workers() == ready

        wait_until(all_ready, "the workers are ready")

    def replace_dead(self, *, command: Sequence[str] = FAKE_WORKER) -> None:
        """As the supervisor does; does not wait for them."""
        for place, worker in enumerate(self.all):
            if worker.process.poll() is not None:
                self.all[place] = Worker(self._server.url, command, *worker.options)

    def by_pid(self, pid: int) -> Worker:
        return next(worker for worker in self.all if worker.pid == pid)

    def kill_all(self) -> None:
        for worker in self.all:
            with contextlib.suppress(ProcessLookupError):
                worker.send(signal.SIGCONT)
            worker.kill()


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.send(signal.SIGCONT)
        server.kill()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """For what sets no event here; fails after a time that only a fault takes."""
    until = time.monotonic() + HOPELESS_S
    while not condition():
        assert time.monotonic() < until, f"it did not come to pass that {what}"
        time.sleep(0.01)
