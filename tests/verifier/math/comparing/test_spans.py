"""Unions of intervals: what touches is one, what is shared, what is left."""

from verifier.math.comparing.spans import ALL, Span, common, span_of, united, without


def closed(low: int, high: int) -> Span:
    return Span(low, high, low_in=True, high_in=True)


def test_an_empty_span_is_none() -> None:
    assert span_of(1, 1, low_in=True, high_in=True) == closed(1, 1)
    assert span_of(1, 1, low_in=True, high_in=False) is None
    assert span_of(2, 1, low_in=True, high_in=True) is None


def test_what_touches_becomes_one() -> None:
    assert united([closed(2, 3), closed(1, 2)]) == (closed(1, 3),)
    apart = Span(1, 2, low_in=True, high_in=False), Span(2, 3, low_in=False, high_in=True)
    assert united([*apart]) == apart


def test_what_is_shared_and_what_is_left() -> None:
    assert common((closed(1, 3),), (closed(2, 4),)) == [closed(2, 3)]
    gap = Span(1, 2, low_in=False, high_in=False)
    assert without((closed(0, 3),), (gap,)) == [closed(0, 1), closed(2, 3)]
    assert without((closed(0, 3),), (ALL,)) == []
