"""What the inputs of a suite have in common, learned from them: sorted, distinct, `k <= len(a)`.

Each relation is a predicate on one argument or on two; those that hold of every case of the suite
are taken for what the problem promises."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

Values = tuple[Any, ...]
"""The arguments of one call."""
Relation = Callable[..., bool]
NO_CHANCE = 6
"""Cases that are all even, say: fewer may be so by chance."""


def learned(cases: Sequence[Values]) -> Callable[[Values], bool]:
    """A predicate that is true of each of `cases`, and of inputs that are like them."""
    always = (*_OF_ONE, *_BY_CHANCE) if len(cases) >= NO_CHANCE else _OF_ONE
    one = [
        (at, relation)
        for at in range(len(cases[0]))
        for relation in (*always, *_bounds([case[at] for case in cases]))
        if all(_holds(relation, case[at]) for case in cases)
    ]
    two = [
        (first, second, relation)
        for first, second in itertools.permutations(range(len(cases[0])), 2)
        for relation in _OF_TWO
        if all(_holds(relation, case[first], case[second]) for case in cases)
    ]

    def like(case: Values) -> bool:
        return all(_holds(relation, case[at]) for at, relation in one) and all(
            _holds(relation, case[first], case[second]) for first, second, relation in two
        )

    return like


_FOREIGN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a relation raises on values that it is not about."""


def _holds(relation: Relation, *values: Any) -> bool:
    try:
        return relation(*values)
    except _FOREIGN:
        return False


def _bounds(values: Sequence[Any]) -> list[Relation]:
    """Sizes, magnitudes and letters within those of the suite."""
    bounds: list[Relation] = []
    if all(_is_number(value) for value in values):
        bounds.append(_between(min(values), max(values)))
    lengths = [len(value) for value in values if hasattr(value, "__len__")]
    if lengths and len(lengths) == len(values):
        low, high = min(lengths), max(lengths)
        bounds.append(lambda value: low <= len(value) <= high)
    numbers = [number for value in values for number in _numbers(value)]
    if numbers:
        inside = _between(min(numbers), max(numbers))
        bounds.append(lambda value: all(map(inside, _numbers(value))))
        if len(values) >= NO_CHANCE:
            bounds += [_same_end(end, values) for end in (min, max)]
    inner = [len(part) for value in values for part in _parts(value) if hasattr(part, "__len__")]
    if inner:
        least, most = min(inner), max(inner)
        bounds.append(lambda value: all(least <= len(part) <= most for part in _parts(value)))
    letters = {letter for value in values for letter in _letters(value)}
    bounds.append(lambda value: _letters(value) <= letters)
    types = {_type(value) for value in values}
    bounds.append(lambda value: _type(value) in types)
    return bounds


def _same_end(end: Callable[[list[Any]], Any], values: Sequence[Any]) -> Relation:
    """That the least or the largest number of an argument is the suite's, if that has one only."""
    ends = {end(_numbers(value)) for value in values if _numbers(value)}
    return lambda value: len(ends) > 1 or {end(_numbers(value) or [None])} <= ends


def _between(low: Any, high: Any) -> Relation:
    return lambda value: bool(low <= value <= high)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple | set) else []


def _numbers(value: Any) -> list[Any]:
    if _is_number(value):
        return [value]
    return [number for part in _parts(value) for number in _numbers(part)]


def _letters(value: Any) -> set[str]:
    if isinstance(value, str):
        return set(value)
    return {letter for part in _parts(value) for letter in _letters(part)}


def _type(value: Any) -> str:
    """Of a value and of what a list in it holds: `list[int]`."""
    inner = {_type(part) for part in _parts(value)}
    return f"{type(value).__name__}{sorted(inner)}"


def _rows(value: Any) -> list[Any]:
    """The rows of a list of lists. Raises TypeError for anything else."""
    if not isinstance(value, list | tuple) or not all(
        isinstance(row, list | tuple) for row in value
    ):
        raise TypeError("not a list of lists")
    return list(value)


def _words(value: Any) -> list[str]:
    return value.split(" ") if isinstance(value, str) else [*map(str, _listed(value))]


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError("not a list")
    return list(value)


def _is_balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            return False
    return depth == 0


def _is_prime(number: int) -> bool:
    if not 1 < number <= _MOST_TO_FACTOR:
        return False
    return all(number % divisor for divisor in range(2, math.isqrt(number) + 1))


_MOST_TO_FACTOR = 10**7


def _ends_at_the_root(parents: Any) -> bool:
    """Whether each node comes to the root, -1, by way of its parents."""
    for node in range(len(_listed(parents))):
        steps, at = 0, node
        while at != -1 and steps <= len(parents):
            at, steps = parents[at], steps + 1
        if at != -1:
            return False
    return True


def _parts_of_graph(edges: Any) -> tuple[int, int]:
    """(number of connected parts, of independent circles) of a list of edges."""
    part: dict[Any, Any] = {}

    def root(node: Any) -> Any:
        while part.setdefault(node, node) != node:
            node = part[node]
        return node

    circles = 0
    for one, other, *_ in _rows(edges):
        circles += root(one) == root(other)
        part[root(one)] = root(other)
    return sum(node == above for node, above in part.items()), circles


