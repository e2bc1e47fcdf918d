"""Values for every integer: the same steps from the same place."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.families import same_families
from verifier.math.comparing.outcome import NOT_MINE


def test_families_are_the_same_by_their_members() -> None:
    sixth = r"x=\frac{\pi}{6}+2k\pi, k\in\mathbb{Z}"
    assert decided(same_families, sixth, r"x=2n\pi-\frac{11\pi}{6}, n\in\mathbb{Z}") is True
    assert decided(same_families, sixth, r"x=\frac{\pi}{6}+k\pi, k\in\mathbb{Z}") is False
    assert decided(same_families, "1", "1") is NOT_MINE
