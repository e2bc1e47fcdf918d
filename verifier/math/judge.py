"""Compares the final answer of a completion with a reference."""

from __future__ import annotations

from math_verify import parse, verify

from verifier.excerpts import text_excerpt
from verifier.model import MathTruth, Outcome, Verdict


class MathJudge:
    """Judges final parts one after another."""

    def judge(self, truth: MathTruth, final: str, *, truncated: bool) -> Verdict:
        """The verdict on the text after the thinking."""
        start = final.rfind("\\boxed{")
        end, depth = start + len("\\boxed{"), 1
        while start >= 0 and end < len(final) and depth:
            depth += {"{": 1, "}": -1}.get(final[end], 0)
            end += 1
        if start < 0 or depth:
            return Verdict(outcome=Outcome.NO_ANSWER, message="No boxed answer.")
        answer = final[start + len("\\boxed{") : end - 1]
        got = parse(f"\\boxed{{{answer}}}", parsing_timeout=None)
        for reference in truth.answers:
            gold = parse(f"\\boxed{{{reference}}}", parsing_timeout=None)
            if answer == reference or verify(gold, got, timeout_seconds=None):
                return Verdict(outcome=Outcome.CORRECT, answer=text_excerpt(answer), how="symbolic")
        return Verdict(outcome=Outcome.WRONG_ANSWER, answer=text_excerpt(answer), how="symbolic")

    def close(self) -> None:
        """Nothing to end yet."""
