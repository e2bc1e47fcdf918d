"""A verifier for open-instruct: imported before its `main`, with --remap_verifier math=verifier.

A row's label is its ground truth, in any shape that the service knows. For code, whose tests
open-instruct sends to an address, the service's POST /test_program needs no client.
"""

from __future__ import annotations

from typing import Any

from open_instruct.ground_truth_utils import VerificationResult, VerifierConfig, VerifierFunction

from verifier_client.model import Result
from verifier_client.trainer import judge, judge_now
from verifier_client.unjudged import numbers


class ServiceVerifier(VerifierFunction):  # type: ignore[misc]  # open-instruct's, which has it
    """Found by open-instruct among its own, as `verifier`."""

    def __init__(self, verifier_config: VerifierConfig | None = None) -> None:
        super().__init__("verifier", weight=1.0, verifier_config=verifier_config)

    def __call__(
        self,
        tokenized_prediction: list[int],
        prediction: str,
        label: Any,
        query: str | None = None,
        rollout_state: dict[str, Any] | None = None,
    ) -> VerificationResult:
        """The score of one prediction; for one without a verdict what VERIFIER_UNJUDGED says, as
        open-instruct has no word for that."""
        return _verified(judge_now([prediction], [label]))

    async def async_call(
        self,
        tokenized_prediction: list[int],
        prediction: str,
        label: Any,
        query: str | None = None,
        rollout_state: dict[str, Any] | None = None,
    ) -> VerificationResult:
        """The same; what is asked at the same time travels together."""
        return _verified(await judge([prediction], [label]))


def _verified(results: list[Result]) -> VerificationResult:
    return VerificationResult(score=numbers(results)[0], reasoning=results[0].outcome)
