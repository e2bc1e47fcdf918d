"""The reader of JSON: what the standard library reads, strictly, wherever the pieces are cut."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import api.http.strict_json
from api.http.strict_json import NotJson, TooManyItems, loads, loads_in_steps
from tests.api.problems.test_registry import JSON_VALUES

BATCHES = st.fixed_dictionaries(
    {},
    optional={
        "rollouts": JSON_VALUES | st.lists(st.fixed_dictionaries({"completion": st.text()})),
        "groups": JSON_VALUES | st.lists(st.fixed_dictionaries({"completions": JSON_VALUES})),
        "batch_id": st.text(),
    },
)
INDENTS = st.sampled_from([None, 0, 3])


@pytest.fixture(params=[1, 2, 7], autouse=True)
def _short_pieces(request: pytest.FixtureRequest) -> Any:
    """Values are cut everywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.http.strict_json, "_PIECE_BYTES", request.param)
        yield


@given(JSON_VALUES | BATCHES, INDENTS, st.booleans())
def test_what_is_json_is_read_as_it_is(value: Any, indent: int | None, ascii_only: bool) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8")
    assert loads(data) == loads_in_steps(data) == value
    assert loads(b"\xef\xbb\xbf" + data) == value


@given(JSON_VALUES | BATCHES, st.data())
def test_what_is_cut_or_changed_is_refused_or_means_what_the_standard_library_says(
    value: Any, data: st.DataObject
) -> None:
    sent = bytearray(json.dumps(value, ensure_ascii=False).encode("utf-8"))
    place = data.draw(st.integers(0, len(sent) - 1))
    if data.draw(st.booleans()):
        del sent[place:]
    else:
        sent[place] = data.draw(st.integers(0, 255))
    for read in (loads, loads_in_steps):
        try:
            found = read(bytes(sent))
        except NotJson:
            continue
        assert found == json.loads(sent)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Expecting value at character 0"),
        (b'{"rollouts": [1, 2}', "Expecting .* at character 18"),
        (b'{"a": 1,}', "character 8"),
        (b"[1] 2", "Extra data at character 4"),
        (b'{"a": 1, "a": 2}', "same key twice"),
        (b"[1e999]", "too large"),
        (b"-Infinity", "NaN and Infinity"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xc3', "not UTF-8"),
        (b"1" * 5000, "too many digits"),
        (b"[" * 300 + b"]" * 300, "more than 200 levels"),
        (b'{"rollouts": [' + b'{"x":' * 300 + b"1" + b"}" * 300 + b"]}", "more than 200 levels"),
    ],
)
def test_what_is_not_is_refused_with_its_place(data: bytes, says: str) -> None:
    for read in (loads, loads_in_steps):
        with pytest.raises(NotJson, match=says):
            read(data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"rollouts": [' + b"{}," * 100_000,
        b'{"groups": [' + b'{"completions": [""]},' * 100_000,
        b'{"groups": [{"completions": [' + b'"",' * 100_000,
    ],
)
def test_a_batch_beyond_all_measure_is_not_decoded_to_its_end(data: bytes) -> None:
    """Control: one within it is, and then what follows is no JSON."""
    with pytest.raises(TooManyItems):
        loads_in_steps(data, most_items=10)
    with pytest.raises(NotJson):
        loads_in_steps(data[:400], most_items=1000)


def test_the_values_of_a_ground_truth_are_no_items() -> None:
    group = {"ground_truth": [1] * 100, "completions": ["", ""], "truncated": [False] * 2}
    content = {"groups": [group] * 10}
    assert loads_in_steps(json.dumps(content).encode(), most_items=10) == content


def test_a_lone_surrogate_is_read() -> None:
    assert loads(b'"\\ud83d\\ude00 \\ud800"') == "\U0001f600 \ud800"
