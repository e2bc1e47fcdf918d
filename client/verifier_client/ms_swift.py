"""A reward function for ms-swift: --external_plugins PATH_OF_THIS_FILE --reward_funcs verifier.

The path: python -c "import verifier_client.ms_swift as m; print(m.__file__)". The data set needs a
column `ground_truth` or `solution`, in any shape that the service knows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from verifier_client.errors import Unusable
from verifier_client.groups import statistics, tell
from verifier_client.trainer import judge_now
from verifier_client.unjudged import numbers


class VerifierReward:
    """Called by ms-swift as its own reward models are."""

    def __init__(self, args: Any = None, unjudged: str | None = None, **_: Any) -> None:
        """`unjudged` goes before VERIFIER_UNJUDGED."""
        self.args = args
        self._unjudged = unjudged

    def __call__(
        self,
        completions: Sequence[Any],
        ground_truth: Sequence[Any] | None = None,
        solution: Sequence[Any] | None = None,
        **_: Any,
    ) -> list[float]:
        """One reward for each completion. ms-swift makes a 0 of None, so VERIFIER_UNJUDGED says
        what stands for a verdict that there is none of."""
        truths = solution if ground_truth is None else ground_truth
        if truths is None:
            raise Unusable("The data set needs a column `ground_truth` or `solution`.")
        results = judge_now(completions, truths, rewards_only=True)
        # ms-swift has no place for metrics. Completions of one prompt have one ground truth.
        tell(statistics([result.reward for result in results], truths))
        return numbers(results, self._unjudged)


with contextlib.suppress(ImportError):  # elsewhere than in ms-swift there is nothing to add it to
    from swift.rewards import orms

    orms["verifier"] = VerifierReward
