"""The protocols of trainers that need no client: slime, NeMo-Gym and open-instruct."""

import base64
import json
import pickle
import zlib
from typing import Any

import httpx2
import pytest

from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher, leave_when_submitted
from tests.api.routes.test_score import refusal
from verifier.dispatch import QueueFull, Unavailable


def sample(response: Any, **more: Any) -> dict[str, Any]:
    return {"prompt": "p", "response": response, "label": "1", **more}


def gym(*texts: str, **more: Any) -> dict[str, Any]:
    """A row of NeMo-Gym whose model said these texts, thought, and called a tool."""
    messages = [
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
        for text in texts
    ]
    output = [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "correct"}]},
        *messages,
        {"type": "function_call", "name": "f", "arguments": "correct"},
        {"type": "function_call_output", "output": "correct"},
    ]
    return {"responses_create_params": {"input": "q"}, "response": {"output": output}, **more}


@pytest.mark.parametrize(
    ("asked", "unjudged", "answer"),
    [
        (sample("correct"), None, "1.0"),
        (sample("wrong_answer"), None, "0.0"),
        (sample([{"role": "assistant", "content": "correct"}]), None, "1.0"),
        ([sample("correct"), sample("wrong_answer")], None, "[1.0, 0.0]"),
        ([], None, "[]"),
        (sample("deadline_exceeded"), None, "0.0"),
        (sample("deadline_exceeded"), "nan", "NaN"),
        (sample("deadline_exceeded"), "raise", "null"),
        (sample("deadline_exceeded"), "-0.5", "-0.5"),
        ([sample("correct"), sample("invalid_ground_truth")], "nan", "[1.0, NaN]"),
        (sample("correct", label=float("nan")), None, "1.0"),
    ],
)
async def test_slime_gets_a_number_or_a_list(
    client: httpx2.AsyncClient, asked: Any, unjudged: str | None, answer: str
) -> None:
    query = {} if unjudged is None else {"unjudged": unjudged}
    body = json.dumps(asked)
    assert (await client.post("/slime/reward", content=body, params=query)).text == answer


async def test_the_services_setting_says_what_stands_for_no_verdict(connect: Connect) -> None:
    async with connect(unjudged="nan") as client:
        answer = await client.post("/slime/reward", json=sample("deadline_exceeded"))
        assert answer.text == "NaN"
        body = {"query": ["deadline_exceeded"], "labels": ["1"]}
        assert (await client.post("/openrlhf/reward", json=body)).json()["rewards"] != [0.0]


