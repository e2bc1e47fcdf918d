"""A worker of the Redis mode whose judge does nothing, or burns CPU for as long as it is told.

For the other benchmarks: `spin 0.003` as a completion's first words takes 3 ms of CPU time.
"""

from __future__ import annotations

import sys
import time
from typing import Self

from verifier.dispatch.redis_backend.worker_side.worker import main
from verifier.model import Outcome, Result, Rollout, Run, Verdict

_CORRECT = Verdict(outcome=Outcome.CORRECT, answer="1")


class IdleJudge:
    """Finds everything correct."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def require_sandbox(self) -> None: ...

    def surroundings(self) -> str:
        """See `verifier.dispatch.working.Judging`, as for the next two."""
        return ""

    def judge(self, rollout: Rollout) -> Verdict:
        """Correct, after as much work as it is told to do."""
        if rollout.completion.startswith("spin "):
            until = time.thread_time() + float(rollout.completion.split(maxsplit=2)[1])
            while time.thread_time() < until:
                pass
        return _CORRECT

    def run(self, run: Run) -> Result:
        """No benchmark has it asked."""
        raise NotImplementedError


if __name__ == "__main__":
    sys.exit(main(lambda _: IdleJudge()))
