"""One warm judge for all tests that only read its verdicts."""

from collections.abc import Callable, Iterator

import pytest

from verifier.math import MathJudge
from verifier.math.settings import MathSettings
from verifier.model import MathTruth, Verdict

Judging = Callable[..., Verdict]


@pytest.fixture(scope="session")
def judge() -> Iterator[MathJudge]:
    judge = MathJudge(MathSettings())
    yield judge
    judge.close()


@pytest.fixture(scope="session")
def boxed(judge: MathJudge) -> Judging:
    """The verdict on an answer in a box."""

    def verdict(reference: str, answer: str) -> Verdict:
        return judge.judge(MathTruth((reference,)), f"So \\boxed{{{answer}}}.", truncated=False)

    return verdict
