"""What JSON will hold of memory is known before it is parsed; what is too much is not parsed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import verifier.json_size
from verifier.errors import GroundTruthError
from verifier.ground_truth import fields, read_ground_truth, truth_text
from verifier.json_size import values_in
from verifier.model import TruthText

TEXTS = st.text() | st.text('\\",:[]{}ab')
JSON_VALUES = st.recursive(
    st.none() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


def values_made(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + len(value) + sum(map(values_made, value.values()))
    return 1 + sum(map(values_made, value)) if isinstance(value, list) else 1


@pytest.fixture(params=[1, 2, 7, 1000], autouse=True)
def _short_pieces(request: pytest.FixtureRequest) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifier.json_size, "_PIECE_CHARS", request.param)
        yield


@given(JSON_VALUES, st.sampled_from([None, 2]))
def test_no_more_values_are_made_than_were_told(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert values_made(value) <= values_in(text)


@given(st.lists(TEXTS, min_size=1))
def test_what_stands_in_strings_is_no_value(texts: list[str]) -> None:
    text = json.dumps(texts)
    assert values_in(text) <= max(2 * len(texts) + 1, len(text) // verifier.json_size.VALUE_BYTES)


@pytest.mark.parametrize(
    "text",
    [
        "[" + "[]," * 60 + "[]]",
        json.dumps("[" + '"1",' * 200 + '"1"]'),
        json.dumps(
            {"inputs": ["1"] * 3, "outputs": ["[" + "[]," * 60 + "[]]"] * 3, "fn_name": "f"}
        ),
        json.dumps({"input_output": json.dumps({"inputs": ["1"] * 70, "outputs": ["1"] * 70})}),
    ],
)
def test_more_values_than_can_be_held_are_not_parsed(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Control: with the limit just above them the same ground truth is read, or said to be no such
    thing for another reason."""
    monkeypatch.setattr(fields, "MAX_VALUES", 100)
    with pytest.raises(GroundTruthError, match="more than the 100 values"):
        read_ground_truth(TruthText(text))
    monkeypatch.setattr(fields, "MAX_VALUES", 10_000)
    try:
        read_ground_truth(TruthText(text))
    except GroundTruthError as error:
        assert "values that can be read" not in str(error)  # noqa: PT017


@given(JSON_VALUES)
def test_a_ground_truth_as_text_is_what_it_was(value: Any) -> None:
    def read(raw: Any) -> Any:
        try:
            return read_ground_truth(raw)
        except GroundTruthError as error:
            return str(error)

    assert read(truth_text(value)) == read(value)


@pytest.mark.parametrize("value", [float("nan"), ["1", float("inf")], {"a": -float("inf")}])
def test_what_is_no_json_number_cannot_be_used(value: Any) -> None:
    with pytest.raises(GroundTruthError, match="is no JSON number"):
        read_ground_truth(truth_text(value))
