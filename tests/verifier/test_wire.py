"""A verdict's fields are the same wherever a verdict goes."""

import dataclasses
import json

from api.http.schemas import ResultOut
from verifier.model import Outcome, Verdict
from verifier.wire import DETAILS, decode_verdict, encode_verdict
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
    ran={"status": "ok"},
)


def test_every_field_of_a_verdict_travels() -> None:
    assert [name for name, value in dataclasses.asdict(VERDICT).items() if value is None] == [
        "strain"  # the worker's own
    ]
    assert decode_verdict(json.loads(encode_verdict(3, VERDICT))) == (3, VERDICT)


def test_the_answer_shows_every_field_and_the_client_knows_all_it_shows() -> None:
    shown = set(ResultOut.model_fields)
    assert {*DETAILS, "id", "group", "reward", "outcome"} - {"ran"} <= shown
    assert shown <= {field.name for field in dataclasses.fields(Result)}
