"""SandboxFusion's and ScaleBox's judging: their requests as ours, and our verdicts as theirs."""

from typing import Any

import httpx2
import pytest

from sandbox import Status
from tests.api.routes.test_sandbox_fusion import Reporting
from tests.api.routes.test_score import refusal
from verifier.ground_truth import read_ground_truth
from verifier.model import (
    CallTruth,
    Checker,
    JudgingProgram,
    Outcome,
    Ran,
    Rollout,
    StdinTruth,
    Verdict,
)

BATCH = "/common_evaluate_batch"
STDIN = {"type": "stdin_stdout", "input": ["1 2", "3 4"], "output": ["3", "7"], "fn_name": None}
CALLS = {"type": "function_call", "input": [[1, 2]], "output": [[3]], "fn_name": "add"}


def sent(provided: Any, language: str | None = "python", **extra: Any) -> dict[str, Any]:
    config = {"language": language, "provided_data": provided, "extra": extra, "run_timeout": 7}
    return {"completion": "```python\nprint(3)\n```", "id": "x", "config": config}


CORRECT = Verdict(outcome=Outcome.CORRECT, passed=2, total=2)


class Finding(Reporting):
    """Says of a client's logic what the test says, and that whatever is judged is right."""

    def _verdict(self, rollout: Rollout) -> Verdict:
        return CORRECT if isinstance(self.result, Ran) else super()._verdict(rollout)


@pytest.fixture
def dispatcher(request: pytest.FixtureRequest) -> Reporting:
    return Finding(getattr(request, "param", CORRECT))


async def truth_of(client: httpx2.AsyncClient, dispatcher: Reporting, body: Any, path: str) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return read_ground_truth(dispatcher.rollouts[-1].ground_truth)


