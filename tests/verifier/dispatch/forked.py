"""Workers with the obedient judge, in forks of a process that has imported what they need: that
takes ten times longer than all the rest of their start."""

from __future__ import annotations

import io
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["redis", "rq", "verifier.judge", "verifier.tracing", f"{__package__}.embedded.fake_worker"]
)
"""Not what reads its settings when it is imported: see `fake_redis_worker`."""


class ForkedWorker:
    """Looks like a `subprocess.Popen` of `fake_redis_worker`."""

    def __init__(self, url: str, options: Sequence[str]) -> None:
        self._process = _FORKS.Process(target=_work, args=(url, options, dict(os.environ)))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit status; None while it lives."""
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _work(url: str, options: Sequence[str], environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["fake_redis_worker", "--parent", str(os.getppid()), "--sandbox", "auto", *options]
    sys.stdin = io.StringIO(f"{url}\n")
    runpy.run_module(f"{__package__}.fake_redis_worker", run_name="__main__")
