"""Lists and trees of nodes as LeetCode describes them."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox import Built
from verifier.programs.nodes import is_built, level_order, node_values


def test_what_a_suite_builds_has_its_values() -> None:
    assert node_values(Built("list_node", ([1, None, 2, None],))) == [1, None, 2, None]
    assert node_values(Built("tree_node", ([1, None, 2, None],))) == [1, None, 2]
    assert node_values(Built("tree_node", (None,))) == []
    assert not is_built(Built("Pair", (1, 2)))


@given(st.lists(st.none() | st.integers(0, 9), max_size=12))
def test_a_tree_in_level_order_is_described_in_one_way(values: list[int | None]) -> None:
    order = level_order(values)
    assert level_order(order) == order
    assert level_order([*values, None]) == order
    assert not order or order[-1] is not None
