"""Points are the same everywhere and tell apart what bends far out."""

from verifier.math.comparing.points import POINTS, coordinate, points_for


def test_a_variable_has_the_same_values_in_every_process() -> None:
    assert coordinate("x", 0) == coordinate("x", 0)
    assert coordinate("x", 0) != coordinate("y", 0)
    assert all(0.25 <= abs(coordinate("x", n)) <= 3.25 for n in range(POINTS))


def test_expressions_that_bend_are_looked_at_farther_out() -> None:
    x = frozenset({"x"})
    assert len(points_for(x, frozenset({"abs"}))) > len(points_for(x, frozenset({"+"})))
    assert points_for(frozenset(), frozenset())[0].values == {}
