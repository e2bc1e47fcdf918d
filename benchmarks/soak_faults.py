"""What a soak does to everything that runs: one fault after another, in an order left to chance."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis

from benchmarks.redis_stack import Stack
from sandbox.jails import owner
from sandbox.jails.docker import OWNER_LABEL

LONGEST_S = 5.0
"""For which something stands still, or is not there."""
CALLERS = 200
"""Who come at once and vanish."""
_HALF_A_REQUEST = (
    b"POST /v1/score HTTP/1.1\r\nhost: verifier\r\ncontent-type: application/json\r\n"
    b'content-length: 100000\r\n\r\n{"rollouts": [{"completion": "'
)
_CHANCE = random.SystemRandom()


@dataclass(frozen=True)
class Fault:
    """`inflict` returns when it is over; it raises LookupError or OSError where its victim is gone
    already."""

    name: str
    mean_s: float
    """From one to the next."""
    inflict: Callable[[], None]


class Faults:
    """All of them, for a stack with one service and one supervisor of workers."""

    def __init__(self, stack: Stack, supervisor: subprocess.Popen[bytes], address: str) -> None:
        self._stack = stack
        self._supervisor = supervisor
        self._address = address
        self.all = [
            Fault("a worker killed", 25.0, self._kill_worker),
            Fault("a worker stopped, continued", 40.0, self._stop_worker),
            Fault("a child or jail of a worker killed", 25.0, self._kill_child),
            Fault("a container killed", 25.0, self._kill_container),
            Fault("the service stopped, continued", 60.0, self._stop_service),
            Fault("the service killed, restarted", 150.0, self._restart_service),
            Fault("Redis stopped, continued", 60.0, self._stop_redis),
            Fault("Redis killed, restarted", 120.0, self._restart_redis),
            Fault("Redis' memory full", 90.0, self._fill_redis),
            Fault(f"{CALLERS} callers slow, then gone", 60.0, self._vanish),
        ]

    def until(self, end: float) -> Iterator[Fault]:
        """Each at its time, until the monotonic clock says `end`."""
        due = {fault.name: _later(fault) for fault in self.all}
        while time.monotonic() < end:
            time.sleep(0.2)
            for fault in self.all:
                if time.monotonic() > due[fault.name]:
                    yield fault
                    due[fault.name] = _later(fault)

    def workers(self) -> list[int]:
        """Their process ids."""
        return children(self._supervisor.pid)

    def _kill_worker(self) -> None:
        os.kill(_CHANCE.choice(self.workers()), signal.SIGKILL)

    def _stop_worker(self) -> None:
        _hold(_CHANCE.choice(self.workers()))

    def _kill_child(self) -> None:
        worker = _CHANCE.choice(self.workers())
        os.kill(_CHANCE.choice(children(worker)), signal.SIGKILL)

    def _kill_container(self) -> None:
        of = owner.name(_CHANCE.choice(self.workers()))
        listed = ["docker", "ps", "--quiet", "--filter", f"label={OWNER_LABEL}={of}"]
        found = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.split()
        killed = ["docker", "kill", _CHANCE.choice(found)]
        subprocess.run(killed, capture_output=True, check=False)

    def _stop_service(self) -> None:
        _hold(self._stack.services[-1].pid)

    def _restart_service(self) -> None:
        killed = self._stack.services.pop()
        killed.kill()
        killed.wait()
        _pause()
        self._stack.serve("--redis", self._stack.url, port=urlsplit(self._address).port)

    def _stop_redis(self) -> None:
        _hold(self._stack.redis.pid)

    def _restart_redis(self) -> None:
        self._stack.redis.kill()
        self._stack.redis.wait()
        _pause()
        self._stack.start_redis()

    def _fill_redis(self) -> None:
        with contextlib.suppress(redis.RedisError):
            self._stack.client.config_set("maxmemory", 1)
            _pause()
        self._stack.client.config_set("maxmemory", 0)

    def _vanish(self) -> None:
        at = urlsplit(self._address)
        with contextlib.ExitStack() as callers:
            for _ in range(CALLERS):
                caller = callers.enter_context(
                    socket.create_connection((at.hostname, at.port), timeout=LONGEST_S)
                )
                caller.sendall(_HALF_A_REQUEST)
            _pause()


def children(pid: int) -> list[int]:
    """Of its main thread; none where it has ended."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _hold(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
    _pause()
    os.kill(pid, signal.SIGCONT)


def _pause() -> None:
    time.sleep(_CHANCE.uniform(0, LONGEST_S))


def _later(fault: Fault) -> float:
    return time.monotonic() + _CHANCE.uniform(0.5, 1.5) * fault.mean_s
