"""Residues of one modulus, in any order; a mere number is none."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.congruences import same_congruences
from verifier.math.comparing.outcome import NOT_MINE


def test_residues_are_the_same_modulo_their_modulus() -> None:
    assert decided(same_congruences, r"3 \pmod 7", r"10 \pmod 7") is True
    assert decided(same_congruences, r"x \equiv 1,2 \pmod 5", r"x \equiv 7,6 \pmod 5") is True
    assert decided(same_congruences, r"3 \pmod 7", r"4 \pmod 7") is False
    assert decided(same_congruences, "3", "3") is NOT_MINE
