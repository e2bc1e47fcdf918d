"""What rollouts of a problem took lately, so that the long ones of a batch can go first."""

from __future__ import annotations

from collections import OrderedDict

from verifier.ground_truth import truth_text
from verifier.model import Result, Run, Task

MAX_PROBLEMS = 65_536
CHUNK_COST_S = 0.5
"""Of what is expected to take long, no more than this goes into one chunk."""
_SHARE_OF_NEW = 0.25


class Costs:
    """CPU seconds of programs, by ground truth; losing them costs time alone."""

    def __init__(self) -> None:
        self._seconds: OrderedDict[int, float] = OrderedDict()
        """By the hash of the ground truth's text, which a text computes once."""

    def learn(self, task: Task, result: Result) -> None:
        """What it came to. Of a run nothing is learned: no other has its problem."""
        if isinstance(task, Run) or not result.cpu_s:
            return
        problem = hash(truth_text(task.ground_truth).text)
        before = self._seconds.get(problem, result.cpu_s)
        self._seconds[problem] = before + _SHARE_OF_NEW * (result.cpu_s - before)
        self._seconds.move_to_end(problem)
        if len(self._seconds) > MAX_PROBLEMS:
            self._seconds.popitem(last=False)

    def expected(self, task: Task) -> float:
        """Seconds; 0 where nothing is known, as of mathematics and of runs."""
        if isinstance(task, Run) or not self._seconds:
            return 0.0
        return self._seconds.get(hash(truth_text(task.ground_truth).text), 0.0)
