"""What every worker process does, of either backend: proves that it judges, ends in order."""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from typing import Protocol

from sandbox.counting import SEPARATOR, count, observe
from verifier.errors import VerifierError
from verifier.model import Kind, Outcome, Result, Rollout, Run, Task, Verdict

GRACE_S = 20.0
"""How long the rollout at hand may take after SIGTERM."""
UNABLE = 3
"""Exit status of a worker that cannot judge here."""
_SET_PDEATHSIG = 1
HOST = socket.gethostname().replace(SEPARATOR, "")
"""By which a worker is known to people."""
_KNOWN = {
    Kind.CODE: Rollout(
        completion="```python\nprint(int(input()) + 1)\n```",
        ground_truth={"kind": "stdin", "cases": [{"input": "41\n", "output": "42\n"}]},
    ),
    Kind.MATH: Rollout(completion="The result is \\boxed{2^{1/2}}.", ground_truth="\\sqrt{2}"),
}
"""Right answers that take the whole way: through the sandbox and, as that is still importing its
libraries meanwhile, through the math child last."""


class Judging(Protocol):
    """What a worker needs of `verifier.judge.Judge`."""

    def judge(self, rollout: Rollout) -> Verdict:
        """Raises nothing but NeedsSandbox, where it was opened without one."""

    def run(self, run: Run) -> Result:
        """Likewise."""

    def require_sandbox(self) -> None:
        """Have a sandbox ready, a new one where it is gone. Thread-safe. Raises SandboxGone."""

    def surroundings(self) -> str:
        """What programs run in, in the same words wherever it is the same. Raises SandboxGone."""


class WorkerFault(VerifierError):
    """This worker cannot judge; the text is a sentence for an operator."""


def prove(judge: Judging, kinds: Iterable[Kind] = Kind) -> None:
    """Raises WorkerFault unless known rollouts are judged rightly."""
    proven = set(kinds)
    for kind, known in _KNOWN.items():
        if kind not in proven:
            continue
        verdict = judge.judge(known)
        if verdict.outcome is not Outcome.CORRECT:
            raise WorkerFault(
                f"A known right answer was judged {verdict.outcome}. {verdict.message or ''}"
            )


def result_of(judge: Judging, task: Task, kind: Kind, traffic: str, waited_s: float) -> Result:
    """What comes of the task, which is counted with what it took; `waited_s` is from its batch's
    submission until now. Raises NeedsSandbox."""
    began, own_s = time.monotonic(), time.process_time()
    result = judge.run(task) if isinstance(task, Run) else judge.judge(task)
    took_s = time.monotonic() - began
    observe("queue_seconds", kind, traffic, seconds=waited_s)
    observe("judging_seconds", kind, traffic, seconds=took_s)
    observe("total_seconds", kind, traffic, seconds=waited_s + took_s)
    count("cpu_seconds", kind, "worker", by=time.process_time() - own_s)
    if result.cpu_s:
        count("cpu_seconds", kind, "program", by=result.cpu_s)
    if isinstance(task, Rollout) and isinstance(result, Verdict) and result.reward is None:
        count("nulls", result.outcome, HOST)
    return result


def freeze_heap() -> None:
    """Spare garbage collection what is loaded so far; and as judging makes trees rather than
    cycles, have it come seldom (it took a third of the time to read a suite)."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def die_with_parent(parent: int) -> None:
    """End this process in order when its parent ends, however that happens."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    atexit.register(signal.signal, signal.SIGTERM, signal.SIG_IGN)  # it is ending already
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        sys.exit(0)
