"""Pydantic's findings become sentences that say where, and repeat none of the input."""

from typing import Any

import pytest

from api.http.wording import MAX_REPORTED, describe_errors, in_words


def error(kind: str, *place: str | int, msg: str = "Input should be a string") -> dict[str, Any]:
    return {"type": kind, "loc": place, "msg": msg}


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (error("missing", "rollouts", 3, "id"), "rollout 3, field `id`: it is missing"),
        (error("x", "groups", 1, "ids", 0), "group 1, field `ids[0]`: it should be a string"),
        (error("extra_forbidden", "limits", "cpu"), "field `limits.cpu`: there is no such field"),
        (error("value_error", msg="Value error, give one"), "the body: give one"),
        (error("string", "<script>"), "field `?`: it should be a string"),
    ],
)  # fmt: skip
def test_sentences(found: dict[str, Any], sentence: str) -> None:
    (entry,) = describe_errors([found])
    assert in_words(entry) == sentence


def test_a_flood_of_errors_is_cut() -> None:
    assert (
        len(describe_errors([error("missing", "rollouts", n) for n in range(500)])) == MAX_REPORTED
    )
