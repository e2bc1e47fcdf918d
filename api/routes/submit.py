"""POST /submit and /common_evaluate(_batch): SandboxFusion's and ScaleBox's judging.

A request is one rollout, and goes the way of one. Verdicts are ours: docs/sandbox-fusion.md says
where they differ. What has no verdict is `SandboxError`, with the reason, and never `Failed`.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.batches.ingest import Batch, found_in, judged_part, nameless, read_value, unfit
from api.http.body import received
from api.http.budget import Body
from api.http.errors import Refusal
from api.http.schemas.submissions import SubmitRequest
from api.routes import openapi
from api.routes.judging import LEFT, judged
from api.routes.sandbox_fusion import limits_of
from api.settings import Settings
from api.state import owner_of, service_of
from sandbox import PYTHON, Status
from verifier.errors import GroundTruthError
from verifier.ground_truth.fields import TAGS
from verifier.ground_truth.submissions import continued, evaluated, predicted
from verifier.model import LimitsOverride, Outcome, Run, Verdict
from verifier.programs import extraction_logic
from verifier.programs.fences import find_program

DEADLINE_S = 1000.0
"""ScaleBox gives all cases of a request as long where it says nothing else. `total_timeout` is time
of the program and none of a queue, and limits no wait."""
TYPES = frozenset(
    """HumanEvalDataset MBPPDataset MBXPDataset MultiPLEDataset CommonOJDataset
    LiveCodeBenchDataset AutoEvalDataset AutoEvalV4Dataset CruxEvalDataset EvoEvalDataset
    MHPPDataset NaturalCodeBenchDataset PALMathDataset PalMathDataset VerilogDataset
    AiderBenchmarkDataset RepobenchCDataset RepobenchPDataset""".split()  # noqa: SIM905 - to be read
)
NO_PROMPTS = (
    "Prompts and lists of problems are not kept here; take them from the data set, and send "
    "completions to /submit with the row as `config.provided_data`."
)
_PREDICTED = ("input", "output")
"""Modes of CruxEval, whose completions are no programs. Nor are RepoBench's."""
_BODY = re.compile(r"\s*\n[ \t]|[ \t]")
_BEHIND_BODY = re.compile(r"^(?:class|def|if|print|assert)\b|^[#@]", re.MULTILINE)
"""Where HumanEval has sampling stop, and what a model that was not stopped goes on with begins."""
_OF_CONTESTS = "CommonOJDataset"
_OF_ONE_RUN = "LiveCodeBenchDataset"
"""Whose cases are run by one harness there, in one test."""
_LOGIC = inspect.getsource(extraction_logic)
LOGIC_S = 10.0
"""CPU seconds, and seconds asleep, of a client's own extraction."""
_OUT_OF_TIME = "Total Timeout"
"""What ScaleBox says of cases that `total_timeout` left no time for."""

