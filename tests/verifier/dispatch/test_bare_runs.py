"""Programs that are run and not judged: what happened comes back alike, embedded and over Redis."""

import pytest

from tests.verifier.dispatch.servers import RedisServer
from tests.verifier.dispatch.test_same_verdicts import judge, real_workers
from verifier.dispatch import EmbeddedDispatcher
from verifier.dispatch.redis_backend import RedisDispatcher
from verifier.model import BareRun, LimitsOverride, Outcome, Rollout

pytestmark = pytest.mark.redis


def run(source: str, stdin: str = "") -> Rollout:
    return Rollout(
        completion=source,
        ground_truth={"kind": "run"},
        run=BareRun("python", stdin),
        limits=LimitsOverride(cpu_s=1, wall_s=1, output_kb=64),
    )


ECHO = "import sys\nsys.stdout.write(sys.stdin.read())"
BATCH = [
    run(ECHO, "é" * 20_000),  # its input is larger than what travels beside a job
    Rollout(completion="It is \\boxed{4}.", ground_truth="4"),
    run(ECHO, "\0\n"),
    run("while True: pass"),
    run("print('so far')\nraise SystemExit(3)"),
    Rollout(completion="```python\nprint(4)\n```", ground_truth={"kind": "run"}),
]


async def test_runs_among_rollouts_come_back_alike_in_both_modes(server: RedisServer) -> None:
    embedded = await judge(EmbeddedDispatcher(workers=1), BATCH)
    with real_workers(server, 1):
        over_redis = await judge(RedisDispatcher(server.url), BATCH)
    assert over_redis == embedded
    found = [verdict.ran and (verdict.ran["status"], verdict.ran["stdout"]) for verdict in embedded]
    assert found == [
        ("ok", "é" * 20_000),
        None,
        ("ok", "\0\n"),
        ("time_limit", ""),
        ("nonzero_exit", "so far\n"),
        None,
    ]
    assert embedded[1].outcome is Outcome.CORRECT
    assert embedded[5].outcome is Outcome.INVALID_GROUND_TRUTH
