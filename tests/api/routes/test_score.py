"""POST /v1/score: what may be sent, and what comes back for it."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from api.batches.ingest import batch_of, rollout_of
from api.http.schemas.score import RolloutIn, ScoreRequest
from api.settings import Settings
from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher, leave_when_submitted
from verifier.dispatch import QueueFull, Unavailable
from verifier.dispatch.chunk import Chunk, decode_chunk, encode_chunk
from verifier.model import AnswerRules, Rollout, TruthText

LINES = {"Content-Type": "application/x-ndjson"}
AS_LINES = {"Accept": "application/x-ndjson"}


def rollout(completion: str = "correct", **more: Any) -> dict[str, Any]:
    return {"completion": completion, "ground_truth": "1", **more}


async def test_rewards_and_results_come_in_request_order(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    rows = [rollout("wait correct", id="a"), rollout("wrong_answer", id="b"), rollout("no_answer")]
    dispatcher.gate.set()
    response = await client.post("/v1/score", json={"rollouts": rows})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["rewards"] == [1.0, 0.0, 0.0]
    assert [result["id"] for result in answer["results"]] == ["a", "b", None]
    assert [r["outcome"] for r in answer["results"]] == ["correct", "wrong_answer", "no_answer"]
    assert answer["batch_id"] is None


async def test_what_could_not_be_judged_is_null_and_counts_in_no_mean(
    client: httpx2.AsyncClient,
) -> None:
    rows = [rollout(text, group="p") for text in ("correct", "verifier_error", "wrong_answer")]
    rows += [rollout("deadline_exceeded", group="q"), rollout("correct", group="r")]
    answer = (await client.post("/v1/score", json={"rollouts": rows})).json()
    assert answer["rewards"] == [1.0, None, 0.0, None, 1.0]
    assert answer["groups"] == [
        {"id": "p", "n": 3, "judged": 2, "solved": 1, "mean_reward": 0.5, "degenerate": False},
        {"id": "q", "n": 1, "judged": 0, "solved": 0, "mean_reward": None, "degenerate": True},
        {"id": "r", "n": 1, "judged": 1, "solved": 1, "mean_reward": 1.0, "degenerate": True},
    ]


async def test_a_grouped_body_gives_what_the_same_rollouts_give(client: httpx2.AsyncClient) -> None:
    groups = [
        {"id": "p", "ground_truth": ["1"], "completions": ["correct", "wrong_answer"]},
        {"ground_truth": {"kind": "x"}, "completions": ["no_answer"], "truncated": [True]},
    ]
    rows = [
        {"group": "p", "ground_truth": ["1"], "completion": "correct"},
        {"group": "p", "ground_truth": ["1"], "completion": "wrong_answer"},
        {"group": "1", "ground_truth": {"kind": "x"}, "completion": "no_answer", "truncated": True},
    ]
    grouped = await client.post("/v1/score", json={"groups": groups})
    assert grouped.status_code == 200
    assert grouped.json() == (await client.post("/v1/score", json={"rollouts": rows})).json()


def test_what_a_batch_says_of_answers_reaches_the_worker_with_each_rollout() -> None:
    row = RolloutIn.model_construct(completion="The answer is 104.")
    request = ScoreRequest(rollouts=[], extraction="boxed", tolerance=0.05)
    (sent,) = batch_of([rollout_of(row, "100")], request, Settings(), None).rollouts
    assert sent.rules == AnswerRules("boxed", None, 0.05, None)
    told = replace(sent, ground_truth=TruthText('"100"'), any_order=True)
    chunk = Chunk([(0, told)], [0.0], [0.0], [{}], [""])
    ((_, arrived),) = decode_chunk(encode_chunk(chunk)).tasks
    assert isinstance(arrived, Rollout)
    assert arrived == told


@pytest.mark.parametrize("headers", [{}, LINES])
async def test_who_prefers_a_minimal_answer_gets_rewards_and_leaves_the_order_of_tests_open(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, headers: dict[str, str]
) -> None:
    texts = ("correct", "time_limit_exceeded", "no_answer", "verifier_error")
    rows = [rollout(text) for text in texts]
    body = "\n".join(map(json.dumps, rows)) if headers else json.dumps({"rollouts": rows})
    ways: list[dict[str, str]] = [{}, {"Prefer": "return=minimal"}]
    usual, minimal = [
        (await client.post("/v1/score", content=body, headers={**headers, **way})).json()
        for way in ways
    ]
    assert dispatcher.any_order == [{False}, {True}]
    assert minimal["rewards"] == usual["rewards"]
    assert minimal["groups"] == usual["groups"]
    assert [{*entry} for entry in minimal["results"][:3]] == [
        {"id", "group", "reward", "outcome"}
    ] * 3
    told = [entry["outcome"] for entry in minimal["results"]]
    assert told == ["correct", "wrong_answer", "no_answer", "verifier_error"]
    assert minimal["results"][3] == usual["results"][3]


async def test_an_unknown_rule_for_answers_is_refused(client: httpx2.AsyncClient) -> None:
    reply = await client.post("/v1/score", json={"rollouts": [], "extraction": "first"})
    assert reply.status_code == 422


async def test_a_null_field_is_an_absent_one(client: httpx2.AsyncClient) -> None:
    """Tables give every row every column."""
    null = dict.fromkeys(["id", "group", "problem", "truncated", "limits"])
    limits = dict.fromkeys(["cpu_s", "wall_s", "memory_mb", "output_kb", "total_cpu_s"])
    rows = [{**null, **rollout("correct")}, {**null, **rollout("correct"), "limits": limits}]
    group = {"completions": ["correct"], "ground_truth": ["1"], **null, "truncated": [None]}
    answers = [
        await client.post("/v1/score", json={"rollouts": rows, "groups": None, "batch_id": None}),
        await client.post("/v1/score", json={"rollouts": None, "groups": [group]}),
    ]
    assert [answer.json().get("rewards") for answer in answers] == [[1.0, 1.0], [1.0]]


async def test_lines_in_give_what_the_same_rollouts_give(client: httpx2.AsyncClient) -> None:
    rows = [rollout("correct", group="p", note="ignored"), rollout("wrong_answer", id="é")]
    body = "\r\n".join(json.dumps(row) for row in rows) + "\n\n"
    lines = await client.post("/v1/score?batch_id=b&explain=true", content=body, headers=LINES)
    whole = {"rollouts": rows, "batch_id": "c", "explain": True}
    expected = (await client.post("/v1/score", json=whole)).json()
    assert lines.json() == {**expected, "batch_id": "b"}


async def test_results_say_what_judged_them_where_that_is_asked_for(
    client: httpx2.AsyncClient,
) -> None:
    rows = [rollout("correct")]
    asked = {"rollouts": rows, "provenance": True}
    silent = (await client.post("/v1/score", json={"rollouts": rows})).json()
    told = (await client.post("/v1/score", json=asked)).json()
    boxed = (await client.post("/v1/score", json={**asked, "extraction": "boxed"})).json()
    line = await client.post(
        "/v1/score?provenance=true", content=json.dumps(rows[0]), headers=LINES
    )
    assert "verifier" not in silent["results"][0]
    by = told["results"][0]["verifier"]
    assert by.keys() == {"version", "options", "extraction"}
    assert line.json()["results"][0]["verifier"] == by
    other = boxed["results"][0]["verifier"]
    assert (other["version"], other["extraction"]) == (by["version"], "boxed")
    assert other["options"] != by["options"]


async def test_lines_out_come_as_each_is_ready_with_their_index(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    rows = [rollout("wait correct", id="a"), rollout("wrong_answer", id="b")]
    request = served.stream("POST", "/v1/score", json={"rollouts": rows}, headers=AS_LINES)
    async with request as response:
        assert response.headers["content-type"].startswith("application/x-ndjson")
        lines = response.aiter_lines()
        first = json.loads(await anext(lines))
        assert (first["index"], first["id"], first["reward"]) == (1, "b", 0.0)
        dispatcher.gate.set()
        second = json.loads(await anext(lines))
        assert (second["index"], second["id"], second["reward"]) == (0, "a", 1.0)


@pytest.mark.parametrize("headers", [{}, AS_LINES])
async def test_a_batch_without_a_name_is_given_up_when_its_client_leaves(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher, headers: dict[str, str]
) -> None:
    body = {"rollouts": [rollout("correct"), rollout("wait correct")]}
    sending = served.post("/v1/score", json=body, headers=headers)
    await leave_when_submitted(sending, dispatcher.submitted)
    await dispatcher.left.wait()


async def test_inputs_and_expected_outputs_are_shown_only_where_asked_for(
    client: httpx2.AsyncClient,
) -> None:
    body = {"rollouts": [rollout("wrong_answer")]}
    silent = await client.post("/v1/score", json=body)
    assert silent.json()["results"][0]["first_failure"] == {"case": 0, "got": "1"}
    told = await client.post("/v1/score", json={**body, "explain": True})
    assert told.json()["results"][0]["first_failure"]["expected"] == "secret"


async def test_an_empty_batch_is_answered(client: httpx2.AsyncClient) -> None:
    answer = (await client.post("/v1/score", json={"rollouts": []})).json()
    assert answer == {"batch_id": None, "rewards": [], "results": [], "groups": []}


async def test_a_lone_surrogate_comes_back_as_it_went(client: httpx2.AsyncClient) -> None:
    body = b'{"rollouts": [{"id": "\\ud800", "completion": "correct", "ground_truth": "\\udfff"}]}'
    answer = (await client.post("/v1/score", content=body)).json()
    assert answer["results"][0]["id"] == "\ud800"
    assert answer["results"][0]["answer"] == repr("\udfff")


async def test_any_ground_truth_reaches_the_judge_even_null(client: httpx2.AsyncClient) -> None:
    truths: list[Any] = [None, 7, [], {"a": 1}]
    rows = [{"completion": "correct", "ground_truth": truth} for truth in truths]
    answer = (await client.post("/v1/score", json={"rollouts": rows})).json()
    assert [result["answer"] for result in answer["results"]] == [repr(truth) for truth in truths]


REFUSED = {
    "not JSON": (b"{", 400, "not JSON"),
    "not UTF-8": (b'"\xff"', 400, "UTF-8"),
    "two values": (b"{} {}", 400, "Extra data"),
    "the same key twice": (b'{"rollouts": [], "rollouts": []}', 400, "same key twice"),
    "NaN": (b'{"rollouts": NaN}', 400, "NaN"),
    "nesting without end": (b"[" * 100_000, 400, "nested|Expecting"),
    "a huge integer": (b'{"rollouts": ' + b"1" * 5000 + b"}", 400, "digits"),
    "no object": (b"[]", 422, "should be an object"),
    "neither form": (b"{}", 422, "either `rollouts` or `groups`"),
    "both forms": (b'{"rollouts": [], "groups": []}', 422, "either `rollouts` or `groups`"),
    "groups that are none": (b'{"groups": 5}', 422, "`groups`"),
    "an unknown field": (b'{"rollouts": [], "deadline": 3}', 422, "`deadline`: there is no such"),
    "a deadline of nothing": (b'{"rollouts": [], "deadline_s": 0}', 422, "`deadline_s`"),
    "a deadline beyond the limit": (
        b'{"rollouts": [], "deadline_s": 1e9}',
        422,
        "VERIFIER_MAX_DEADLINE_S",
    ),
    "a name that no address can hold": (b'{"rollouts": [], "batch_id": "\\n"}', 422, "`batch_id`"),
}


@pytest.mark.parametrize(("body", "status", "says"), REFUSED.values(), ids=REFUSED.keys())
async def test_an_unusable_body_is_refused_in_a_sentence(
    client: httpx2.AsyncClient, body: bytes, status: int, says: str
) -> None:
    problem = await refusal(client.post("/v1/score", content=body), status)
    assert any(words in problem["detail"] for words in says.split("|"))


UNFIT = {
    "no completion": ({"ground_truth": "1"}, "`completion`: it is missing"),
    "a completion of another type": (rollout(7), "`completion`: it should be a valid string"),  # type: ignore[arg-type]
    "nothing to judge against": ({"completion": "x"}, "give a `ground_truth`"),
    "two things to judge against": (rollout(problem="p"), "not both"),
    "a limit below zero": (rollout(limits={"cpu_s": -1}), "`limits.cpu_s`"),
    "an unknown limit": (rollout(limits={"cpu": 1}), "`limits.cpu`: there is no such field"),
    "no object": (7, "rollout 1"),
}


@pytest.mark.parametrize(("row", "says"), UNFIT.values(), ids=UNFIT.keys())
async def test_a_rollout_that_cannot_be_read_is_named_with_its_field(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, row: Any, says: str
) -> None:
    sent = client.post("/v1/score", json={"rollouts": [rollout(), row]})
    problem = await refusal(sent, 422)
    assert says in problem["detail"]
    assert problem["errors"][0]["rollout"] == 1
    assert dispatcher.submitted == []


async def test_nothing_of_the_input_is_in_a_refusal(client: httpx2.AsyncClient) -> None:
    rows = [{"completion": ["secret"], "ground_truth": "secret", "limits": {"<secret>": 1}}]
    response = await client.post("/v1/score", json={"rollouts": rows})
    assert response.status_code == 422
    assert "secret" not in response.text


async def test_a_line_that_is_not_json_is_named(client: httpx2.AsyncClient) -> None:
    body = json.dumps(rollout()) + "\n\n{"
    problem = await refusal(client.post("/v1/score", content=body, headers=LINES), 400)
    assert "Line 3" in problem["detail"]


async def test_limits_on_bodies_and_batches_are_named(connect: Connect) -> None:
    async with connect(max_rollouts=2, max_body_bytes=1000, max_completion_chars=100) as client:
        many = {"rollouts": [rollout()] * 3}
        problem = await refusal(client.post("/v1/score", json=many), 413)
        assert "3 rollouts and the limit is 2 (VERIFIER_MAX_ROLLOUTS)" in problem["detail"]
        grouped = {"groups": [{"ground_truth": "1", "completions": ["a", "b"]}] * 2}
        assert (
            "4 rollouts" in (await refusal(client.post("/v1/score", json=grouped), 413))["detail"]
        )
        problem = await refusal(client.post("/v1/score", content=b" " * 1001), 413)
        assert "1000 bytes (VERIFIER_MAX_BODY_BYTES)" in problem["detail"]
        problem = await refusal(client.post("/v1/score", content=pieces(1001)), 413)
        assert "VERIFIER_MAX_BODY_BYTES" in problem["detail"]


ODD: dict[str, tuple[Any, str]] = {
    "too long": ("x" * 101, "VERIFIER_MAX_COMPLETION_CHARS"),
    "too long, in a message": ([{"role": "assistant", "content": "x" * 101}], "VERIFIER_MAX_"),
    "a list of no messages": ([[]], "a message is a mapping, not list"),
    "tokens": ([7, 8], "these are tokens: decode them"),
    "a message of no text": ([{"role": "assistant", "content": 7}], "not int"),
}
CHATS: list[Any] = [
    [{"role": "user", "content": "wrong_answer"}, {"role": "assistant", "content": "correct"}],
    [{"role": "assistant", "content": [{"type": "image"}, {"type": "text", "text": "correct"}]}],
    {"role": "assistant", "content": "correct"},
]


@pytest.mark.parametrize(("completion", "says"), ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("form", ["rollouts", "groups", "lines"])
async def test_a_completion_that_cannot_be_judged_is_null_and_costs_no_other_its_verdict(
    connect: Connect, completion: Any, says: str, form: str
) -> None:
    both = [completion, "correct"]
    rows = [{"completion": one, "ground_truth": "1"} for one in both]
    bodies = {
        "rollouts": json.dumps({"rollouts": rows}),
        "groups": json.dumps({"groups": [{"ground_truth": "1", "completions": both}]}),
        "lines": "\n".join(map(json.dumps, rows)),
    }
    async with connect(max_completion_chars=100) as client:
        headers = LINES if form == "lines" else {}
        answer = (await client.post("/v1/score", content=bodies[form], headers=headers)).json()
    assert answer["rewards"] == [None, 1.0]
    assert answer["results"][0]["outcome"] == "verifier_error"
    assert says in answer["results"][0]["message"]


async def test_of_a_chat_what_the_assistant_said_last_is_judged(client: httpx2.AsyncClient) -> None:
    rows = [{"completion": chat, "ground_truth": "1"} for chat in CHATS]
    answer = await client.post("/v1/score", json={"rollouts": rows})
    assert answer.json()["rewards"] == [1.0] * len(CHATS)


async def pieces(count: int) -> Any:
    for _ in range(count):
        yield b" "


async def test_a_body_that_does_not_arrive_in_time_is_given_up(
    connect: Connect,
) -> None:
    async def never() -> Any:
        yield b"{"
        await asyncio.sleep(60)

    async with connect(body_timeout_s=0.05) as client:
        problem = await refusal(client.post("/v1/score", content=never()), 408)
        assert "VERIFIER_BODY_TIMEOUT_S" in problem["detail"]


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/plain", "?"])
async def test_json_is_read_as_json_whatever_it_calls_itself(
    client: httpx2.AsyncClient, media_type: str
) -> None:
    headers = {"Content-Type": media_type}
    response = await client.post("/v1/score", content=b'{"rollouts": []}', headers=headers)
    assert response.json()["rewards"] == []
    await refusal(client.post("/v1/score", content=b"a=1", headers=headers), 400)


@pytest.mark.parametrize("headers", [{}, AS_LINES])
async def test_a_full_queue_says_when_to_come_back(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, headers: dict[str, str]
) -> None:
    dispatcher.refusal = QueueFull("Too many wait.", retry_after_s=7)
    response = await client.post("/v1/score", json={"rollouts": [rollout()]}, headers=headers)
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")
    assert response.json()["detail"] == "Too many wait."


async def test_where_nothing_can_judge_the_answer_says_why(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    dispatcher.refusal = Unavailable("No jail works here.")
    problem = await refusal(client.post("/v1/score", json={"rollouts": [rollout()]}), 503)
    assert problem["detail"] == "No jail works here."


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_our_own_fault_is_a_500_that_shows_no_traceback(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    dispatcher.fault = RuntimeError("inside")
    response = await client.post("/v1/score", json={"rollouts": [rollout()]})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "inside" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/x", 404), ("PUT", "/", 405)])
async def test_wrong_addresses_and_methods_are_problems_too(
    client: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    problem = await refusal(client.request(method, path), status)
    assert "/docs" in problem["detail"]


@pytest.mark.parametrize(
    "said",
    [
        "deadline_s=soon",
        "extraction=first",
        "several_boxes=none",
        "tolerance=1",
        "decimal_comma=y,",
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(
    client: httpx2.AsyncClient, said: str
) -> None:
    sent = client.post(f"/v1/score?{said}", content=b"", headers=LINES)
    assert said.partition("=")[0] in (await refusal(sent, 422))["detail"]


async def refusal(sent: Any, status: int) -> dict[str, Any]:
    """The problem that a request was answered with."""
    response = await sent
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith(".")
    return problem
