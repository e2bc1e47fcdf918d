"""The state file of pass rates: what is mastered, what comes next, and two writers at once."""

import multiprocessing
import pickle
from pathlib import Path

import pytest

from verifier_client import GroupSummary, Scores, Unusable
from verifier_client.pass_rates import EpochRate, PassRates

WRITERS, TIMES = 4, 25


@pytest.fixture
def rates(tmp_path: Path) -> PassRates:
    return PassRates(tmp_path / "rates.sqlite")


def scores(batch_id: str, **solved: int) -> Scores:
    """Groups of four, of which so many are right; -1: none was judged."""
    groups = [
        GroupSummary(
            id=name,
            n=4,
            judged=4 if count >= 0 else 0,
            solved=max(count, 0),
            mean_reward=None,
            degenerate=False,
        )
        for name, count in solved.items()
    ]
    return Scores(batch_id=batch_id, rewards=[], results=[], groups=groups)


def test_a_batch_counts_once_in_an_epoch(rates: PassRates) -> None:
    assert rates.record(0, scores("step-1", a=1, b=-1))
    assert not rates.record(0, scores("step-1", a=1))
    assert rates.record(0, scores("step-2", a=4))
    assert rates.record(1, scores("step-1", a=3))
    assert rates.history("a") == [EpochRate(0, 8, 5), EpochRate(1, 4, 3)]
    assert rates.history("a")[1].pass_rate == 0.75
    assert rates.history("b") == []


def test_what_is_mastered(rates: PassRates) -> None:
    rates.record(0, scores("1", a=4, b=4, c=3))
    rates.record(1, scores("2", a=4, b=2, d=4))
    rates.add(1, "e", [1.0, None, 1.0])
    assert rates.mastered() == {"a", "d", "e"}
    assert rates.mastered(epochs=2) == {"a"}
    assert rates.mastered(rate=0.75) == {"a", "c", "d", "e"}
    assert rates.mastered(judged=3) == {"a", "d"}


def test_what_comes_next(rates: PassRates) -> None:
    rates.record(0, scores("1", hard=0, half=2, done=4))
    rates.record(1, scores("2", late=2))
    pool = ["done", "late", "hard", "new", "half", "newer", "new"]
    assert rates.refill(10, pool) == ["new", "newer", "half", "hard", "late"]
    assert rates.refill(2, pool) == ["new", "newer"]
    assert rates.refill(10, ["done"]) == []
    assert rates.refill(10, ["done"], epochs=2) == ["done"]


def _write(rates: PassRates, number: int) -> None:
    for time in range(TIMES):
        rates.record(0, scores(f"{number}-{time}", a=1))
        rates.add(0, "b", [1.0, 0.0])


def test_nothing_of_several_writers_is_lost(rates: PassRates) -> None:
    context = multiprocessing.get_context("spawn")
    copy = pickle.loads(pickle.dumps(rates))
    writers = [context.Process(target=_write, args=(copy, number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert rates.history("a") == [EpochRate(0, 4 * WRITERS * TIMES, WRITERS * TIMES)]
    assert rates.history("b") == [EpochRate(0, 2 * WRITERS * TIMES, WRITERS * TIMES)]


def test_a_file_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no database, but longer than the head of one" * 10)
    for path in (tmp_path / "other", tmp_path / "no folder" / "rates", tmp_path):
        with pytest.raises(Unusable, match="cannot be used as a file of pass rates"):
            PassRates(path)
