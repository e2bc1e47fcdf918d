"""Plain data crosses the wall unchanged; no bytes that come back can do more than be refused."""

import copy
import json
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Built, Opaque
from sandbox.agent import values
from sandbox.runs.codec import MAX_EQUAL_HASHES, Malformed, decode, encode

hashables = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.fractions(max_denominator=2**70)
    | st.text(st.characters(exclude_categories=()), max_size=4)
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=6,
)
plain = st.recursive(
    hashables
    | st.sets(hashables, max_size=4)
    | st.binary(max_size=4).map(bytearray)
    | st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 3)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(hashables, inner, max_size=3)
    ),
    max_leaves=10,
)


def shape(value: Any) -> Any:
    """`value` with every type spelt out, which `==` alone does not compare."""
    if isinstance(value, list | tuple):
        return (type(value), [shape(item) for item in value])
    if isinstance(value, dict):
        return (dict, [(shape(key), shape(item)) for key, item in value.items()])
    if isinstance(value, set | frozenset):
        return (type(value), sorted(map(repr, map(shape, value))))
    return (type(value), repr(value))


@given(plain)
def test_an_argument_arrives_as_it_was_sent(value: Any) -> None:
    before = copy.deepcopy(value)
    assert shape(values.decoder({})(encode(value).decode())) == shape(before)
    assert shape(value) == shape(before)


@given(plain)
def test_a_returned_value_arrives_as_it_was_sent(value: Any) -> None:
    sent = values.Encoder(consume=False).encode(value)
    assert shape(decode(sent)) == shape(value)


def test_not_a_number_crosses_too() -> None:
    assert math.isnan(values.decoder({})(encode([math.nan]).decode())[0])
    assert math.isnan(decode(values.Encoder(consume=False).encode((math.nan,)))[0])


def test_the_other_side_builds_what_only_it_can() -> None:
    sent = encode([Built("pair", (1, [Built("pair", (2, 3))]))])
    built = values.decoder({"pair": lambda a, b: ("pair", a, b)})(sent.decode())
    assert built == [("pair", 1, [("pair", 2, 3)])]


@pytest.mark.parametrize("value", [object(), len, Opaque("X"), [Opaque("X")], {1: {2: object()}}])
def test_what_is_not_plain_is_not_sent(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be sent"):
        encode(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("tsfdibacronq") | st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=20,
)
SAFE = (bool, int, float, str, bytes, bytearray, complex, Fraction, range, type(None), Opaque)


def assert_plain(value: Any) -> None:
    pending = [value]
    while pending:
        found = pending.pop()
        if type(found) is Opaque:
            pending.extend(found.items or ())
        elif type(found) is dict:
            pending.extend([*found, *found.values()])
        elif type(found) in (list, tuple, set, frozenset):
            pending.extend(found)
        else:
            assert type(found) in SAFE


@given(json_values)
def test_any_json_is_plain_data_or_malformed(sent: Any) -> None:
    try:
        value = decode(json.dumps(sent).encode())
    except Malformed:
        return
    assert_plain(value)


@given(st.binary(max_size=60) | st.text('[]{}":,\\u0123456789abtsfdiborn.eE-+ ').map(str.encode))
def test_any_bytes_are_plain_data_or_malformed(sent: bytes) -> None:
    try:
        value = decode(sent)
    except Malformed:
        return
    assert_plain(value)


@pytest.mark.parametrize(
    ("value", "equal", "unequal"),
    [
        (Decimal("0.1"), Fraction(1, 10), 0.1),
        (Fraction(1, 10), Fraction(1, 10), 0.1),
        (Decimal("0.50"), 0.5, 0.25),
        (Fraction(6, 3), 2, 2.5),
        (Decimal("-Infinity"), -math.inf, math.inf),
    ],
)
def test_exact_number_equals_what_it_equals_in_python(
    value: Decimal | Fraction, equal: Any, unequal: Any
) -> None:
    """One tenth is no float: a dataset's own judge takes 0.1 for neither."""
    received = decode(values.Encoder(consume=False).encode(value))
    assert (received == equal, received == unequal) == (True, False)
    assert (value == equal, value == unequal) == (True, False)


def test_number_too_long_to_be_reduced_is_an_object() -> None:
    received = decode(values.Encoder(consume=False).encode(Fraction(1, 3**5000)))
    assert type(received) is Opaque


HOSTILE = {
    "nothing": b"",
    "not JSON": b"{",
    "no UTF-8": b'"\xff"',
    "nested without end": b"[" * 100_000 + b"]" * 100_000,
    "tagged without end": b'{"t":[' * 50_000 + b"]}" * 50_000,
    "two tags": b'{"t":[],"s":[]}',
    "an unknown tag": b'{"z":[]}',
    "a value to be built": b'{"n":["exit",[]]}',
    "an unhashable member": b'{"s":[[]]}',
    "an unhashable key": b'{"d":[[[],1]]}',
    "a pair of three": b'{"d":[[1,2,3]]}',
    "a dict for pairs": b'{"d":[{"t":[1,2]}]}',
    "a tuple of a text": b'{"t":"ab"}',
    "an integer in words": b'{"i":"many"}',
    "an integer as an integer": b'{"i":5}',
    "bytes that are no hexadecimal": b'{"b":"zz"}',
    "a range without a step": b'{"r":[0,1,0]}',
    "a range of texts": b'{"r":["a","b","c"]}',
    "a complex of three": b'{"c":[1,2,3]}',
    "a fraction of nothing": b'{"q":["0x1","0x0"]}',
    "a fraction of floats": b'{"q":[1.0,2.0]}',
    "a fraction of three": b'{"q":["0x1","0x2","0x3"]}',
    "a fraction of endless integers": json.dumps({"q": ["0x1" + "0" * 2000, "0x3"]}).encode(),
    "an object without content": b'{"o":["A"]}',
    "an object of no name": b'{"o":[5,null]}',
    "a very long decimal": b"1" * 5000,
    "members of one hash": json.dumps(
        {"s": [{"i": hex(i * (2**61 - 1))} for i in range(2 * MAX_EQUAL_HASHES)]}
    ).encode(),
    "keys of one hash": json.dumps(
        {"d": [[{"i": hex(i * (2**61 - 1))}, 0] for i in range(2 * MAX_EQUAL_HASHES)]}
    ).encode(),
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_are_malformed(sent: bytes) -> None:
    with pytest.raises(Malformed):
        decode(sent)


def test_a_value_that_lies_about_itself_is_sent_as_what_it_is() -> None:
    class Equal(list):  # type: ignore[type-arg]
        def __eq__(self, other: object) -> bool:
            return True

        def __iter__(self) -> Any:
            return iter([1, 2])

        __hash__ = None

    class Five(int):
        def __index__(self) -> int:
            return 6

    sent = values.Encoder(consume=False).encode([Equal([7]), Five(5), {"a": Equal()}])
    assert decode(sent) == [[7], 5, {"a": []}]


def test_an_object_is_opaque_and_equal_to_nothing() -> None:
    class Equal:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = object.__hash__

    value = decode(values.Encoder(consume=False).encode(Equal()))
    assert isinstance(value, Opaque)
    assert value.type_name == "Equal"
    assert value != value
