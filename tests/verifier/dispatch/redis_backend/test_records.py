"""Bits of a bitmap as Redis keeps them."""

from verifier.dispatch.redis_backend.records import has_verdict


def test_positions_count_from_the_highest_bit_on() -> None:
    judged = bytes([0b1000_0001, 0b0100_0000])
    assert [n for n in range(24) if has_verdict(judged, n)] == [0, 7, 9]
