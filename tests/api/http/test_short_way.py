"""What needs no parameters is answered past FastAPI's own way, and answered the same."""

import json

import pytest

from tests.api.conftest import Connect

ONE = {"rollouts": [{"id": "r", "completion": "The answer is \\boxed{1}.", "ground_truth": "1"}]}
BODIES = {
    "one rollout": json.dumps(ONE),
    "no rollouts": '{"rollouts": []}',
    "an id": json.dumps({**ONE, "batch_id": "step 1"}),
    "no JSON": "{",
    "no batch": '{"rollouts": 1}',
    "an unknown problem": '{"rollouts": [{"completion": "x", "problem": "unheard of"}]}',
    "too many rollouts": json.dumps({"rollouts": ONE["rollouts"] * 5}),
    "too large": " " * 3000,
}
HEADERS = {
    "json": {"Content-Type": "application/json"},
    "a form, as curl has it": {"Content-Type": "application/x-www-form-urlencoded"},
    "lines": {"Content-Type": "application/x-ndjson"},
    "for lines": {"Accept": "application/x-ndjson"},
    "in the background": {"Prefer": "respond-async"},
    "an encoding": {"Content-Encoding": "rot13"},
    "a wrong key": {"Authorization": "Bearer wrong"},
    "no key": {"Authorization": ""},
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("headers", HEADERS)
async def test_both_ways_answer_the_same(connect: Connect, body: str, headers: str) -> None:
    answers = []
    for address in ("/v1/score", "/v1/score?explain=false"):
        async with connect(api_keys="k", max_rollouts=4, max_body_bytes=2000) as client:
            sent = {"Authorization": "Bearer k", **HEADERS[headers]}
            answer = await client.post(address, content=BODIES[body], headers=sent)
        # An unnamed batch in the background gets an id of its own each time.
        shown = answer.json()["total"] if answer.status_code == 202 else answer.content
        varying = ("location", "content-length")
        kept = {name: text for name, text in answer.headers.items() if name not in varying}
        answers.append((answer.status_code, shown, kept))
    assert answers[0] == answers[1]
