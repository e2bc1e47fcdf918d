"""Judges that the tests of this folder share: warm, one for each kind of jail."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from sandbox import Limits
from sandbox.pool import OPENERS, JailPool
from tests.pools import pool_of_one
from verifier.ground_truth import read_ground_truth
from verifier.model import NO_LIMITS, LimitsOverride, MathTruth, Verdict
from verifier.programs.judge import ProgramJudge

LIMITS = Limits(cpu_s=10.0, wall_s=10.0, memory_bytes=256 * 1024 * 1024, output_bytes=1024 * 1024)
"""More time than anything here needs on a slow machine."""
SHORT = LimitsOverride(cpu_s=0.5, wall_s=0.5)
"""For what is to use it up."""

JudgeProgram = Callable[..., Verdict]


@pytest.fixture(scope="session", params=sorted(OPENERS))
def pool(request: pytest.FixtureRequest, not_here: Callable[[str], NoReturn]) -> Iterator[JailPool]:
    with pool_of_one(request.param, not_here) as pool:
        yield pool


@pytest.fixture(scope="session")
def program_judge(pool: JailPool) -> Iterator[ProgramJudge]:
    with pool.another(1) as referees, ProgramJudge(pool, referees, LIMITS) as judge:
        yield judge


@pytest.fixture
def judge(program_judge: ProgramJudge) -> JudgeProgram:
    """The verdict on a program under a ground truth as a dataset has it, perhaps within limits."""

    def verdict(raw: object, source: str, limits: LimitsOverride = NO_LIMITS) -> Verdict:
        truth = read_ground_truth(raw)
        assert not isinstance(truth, MathTruth)
        return program_judge.judge(truth, source, limits)

    return verdict
