"""A batch is cut so that each of its tasks is in one chunk, and read back as it was sent."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from verifier.dispatch.redis_backend.kept_truths import Gone
from verifier.dispatch.redis_backend.payload import (
    SHARED_CHARS,
    PayloadReader,
    plan_batch,
    truth_label,
)
from verifier.dispatch.redis_backend.records import Plan
from verifier.model import Kind, Rollout, Run, Task, TruthText

LARGE = json.dumps("1" * SHARED_CHARS)
CODE = '{"kind":"stdin","cases":[]}'
TASKS: list[Task] = [
    Rollout(completion="a", ground_truth=TruthText(CODE)),
    Rollout(completion="b", ground_truth=TruthText('"1"')),
    Run(source="c", language="python"),
    Rollout(completion="d", ground_truth=TruthText(LARGE)),
] * 50


def plan(tasks: list[Task], workers: int = 2, name: str | None = "name", **more: Any) -> Plan:
    named: Mapping[str, Any] = {"anonymous": "0" * 32, "owner": "", "queue": "training", **more}
    return plan_batch(tasks, name=name, workers=workers, **named)


def read(made: Plan) -> dict[int, Task]:
    """By their places in the batch as it was sent."""
    reader = PayloadReader(made.truths.get)
    found = [each for payload in made.payloads.values() for each in reader.tasks(payload, "")]
    return {made.order[place]: task for place, task in found}


def test_every_task_comes_back_at_its_place() -> None:
    made = plan(TASKS)
    assert read(made) == dict(enumerate(TASKS))
    assert len(made.truths) == 1, "the large ground truth travels once"


@pytest.mark.parametrize("workers", [1, 7, 500])
def test_chunks_hold_each_place_once_and_one_kind(workers: int) -> None:
    made = plan(TASKS, workers)
    places = sorted(place for chunk in made.chunks for place in range(chunk.first, chunk.stop))
    assert places == list(range(len(TASKS)))
    for chunk in made.chunks:
        assert (chunk.kind is Kind.CODE) == (chunk.first >= made.code_from)
        assert chunk.payload in made.payloads


def test_the_same_under_a_name_is_the_same_batch_for_however_many_workers() -> None:
    assert plan(TASKS, 1).batch == plan(TASKS, 9).batch
    others = {plan(TASKS[:-1]).batch, plan(TASKS, name="other").batch, plan(TASKS).batch}
    assert len(others) == 3
    assert plan(TASKS, name=None).batch == "0" * 32


def test_a_ground_truth_or_payload_that_redis_lost_is_gone() -> None:
    made = plan(TASKS)
    with pytest.raises(Gone):
        PayloadReader(lambda _: None).tasks(made.payloads[0], "")
    with pytest.raises(Gone):
        PayloadReader(made.truths.get).tasks(b"", "")


def test_a_payload_of_an_older_release_is_refused() -> None:
    old = b'{"truth_texts":["1"],"shared":{},"rollouts":[{"index":0,"truth":0,"completion":"x"}]}'
    with pytest.raises(LookupError):
        PayloadReader(lambda _: None).tasks(old, "")


def test_metrics_have_a_label_for_each_place() -> None:
    (payload,) = plan([TASKS[2], TASKS[0]]).payloads.values()
    assert truth_label(payload, 0) == "run"
    assert truth_label(payload, 1) not in ("run", "unknown")
    assert truth_label(payload, 2) == "unknown"
