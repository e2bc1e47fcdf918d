"""Lists, finite sets and tuples: what is in them, and in which order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.meanings import answer_several_questions
from verifier.math.comparing.names import named, names_given
from verifier.math.comparing.outcome import NOT_MINE, Decision, Ruling, Same, all_of
from verifier.math.literals import PlainNumber
from verifier.math.tree import (
    Apply,
    Bracketed,
    FiniteSet,
    Listing,
    Matrix,
    Node,
    Number,
    Relation,
    Row,
    Symbol,
    Words,
    symbols_of,
)

MAX_ITEMS = 60
_LEFT_OUT = Symbol("...")


def is_inequality(node: Node) -> bool:
    return isinstance(node, Relation) and not {"=", "~"} & set(node.signs)


def same_lists(reference: Node, answer: Node, same: Same) -> Decision:
    """Lists and finite sets: the same members in any order; names go with their values."""
    if not any(isinstance(node, Listing | FiniteSet) for node in (reference, answer)):
        return NOT_MINE
    reference, answer = _written_out(reference), _written_out(answer)
    if isinstance(reference, Row) and isinstance(answer, Row):
        if isinstance(reference, Listing | FiniteSet) and isinstance(answer, Listing | FiniteSet):
            if answer_several_questions([_word(item) for item in reference.items]):
                return len(reference.items) == len(answer.items) and all_of(
                    map(same, reference.items, answer.items)
                )
            return _same_members(reference, answer, same)
        return _same_loose_tuple(reference, answer, same)
    if isinstance(answer, Matrix) or isinstance(reference, Matrix):
        return False
    if any(_is_named_set(node) for node in (reference, answer)):
        return NOT_MINE
    return _single_member(reference, answer, same)


def _written_out(node: Node) -> Node:
    """`1, 3, ..., 9` with all its members, where these go on in equal steps; one that goes on for
    long, or without end, with the first two and the last. `x = y = 4, z = 2` with each name."""
    if isinstance(node, Listing):
        chains = [isinstance(item, Relation) and _spread(item) for item in node.items]
        spread = [
            chain.items if chain else (item,)
            for chain, item in zip(chains, node.items, strict=True)
        ]
        node = replace(node, items=tuple(item for items in spread for item in items))
    if not isinstance(node, Listing | FiniteSet) or node.items.count(_LEFT_OUT) != 1:
        return node
    place = node.items.index(_LEFT_OUT)
    told = [exact_value(item) for item in node.items if item != _LEFT_OUT]
    numbers = [number for number in told if number is not None]
    head, tail = numbers[:place], numbers[place:]
    if len(numbers) < len(told) or not head or len(numbers) < 2:
        return node
    step = head[1] - head[0] if len(head) > 1 else Fraction(1)
    steps = [(after - before) / step if step else 0 for before, after in pairwise(numbers)]
    across = steps.pop(len(head) - 1) if tail else 1
    if any(each != 1 for each in steps) or across < 1 or across.denominator != 1:
        return node
    count = len(numbers) - 1 + int(across)
    if tail and count <= MAX_ITEMS:
        return replace(node, items=tuple(_number(head[0] + step * at) for at in range(count)))
    start = (_number(head[0]), _number(head[0] + step), _LEFT_OUT)
    return replace(node, items=(*start, *map(_number, tail[-1:])))


def _word(node: Node) -> str:
    match node:
        case Words(text) | Symbol(text):
            return text.lower()
        case _:
            return ""


def _number(value: Fraction) -> Node:
    return Number(PlainNumber(value))


def _is_named_set(node: Node) -> bool:
    match node:
        case Relation((Symbol(), FiniteSet()), ("=",)):
            return True
        case _:
            return False


def same_chains(reference: Node, answer: Node, same: Same) -> Decision:
    """`x = y = z = 1` beside a list or a tuple: each name has the value."""
    match reference, answer:
        case _, Relation() if isinstance(reference, Row) and (spread := _spread(answer)):
            return same(reference, spread)
        case Relation(), _ if isinstance(answer, Row) and (spread := _spread(reference)):
            return same(spread, answer)
        case Relation(), Relation() if (mine := _spread(reference)) and (yours := _spread(answer)):
            return same(mine, yours)  # of which names it is said decides
        case _:
            return NOT_MINE


def _spread(chain: Relation) -> Listing | None:
    *names, value = chain.sides
    distinct = {name.name for name in names if isinstance(name, Symbol)}
    if set(chain.signs) != {"="} or len(names) < 2 or len(distinct) != len(names):
        return None
    if distinct & symbols_of(value):
        return None
    return Listing(tuple(Relation((name, value), ("=",)) for name in names), "and")


def _single_member(reference: Node, answer: Node, same: Same) -> Ruling:
    """A set of one and its member; a function with the domain that only one side gives."""
    if isinstance(reference, Row) and len(reference.items) == 1:
        return same(reference.items[0], answer)
    if isinstance(answer, FiniteSet) and len(answer.items) == 1:
        return same(reference, answer.items[0])
    if isinstance(answer, Listing) and len(set(answer.items)) == 1:
        return same(reference, answer.items[0])  # one value twice
    if isinstance(reference, Listing):
        head, *conditions = reference.items
        part = named(head)
        if (
            part is not None
            and isinstance(part.name, Apply)
            and conditions
            and all(is_inequality(condition) for condition in conditions)
        ):
            return same(head, answer)
    if isinstance(answer, Listing) and all(
        _is_exclusion(condition, reference) for condition in answer.items[1:]
    ):
        return same(reference, answer.items[0])
    return False


def _is_exclusion(condition: Node, of: Node) -> bool:
    """`x != 1` of an expression in x, which may say where it has no value."""
    match condition:
        case Relation((Symbol(name), _), ("!=",)):
            return not isinstance(of, Relation | Row) and name in symbols_of(of)
        case _:
            return False


def _same_loose_tuple(reference: Row, answer: Row, same: Same) -> Ruling:
    """A tuple against a list without brackets: the same items in the same order."""
    if isinstance(reference, FiniteSet) or isinstance(answer, FiniteSet):
        if len(reference.items) == len(answer.items) == 1:
            return same(reference.items[0], answer.items[0])
        single = reference if isinstance(reference, FiniteSet) else answer
        if len(single.items) == 1:
            return same(single.items[0], answer if single is reference else reference)
        return False
    pair, loose = (answer, reference) if isinstance(reference, Listing) else (reference, answer)
    if len(pair.items) < 3 and not (isinstance(pair, Bracketed) and pair.is_round):
        return False
    if len(pair.items) != len(loose.items) or len(loose.items) > MAX_ITEMS:
        return False
    parts = names_given(loose.items)
    if parts is None:
        return False
    if all(isinstance(name, Symbol) for name, _ in parts) and len({str(n) for n, _ in parts}) > 1:
        parts.sort(key=lambda part: str(part[0]))
    values = tuple(value for _, value in parts)
    ordered = (pair.items, values) if pair is reference else (values, pair.items)
    return all_of(same(mine, yours) for mine, yours in zip(*ordered, strict=True))


def _same_members(
    reference: Listing | FiniteSet, answer: Listing | FiniteSet, same: Same
) -> Ruling:
    """Pairs members by the names that both sides give; where one gives none, by their order or by
    their values."""
    mine, yours = names_given(reference.items), names_given(answer.items)
    if mine is None or yours is None:
        return members_match(list(reference.items), list(answer.items), same, as_sets=False)
    my_names, your_names = {name for name, _ in mine}, {name for name, _ in yours}
    if len(my_names) == 1 and len(your_names) == len(yours):
        your_names = _without_numbering(your_names)
    elif len(your_names) == 1 and len(my_names) == len(mine):
        my_names = _without_numbering(my_names)
    as_sets = isinstance(reference, FiniteSet) or isinstance(answer, FiniteSet)
    if len(my_names - {None}) <= 1 and len(your_names - {None}) <= 1:
        shared = my_names | your_names
        if len(shared - {None}) > 1:
            return False
        return members_match([v for _, v in mine], [v for _, v in yours], same, as_sets=as_sets)
    if your_names == {None} and len(mine) == len(yours) and not as_sets:
        # Values without the names that the reference gives: in its order.
        return all_of(same(a[1], b[1]) for a, b in zip(mine, yours, strict=True))
    if my_names == {None}:
        return members_match([v for _, v in mine], [v for _, v in yours], same, as_sets=as_sets)
    return members_match(
        [_with_name(name, value) for name, value in mine],
        [_with_name(name, value) for name, value in yours],
        same,
        as_sets=as_sets,
    )


def _without_numbering(names: set[Node | None]) -> set[Node | None]:
    """The one letter that `x_1`, `x_2` number, if that is what the names are."""
    letters = {name.name.partition("_")[0] for name in names if isinstance(name, Symbol)}
    numbered = all(isinstance(name, Symbol) and name.name[-1].isdigit() for name in names)
    return {Symbol(letter) for letter in letters} if numbered and len(letters) == 1 else names


def _with_name(name: Node | None, value: Node) -> Node:
    return value if name is None else Relation((name, value), ("=",))


def members_match(mine: list[Node], yours: list[Node], same: Same, *, as_sets: bool) -> Ruling:
    """Whether each member of one is a member of the other, as often unless they are sets."""
    if len(mine) > MAX_ITEMS or len(yours) > MAX_ITEMS:
        return mine == yours
    if as_sets:
        mine, yours = _without_repeats(mine, same), _without_repeats(yours, same)
    if len(mine) != len(yours):
        return False
    left = list(yours)
    unsure = False
    for item in mine:
        for position, other in enumerate(left):
            verdict = same(item, other)
            if verdict:
                del left[position]
                break
            unsure = unsure or verdict is None
        else:
            return None if unsure else False
    return True


def _without_repeats(items: list[Node], same: Same) -> list[Node]:
    kept: list[Node] = []
    for item in items:
        if not any(same(item, other) for other in kept):
            kept.append(item)
    return kept
