"""What a soak does to everything that runs: one fault after another, in an order left to chance."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis

from benchmarks.redis.stack import VERIFIER, Stack
from benchmarks.soak.docker_proxy import DockerProxy
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
    """All of them, for a stack with one service and one supervisor of workers, which it starts.

    `docker` stands between the workers and their Docker daemon, `disk` is a file system of Redis'
    own that can be filled; without one of them what needs it is left out.
    """

    def __init__(
        self,
        stack: Stack,
        address: str,
        sandbox: str,
        docker: DockerProxy | None,
        disk: Path | None,
    ) -> None:
        self._stack = stack
        self._address = address
        self._sandbox = sandbox
        self._docker = docker
        self._disk = disk
        self._supervisor = self._start_workers()
        self.all = [
            Fault("a worker killed", 75.0, self._kill_worker),
            Fault("a worker stopped, continued", 120.0, self._stop_worker),
            Fault("a child or jail of a worker killed", 75.0, self._kill_child),
            Fault("a container killed", 75.0, self._kill_container),
            Fault("a worker without descriptors", 180.0, self._take_descriptors),
            Fault("workers rolled, as for a release", 450.0, self._roll_workers),
            Fault("the service stopped, continued", 180.0, self._stop_service),
            Fault("the service killed, restarted", 450.0, self._restart_service),
            Fault("Redis stopped, continued", 180.0, self._stop_redis),
            Fault("Redis killed, restarted", 360.0, self._restart_redis),
            Fault("Redis' memory full", 270.0, self._fill_redis),
            Fault(f"{CALLERS} callers slow, then gone", 180.0, self._vanish),
        ]
        if docker:
            self.all += [
                Fault("Docker hung", 360.0, self._hang_docker),
                Fault("Docker gone, back", 360.0, self._cut_docker),
            ]
        if disk:
            self.all.append(Fault("Redis' disk full", 360.0, self._fill_disk))

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

    def _take_descriptors(self) -> None:
        worker = _CHANCE.choice(self.workers())
        before = resource.prlimit(worker, resource.RLIMIT_NOFILE)
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (0, before[1]))
        _pause()
        resource.prlimit(worker, resource.RLIMIT_NOFILE, before)

    def _start_workers(self) -> subprocess.Popen[bytes]:
        command = [VERIFIER, "worker", "--redis", self._stack.url, "--processes", "2"]
        environment = {"DOCKER_HOST": self._docker.address} if self._docker else {}
        return self._stack.start([*command, "--sandbox", self._sandbox], environment=environment)

    def _roll_workers(self) -> None:
        old, self._supervisor = self._supervisor, self._start_workers()
        _pause()
        old.terminate()
        old.wait()

    def _hang_docker(self) -> None:
        assert self._docker
        self._docker.hang()
        _pause()
        self._docker.go_on()

    def _cut_docker(self) -> None:
        assert self._docker
        self._docker.cut()
        _pause()
        self._docker.open()

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

    def _fill_disk(self) -> None:
        assert self._disk
        filling = self._disk / "filling"
        try:
            with filling.open("wb") as file, contextlib.suppress(OSError):  # no space left
                while True:
                    file.write(bytes(1 << 20))
            _pause()
        finally:
            filling.unlink()

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
