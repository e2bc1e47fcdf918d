"""A worker process and its pipe, without a dispatcher around them."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing

import pytest

from tests.verifier.dispatch.batches import rollouts
from tests.verifier.dispatch.embedded.test_dispatcher import FAKE_WORKER
from verifier.children.messages import HungUp
from verifier.dispatch.chunk import MIN_ROLLOUTS, Chunk
from verifier.dispatch.embedded.framing import Lines
from verifier.dispatch.embedded.process import WorkerLost, WorkerProcess
from verifier.model import Result, Verdict


@asynccontextmanager
async def started() -> AsyncIterator[WorkerProcess]:
    worker = await WorkerProcess.start("auto", FAKE_WORKER)
    try:
        yield worker
    finally:
        await worker.stop()


def chunk(completions: Sequence[str]) -> Chunk:
    return Chunk(
        list(enumerate(rollouts(*completions))),
        [time.time() + 60] * len(completions),
        [time.time()] * len(completions),
        [{}] * len(completions),
        [""] * len(completions),
    )


async def judged(worker: WorkerProcess, completions: Sequence[str]) -> list[int]:
    return [index async for found in worker.work(chunk(completions)) for index, _ in found]


async def test_a_worker_gives_back_what_would_take_long() -> None:
    async with started() as worker:
        assert await judged(worker, ["sleep 0.01"] * 100) == list(range(MIN_ROLLOUTS))
        assert await judged(worker, ["say x"] * 3) == [0, 1, 2]


async def test_what_is_judged_counts_though_the_worker_dies_at_once_after_it() -> None:
    found: list[int] = []
    before = MIN_ROLLOUTS - 1  # none of them is given back, however long they take

    async def collect(worker: WorkerProcess) -> None:
        async for verdicts in worker.work(chunk([*["say x"] * before, "die", "say y"])):
            found.extend(index for index, _ in verdicts)

    async with started() as worker:
        with pytest.raises(WorkerLost):
            await collect(worker)
    assert found == list(range(before))


async def test_a_slow_rollout_does_not_hold_back_the_verdicts_before_it() -> None:
    found: list[tuple[int, Result]] = []
    before = MIN_ROLLOUTS - 1
    async with started() as worker:
        verdicts = worker.work(chunk([*["say x"] * before, "sleep 3600"]))
        while len(found) < before:
            found += await anext(verdicts)
        worker.kill()


async def test_a_verdict_larger_than_the_pipe_arrives_whole() -> None:
    text = "x" * 1_000_000
    async with started() as worker:
        (verdict,) = [v async for found in worker.work(chunk([f"say {text}"])) for _, v in found]
    assert isinstance(verdict, Verdict)
    assert verdict.answer == text


async def test_lines_that_come_in_pieces_are_put_together() -> None:
    read_end, write_end = os.pipe()
    with closing(Lines(read_end)) as lines, open(write_end, "wb", buffering=0) as pipe:  # noqa: ASYNC230 - it never blocks
        assert lines.collect() == []
        pipe.write(b'{"a": 1}\n{"b"')
        there = asyncio.Event()
        with lines.watched(there.set):
            await there.wait()
        assert lines.collect() == [{"a": 1}]
        pipe.write(b": 2}\n")
        assert lines.collect() == [{"b": 2}]


@pytest.mark.parametrize("nonsense", [b"{\n", b"1\n", b"\xff\n"])
async def test_lines_that_make_no_sense_are_a_worker_that_hung_up(nonsense: bytes) -> None:
    read_end, write_end = os.pipe()
    with closing(Lines(read_end)) as lines, open(write_end, "wb", buffering=0) as pipe:  # noqa: ASYNC230 - it never blocks
        pipe.write(nonsense)
        with pytest.raises(HungUp):
            lines.collect()


TOLD_TO_END_WHILE_IT_ENDS = """
import atexit, os, signal
from verifier.dispatch.working import die_with_parent
atexit.register(lambda: os.kill(os.getpid(), signal.SIGTERM))
die_with_parent(os.getppid())
"""


def test_a_worker_that_is_told_to_end_while_it_ends_shows_no_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TOLD_TO_END_WHILE_IT_ENDS], capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
