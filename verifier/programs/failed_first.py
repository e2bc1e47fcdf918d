"""Runs those cases first that earlier programs failed, where a ground truth wants it so or nobody
asks for more than the reward.

Which case fails first is then no longer told by the suite's order alone, so that `passed` of a
program that fails says nothing and is left out; its reward is the same in any order, as each case
is a run of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from verifier.model import Checker, StdinTruth, Verdict

MAX_PROBLEMS = 4096
MAX_CASES = 8
"""Of one problem: the cases that were failed last."""


def has_no_order(truth: StdinTruth) -> bool:
    """Whether the reward is the same in any order of the cases. A judging program may fail at one
    of them, which is null if that one is run and 0 if an earlier one is failed."""
    return (
        isinstance(truth.checker, Checker)
        and truth.interactor is None
        and not truth.every_case
        and not truth.subtasks
    )


class FailedFirst:
    """What is remembered of the problems judged last; losing it costs time alone."""

    def __init__(self) -> None:
        self._failed: OrderedDict[bytes, list[int]] = OrderedDict()

    def arranged(self, truth_digest: bytes, truth: StdinTruth) -> tuple[StdinTruth, Sequence[int]]:
        """The ground truth with its cases in the order in which to run them, and their places."""
        failed = [case for case in self._failed.get(truth_digest, ()) if case < len(truth.cases)]
        others = [case for case in range(len(truth.cases)) if case not in failed]
        places = [*failed, *others]
        return replace(truth, cases=tuple(truth.cases[place] for place in places)), places

    def told(self, truth_digest: bytes, verdict: Verdict, places: Sequence[int]) -> Verdict:
        """The verdict by the suite's own numbers; what failed is run first from now on."""
        if verdict.first_failure is None:
            return verdict
        case = places[verdict.first_failure["case"]]
        failed = self._failed.setdefault(truth_digest, [])
        self._failed.move_to_end(truth_digest)
        failed[:] = [case, *(other for other in failed if other != case)][:MAX_CASES]
        if len(self._failed) > MAX_PROBLEMS:
            self._failed.popitem(last=False)
        shown = {**verdict.first_failure, "case": case}
        return replace(verdict, first_failure=shown, passed=None, score=None)