router = APIRouter()
ToTruth = Callable[[SubmitRequest], Any]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is judged, and what its answer needs of the request."""

    batch: Batch
    sent: SubmitRequest
    cases: int | None
    """How many its ground truth lists."""


@router.post("/common_evaluate_batch", summary="Judge as ScaleBox does", **openapi.SUBMIT)
async def common_evaluate_batch(request: Request) -> Response:
    """Test cases of standard input, of calls or of assertions, in `config.provided_data`."""
    return await _answered(request, _evaluated)


@router.post("/common_evaluate", summary="Judge a list of cases as ScaleBox does", **openapi.SUBMIT)
async def common_evaluate(request: Request) -> Response:
    """The same with `test_cases` as a list, or `test` as SandboxFusion has it."""
    return await _answered(request, _evaluated)


@router.post("/submit", summary="Judge a row as SandboxFusion does", **openapi.SUBMIT)
async def submit(request: Request) -> Response:
    """The row of a data set stands in `config.provided_data`: nothing is stored here."""
    return await _answered(request, _of_row)


async def no_prompts() -> Response:
    """Raises Refusal."""
    raise Refusal(404, NO_PROMPTS)


for _path in ("/get_prompts", "/get_prompt_by_id", "/list_ids", "/get_metrics"):
    router.post(_path, include_in_schema=False)(no_prompts)
router.get("/list_datasets", include_in_schema=False)(no_prompts)


async def _answered(request: Request, truth_of: ToTruth) -> Response:
    service = service_of(request)
    async with received(request, service.settings, service.budget) as body:
        sent = await asyncio.to_thread(_read, body, service.settings)
    del body  # gives its bytes back to the budget
    if sent.config.custom_extract_logic:
        sent = await _as_its_logic_finds(request, sent)
    evaluation = await asyncio.to_thread(_evaluation, sent, truth_of, service.settings)
    verdicts = await judged(request, evaluation.batch, "SandboxFusion")
    if verdicts is None:
        return Response(status_code=LEFT)
    answer = await asyncio.to_thread(_answer, evaluation, verdicts[0])
    return Response(json.dumps(answer), media_type="application/json")


def _read(body: Body, settings: Settings) -> SubmitRequest:
    """Raises Refusal."""
    try:
        return SubmitRequest.model_validate(read_value(body), context=settings)
    except ValidationError as error:
        raise unfit(found_in(error)) from None


async def _as_its_logic_finds(request: Request, sent: SubmitRequest) -> SubmitRequest:
    """The request with the program that the client's own logic finds for its completion; as it is
    where that finds none. Raises Refusal."""
    run = Run(
        source=f"{_LOGIC}\nfind({sent.config.custom_extract_logic!r})\n",
        language=PYTHON,
        stdin=str(sent.completion),
        limits=limits_of(LOGIC_S, memory_mb=0),
    )
    ran = await service_of(request).runs.run(run, DEADLINE_S, owner_of(request))
    if isinstance(ran, Verdict):
        raise Refusal(503, f"`config.custom_extract_logic` could not be run: {ran.message}")
    if ran.status is not Status.OK:
        said = ran.stderr.strip().rpartition("\n")[2][:200] or ran.message
        raise Refusal(422, f"`config.custom_extract_logic` failed: {said}")
    try:
        found = json.loads(ran.stdout.rpartition("\n\n")[2])
    except (ValueError, RecursionError):
        found = None
    return sent.model_copy(update={"completion": _fenced(found)} if isinstance(found, str) else {})


def _evaluation(sent: SubmitRequest, truth_of: ToTruth, settings: Settings) -> Evaluation:
    """Raises Refusal."""
    try:
        completion, truth = _asked(sent, truth_of)
    except GroundTruthError as error:
        raise Refusal(422, str(error)) from None
    config = sent.config
    total_s = _seconds(config.extra.get("total_timeout"), settings)
    limits = LimitsOverride(
        cpu_s=config.run_timeout,
        wall_s=config.run_timeout,
        memory_mb=config.mem_limit if config.mem_limit and config.mem_limit > 0 else None,
        total_cpu_s=total_s,
        total_wall_s=total_s,
    )
    batch = nameless([(completion, truth)], DEADLINE_S, settings, limits=limits)
    cases = truth.get("cases") if isinstance(truth, Mapping) else None
    return Evaluation(batch, sent, len(cases) if isinstance(cases, Sequence) else None)


def _asked(sent: SubmitRequest, truth_of: ToTruth) -> tuple[str, Any]:
    """What is judged, and against what. Raises GroundTruthError, Refusal."""
    row, mode = sent.config.provided_data, sent.config.extra.get("mode")
    if mode in _PREDICTED and isinstance(row, dict) and row.get("code") and not _is_of_x(row):
        return predicted(sent.completion, row, mode)
    if isinstance(row, dict) and row.get("next_line"):
        return continued(sent.completion, row)
    return _completion(sent), truth_of(sent)


def _is_of_x(row: Mapping[str, Any]) -> bool:
    """CruxEval-X has a hole for the prediction, which is code of some language: nobody reads it as
    a value, and so nothing is judged by it."""
    return "????" in str(row.get(_PREDICTED[0]))


def _completion(sent: SubmitRequest) -> str:
    """One without a fence is a program, or goes on where its prompt ends, unless it is said to be
    a chat's answer, or is one to a problem of contests."""
    completion: str = sent.completion
    is_chat = sent.config.extra.get("is_freeform") or sent.config.dataset_type == _OF_CONTESTS
    if "```" in completion or is_chat:
        return completion
    if _BODY.match(completion):
        completion = _BEHIND_BODY.split(completion, maxsplit=1)[0]
    return _fenced(completion)


def _fenced(program: str) -> str:
    """Between marks that are longer than any in it."""
    marks = "`" * max(3, 1 + max(map(len, re.findall("`+", program)), default=0))
    return f"{marks}\n{program}\n{marks}"


def _seconds(total: Any, settings: Settings) -> float | None:
    """Raises Refusal."""
    if total is None:
        return None
    if isinstance(total, bool) or not isinstance(total, int | float) or not total > 0:
        raise Refusal(422, "`config.extra.total_timeout` must be a positive number of seconds.")
    return min(float(total), settings.max_deadline_s)


