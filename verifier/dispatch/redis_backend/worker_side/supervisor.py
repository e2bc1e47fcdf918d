"""Keeps worker processes running: as many as asked for, a new one for each that ended."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from verifier.dispatch.redis_backend.names import QUEUES
from verifier.dispatch.redis_backend.worker_side.collected import Collected
from verifier.dispatch.working import GRACE_S, UNABLE
from verifier.model import Kind
from verifier.notify import ALIVE, READY, STOPPING, notify
from verifier.worker_process import command

WORKER_COMMAND = command("verifier.dispatch.redis_backend.worker_side.worker")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
HEALTHY_S = 10.0
"""A worker that ran this long was fine; the next one starts without a pause."""
LOOK_S = 0.1

logger = logging.getLogger(__name__)


class Supervisor:
    """`processes` workers at one Redis, until SIGTERM or SIGINT."""

    def __init__(
        self,
        url: str,
        *,
        processes: int,
        sandbox: str = "auto",
        queues: Sequence[str] = QUEUES,
        kinds: Sequence[Kind] = tuple(Kind),
        worker_command: Sequence[str] = WORKER_COMMAND,
        collect: bool = False,
    ) -> None:
        """`queues` in the order in which a worker looks into them; `kinds` take turns there.
        `collect` what the workers count, for `counts`."""
        options = ["--parent", str(os.getpid()), "--sandbox", sandbox]
        options += ["--queues", *queues, "--kinds", *kinds]
        self._collected = Collected() if collect else None
        if self._collected:
            options += ["--counts", str(self._collected.write_end)]
        self._command = [*worker_command, *options]
        self._url = url
        self._places = [_Place() for _ in range(processes)]
        self._stopping = threading.Event()

    def counts(self) -> Mapping[str, float]:
        """What the workers counted since the start; see `sandbox.counting`. Thread-safe."""
        return self._collected.counts() if self._collected else {}

    def run(self) -> int:
        """Returns the exit status: 0, or 2 where no worker could ever judge on this machine."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        notify(READY)
        try:
            while not self._stopping.is_set():
                notify(ALIVE)
                for place in self._places:
                    self._look_after(place)
                if all(place.hopeless for place in self._places):
                    return 2
                self._stopping.wait(LOOK_S)
        finally:
            notify(STOPPING)
            self._end_all()
        return 0

    def _look_after(self, place: _Place) -> None:
        now = time.monotonic()
        if place.process is None:
            if now >= place.start_at:
                place.process, place.started_at = self._start(), now
            return
        status = place.process.poll()
        if status is None:
            return
        place.process = None
        ran_s = now - place.started_at
        place.failures = 0 if ran_s > HEALTHY_S and status != UNABLE else place.failures + 1
        place.unable = place.unable + 1 if status == UNABLE else 0
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (place.failures - 1))
        place.start_at = now + (pause_s if place.failures > 1 else 0.0)
        logger.warning("a worker ended with status %d after %.0f s", status, ran_s)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - our own command
            self._command,
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=[self._collected.write_end] if self._collected else [],
        )
        assert process.stdin
        with process.stdin as pipe:
            pipe.write(self._url.encode() + b"\n")
        return process

    def _end_all(self) -> None:
        """Ask all to end; they take no longer than their grace, or are ended."""
        running = [place.process for place in self._places if place.process]
        for process in running:
            process.terminate()
        until = time.monotonic() + GRACE_S + 10
        for process in running:
            try:
                process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _on_signal(self, *_: int | FrameType | None) -> None:
        self._stopping.set()


class _Place:
    """Where one worker runs, and how that went."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.failures = 0
        self.unable = 0

    @property
    def hopeless(self) -> bool:
        return self.unable >= 3
