"""SandboxFusion's protocol: what a program did is told, and nothing that it says about itself."""

import asyncio
import base64
import http
import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from api.http.schemas.runs import MAX_INPUT_CHARS
from sandbox import LANGUAGES, Status
from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher, leave_when_submitted
from tests.api.routes.test_score import refusal
from tests.api.test_metrics import numbers
from verifier.dispatch import DispatchError, QueueFull, Unavailable
from verifier.model import LimitsOverride, Outcome, Ran, Result, Rollout, Run, Verdict

ADDRESS = "/run_code"


def sent(code: str = "print(1)", **fields: Any) -> dict[str, Any]:
    return {"code": code, "language": "python", **fields}


class Reporting(ObedientDispatcher):
    """Says of each run what the test says."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result
        self.runs: list[Run] = []
        self.rollouts: list[Rollout] = []

    def _result(self, run: Run) -> Result:
        self.runs.append(run)
        return self.result

    def _verdict(self, rollout: Rollout) -> Verdict:
        self.rollouts.append(rollout)
        assert isinstance(self.result, Verdict)
        return self.result


def ended(status: Status, exit_code: int | None = None, signal: int | None = None) -> Ran:
    return Ran(
        status=status,
        stdout="out",
        stderr="err",
        cpu_s=0.5,
        exit_code=exit_code,
        signal=signal,
        message="Why.",
    )


@pytest.fixture
def dispatcher(request: pytest.FixtureRequest) -> Reporting:
    return Reporting(getattr(request, "param", ended(Status.OK, 0)))


async def test_a_run_gets_what_verl_sends(
    client: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    body = {
        "compile_timeout": 7,
        "run_timeout": 3,
        "code": "print(1)",
        "stdin": "in",
        "memory_limit_MB": 256,
        "language": "nodejs",
        "files": {},
        "fetch_files": [],
    }
    answer = await client.post(ADDRESS, json=body)
    assert answer.status_code == 200
    (run,) = dispatcher.runs
    assert run == Run(
        source="print(1)",
        language="javascript",
        stdin="in",
        limits=LimitsOverride(cpu_s=3, wall_s=3, memory_mb=256, output_kb=1024),
        compile_s=7,
    )


async def test_what_is_left_out_is_as_sandbox_fusion_has_it(
    client: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    await client.post(ADDRESS, json=sent(stdin=None, memory_limit_MB=-1, files=None, more=1))
    (run,) = dispatcher.runs
    limits = LimitsOverride(cpu_s=10, wall_s=10, output_kb=1024)
    assert run == Run(source="print(1)", language="python", limits=limits, compile_s=10)


@pytest.mark.parametrize(
    ("dispatcher", "status", "run_status", "return_code"),
    [
        (ended(Status.OK, 0), "Success", "Finished", 0),
        (ended(Status.NONZERO_EXIT, 3), "Failed", "Finished", 3),
        (ended(Status.SIGNALLED, None, 11), "Failed", "Finished", -11),
        (ended(Status.TIME_LIMIT, None, 9), "Failed", "TimeLimitExceeded", None),
        (ended(Status.MEMORY_LIMIT, None, 9), "Failed", "Finished", -9),
        (ended(Status.OUTPUT_LIMIT, 0), "Failed", "Finished", -9),
        (ended(Status.COMPILE_ERROR, 1), "Failed", "Finished", 1),
    ],
    indirect=["dispatcher"],
)
async def test_each_ending_of_a_program_has_its_answer(
    client: httpx2.AsyncClient, status: str, run_status: str, return_code: int | None
) -> None:
    answer = (await client.post(ADDRESS, json=sent())).json()
    assert answer == {
        "status": status,
        "message": "Why.",
        "compile_result": None,
        "run_result": {
            "status": run_status,
            "execution_time": 0.5,
            "return_code": return_code,
            "stdout": "out",
            "stderr": "err",
        },
        "executor_pod_name": None,
        "files": {},
    }


async def test_languages_that_are_compiled_say_how_that_went(
    client: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    compiled = [name for name, language in LANGUAGES.items() if language.shows_compiler]
    assert {"c", "cpp", "go", "java", "rust"} <= set(compiled)
    assert not {"bash", "javascript", "python", "typescript"} & set(compiled)
    for name in compiled:
        answer = (await client.post(ADDRESS, json=sent(language=name))).json()
        assert answer["compile_result"]["return_code"] == 0
        assert answer["run_result"]["return_code"] == 0
    dispatcher.result = ended(Status.COMPILE_ERROR, 1)
    for name in compiled:
        answer = (await client.post(ADDRESS, json=sent(language=name))).json()
        assert answer["status"] == "Failed"
        assert answer["compile_result"]["return_code"] == 1
        assert answer["compile_result"]["stderr"] == "err"
        assert answer["run_result"] is None
    dispatcher.result = ended(Status.COMPILE_TIME_LIMIT, None, 9)
    for name in compiled:
        answer = (await client.post(ADDRESS, json=sent(language=name))).json()
        assert answer["status"] == "Failed"
        assert answer["compile_result"]["status"] == "TimeLimitExceeded"
        assert answer["compile_result"]["return_code"] is answer["run_result"] is None


@pytest.mark.parametrize(
    "dispatcher",
    [Verdict(outcome=outcome) for outcome in Outcome if outcome is not Outcome.DEADLINE_EXCEEDED],
    indirect=True,
)
async def test_what_did_not_run_is_a_fault_of_the_sandbox_and_never_finished(
    client: httpx2.AsyncClient,
) -> None:
    answer = (await client.post(ADDRESS, json=sent())).json()
    assert answer["status"] == "SandboxError"
    assert answer["message"]
    assert answer["run_result"] is answer["compile_result"] is None


@pytest.mark.parametrize("dispatcher", [Verdict(outcome=Outcome.DEADLINE_EXCEEDED)], indirect=True)
async def test_what_did_not_get_its_turn_is_to_be_sent_again(client: httpx2.AsyncClient) -> None:
    problem = await refusal(client.post(ADDRESS, json=sent()), 504)
    assert "send it again" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{", 400, "not JSON"),
        (b"[]", 422, "valid dictionary"),
        ({"code": ""}, 422, "`language`: it is missing"),
        ({"language": "python"}, 422, "`code`: it is missing"),
        (sent(language="lean"), 422, "`language`: it should be one of python, "),
        (sent(language=1), 422, "`language`: it should be a valid string"),
        (sent("\ud800"), 422, "`code`: it holds a lone surrogate"),
        (sent(stdin="\ud800"), 422, "`stdin`: it holds a lone surrogate"),
        (sent(stdin=7), 422, "`stdin`: it should be a valid string"),
        (sent(stdin="x" * (MAX_INPUT_CHARS + 1)), 422, "`stdin`: it is longer than"),
        (sent(run_timeout=0), 422, "`run_timeout`: it should be greater than or equal to 0.001"),
        (sent(run_timeout=601), 422, "`run_timeout`: it should be less than or equal to 600"),
        (sent(compile_timeout="7"), 422, "`compile_timeout`: it should be a valid number"),
        (sent(memory_limit_MB=1 << 20), 422, "`memory_limit_MB`: it should be less than"),
        (sent(files={"../a": "eA=="}), 422, "`files`: '../a' is no place for a file"),
        (sent(files={"/etc/a": "eA=="}), 422, "`files`: '/etc/a' is no place for a file"),
        (sent(files={"": "eA=="}), 422, "`files`: '' is no place for a file"),
        (sent(files={"a": "x"}), 422, "`files`: 'a' must have its content in base64"),
        (sent(files={"a": 1}), 422, "`files.a`: it should be a valid string"),
        (sent(files=dict.fromkeys(map(str, range(257)), "")), 422, "there may be 256 files"),
        (sent(fetch_files=["/mnt/../etc/passwd"]), 422, "is no place for a file"),
        (sent(fetch_files=["a\0b"]), 422, "is no place for a file"),
        (sent(args=["-x"]), 422, "`args`: there is no such thing here"),
    ],
)
async def test_what_cannot_be_run_is_refused_with_the_field(
    client: httpx2.AsyncClient, dispatcher: Reporting, body: Any, status: int, says: str
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    problem = await refusal(client.post(ADDRESS, content=content), status)
    assert says in problem["detail"]
    assert not dispatcher.runs


@pytest.mark.parametrize("dispatcher", [ended(Status.OK, 0)], indirect=True)
async def test_files_go_in_and_come_back(client: httpx2.AsyncClient, dispatcher: Reporting) -> None:
    dispatcher.result = replace(ended(Status.OK, 0), files={"b": "eQ=="})
    body = sent(files={"a/x": "eA==", "/mnt/y": "", "none": None}, fetch_files=["b", "/mnt/c"])
    answer = (await client.post(ADDRESS, json=body)).json()
    assert answer["files"] == {"b": "eQ=="}
    (run,) = dispatcher.runs
    assert run.files == {"a/x": "eA==", "/mnt/y": ""}
    assert run.fetch == ["b", "/mnt/c"]


async def test_code_and_body_are_bounded_as_everywhere(connect: Connect) -> None:
    async with connect(max_completion_chars=10, max_body_bytes=200) as client:
        problem = await refusal(client.post(ADDRESS, json=sent("1" * 11)), 422)
        assert "VERIFIER_MAX_COMPLETION_CHARS" in problem["detail"]
        await refusal(client.post(ADDRESS, json=sent("1", stdin="1" * 200)), 413)


REFUSALS = [QueueFull("Full.", retry_after_s=1), Unavailable("None.")]


@pytest.mark.parametrize("refusal_of_workers", REFUSALS, ids=lambda error: type(error).__name__)
async def test_a_full_queue_and_missing_workers_are_waited_for(
    client: httpx2.AsyncClient,
    dispatcher: Reporting,
    monkeypatch: pytest.MonkeyPatch,
    refusal_of_workers: DispatchError,
) -> None:
    monkeypatch.setattr("api.runs.runs.PAUSE_S", 0.01)
    refused = asyncio.Event()

    class Passing(Reporting):
        async def run(self, run: Run, deadline_s: float, owner: str = "") -> Result:
            self.refusal = None if refused.is_set() else refusal_of_workers
            refused.set()
            return await super().run(run, deadline_s, owner)

    dispatcher.__class__ = Passing
    answer = await client.post(ADDRESS, json=sent())
    assert refused.is_set()
    assert answer.json()["status"] == "Success"
    found = await numbers(client)
    assert found['verifier_run_requests_total{answer="answered"}'] == 1
    assert found["verifier_run_wait_seconds_count"] == found["verifier_run_seconds_count"] == 1
    assert not any(count for name, count in found.items() if "refused_batches_total" in name)
    assert found["verifier_batch_seconds_count"] == found["verifier_runs_waiting"] == 0


@pytest.mark.parametrize("refusal_of_workers", REFUSALS, ids=lambda error: type(error).__name__)
async def test_what_is_refused_to_the_end_is_to_be_sent_again(
    client: httpx2.AsyncClient,
    dispatcher: Reporting,
    monkeypatch: pytest.MonkeyPatch,
    refusal_of_workers: DispatchError,
) -> None:
    # Longer than all the time there is: so late in it there is no other attempt.
    monkeypatch.setattr("api.runs.runs.PAUSE_S", 60)
    dispatcher.refusal = refusal_of_workers
    body = sent(compile_timeout=0.1, run_timeout=0.1)
    problem = await refusal(client.post(ADDRESS, json=body), 504)
    assert problem["detail"].startswith(str(refusal_of_workers))
    assert "again" in problem["detail"]
    found = await numbers(client)
    assert found['verifier_run_requests_total{answer="retry"}'] == 1


async def test_no_room_for_a_body_is_504_too(connect: Connect, dispatcher: Reporting) -> None:
    async with connect(max_held_bytes=10_000, max_body_bytes=10_000) as client:
        held = asyncio.create_task(client.post(ADDRESS, json=sent("wait ", stdin="x" * 6000)))
        while not dispatcher.submitted:  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(0.01)
        problem = await refusal(client.post(ADDRESS, json=sent(stdin="x" * 6000)), 504)
        assert "VERIFIER_MAX_HELD_BYTES" in problem["detail"]
        dispatcher.gate.set()
        assert (await held).status_code == 200


async def test_a_client_that_leaves_gives_its_run_up(
    served: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    sending = served.post(ADDRESS, json=sent("wait "))
    await leave_when_submitted(sending, dispatcher.submitted)
    await dispatcher.left.wait()


async def test_runs_are_counted_apart_from_verdicts(
    client: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    await client.post(ADDRESS, json=sent())
    dispatcher.result = Verdict(outcome=Outcome.VERIFIER_ERROR)
    await client.post(ADDRESS, json=sent())
    found = await numbers(client)
    assert found['verifier_runs_total{status="ok"}'] == 1
    assert found['verifier_runs_total{status="verifier_error"}'] == 1
    assert not any(count for name, count in found.items() if name.startswith("verifier_verdicts_t"))


async def test_the_key_may_stand_in_the_address(connect: Connect) -> None:
    def basic(text: bytes) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(text).decode()}

    async with connect(api_keys="secret") as client:
        await refusal(client.post(ADDRESS, json=sent()), http.HTTPStatus.UNAUTHORIZED)
        for wrong in (b"secret", b"secret:", b"x:wrong", b"secret:x", b""):
            await refusal(client.post(ADDRESS, json=sent(), headers=basic(wrong)), 401)
        broken = {"Authorization": "Basic ###"}
        await refusal(client.post(ADDRESS, json=sent(), headers=broken), 401)
        answer = await client.post(ADDRESS, json=sent(), headers=basic(b"x:secret"))
        assert answer.status_code == 200


@pytest.mark.parametrize("dispatcher", [Verdict(outcome=Outcome.NO_ANSWER)], indirect=True)
@pytest.mark.parametrize("kind", ["run", "bare_run"])
async def test_no_ground_truth_asks_for_a_run(
    client: httpx2.AsyncClient, dispatcher: Reporting, kind: str
) -> None:
    truth = {"kind": kind, "language": "python", "stdin": ""}
    row = {"completion": "print(1)", "ground_truth": truth, "run": truth}
    await client.post("/v1/score", json={"rollouts": [row]})
    assert len(dispatcher.rollouts) == 1
    assert not dispatcher.runs
