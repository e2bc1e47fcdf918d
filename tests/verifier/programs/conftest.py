"""A judge of programs in this machine's own jails."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from sandbox import JailUnavailable, Limits
from sandbox.pool import open_pool
from verifier.programs.judge import ProgramJudge


@pytest.fixture(scope="module")
def programs(not_here: Callable[[str], NoReturn]) -> Iterator[ProgramJudge]:
    try:
        pool = open_pool("local", 1)
    except JailUnavailable as refusal:
        not_here(str(refusal))
    with pool, pool.another(1) as referees, ProgramJudge(pool, referees, Limits()) as judge:
        yield judge
