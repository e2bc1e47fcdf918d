"""Real completions through POST /v1/score, judged by real workers."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from tests.api.cli.conftest import Start, start  # noqa: F401 - a fixture
from tests.api.cli.test_serve import serving

WRONG_LABELS = 1
"""`10{,}000` against `10000`: labelled wrong, and right."""


@pytest.mark.slow
@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_eight_hundred_real_rollouts_are_judged_as_their_labels_say(
    start: Start,  # noqa: F811
    shared_data: Callable[[str], Path],
    media_type: str,
) -> None:
    lines = shared_data("math/math_rollouts.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    body = "\n".join(lines) if "ndjson" in media_type else json.dumps({"rollouts": rows})
    _, address = serving(start)
    answer = httpx2.post(
        f"{address}/v1/score",
        content=body.encode(),
        headers={"Content-Type": media_type},
        timeout=600,
    ).json()
    assert len(answer["rewards"]) == 800
    assert None not in answer["rewards"]
    assert [result["id"] for result in answer["results"]] == [row["id"] for row in rows]
    differing = [
        row["id"]
        for row, reward in zip(rows, answer["rewards"], strict=True)
        if reward != row["label"]
    ]
    assert len(differing) <= WRONG_LABELS, differing
    assert len(answer["groups"]) == 100
    assert {group["n"] for group in answer["groups"]} == {8}
