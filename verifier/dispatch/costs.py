"""What rollouts of a problem took lately, so that the long ones of a batch can go first."""

from __future__ import annotations

from collections import OrderedDict

from verifier.ground_truth import truth_text
from verifier.model import Rollout, Verdict

MAX_PROBLEMS = 65_536
CHUNK_COST_S = 0.5
"""Of what is expected to take long, no more than this goes into one chunk."""
_SHARE_OF_NEW = 0.25


class Costs:
    """CPU seconds of programs, by ground truth; losing them costs time alone."""

    def __init__(self) -> None:
        self._seconds: OrderedDict[int, float] = OrderedDict()
        """By the hash of the ground truth's text, which a text computes once."""

    def learn(self, rollout: Rollout, verdict: Verdict) -> None:
        """What judging this rollout came to."""
        if not verdict.cpu_s:
            return
        problem = _problem(rollout)
        before = self._seconds.get(problem, verdict.cpu_s)
        self._seconds[problem] = before + _SHARE_OF_NEW * (verdict.cpu_s - before)
        self._seconds.move_to_end(problem)
        if len(self._seconds) > MAX_PROBLEMS:
            self._seconds.popitem(last=False)

    def expected(self, rollout: Rollout) -> float:
        """Seconds; 0 where nothing is known, as of mathematics."""
        return self._seconds.get(_problem(rollout), 0.0) if self._seconds else 0.0


def _problem(rollout: Rollout) -> int:
    return hash(truth_text(rollout.ground_truth).text)
