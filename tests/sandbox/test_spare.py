"""A second jail is started for a worker that would often have had one at work, and for no other."""

from collections.abc import Callable
from contextlib import closing
from threading import Event
from typing import NoReturn

import pytest

from sandbox import JailUnavailable, Limits, Program, spare
from sandbox.pool import OPENERS, JailPool
from sandbox.runs.warm_jail import WarmJail
from sandbox.spare import ASKED_BEFORE, SpareJail


@pytest.mark.parametrize("idle", [True, False], ids=["a CPU is idle", "none is"])
def test_it_starts_once_it_was_asked_for_often_on_a_machine_that_has_an_idle_cpu(
    monkeypatch: pytest.MonkeyPatch, not_here: Callable[[str], NoReturn], idle: bool
) -> None:
    started: list[str] = []
    two = Event()

    def opener(variant: str = "python") -> WarmJail:
        started.append(variant)
        if len(started) == 2:
            two.set()
        return OPENERS["local"](variant)

    monkeypatch.setattr(spare, "has_idle_cpu", lambda: idle)
    try:
        with (
            JailPool(opener, 1) as pool,
            closing(SpareJail(pool)) as second,
            pool.jail() as jail,
            jail.load(Program("print(int(input()) * 2)"), Limits()) as script,
        ):
            runner = second.beside(script)
            for asked in range(ASKED_BEFORE + 1):
                assert len(started) == 1, asked
                found = [result.stdout for result in runner.run_each([b"1", b"2", b"3"])]
                assert found == [b"2\n", b"4\n", b"6\n"]
            if idle:
                two.wait()
            assert len(started) == 1 + idle
    except JailUnavailable as refusal:
        not_here(str(refusal))