_OF_ONE: tuple[Relation, ...] = (
    lambda a: all(x <= y for x, y in itertools.pairwise(_listed(a))),
    lambda a: all(x >= y for x, y in itertools.pairwise(_listed(a))),
    lambda a: len({repr(x) for x in _listed(a)}) == len(a),
    lambda a: all(x != y for x, y in itertools.pairwise(a)),
    lambda a: all(x != 0 for x in _listed(a)),
    lambda a: any(x != 0 for x in _listed(a)),
    lambda a: sorted(_listed(a)) == [*range(len(a))],
    lambda a: sorted(_listed(a)) == [*range(1, len(a) + 1)],
    lambda a: all(len(row) == len(a) for row in _rows(a)),
    lambda a: len({len(row) for row in _rows(a)}) <= 1,
    lambda a: all(x <= y for row in _rows(a) for x, y in itertools.pairwise(row)),
    lambda a: all(len(set(row)) == len(row) for row in _rows(a)),
    lambda a: all(row[0] <= row[-1] for row in _rows(a)),
    lambda a: all(row[0] < row[1] for row in _rows(a)),
    lambda a: len({frozenset(row) for row in _rows(a)}) == len(a),
    lambda a: len({row[0] for row in _rows(a)}) == len(a),
    lambda a: len({row[1] for row in _rows(a)}) == len(a),
    lambda a: len({x for row in _rows(a) for x in row}) == sum(map(len, _rows(a))),
    lambda a: all(one[-1] < other[0] for one, other in itertools.pairwise(_rows(a))),
    lambda a: {x for row in _rows(a) for x in row} == {*range(len(a) + 1)},
    lambda a: max(x for row in _rows(a) for x in row) < len(a),
    lambda a: _parts_of_graph(a)[0] == 1,
    lambda a: _parts_of_graph(a)[1] == 0,
    _ends_at_the_root,
    lambda a: max(_listed(a)) < len(a),
    lambda a: max(_listed(a)) <= len(a),
    lambda a: max(_numbers(a)) == len(_numbers(a)),
    lambda a: _listed(a)[0] != 0,
    lambda a: _listed(a)[-1] != 0,
    lambda a: _listed(a)[0] is not None,
    lambda a: _listed(a)[-1] is not None,
    lambda a: a > 0 and a & (a - 1) == 0,
    lambda a: math.isqrt(a) ** 2 == a,
    lambda a: all(map(_is_prime, _numbers(a))) and bool(_numbers(a)),
    lambda a: all(math.isqrt(x) ** 2 == x for x in _numbers(a)) and bool(_numbers(a)),
    lambda a: all(x & (x - 1) == 0 < x for x in _numbers(a)) and bool(_numbers(a)),
    lambda a: a == a[::-1],
    lambda a: a[0] != "0",
    lambda a: int(a) is not None,
    lambda a: float(a) is not None,
    lambda a: a.isidentifier(),
    lambda a: a.islower(),
    lambda a: a.isupper(),
    lambda a: a.strip() == a,
    lambda a: "  " not in a,
    lambda a: all(word for word in _words(a)),
    lambda a: all(word[0].isupper() for word in _words(a)),
    lambda a: len(set(_words(a))) == len(_words(a)),
    _is_balanced,
    lambda a: all(map(_is_balanced, _words(a))),
    lambda a: a[0].isalpha(),
    lambda a: a[0].isdigit(),
    lambda a: a[-1].isalnum(),
    lambda a: a[-1] in ".!?",
    lambda a: len({letter in ".,:;/-" for letter in a}) > 1,
    lambda a: len({len(word) for word in _words(a)}) == 1,
    lambda a: isinstance(a, str) and len({*map(a.count, a)}) <= 1,
)
"""Of one argument."""

_BY_CHANCE: tuple[Relation, ...] = (
    lambda a: len(a) % 2 == 0,
    lambda a: len(a) % 2 == 1,
    lambda a: a % 2 == 0,
    lambda a: a % 2 == 1,
    lambda a: all(x % 2 == 0 for x in _numbers(a)),
    lambda a: all(x % 2 == 1 for x in _numbers(a)),
    lambda a: sum(_listed(a)) % 2 == 0,
    lambda a: sum(_listed(a)) % 2 == 1,
)
"""Of one, and true of every second one anyway."""

_OF_TWO: tuple[Relation, ...] = (
    lambda a, b: len(a) == len(b),
    lambda a, b: len(a) <= len(b),
    lambda a, b: len(a) < len(b),
    lambda a, b: len(a) == b,
    lambda a, b: len(a) == b - 1,
    lambda a, b: len(a) % b == 0,
    lambda a, b: len(a) >= b,
    lambda a, b: len(a) > b,
    lambda a, b: a <= b,
    lambda a, b: a < b,
    lambda a, b: a != b,
    lambda a, b: a % b == 0,
    lambda a, b: a in b,
    lambda a, b: a not in b,
    lambda a, b: sorted(a) == sorted(b),
    lambda a, b: set(a) <= set(b),
    lambda a, b: not set(a) & set(b),
    lambda a, b: max(_numbers(a)) < b,
    lambda a, b: max(_numbers(a)) <= b,
    lambda a, b: min(_numbers(a)) > b,
    lambda a, b: max(_numbers(a)) < len(b),
    lambda a, b: max(_numbers(a)) <= len(b),
    lambda a, b: sum(_listed(a)) >= b,
    lambda a, b: sum(_listed(a)) <= b,
    lambda a, b: len({*_numbers(a)}) == b == max(_numbers(a)) + 1,
    lambda a, b: len({*_numbers(a)}) == b == max(_numbers(a)),
    lambda a, b: all(word in b for word in _listed(a)),
    lambda a, b: all(len(word) == len(b) for word in _listed(a)),
    lambda a, b: {letter for word in _listed(a) for letter in word} <= {*b},
)
"""Of two."""
