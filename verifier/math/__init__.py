"""Judges math answers: finds the final answer of a completion and compares it with the reference."""

from verifier.math.judge import MathJudge

__all__ = ["MathJudge"]