async def test_a_full_queue_and_missing_workers_are_waited_for(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [QueueFull("full", retry_after_s=1), Unavailable("none")]
    submit = dispatcher.submit

    def refusing(*args: Any) -> Any:
        dispatcher.refusal = refusals.pop() if refusals else None
        return submit(*args)

    monkeypatch.setattr("api.routes.judging.BETWEEN_ATTEMPTS_S", 0.001)
    monkeypatch.setattr(dispatcher, "submit", refusing)
    assert (await client.post("/slime/reward", json=sample("correct"))).text == "1.0"
    assert refusals == []


async def test_where_nothing_can_judge_in_time_it_is_said(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.slime.DEADLINE_S", 0.01)
    dispatcher.refusal = Unavailable("No worker can judge.")
    problem = await refusal(client.post("/slime/reward", json=sample("correct")), 503)
    assert problem["detail"] == "No worker can judge."


async def test_what_is_our_fault_is_judged_again_and_what_cannot_be_used_is_not(
    connect: Connect, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.judging.PAUSES_S", (0.0, 0.0))
    async with connect(max_completion_chars=20) as client:
        asked = [sample("verifier_error"), sample("x" * 21), sample("correct")]
        assert (await client.post("/slime/reward", json=asked)).json() == [0.0, 0.0, 1.0]
    assert dispatcher.submitted[1:] == [["verifier_error"]] * 2


async def test_nobody_judges_for_a_client_that_has_left(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    sending = served.post("/slime/reward", json=sample("wait correct"))
    await leave_when_submitted(sending, dispatcher.submitted)
    await dispatcher.left.wait()


@pytest.mark.parametrize(
    ("address", "body", "says"),
    [
        ("/slime/reward", {"label": "1"}, "`[0].response`: it is missing"),
        ("/slime/reward", [7], "valid dictionary"),
        ("/verify", {"expected_answer": "1"}, "`response`: it is missing"),
        ("/verify", gym("correct"), "The row has no ground truth"),
        ("/verify", [], "valid dictionary"),
        ("/test_program", {"program": "x"}, "`tests`: it is missing"),
        ("/test_program", {"program": "x", "tests": {"a": 1}}, "no list"),
        ("/test_program", {"program": "x", "tests": "7"}, "no list"),
        ("/test_program", {"program": "x", "tests": "no base64"}, "`tests` should be"),
        ("/test_program", {"program": "x", "tests": [], "max_execution_time": 0}, "greater than 0"),
    ],
)
async def test_what_cannot_be_used_is_refused(
    client: httpx2.AsyncClient, address: str, body: Any, says: str
) -> None:
    assert says in (await refusal(client.post(address, json=body), 422))["detail"]


async def test_more_than_a_batch_may_have_is_refused(connect: Connect) -> None:
    async with connect(max_rollouts=1) as client:
        for address, body in (
            ("/slime/reward", [sample("correct")] * 2),
            ("/test_program", {"program": "x", "tests": ["assert f()"] * 2}),
        ):
            problem = await refusal(client.post(address, json=body), 413)
            assert "VERIFIER_MAX_ROLLOUTS" in problem["detail"]


async def test_a_key_is_needed_where_there_are_keys(connect: Connect) -> None:
    async with connect(api_keys="k") as client:
        for address in ("/slime/reward", "/verify", "/seed_session", "/test_program_stdio"):
            await refusal(client.post(address, json={}), 401)


async def test_nemo_gym_gets_its_row_back_with_a_reward(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/seed_session", json={})).json() == {}
    row = gym("cor", "rect", expected_answer="1", question="q", number=float("inf"))
    answer = await client.post("/verify", content=json.dumps(row))
    added = {"reward": 1.0, "mask_sample": False, "outcome": "correct"}
    assert answer.json() == {**row, **added}
    row = gym("wrong_answer", verifier_metadata={"ground_truth": "1"})
    assert (await client.post("/verify", json=row)).json()["reward"] == 0.0


@pytest.mark.parametrize(
    ("outcome", "terminal"), [("deadline_exceeded", False), ("invalid_ground_truth", True)]
)
async def test_nemo_gym_is_told_in_its_own_words_what_was_not_judged(
    client: httpx2.AsyncClient, outcome: str, terminal: bool
) -> None:
    row = gym(outcome, expected_answer="1", instance_config={"a": 1})
    answer = (await client.post("/verify", json=row)).json()
    assert answer["reward"] == 0.0
    assert answer["mask_sample"] is True
    assert answer["instance_config"] == {"a": 1, "mask_sample": True}
    assert answer["_ng_failure_class"] == "judge_failed"
    assert answer["_ng_failure_judge_error"].startswith(outcome)
    assert answer["_ng_failure_terminal"] is terminal


async def test_nemo_gym_masks_a_row_whose_ground_truth_is_empty(
    connect: Connect, dispatcher: ObedientDispatcher
) -> None:
    async with connect() as client:
        answer = (await client.post("/verify", json=gym("correct", expected_answer=None))).json()
    assert dispatcher.submitted == [["correct"]], "its worker says that there is none"
    assert "reward" in answer


DOUBLE = "```python\nprint(2 * int(input()))\n```"
LINES = "```python\nprint(1)\nprint(2)\n```"
GYM: dict[str, tuple[dict[str, Any], float]] = {
    "math": (gym("It is ", "\\boxed{\\frac12}.", expected_answer="\\(0.5\\)"), 1.0),
    "math, wrong": (gym("\\boxed{-4}", expected_answer="-3"), 0.0),
    "code": (
        gym(DOUBLE, verifier_metadata={"unit_tests": {"inputs": ["2"], "outputs": ["4"]}}),
        1.0,
    ),
    "code, its output in other lines": (
        gym(LINES, verifier_metadata={"unit_tests": {"inputs": [""], "outputs": ["1 2"]}}),
        0.0,
    ),
    "code, its numbers written otherwise": (
        gym(LINES, verifier_metadata={"unit_tests": {"inputs": [""], "outputs": [" 1.0\n2 "]}}),
        1.0,
    ),
    "a function": (
        gym(
            "```python\ndef double(x):\n    return 2 * x\n```",
            verifier_metadata={
                "unit_tests": {"inputs": ["2"], "outputs": ["4"], "fn_name": "double"}
            },
        ),
        1.0,
    ),
    "nothing said": (
        gym(verifier_metadata={"unit_tests": {"inputs": ["2"], "outputs": ["4"]}}),
        0.0,
    ),
}
ADD = "def add(a, b):\n    '''\n    ```\n    '''\n    return a + b"
ASSERTIONS = ["assert add(1, 2) == 3", "assert add(-1, 1) == 0", "assert add(0, 0) == 1"]
SUM = "a, b = map(int, input().split())\nwhile a == 5: pass\nprint(a + b)"
CASES = [{"input": "5 3", "output": "8"}, {"input": "1 2", "output": "3"}]
CASES += [{"input": "0 0", "output": "1"}]


def packed(tests: Any) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(tests))).decode()


@pytest.mark.slow
async def test_real_programs_and_answers(judged: httpx2.AsyncClient) -> None:
    for name, (row, reward) in GYM.items():
        assert (await judged.post("/verify", json=row)).json()["reward"] == reward, name
    tests: Any
    for tests in (ASSERTIONS, json.dumps(ASSERTIONS), packed(ASSERTIONS)):
        answer = (await judged.post("/test_program", json={"program": ADD, "tests": tests})).json()
        assert answer["results"] == [1, 1, 0]
        assert [seconds >= 0 for seconds in answer["runtimes"]] == [True, True, False]
    for tests in (CASES, json.dumps(CASES), packed(CASES)):
        body = {"program": SUM, "tests": tests, "max_execution_time": 0.2}
        answer = (await judged.post("/test_program_stdio", json=body)).json()
        assert answer["results"] == [0, 1, 0]
    empty: dict[str, list[float]] = {"results": [], "runtimes": []}
    for tests in ([], "", None):
        body = {"program": ADD, "tests": tests}
        assert (await judged.post("/test_program", json=body)).json() == empty
    body = {"program": ADD, "tests": [*ASSERTIONS[:1], "nonsense("]}
    assert (await judged.post("/test_program", json=body)).json()["results"] == [1, 0]
    problem = await refusal(judged.post("/test_program?unjudged=raise", json=body), 503)
    assert "1 of 2 tests could not be judged" in problem["detail"]


@pytest.mark.slow
async def test_nothing_packed_is_ever_run_or_swells(judged: httpx2.AsyncClient) -> None:
    bomb = base64.b64encode(zlib.compress(bytes(80 * 1024 * 1024))).decode()
    for tests in (packed([print]), bomb):
        body = {"program": ADD, "tests": tests}
        await refusal(judged.post("/test_program", json=body), 422)
