"""Embedded with nothing remembered, and over Redis with all that workers share: the same
verdicts, in every detail but the time that programs took."""

import dataclasses
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.dispatch.servers import ROOT, RedisServer, wait_until
from verifier.dispatch import Dispatcher
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.dispatch.redis_backend.ledger.totals import Totals
from verifier.model import Outcome, Rollout, Verdict
from verifier.remembered import VARIABLE

pytestmark = [pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(1200)]

SharedData = Callable[[str], Path]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    yield from map(json.loads, text.decode().splitlines())


def every_fourth(path: Path) -> Iterator[dict[str, Any]]:
    return islice(rows(path), None, None, 4)


def fenced(program: str) -> str:
    return f"Here it is.\n```python\n{program}\n```\n"


def rollouts(find: SharedData) -> Iterator[Rollout]:
    """The shared data as it is, and programs also with their last line left out. All of the
    mathematics, and every fourth program: what travels of one is what travels of another."""
    for row in rows(find("math/math_rollouts.jsonl")):
        yield Rollout(completion=row["completion"], ground_truth=row["ground_truth"])
    answers = [str(row["answer"]) for row in rows(find("math/golds.jsonl"))]
    for answer, other in zip(answers, answers[1:] + answers[:1], strict=True):
        yield Rollout(completion=f"So it is \\boxed{{{answer}}}.", ground_truth=answer)
        yield Rollout(completion=f"So it is \\boxed{{{other}}}.", ground_truth=answer)
    for row in every_fourth(find("code/humaneval.jsonl")):
        truth = {name: row[name] for name in ("prompt", "test", "entry_point")}
        program = row["prompt"] + row["canonical_solution"]
        for text in (program, "\n".join(program.splitlines()[:-1])):
            yield Rollout(completion=fenced(text), ground_truth=truth)
    for row in every_fourth(find("code/leetcode.jsonl.gz")):
        truth = {name: row[name] for name in ("prompt", "test", "entry_point")}
        for text in (fenced(row["completion"]), row["response"]):
            yield Rollout(completion=text, ground_truth=truth)


@contextmanager
def real_workers(server: RedisServer, count: int) -> Iterator[None]:
    command = [str(Path(sys.executable).with_name("verifier")), "worker"]
    environment = {**os.environ, "VERIFIER_REDIS": server.url}
    process = subprocess.Popen(
        [*command, "--processes", str(count)], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: server.workers() == count, "the workers are ready")
        yield
    finally:
        process.terminate()
        process.wait()


async def judge(dispatcher: Dispatcher, batch: Sequence[Rollout]) -> list[Verdict]:
    await dispatcher.start()
    try:
        async with dispatcher.submit(batch, 1100) as verdicts:
            found = {
                index: dataclasses.replace(verdict, cpu_s=None) async for index, verdict in verdicts
            }
    finally:
        await dispatcher.stop()
    return [found[index] for index in range(len(batch))]


async def test_shared_data_is_judged_alike(
    shared_data: SharedData, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = list(rollouts(shared_data))
    with monkeypatch.context() as forgetful:
        forgetful.setenv(VARIABLE, "0")
        embedded = await judge(EmbeddedDispatcher(workers=2), batch)
    for epoch in range(2):
        with real_workers(server, 2):  # others each time, which have what is in Redis alone
            over_redis = await judge(RedisDispatcher(server.url), batch)
        assert over_redis == embedded, epoch
    with server.client() as client:
        assert Totals(client).figures().counts["remembered|any|hit"], "what the others had run"
    unjudged = [verdict for verdict in embedded if verdict.reward is None]
    assert all(verdict.outcome is Outcome.INVALID_GROUND_TRUTH for verdict in unjudged)
    assert len({verdict.outcome for verdict in embedded}) > 3
