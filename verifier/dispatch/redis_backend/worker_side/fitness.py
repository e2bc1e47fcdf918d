"""Which kinds of rollouts a worker can judge at present: none whose sandbox is gone, until it is
back. A worker without would otherwise fail faster than the others judge, and eat the queue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from verifier.dispatch.working import Judging, WorkerFault, prove
from verifier.errors import SandboxGone
from verifier.model import Kind

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 15.0
"""Between looks at whether a sandbox is back."""

logger = logging.getLogger(__name__)


class Fitness:
    """Belongs to the thread that judges; looks for the sandbox in another."""

    def __init__(
        self, judge: Judging, kinds: Sequence[Kind], report: Callable[[str], None]
    ) -> None:
        """`report` tells operators why something cannot be judged, or with "" that it can."""
        self._judge = judge
        self._all = kinds
        self._report = report
        self._fault = ""
        self._is_back = threading.Event()
        self._ended = threading.Event()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What is judged now."""
        return tuple(kind for kind in self._all if not (self._fault and kind is Kind.CODE))

    def is_lost(self, kind: Kind) -> bool:
        """Whether rollouts of this kind failed because there is no sandbox any more; from then on
        it is not among `kinds`."""
        if kind is not Kind.CODE:
            return False
        try:
            self._judge.require_sandbox()
        except SandboxGone as error:
            self._lose(str(error))
        return bool(self._fault)

    def regained(self) -> bool:
        """Whether `kinds` has more again since it was asked last."""
        if not self._is_back.is_set():
            return False
        self._is_back.clear()
        try:
            prove(self._judge, [Kind.CODE])
        except WorkerFault as error:
            self._lose(str(error))
            return False
        self._fault = ""
        self._report("")
        logger.warning("the sandbox is back; this worker judges programs again")
        return True

    def close(self) -> None:
        self._ended.set()

    def _lose(self, fault: str) -> None:
        self._fault = fault
        logger.error("this worker judges no programs until its sandbox is back: %s", fault)
        threading.Thread(target=self._look_for_it, name="sandbox", daemon=True).start()

    def _look_for_it(self) -> None:
        pause_s = FIRST_PAUSE_S
        fault = self._fault
        while True:
            self._report(fault)
            if self._ended.wait(pause_s):
                return
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)
            try:
                self._judge.require_sandbox()
            except SandboxGone as error:
                fault = str(error)
            else:
                self._is_back.set()
                return
