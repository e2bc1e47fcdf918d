"""Whose run goes next: the owner with few of them, then who asked for little time or long ago."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from api.runs.turns import RUNS_PER_WORKER, RunTurns
from tests.api.obedient import ObedientDispatcher

OLD, NEW = b"old", b"new"


class Room:
    """Turns, all of them taken by one owner, and the names of those that got one since."""

    def __init__(self) -> None:
        self.turns = RunTurns(ObedientDispatcher())
        self.entered: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._taken: list[AsyncExitStack] = []

    async def fill(self) -> None:
        for _ in range(RUNS_PER_WORKER):
            stack = AsyncExitStack()
            await stack.enter_async_context(self.turns.turn(OLD, 1))
            self._taken.append(stack)

    async def wait(self, name: str, owner: bytes, asked_s: float) -> None:
        before = self.turns.waiting
        self._tasks[name] = asyncio.create_task(self._enter(name, owner, asked_s))
        while self.turns.waiting == before:  # noqa: ASYNC110 - the event loop has to go on
            await asyncio.sleep(0)

    async def release(self) -> None:
        """One of the first ones ends; whoever comes next stays."""
        entered = len(self.entered)
        await self._taken.pop().aclose()
        while len(self.entered) == entered:  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0)

    async def give_up(self, name: str) -> None:
        self._tasks[name].cancel()
        await asyncio.wait([self._tasks[name]])

    async def close(self) -> None:
        for name in self._tasks:
            await self.give_up(name)

    async def _enter(self, name: str, owner: bytes, asked_s: float) -> None:
        async with self.turns.turn(owner, asked_s):
            self.entered.append(name)
            await asyncio.Event().wait()


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    await room.fill()
    yield room
    await room.close()
    assert room.turns.waiting == 0


async def test_short_runs_pass_long_ones(room: Room) -> None:
    await room.wait("long", OLD, 600)
    await room.wait("short", OLD, 1)
    await room.wait("middling", OLD, 60)
    for _ in range(3):
        await room.release()
    assert room.entered == ["short", "middling", "long"]


async def test_an_owner_without_runs_goes_before_one_with_many(room: Room) -> None:
    await room.wait("short", OLD, 1)
    await room.wait("new", NEW, 600)
    await room.wait("new again", NEW, 600)
    for _ in range(3):
        await room.release()
    assert room.entered == ["new", "new again", "short"]


async def test_who_gives_up_takes_no_turn(room: Room) -> None:
    await room.wait("gone", OLD, 1)
    await room.wait("there", OLD, 1)
    await room.give_up("gone")
    await room.release()
    assert room.entered == ["there"]


async def test_who_gives_up_a_turn_makes_room(room: Room) -> None:
    await room.wait("first", OLD, 1)
    await room.release()
    await room.wait("second", OLD, 1)
    await room.give_up("first")
    while room.entered != ["first", "second"]:  # noqa: ASYNC110 - the event loop has to go on
        await asyncio.sleep(0)


async def test_nobody_is_passed_for_ever(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    await room.wait("long", OLD, 600)
    loop = asyncio.get_running_loop()
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + 600)
    await room.wait("short", OLD, 1)
    await room.release()
    assert room.entered == ["long"]
