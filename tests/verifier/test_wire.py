"""What comes of a task is the same wherever it goes."""

import dataclasses
import json

from api.http.schemas.score import ResultOut
from sandbox import Status
from verifier.model import Outcome, Ran, Verdict
from verifier.wire import DETAILS, decode_result, encode_result
from verifier_client.model import Result

VERDICT = Verdict(
    outcome=Outcome.WRONG_ANSWER,
    answer="1",
    how="string",
    passed=0,
    total=2,
    score=0.0,
    cases=["correct"],
    subtasks=[{"points": 1.0, "earned": 0.0}],
    first_failure={"case": 0},
    message="No.",
    cpu_s=0.0,
)


def test_every_field_of_a_verdict_travels() -> None:
    assert [name for name, value in dataclasses.asdict(VERDICT).items() if value is None] == [
        "strain"  # the worker's own
    ]
    assert decode_result(json.loads(encode_result(3, VERDICT))) == (3, VERDICT)


def test_every_field_of_what_a_run_came_to_travels() -> None:
    ran = Ran(
        status=Status.SIGNALLED,
        stdout="\ud800",
        stderr="",
        cpu_s=0.0,
        exit_code=0,
        signal=11,
        message="",
        files={"a": "eA=="},
    )
    assert None not in dataclasses.asdict(ran).values()
    assert decode_result(json.loads(encode_result(0, ran))) == (0, ran)


def test_the_answer_shows_every_field_and_the_client_knows_all_it_shows() -> None:
    shown = set(ResultOut.model_fields)
    assert {*DETAILS, "id", "group", "reward", "outcome"} <= shown
    assert shown <= {field.name for field in dataclasses.fields(Result)}