def _evaluated(sent: SubmitRequest) -> Any:
    """Raises GroundTruthError, Refusal."""
    if not sent.config.language:
        raise Refusal(422, "`config.language` is missing; say which language the program is in.")
    return evaluated(_row(sent), sent.config.language, sent.config.extra)


def _of_row(sent: SubmitRequest) -> Any:
    """Raises Refusal."""
    named = sent.config.dataset_type
    if named is not None and named not in TYPES:
        raise Refusal(422, f"Rows of {named[:60]} are not judged here; of {', '.join(TYPES)} are.")
    row = _row(sent)
    if "labels" in row and "language" not in row and sent.config.language:
        return {**row, "language": sent.config.language}
    return row


def _row(sent: SubmitRequest) -> dict[str, Any]:
    if not isinstance(sent.config.provided_data, dict) or not sent.config.provided_data:
        raise Refusal(
            422, "`config.provided_data` must be the row that is judged: nothing is stored here."
        )
    return sent.config.provided_data


def _answer(evaluation: Evaluation, verdict: Verdict) -> dict[str, Any]:
    sent = evaluation.sent
    source, how = _extracted(sent)
    tests = _tests(verdict, evaluation.cases)
    if sent.config.dataset_type == _OF_ONE_RUN:
        tests = [_of_one_run(tests[-1])]
    return {
        "id": sent.id,
        "accepted": verdict.reward == 1.0,
        "extracted_code": source,
        "full_code": source,
        "test_code": "",
        "tests": tests,
        "extracted_type": how,
        "extra": {"outcome": str(verdict.outcome), "message": verdict.message},
    }


def _extracted(sent: SubmitRequest) -> tuple[str, str]:
    """For people: the judge finds the program again, by the same rule."""
    named = sent.config.language
    tags = TAGS[named] if named else frozenset().union(*TAGS.values())
    completion = judged_part(_completion(sent))
    found = find_program(completion, tags)
    if found is None or not (found.fenced or PYTHON in tags):
        return "", "fenced" if "```" in completion else "empty"
    return found.source, "fenced" if found.fenced else "heuristic"


def _tests(verdict: Verdict, listed: int | None) -> list[dict[str, Any]]:
    """One of each case that was run, and of each that `run_all_cases` would have had run."""
    if verdict.reward is None:
        return [_test(verdict.outcome, verdict.message)]
    if verdict.cases is not None:
        told = [_test(Outcome(name), _reason(verdict, i)) for i, name in enumerate(verdict.cases)]
        left = max(0, (listed or verdict.total or 0) - len(told))
        return told + [_test(Outcome.DEADLINE_EXCEEDED, _OUT_OF_TIME)] * left
    passed = [_test(Outcome.CORRECT, None)] * (verdict.passed or 0)
    if verdict.outcome is Outcome.CORRECT:
        return passed or [_test(Outcome.CORRECT, None)]
    return [*passed, _test(verdict.outcome, _reason(verdict, len(passed)))]


def _of_one_run(last: dict[str, Any]) -> dict[str, Any]:
    """All cases as the one run of a harness, which prints what it found."""
    if last["test_info"]["outcome"] == Outcome.WRONG_ANSWER:
        last["exec_info"]["run_result"]["stdout"] = "Wrong Answer\n"
    return last


def _reason(verdict: Verdict, case: int) -> str | None:
    first = verdict.first_failure or {}
    if first.get("case", case) != case:
        return None
    return first.get("message") or verdict.message


def _test(outcome: Outcome, message: str | None) -> dict[str, Any]:
    """One test as SandboxFusion answers it; an unjudged one is `SandboxError`."""
    judged_ = outcome.reward is not None
    passed = outcome is Outcome.CORRECT
    ran = outcome in (Outcome.CORRECT, Outcome.WRONG_ANSWER)
    command = {
        "status": "TimeLimitExceeded" if outcome is Outcome.TIME_LIMIT_EXCEEDED else "Finished",
        "execution_time": None,
        "return_code": 0 if ran else None if outcome is Outcome.TIME_LIMIT_EXCEEDED else 1,
        "stdout": "",
        "stderr": "" if passed else message or "",
    }
    compiles = outcome is Outcome.COMPILE_ERROR
    return {
        "passed": passed,
        "exec_info": {
            "status": ("Success" if ran else "Failed") if judged_ else "SandboxError",
            "message": "" if judged_ else message or str(outcome),
            "compile_result": command if judged_ and compiles else None,
            "run_result": command if judged_ and not compiles else None,
            "executor_pod_name": None,
            "files": {},
        },
        "test_info": {"outcome": str(outcome)},
    }
