"""A batch as lines: read while it arrives, with no more held of it than is judged."""

import asyncio
import hashlib
import json
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.batches.ingest import LONG_CHARS, UNFINISHED, judged_part, read_batch
from api.batches.lines import MAX_BODIES, LineReader
from api.http.budget import Body, BodyBudget
from api.http.errors import Refusal
from api.settings import Settings
from tests.api.conftest import Connect
from tests.api.http.test_body import until_held, upload
from tests.api.obedient import ObedientDispatcher
from tests.api.routes.test_score import refusal, rollout
from tests.api.test_metrics import numbers
from verifier.model import AnswerRules
from verifier_client.final_part import final_part

LINES = {"Content-Type": "application/x-ndjson"}
SETTINGS = Settings()
ENVELOPE: dict[str, Any] = {
    "batch_id": "b",
    "deadline_s": 5.0,
    "explain": True,
    "extraction": "last",
    "tolerance": 0.05,
}
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "completion": st.text(max_size=30) | st.just("<think>\ud800</think> 1 <think>"),
            "ground_truth": st.sampled_from(["1", ["2", "3"], {"kind": "math", "answers": ["1"]}]),
        },
        optional={"id": st.text(max_size=5), "group": st.text(max_size=5), "score": st.floats()},
    ),
    max_size=6,
)


def read_in(pieces: list[bytes], budget: BodyBudget, settings: Settings = SETTINGS) -> Any:
    with budget.share() as share:
        reader = LineReader(settings, lambda _: None, share, ENVELOPE)
        for piece in pieces:
            share.take(len(piece))
            reader.feed(piece)
        return reader.end(b"")


@given(ROWS, st.integers(1, 100), st.sampled_from(["\n", "\r\n", "\n\n \n"]), st.booleans())
def test_lines_are_the_batch_that_json_makes_of_them(
    rows: list[Any], size: int, between: str, ends: bool
) -> None:
    sent = (between.join(map(json.dumps, rows)) + between * ends).encode()
    budget = BodyBudget(1_000_000)
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    found = read_in(pieces, budget)
    body = Body(json.dumps({**ENVELOPE, "rollouts": rows}).encode(), budget.share())
    expected = read_batch(body, SETTINGS, lambda _: None)
    assert found.rollouts == expected.rollouts
    assert found.size_bytes == expected.size_bytes
    assert (found.batch_id, found.deadline_s, found.explain) == ("b", 5.0, True)
    told = AnswerRules(extraction="last", tolerance=0.05)
    assert {rollout.rules for rollout in found.rollouts} <= {told}
    assert found.digest == hashlib.sha256(json.dumps(ENVELOPE).encode() + sent).hexdigest()
    body.share.give_back(body.share.held_bytes)
    assert budget.held_bytes == 0


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "\\boxed{1}", "x" * 9000, "```\n", "\ud800"]))
)
def test_what_is_kept_of_a_completion_is_judged_alike(parts: list[str]) -> None:
    completion = "".join(parts)
    kept = judged_part(completion)
    assert judged_part(kept) == kept
    assert len(kept) <= max(len(completion), len(UNFINISHED))
    final = final_part(completion)
    assert (final_part(kept) is None) is (final is None)
    if final is not None and len(completion) <= LONG_CHARS:
        assert kept == final


async def test_more_lines_than_a_body_may_have_bytes_are_judged(
    serve: Connect, dispatcher: ObedientDispatcher
) -> None:
    """Control: as JSON they are refused."""
    limits = {"max_body_bytes": 100_000, "max_held_bytes": 700_000}
    row = json.dumps(rollout(f"<think>{'x' * 50_000}</think>correct"))
    async with serve(**limits) as client:
        content = "\n".join([row] * 20)
        answer = await client.post("/v1/score", content=content, headers=LINES)
        assert answer.json()["rewards"] == [1.0] * 20
        assert dispatcher.submitted == [["correct"] * 20]
        as_json = f'{{"rollouts": [{",".join([row] * 20)}]}}'
        await refusal(client.post("/v1/score", content=as_json), 413)
        await until_held(client, 0)


async def test_what_is_judged_of_lines_counts(connect: Connect) -> None:
    row = json.dumps(rollout("correct " * 5_000))
    async with connect(max_body_bytes=100_000, max_held_bytes=300_000) as client:
        few = await client.post("/v1/score", content="\n".join([row] * 5), headers=LINES)
        assert few.status_code == 200
        many = client.post("/v1/score", content="\n".join([row] * 12), headers=LINES)
        assert "VERIFIER_MAX_HELD_BYTES" in (await refusal(many, 413))["detail"]
        await until_held(client, 0)


@pytest.mark.parametrize("line", [b"x" * 200_000, b" " * MAX_BODIES * 100_000])
async def test_lines_have_a_size_too(connect: Connect, line: bytes) -> None:
    async with connect(max_body_bytes=100_000, max_held_bytes=10_000_000) as client:
        problem = await refusal(client.post("/v1/score", content=line, headers=LINES), 413)
        assert "VERIFIER_MAX_BODY_BYTES" in problem["detail"]


async def test_lines_that_have_arrived_are_held_as_what_is_judged_of_them(serve: Connect) -> None:
    line = json.dumps(rollout(f"<think>{'x' * 100_000}</think>correct")).encode() + b"\n"
    head = f"Content-Type: application/x-ndjson\r\nContent-Length: {11 * len(line)}"
    async with serve() as client, upload(client, head, line * 10):
        while not 0 < (await numbers(client))["verifier_held_body_bytes"] < 5 * len(line):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_who_sends_on_after_a_bad_line_is_told_all_the_same(serve: Connect) -> None:
    async with serve() as client:
        content = b"{\n" + b" " * 5_000_000
        problem = await refusal(client.post("/v1/score", content=content, headers=LINES), 400)
        assert "Line 1 " in problem["detail"]


def test_too_many_rollouts_are_refused_as_soon_as_they_are() -> None:
    row = json.dumps(rollout()).encode() + b"\n"
    with pytest.raises(Refusal, match="VERIFIER_MAX_ROLLOUTS"):
        read_in([row, row, b""], BodyBudget(10_000), Settings(max_rollouts=1))


@pytest.mark.parametrize("headers", [{}, LINES])
async def test_what_is_no_json_number_spoils_its_own_rollout_only(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, headers: dict[str, str]
) -> None:
    """A column that nobody looks at spoils nothing."""
    rows = [{**rollout(), "score": float("nan")}, {**rollout(), "ground_truth": float("inf")}]
    lines = "\n".join(map(json.dumps, rows))
    content = lines if headers else json.dumps({"rollouts": rows})
    answer = await client.post("/v1/score", content=content, headers=headers)
    assert answer.json()["rewards"] == [1.0, 1.0]
    groups = {"groups": [{"completions": ["correct"], "ground_truth": ["1"], "x": float("nan")}]}
    if not headers:
        assert (await client.post("/v1/score", content=json.dumps(groups))).is_success
