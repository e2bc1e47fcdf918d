"""Pass rates by problem and epoch in one file, for trainers that choose what to train on next.

    rates = PassRates("pass-rates.sqlite")
    rates.record(epoch, client.score(groups=groups))
    left = rates.refill(512, names, epochs=2)   # those that are not mastered, longest unseen first

The file is SQLite's. Any number of processes and threads of a machine may write to it at once:
each call is a transaction of its own, and waits for others. On a file system of a network that
holds only where that keeps POSIX locks: there have one process write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from verifier_client.errors import Unusable
from verifier_client.model import Scores

WAIT_S = 60.0
"""How long a call waits for other writers."""

_TABLES = """
create table if not exists rates (
    problem text not null,
    epoch integer not null,
    judged integer not null,
    solved real not null,
    primary key (problem, epoch)
) without rowid;
create table if not exists batches (
    epoch integer not null,
    batch text not null,
    primary key (epoch, batch)
) without rowid;
"""
_ADD = """
insert into rates values (?, ?, ?, ?)
on conflict (problem, epoch) do update set
    judged = judged + excluded.judged, solved = solved + excluded.solved
"""


@dataclass(frozen=True, slots=True)
class EpochRate:
    """What one epoch's rollouts of a problem came to. Null rewards count in nothing."""

    epoch: int
    judged: int
    solved: float
    """Their rewards together."""

    @property
    def pass_rate(self) -> float:
        """0 to 1."""
        return self.solved / self.judged


class PassRates:
    """The state file. Belongs to no process or thread, and may be pickled."""

    def __init__(self, path: str | Path) -> None:
        """Makes the file where there is none. Raises Unusable."""
        self.path = Path(path)
        with self._transaction() as database:
            for statement in _TABLES.split(";\n"):
                database.execute(statement)

    def record(self, epoch: int, scores: Scores) -> bool:
        """Add a batch's groups, each named like its problem; False, and nothing added, where this
        batch was recorded in this epoch before. Raises Unusable."""
        with self._transaction() as database:
            known = database.execute(
                "insert or ignore into batches values (?, ?)", (epoch, scores.batch_id)
            )
            if not known.rowcount:
                return False
            rows = [
                (group.id, epoch, group.judged, group.solved)
                for group in scores.groups
                if group.judged
            ]
            database.executemany(_ADD, rows)
        return True

    def add(self, epoch: int, problem: str, rewards: Iterable[float | None]) -> None:
        """Add rollouts of one problem by their rewards. Raises Unusable."""
        judged = [reward for reward in rewards if reward is not None]
        if judged:
            with self._transaction() as database:
                database.execute(_ADD, (problem, epoch, len(judged), sum(judged)))

    def history(self, problem: str) -> list[EpochRate]:
        """A problem's epochs, the earliest first. Raises Unusable."""
        with self._transaction() as database:
            found = database.execute(
                "select epoch, judged, solved from rates where problem = ? order by epoch",
                (problem,),
            )
            return [EpochRate(*row) for row in found]

    def mastered(self, *, epochs: int = 1, rate: float = 1.0, judged: int = 1) -> set[str]:
        """Problems whose pass rate was at least `rate` in each of the last `epochs` epochs that
        they were judged in, by at least `judged` rollouts each. Raises Unusable."""
        return {
            problem
            for problem, history in self._latest(epochs)
            if len(history) == epochs
            and all(one.pass_rate >= rate and one.judged >= judged for one in history)
        }

    def refill(
        self, wanted: int, pool: Sequence[str], *, epochs: int = 1, rate: float = 1.0
    ) -> list[str]:
        """Up to `wanted` problems of `pool` to train on next: none that is mastered; those that
        were not judged yet first, in the order of `pool`, then those whose latest epoch is the
        earliest, among them the ones solved nearest to half the time. Raises Unusable."""
        done = self.mastered(epochs=epochs, rate=rate)
        latest = {problem: history[0] for problem, history in self._latest(1)}

        def turn(problem: str) -> tuple[float, float]:
            last = latest.get(problem)
            return (float("-inf"), 0.0) if last is None else (last.epoch, abs(last.pass_rate - 0.5))

        left = [problem for problem in dict.fromkeys(pool) if problem not in done]
        return sorted(left, key=turn)[:wanted]

    def _latest(self, epochs: int) -> Iterator[tuple[str, list[EpochRate]]]:
        """Each problem with its latest epochs, the latest first."""
        with self._transaction() as database:
            rows = database.execute(
                "select problem, epoch, judged, solved from ("
                "  select *, row_number() over (partition by problem order by epoch desc) as nth"
                "  from rates) where nth <= ? order by problem, epoch desc",
                (epochs,),
            ).fetchall()
        found: dict[str, list[EpochRate]] = {}
        for problem, *rest in rows:
            found.setdefault(problem, []).append(EpochRate(*rest))
        yield from found.items()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own: none outlives a call, so that forks and threads share none."""
        try:
            with closing(
                sqlite3.connect(self.path, timeout=WAIT_S, isolation_level=None)
            ) as database:
                database.execute("begin immediate")
                yield database
                database.execute("commit")
        except sqlite3.Error as error:
            raise Unusable(
                f"{self.path} cannot be used as a file of pass rates: {error}. Give a path that "
                "can be written, of no other file."
            ) from error
