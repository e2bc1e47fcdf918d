"""Reads rows of programming contests: DeepMind's CodeContests, open-r1's codeforces, IOI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.case_lists import read_cases
from verifier.ground_truth.fields import Row
from verifier.ground_truth.pairs import read_pairs
from verifier.model import GroundTruth


def read_codeforces(row: Row) -> GroundTruth:
    """open-r1/codeforces: `{"official_tests", "examples", ...}`."""
    return read_cases([*_list(row, "examples"), *_list(row, "official_tests")])


def read_codecontests(row: Row) -> GroundTruth:
    """CodeContests: `{"public_tests", "private_tests", "generated_tests"}`, each parallel lists."""
    inputs: list[Any] = []
    outputs: list[Any] = []
    for key in ("public_tests", "private_tests", "generated_tests"):
        for given, expected in _columns(row, key):
            inputs += given
            outputs += expected
    if not inputs:
        raise fields.fail("it holds no tests.")
    return read_pairs({"inputs": inputs, "outputs": outputs})


def read_ioi(_: Row) -> GroundTruth:
    """open-r1/ioi: its graders are linked with the solution, or are programs beside it."""
    raise fields.fail(
        "its tests are for graders that are linked with the solution, which is not judged here."
    )


def _list(row: Row, key: str) -> list[Any]:
    value = row.get(key)
    if isinstance(value, str):
        value = fields.parse_json(value, f"`{key}`")
    return list(fields.required_list({key: value}, key)) if value else []


def _columns(row: Row, key: str) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yields inputs and outputs of a field of tests, be it text, columns or a list of cases."""
    tests = row.get(key)
    if isinstance(tests, str):
        tests = fields.parse_json(tests, f"`{key}`")
    if not tests:
        return
    if isinstance(tests, list):
        cases = [fields.required_object(case, f"Each of `{key}`") for case in tests]
        tests = {name: [case.get(name) for case in cases] for name in ("input", "output")}
    if not isinstance(tests, Mapping):
        raise fields.fail(f"`{key}` must be an object of `input` and `output`.")
    given, expected = tests.get("input") or [], tests.get("output") or []
    if not (isinstance(given, list) and isinstance(expected, list) and len(given) == len(expected)):
        raise fields.fail(f"`{key}` must have as many inputs as outputs.")
    yield given, expected
