"""Judges math answers: finds a completion's final answer and compares it with the reference."""

from verifier.math.judge import MathJudge

__all__ = ["MathJudge"]
