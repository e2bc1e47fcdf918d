"""Programs that are run and not judged: what happened comes back alike, embedded and over Redis."""

import asyncio
import dataclasses

import pytest

from sandbox import Status
from tests.verifier.dispatch.servers import RedisServer
from tests.verifier.dispatch.test_same_verdicts import real_workers
from verifier.dispatch import Dispatcher
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.model import LimitsOverride, Outcome, Ran, Result, Rollout, Run, Verdict

pytestmark = pytest.mark.redis


def run(source: str, stdin: str = "") -> Run:
    limits = LimitsOverride(cpu_s=1, wall_s=1, output_kb=64)
    return Run(source=source, language="python", stdin=stdin, limits=limits)


ECHO = "import sys\nsys.stdout.write(sys.stdin.read())"
RUNS = [
    run(ECHO, "é" * 20_000),  # its input is larger than what travels beside a job
    run(ECHO, "\0\n"),
    run("while True: pass"),
    run("print('so far')\nraise SystemExit(3)"),
]
ROLLOUTS = [
    Rollout(completion="It is \\boxed{4}.", ground_truth="4"),
    Rollout(completion="```python\nprint(4)\n```", ground_truth={"kind": "run"}),
]


async def results(dispatcher: Dispatcher) -> list[Result]:
    """What comes of all of them, sent at the same time."""
    await dispatcher.start()
    try:
        running = [asyncio.create_task(dispatcher.run(each, 1100)) for each in RUNS]
        async with dispatcher.submit(ROLLOUTS, 1100) as verdicts:
            judged = dict([found async for found in verdicts])
        found: list[Result] = [*await asyncio.gather(*running), judged[0], judged[1]]
    finally:
        await dispatcher.stop()
    return [
        dataclasses.replace(each, cpu_s=0.0) if isinstance(each, Ran) else each for each in found
    ]


async def test_runs_among_rollouts_come_back_alike_in_both_modes(server: RedisServer) -> None:
    embedded = await results(EmbeddedDispatcher(workers=1))
    with real_workers(server, 1):
        over_redis = await results(RedisDispatcher(server.url))
    assert over_redis == embedded
    assert [(each.status, each.stdout) for each in embedded if isinstance(each, Ran)] == [
        (Status.OK, "é" * 20_000),
        (Status.OK, "\0\n"),
        (Status.TIME_LIMIT, ""),
        (Status.NONZERO_EXIT, "so far\n"),
    ]
    assert [each.outcome for each in embedded if isinstance(each, Verdict)] == [
        Outcome.CORRECT,
        Outcome.INVALID_GROUND_TRUTH,
    ]