async def test_test_cases_become_native_ground_truths(
    client: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    stdin = await truth_of(client, dispatcher, sent({"test_cases": STDIN}, "cpp"), BATCH)
    assert isinstance(stdin, StdinTruth)
    assert (stdin.language, stdin.checker, stdin.every_case) == ("cpp", Checker("numbers"), False)
    limits = dispatcher.rollouts[-1].limits
    assert (limits.cpu_s, limits.wall_s, limits.total_cpu_s) == (7, 7, None)
    body = sent({"test_cases": CALLS}, "js", run_all_cases=True, total_timeout=5)
    call = await truth_of(client, dispatcher, body, BATCH)
    assert isinstance(call, CallTruth)
    assert (call.language, call.every_case, call.cases[0].args) == ("javascript", True, (1, 2))
    assert (call.entry_point, call.cases[0].expected) == ("add", 3)
    assert dispatcher.rollouts[-1].limits.total_wall_s == 5
    lines = {**CALLS, "input": ["[1]\n2"], "output": ["[3]"], "json_input": True}
    call = await truth_of(client, dispatcher, sent({"test_cases": lines}), BATCH)
    assert (call.cases[0].args, call.cases[0].expected) == (([1], 2), [3])
    listed = [{"type": "function_call", "input": [1, 2], "output": [3], "fn_name": "add"}]
    call = await truth_of(
        client, dispatcher, sent({"test_cases": listed}, "php"), "/common_evaluate"
    )
    assert call.language == "php"
    pairs = {"test": [{"input": {"stdin": "1"}, "output": {"stdout": "2"}}]}
    stdin = await truth_of(client, dispatcher, sent(pairs, "R"), "/common_evaluate")
    assert stdin.language == "r"
    checked = sent({"test_cases": STDIN}, special_judge_program="import sys; sys.exit(0)")
    stdin = await truth_of(client, dispatcher, checked, BATCH)
    assert isinstance(stdin.checker, JudgingProgram)
    assert stdin.checker.source == "import sys; sys.exit(0)"
    judge = {"special_judge_program": "int main() {}", "special_judge_language": "C++"}
    stdin = await truth_of(client, dispatcher, sent({"test_cases": STDIN}, **judge), BATCH)
    assert isinstance(stdin.checker, JudgingProgram)
    assert (stdin.checker.language, stdin.checker.source) == ("cpp", "int main() {}")
    asserts = {"type": "assert", "test": "def check(f):\n    assert f(1) == 2", "entry_point": "f"}
    suite = await truth_of(client, dispatcher, sent({"test_cases": asserts}), BATCH)
    assert suite.entry_point == "f"
    row = {"test": "assert f(1) == 2", "labels": "{}", "id": 1}
    body = sent(row, None)
    body["config"]["dataset_type"] = "MHPPDataset"
    assert (await truth_of(client, dispatcher, body, "/submit")).test == "assert f(1) == 2"


FAILED = {"case": 1, "outcome": "wrong_answer", "message": "why"}


@pytest.mark.parametrize(
    ("dispatcher", "accepted", "tests"),
    [
        (Verdict(outcome=Outcome.CORRECT, passed=2, total=2), True, ["Success", "Success"]),
        (
            Verdict(outcome=Outcome.WRONG_ANSWER, passed=1, total=2, first_failure=FAILED),
            False,
            ["Success", "Success"],
        ),
        (Verdict(outcome=Outcome.RUNTIME_ERROR, passed=0, total=2), False, ["Failed"]),
        (Verdict(outcome=Outcome.VERIFIER_ERROR, message="ours"), False, ["SandboxError"]),
        (Verdict(outcome=Outcome.INVALID_GROUND_TRUTH, message="its"), False, ["SandboxError"]),
        (Verdict(outcome=Outcome.DEADLINE_EXCEEDED), False, ["SandboxError"]),
        (
            Verdict(outcome=Outcome.TIME_LIMIT_EXCEEDED, passed=0, cases=["time_limit_exceeded"]),
            False,
            ["Failed", "SandboxError"],
        ),
    ],
    indirect=["dispatcher"],
)
async def test_each_verdict_has_its_answer(
    client: httpx2.AsyncClient,
    dispatcher: Reporting,
    monkeypatch: pytest.MonkeyPatch,
    accepted: bool,
    tests: list[str],
) -> None:
    monkeypatch.setattr("api.routes.judging.PAUSES_S", ())
    answer = (await client.post(BATCH, json=sent({"test_cases": STDIN}))).json()
    assert answer["accepted"] is accepted
    assert answer["extracted_code"] == "print(3)\n"
    assert [test["exec_info"]["status"] for test in answer["tests"]] == tests
    assert all(test["passed"] for test in answer["tests"]) is accepted
    unjudged = [test["exec_info"] for test in answer["tests"] if test["exec_info"]["message"]]
    assert len(unjudged) == tests.count("SandboxError")
    assert all(test["run_result"] is test["compile_result"] is None for test in unjudged)
    assert isinstance(dispatcher.result, Verdict)
    if dispatcher.result.cases:
        assert unjudged[-1]["message"] == "Total Timeout"


def logic_ended(status: Status, stdout: str) -> Ran:
    stderr = "Traceback\nNameError: x\n"
    return Ran(status=status, stdout=stdout, stderr=stderr, cpu_s=0.1, exit_code=0)


@pytest.mark.parametrize(
    ("dispatcher", "status", "says"),
    [
        (logic_ended(Status.OK, 'said\n\n"a = `````1`````"'), 200, "a = `````1`````\n"),
        (logic_ended(Status.OK, "\n\nnull"), 200, "print(3)\n"),
        (logic_ended(Status.OK, "nothing"), 200, "print(3)\n"),
        (logic_ended(Status.NONZERO_EXIT, ""), 422, "`custom_extract_logic` failed: NameError: x"),
        (Verdict(outcome=Outcome.VERIFIER_ERROR, message="No jail."), 503, "No jail."),
    ],
    indirect=["dispatcher"],
)
async def test_a_clients_own_logic_finds_the_program_in_a_run_of_its_own(
    client: httpx2.AsyncClient, status: int, says: str
) -> None:
    body = sent({"test_cases": STDIN})
    body["config"]["custom_extract_logic"] = "submit_code_blocks([])"
    answer = await client.post(BATCH, json=body)
    assert answer.status_code == status
    assert says in answer.text.replace("config.", "").encode().decode("unicode_escape")


async def test_what_is_extracted_is_told_in_any_language_and_where_it_is_empty(
    client: httpx2.AsyncClient,
) -> None:
    body = sent({"test": "assert(f());", "labels": '{"execution_language": "php"}'}, None)
    for completion, found in (
        ("```php\nf();\n```", ("f();\n", "fenced")),
        ("```php\n\n```", ("", "fenced")),
        ("", ("", "empty")),
    ):
        body["completion"], body["config"]["extra"] = completion, {"is_freeform": True}
        answer = (await client.post("/submit", json=body)).json()
        assert (answer["extracted_code"], answer["extracted_type"]) == found


@pytest.mark.parametrize(
    "dispatcher", [Verdict(outcome=Outcome.WRONG_ANSWER, passed=1, total=2)], indirect=True
)
async def test_live_code_bench_has_one_test_and_what_its_harness_prints(
    client: httpx2.AsyncClient,
) -> None:
    body = sent({"test": "[]", "labels": "{}"})
    body["config"]["dataset_type"] = "LiveCodeBenchDataset"
    (test,) = (await client.post("/submit", json=body)).json()["tests"]
    assert (test["passed"], test["exec_info"]["run_result"]["stdout"]) == (False, "Wrong Answer\n")


async def test_an_answer_to_a_problem_of_contests_is_a_chats(
    client: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    body = sent({"test": "[]", "labels": "{}"}, "cpp")
    for kind, found in (("CommonOJDataset", ""), ("HumanEvalDataset", "int main() {}\n")):
        body["completion"], body["config"]["dataset_type"] = "int main() {}", kind
        assert (await client.post("/submit", json=body)).json()["extracted_code"] == found


JUDGE_IN_GO = {"special_judge_program": "x", "special_judge_language": "go"}


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (BATCH, sent({"test_cases": STDIN}, None), "`config.language` is missing"),
        (BATCH, sent({"test_cases": STDIN}, "swift"), "it should be one of"),
        (BATCH, sent({"test_cases": {**STDIN, "output": []}}), "`output`"),
        (BATCH, sent({"test_cases": STDIN}, total_timeout=0), "`config.extra.total_timeout`"),
        (BATCH, sent({"test_cases": STDIN}, **JUDGE_IN_GO), "must be in Python or C++"),
        (BATCH, sent(None), "`config.provided_data` must be the row"),
        ("/submit", sent([]), "`config.provided_data` must be the row"),
        ("/submit", {"completion": "x"}, "`config`: it is missing"),
    ],
)  # fmt: skip
async def test_what_cannot_be_judged_is_refused_with_a_sentence(
    client: httpx2.AsyncClient, path: str, body: Any, says: str
) -> None:
    assert says in str(await refusal(client.post(path, json=body), 422))


async def test_other_types_and_prompts_are_none_of_ours(client: httpx2.AsyncClient) -> None:
    body = sent({"a": 1})
    body["config"]["dataset_type"] = "MiniF2FLean4Dataset"
    assert "Rows of MiniF2FLean4Dataset" in str(
        await refusal(client.post("/submit", json=body), 422)
    )
    for path in ("/get_prompts", "/get_prompt_by_id", "/list_ids"):
        assert "Prompts" in str(await refusal(client.post(path, json={}), 404))
