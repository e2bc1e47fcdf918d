"""A Redis of each test's own, and workers that do as their rollouts say."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.verifier.dispatch.servers import RedisServer, Workers, redis_server


@pytest.fixture
def server(not_here: Callable[[str], NoReturn]) -> Iterator[RedisServer]:
    """In a folder with a short name: that of a socket has 108 characters at most."""
    if not shutil.which("redis-server"):
        not_here("no redis-server program: apt install redis-server")
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as running:
        yield running


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that lose no worker: one that gets no CPU for long keeps what it has at hand, and
    nothing is judged twice for that."""
    monkeypatch.setenv("LEASE_S", "600")


@pytest.fixture
def workers(server: RedisServer) -> Iterator[Workers]:
    running = Workers(server)
    yield running
    running.kill_all()
