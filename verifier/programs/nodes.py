"""LeetCode's lists and trees of nodes: the names that suites and candidates use for them, and what
a tree's values mean.

What goes into a jail as text cannot import this and says it again: `referee/stand_ins.py`, and the
agent's `values.py`, which writes a returned tree level by level; `ground_truth/leetcode.py` is the
Python that a candidate is given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox import Built


@dataclass(frozen=True, slots=True)
class NodeKind:
    """One kind of node."""

    type_name: str
    """Of the candidate's class."""
    builder: str
    """What makes nodes of a list of values."""
    comparison: str
    """What tells whether two are the same."""
    fields: frozenset[str]
    """What an object of the class has."""


LIST = NodeKind("ListNode", "list_node", "is_same_list", frozenset({"val", "next"}))
TREE = NodeKind("TreeNode", "tree_node", "is_same_tree", frozenset({"val", "left", "right"}))
BY_BUILDER = {kind.builder: kind for kind in (LIST, TREE)}
BY_TYPE = {kind.type_name: kind for kind in (LIST, TREE)}
COMPARISONS = frozenset(kind.comparison for kind in (LIST, TREE))


def is_built(value: Any) -> bool:
    """Whether the candidate is given a list or tree of nodes for this."""
    return isinstance(value, Built) and value.name in BY_BUILDER


def node_values(built: Built) -> list[Any]:
    """What the nodes hold that `built` stands for: a list's values, a tree's level by level."""
    values = list(built.args[0] or ())
    return level_order(values) if BY_BUILDER[built.name] is TREE else values


def level_order(values: Sequence[Any]) -> list[Any]:
    """The tree that `values` describe level by level, without what hangs below no node and
    without None at the end."""
    if not values:
        return []
    order = [values[0]]
    rest = deque(values[1:])
    nodes = 1
    while nodes and rest:
        nodes -= 1
        for _ in range(min(2, len(rest))):
            child = rest.popleft()
            nodes += child is not None
            order.append(child)
    while order and order[-1] is None:
        order.pop()
    return order
