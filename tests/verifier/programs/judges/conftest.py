"""The control of attacks on checkers and interactors."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sandbox import Limits, Program
from sandbox.pool import JailPool

WEAK_JUDGE = Program((Path(__file__).parent / "weak_judge.py").read_text(encoding="utf-8"))
LIMITS = Limits(cpu_s=2.0, wall_s=60.0)
"""One that is told to go on for ever uses all of its time."""

WeakJudge = Callable[..., float | None]


@pytest.fixture
def weak_judge(pool: JailPool) -> WeakJudge:
    """What a weak judge pays in one case, with this checker or interactor; None where it does not
    live to say so."""

    def reward(
        judging: str, source: str, case: Mapping[str, str], *, interactor: bool = False
    ) -> float | None:
        task = {
            "judging": judging,
            "source": source,
            "interactor": interactor,
            "output": "",
            **case,
        }
        with pool.jail() as jail, jail.load(WEAK_JUDGE, LIMITS) as script:
            lines = script.run(json.dumps(task).encode()).stdout.split()
        return float(lines[-1]) if lines and lines[-1] in (b"0.0", b"1.0") else None

    return reward
