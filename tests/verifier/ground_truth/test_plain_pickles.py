"""Pickles of plain data are read, and nothing else of one ever happens."""

import contextlib
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.ground_truth.plain_pickles import read_plain

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(PLAIN, st.integers(1, pickle.HIGHEST_PROTOCOL))
def test_plain_data_comes_back(value: Any, protocol: int) -> None:
    assert read_plain(pickle.dumps(value, protocol)) == value


def test_tuples_are_lists() -> None:
    value = [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)]
    assert read_plain(pickle.dumps(value)) == list(map(list, value))


TWICE: list[Any] = ["x"]
REFUSED: dict[str, bytes] = {
    "a function": pickle.dumps(print),
    "an object": pickle.dumps(pytest.Item.__mro__[-1]()),
    "bytes": pickle.dumps(b"x"),
    "one list twice": pickle.dumps([TWICE, TWICE]),
    "a call": b"cos\nsystem\n(S'true'\ntR.",
    "no end": pickle.dumps([1])[:-1],
    "nothing on the stack": b"a.",
    "two values": b"NN.",
    "an odd number of items": b"\x80\x04}(Nu.",
    "an extension": b"\x82\x01.",
    "a list for a key": b"\x80\x04}(]Nu.",
    "no pickle": b"\xff\xff",
    "nothing": b"",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_more_than_that_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong, its caller says so
        read_plain(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_plain(data)
