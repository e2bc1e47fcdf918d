"""Decides whether an answer states what the reference states: one rule for each form of answer.

docs/math.md lists the rules with examples. True and False are certain, up to the evaluation at
points that verifier.math.evaluate explains; None means that no rule here can tell.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.evaluate import (
    CONSTANTS,
    DIGITS,
    POINTS,
    Evaluator,
    Undefined,
    agree,
    constant_value,
    exact_value,
    point,
    same_function,
)
from verifier.math.forms import (
    Named,
    named,
    names_given,
    settle,
    signs_chosen,
    with_parameters_of,
    without_unit_letter,
)
from verifier.math.plain import PlainNumber, rounds_to
from verifier.math.realsets import infinity_of, read_real_set
from verifier.math.tree import (
    Apply,
    Matrix,
    Node,
    Number,
    Numeral,
    Quantity,
    Relation,
    Row,
    SetOperation,
    Symbol,
    Words,
    operations_of,
    replace_symbols,
    symbols_of,
)
from verifier.math.units import read_unit

MAX_ITEMS = 60
_ARBITRARY = ("C", "c", "K", "k")
"""Names that a constant of integration goes by."""


def equivalent(reference: Node, answer: Node) -> bool | None:
    """Whether the answer is the reference, None where that cannot be told. Raises TooLarge."""
    return _same(settle(reference), settle(answer))


def _same(reference: Node, answer: Node) -> bool | None:
    if reference == answer and not _is_vacuous(answer):
        return True
    reference, answer = _as_list(reference), _as_list(answer)
    match reference, answer:
        case Words(first), Words(second):
            return first == second
        case (Words(), _) | (_, Words()):
            return False
        case (Numeral(digits, base), other) | (other, Numeral(digits, base)):
            return _same_numeral(digits, base, other, reference)
    for compare in (_same_sets, _same_lists, _same_statements, _same_matrices, _same_rows):
        verdict = compare(reference, answer)
        if verdict is not _NOT_MINE:
            assert verdict is None or isinstance(verdict, bool)
            return verdict
    return _same_scalars(reference, answer)


_NOT_MINE = object()
"""What a rule says of a pair that it is not about."""


def _as_list(node: Node) -> Node:
    """± outside of a list is a list of two."""
    if isinstance(node, Row) and node.left == "":
        return node
    readings = signs_chosen(node)
    return node if len(readings) == 1 else Row("", readings, "", "or")


def _is_vacuous(node: Node) -> bool:
    """`x = x` and the like: true whatever the answer is."""
    return isinstance(node, Relation) and any(a == b for a, b in pairwise(node.sides))


def _same_numeral(digits: str, base: int, other: Node, reference: Node) -> bool:
    """The same digits, and the same base; the reference may leave the base to the question."""
    match other:
        case Numeral(more, same):
            return (digits, base) == (more, same)
        case Number(plain) if other is reference:
            return plain.value.denominator == 1 and str(plain.value) == digits
        case _:
            return False


# -- lists and sets


def _is_bare(node: Node) -> bool:
    return isinstance(node, Row) and node.left == ""


def _is_set(node: Node) -> bool:
    return isinstance(node, Row) and node.left == "{"


def _same_lists(reference: Node, answer: Node) -> Any:
    """Lists and finite sets: the same members in any order; names go with their values."""
    if not (_is_bare(reference) or _is_set(reference) or _is_bare(answer) or _is_set(answer)):
        return _NOT_MINE
    if isinstance(reference, Row) and isinstance(answer, Row):
        if reference.left in ("(", "[") or answer.left in ("(", "["):
            return _same_loose_tuple(reference, answer)
        return _same_members(reference, answer)
    if isinstance(answer, Matrix) or isinstance(reference, Matrix):
        return False
    return _single_member(reference, answer)


def _single_member(reference: Node, answer: Node) -> bool | None:
    """A set of one and its member; a function with the domain that only one side gives."""
    if isinstance(reference, Row) and len(reference.items) == 1:
        return _same(reference.items[0], answer)
    if isinstance(answer, Row) and len(answer.items) == 1 and _is_set(answer):
        return _same(reference, answer.items[0])
    if isinstance(reference, Row) and _is_bare(reference):
        head, *conditions = reference.items
        part = named(head)
        if (
            part is not None
            and isinstance(part.name, Apply)
            and conditions
            and all(_is_inequality(condition) for condition in conditions)
        ):
            return _same(head, answer)
    return False


def _is_inequality(node: Node) -> bool:
    return isinstance(node, Relation) and not {"=", "~"} & set(node.signs)


def _same_loose_tuple(reference: Row, answer: Row) -> bool | None:
    """A tuple against a list without brackets: the same items in the same order."""
    if _is_set(reference) or _is_set(answer):
        if len(reference.items) == len(answer.items) == 1:
            return _same(reference.items[0], answer.items[0])
        single = reference if _is_set(reference) else answer
        if len(single.items) == 1:
            return _same(single.items[0], answer if single is reference else reference)
        return False
    pair, loose = (answer, reference) if _is_bare(reference) else (reference, answer)
    if (pair.left, pair.right) != ("(", ")") and len(pair.items) < 3:
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
    return _all(_same(mine, yours) for mine, yours in zip(*ordered, strict=True))


def _same_members(reference: Row, answer: Row) -> bool | None:
    mine, yours = names_given(reference.items), names_given(answer.items)
    if mine is None or yours is None:
        return _matched(list(reference.items), list(answer.items), as_sets=False)
    my_names, your_names = {name for name, _ in mine}, {name for name, _ in yours}
    if len(my_names) == 1 and len(your_names) == len(yours):
        your_names = _without_numbering(your_names)
    elif len(your_names) == 1 and len(my_names) == len(mine):
        my_names = _without_numbering(my_names)
    as_sets = _is_set(reference) or _is_set(answer)
    if len(my_names - {None}) <= 1 and len(your_names - {None}) <= 1:
        shared = my_names | your_names
        if len(shared - {None}) > 1:
            return False
        return _matched([v for _, v in mine], [v for _, v in yours], as_sets=as_sets)
    if your_names == {None} and len(mine) == len(yours) and not as_sets:
        # Values without the names that the reference gives: in its order.
        return _all(_same(a[1], b[1]) for a, b in zip(mine, yours, strict=True))
    if my_names == {None}:
        return _matched([v for _, v in mine], [v for _, v in yours], as_sets=as_sets)
    return _matched(
        [_with_name(name, value) for name, value in mine],
        [_with_name(name, value) for name, value in yours],
        as_sets=as_sets,
        drop_conditions=True,
    )


def _without_numbering(names: set[Node | None]) -> set[Node | None]:
    """The one letter that `x_1`, `x_2` number, if that is what the names are."""
    letters = {name.name.partition("_")[0] for name in names if isinstance(name, Symbol)}
    numbered = all(isinstance(name, Symbol) and name.name[-1].isdigit() for name in names)
    return {Symbol(letter) for letter in letters} if numbered and len(letters) == 1 else names


def _with_name(name: Node | None, value: Node) -> Node:
    return value if name is None else Relation((name, value), ("=",))


def _matched(
    mine: list[Node], yours: list[Node], *, as_sets: bool, drop_conditions: bool = False
) -> bool | None:
    """Whether each member of one is a member of the other, as often unless they are sets."""
    if len(mine) > MAX_ITEMS or len(yours) > MAX_ITEMS:
        return mine == yours
    if as_sets:
        mine, yours = _without_repeats(mine), _without_repeats(yours)
    if len(mine) != len(yours):
        return False
    left = list(yours)
    unsure = False
    for item in mine:
        for position, other in enumerate(left):
            verdict = _same(item, other)
            if verdict:
                del left[position]
                break
            unsure = unsure or verdict is None
        else:
            return None if unsure else False
    return True


def _without_repeats(items: list[Node]) -> list[Node]:
    kept: list[Node] = []
    for item in items:
        if not any(_same(item, other) for other in kept):
            kept.append(item)
    return kept


def _all(verdicts: Any) -> bool | None:
    result: bool | None = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is None:
            result = None
    return result


# -- sets of reals


def _same_sets(reference: Node, answer: Node) -> Any:
    """Intervals, unions and inequalities, as sets of real numbers."""
    if not (_is_range(reference) and _is_range(answer)):
        if isinstance(reference, SetOperation) or isinstance(answer, SetOperation):
            mine, yours = read_real_set(reference), read_real_set(answer)
            return mine.equals(yours) if mine and yours else _same_parts(reference, answer)
        return _NOT_MINE
    if (
        isinstance(reference, Row)
        and isinstance(answer, Row)
        and not (_is_bare(reference) or _is_bare(answer))
    ):
        return _NOT_MINE  # pairs are compared end by end, whether intervals or points
    mine, yours = read_real_set(reference), read_real_set(answer)
    if mine is None or yours is None:
        return _same_parts(reference, answer)
    return mine.equals(yours)


def _is_range(node: Node) -> bool:
    match node:
        case SetOperation():
            return True
        case Row("(" | "[", items, ")" | "]"):
            return len(items) == 2
        case Row("", items, ""):
            return len(items) > 0 and all(map(_is_range, items)) and any(map(_is_inequality, items))
        case Relation(_, signs):
            return not {"=", "~"} & set(signs)
        case _:
            return False


def _same_parts(reference: Node, answer: Node) -> Any:
    """Ranges with variables in their ends, part by part."""
    match reference, answer:
        case SetOperation(op, mine), SetOperation(other, yours):
            if op != other:
                return False
            if op == "setminus":
                return _all(_same(a, b) for a, b in zip(mine, yours, strict=True))
            return _matched(_members(reference, op), _members(answer, op), as_sets=True)
        case Relation(), Relation():
            return _same_inequalities(reference, answer)
        case (Row("", _, ""), _) | (_, Row("", _, "")):
            return _NOT_MINE
        case Relation(sides, signs), Row(left, items, right) if len(sides) == 3:
            return _same_range(sides, signs, left, items, right)
        case Row(left, items, right), Relation(sides, signs) if len(sides) == 3:
            return _same_range(sides, signs, left, items, right)
        case _:
            return False


def _members(node: Node, op: str) -> list[Node]:
    if isinstance(node, SetOperation) and node.op == op:
        return [member for part in node.parts for member in _members(part, op)]
    return [node]


def _same_range(
    sides: tuple[Node, ...], signs: tuple[str, ...], left: str, items: tuple[Node, ...], right: str
) -> bool | None:
    """`a < x <= b` against `(a, b]`."""
    if signs[0] in (">", ">="):
        sides, signs = sides[::-1], tuple({">": "<", ">=": "<="}[sign] for sign in signs[::-1])
    if signs != (("<=" if left == "[" else "<"), ("<=" if right == "]" else "<")):
        return False
    return _all((_same(sides[0], items[0]), _same(sides[2], items[1])))


def _same_inequalities(reference: Relation, answer: Relation) -> bool | None:
    turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!=", "in": "in"}
    sides, signs = answer.sides, answer.signs
    if len(sides) != len(reference.sides):
        return False
    if signs != reference.signs:
        sides, signs = sides[::-1], tuple(turned.get(sign, sign) for sign in signs[::-1])
        if signs != reference.signs:
            return False
    by_sides = _all(_same_scalars(a, b) for a, b in zip(reference.sides, sides, strict=True))
    if by_sides or len(sides) > 2:
        return by_sides
    ratio = _constant_ratio(_difference(reference.sides), _difference(sides))
    if ratio is None:
        return False
    return bool(ratio != 0 if reference.signs == ("!=",) else mpmath.re(ratio) > 0)


# -- statements: values with names, equations


def _same_statements(reference: Node, answer: Node) -> Any:
    if not (isinstance(reference, Relation) or isinstance(answer, Relation)):
        return _NOT_MINE
    if _is_vacuous(answer):
        return False
    mine, yours = named(reference), named(answer)
    if mine is not None and yours is not None:
        verdict = _same_named(mine, yours)
        if verdict is not False or mine.name is None or yours.name is None:
            return verdict
        if isinstance(mine.values[-1], Quantity) or isinstance(yours.values[-1], Quantity):
            return False
    if (
        isinstance(reference, Relation)
        and isinstance(answer, Relation)
        and reference.signs == answer.signs == ("=",)
    ):
        return _same_equations(reference, answer)
    return False


def _same_named(mine: Named, yours: Named) -> bool | None:
    """The values agree; names, where both have one, name the same thing."""
    values = yours.values
    if mine.name is not None and yours.name is not None:
        rewritten = [with_parameters_of(yours.name, value, mine.name) for value in values]
        if None in rewritten:
            return False
        values = tuple(value for value in rewritten if value is not None)
    last = _same_as_any(mine, values[-1])
    if last:
        known = symbols_of(mine.values[-1]) | CONSTANTS
        for value in values[:-1]:
            # A chain that ends right but claims other values on its way hedges.
            if symbols_of(value) <= known and _same_as_any(mine, value) is False:
                return False
    return last


def _same_as_any(mine: Named, value: Node) -> bool | None:
    verdicts = [
        _same(side, value) for side in (mine.values[-1], *mine.values[:-1], *mine.roundings)
    ]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _same_equations(reference: Relation, answer: Relation) -> bool | None:
    """Equations with the same solutions: one is the other times a factor that is never zero."""
    mine, yours = _difference(reference.sides), _difference(answer.sides)
    if symbols_of(mine) - CONSTANTS != symbols_of(yours) - CONSTANTS:
        return False
    my_top, my_bottom = _as_fraction(mine)
    your_top, your_bottom = _as_fraction(yours)
    for first, second in ((mine, yours), (my_top, your_top)):
        ratio = _constant_ratio(first, second)
        if ratio is not None:
            return bool(ratio != 0)
    nonzero = (symbols_of(my_bottom) | symbols_of(your_bottom)) - CONSTANTS
    return _is_monomial_ratio(my_top, your_top, nonzero)


def _difference(sides: tuple[Node, ...]) -> Node:
    return Apply("+", (sides[0], Apply("neg", (sides[-1],))))


_ONE = Number(PlainNumber(Fraction(1)))


def _as_fraction(node: Node) -> tuple[Node, Node]:
    """Numerator and denominator, multiplied out but not reduced."""
    match node:
        case Apply("neg", (value,)):
            top, bottom = _as_fraction(value)
            return Apply("neg", (top,)), bottom
        case Apply("/", (left, right)):
            (a, b), (c, d) = _as_fraction(left), _as_fraction(right)
            return _times(a, d), _times(b, c)
        case Apply("*", (left, right)):
            (a, b), (c, d) = _as_fraction(left), _as_fraction(right)
            return _times(a, c), _times(b, d)
        case Apply("^", (base, Apply("neg", (exponent,)))):
            return _ONE, Apply("^", (base, exponent))
        case Apply("+", parts):
            top, bottom = _as_fraction(parts[0])
            for part in parts[1:]:
                a, b = _as_fraction(part)
                if b == bottom:
                    top = Apply("+", (top, a))
                else:
                    top, bottom = Apply("+", (_times(top, b), _times(a, bottom))), _times(bottom, b)
            return top, bottom
        case _:
            return node, _ONE


def _times(left: Node, right: Node) -> Node:
    if left == _ONE:
        return right
    return left if right == _ONE else Apply("*", (left, right))


def _ratios(mine: Node, yours: Node, scale: dict[str, int]) -> list[Any] | None:
    """The ratio of two expressions at several points, None where it is nowhere defined."""
    names = symbols_of(mine) | symbols_of(yours)
    found: list[Any] = []
    with mp.workdps(DIGITS):
        for number in range(POINTS):
            at = {name: value * scale.get(name, 1) for name, value in point(names, number).items()}
            try:
                top, bottom = (
                    Evaluator(at, natural_log=True).value(node) for node in (mine, yours)
                )
            except Undefined:
                continue
            if bottom == 0 or agree(bottom + 1, 1) or agree(top + 1, 1):
                return None
            found.append(top / bottom)
    return found if len(found) >= 2 else None


def _constant_ratio(mine: Node, yours: Node) -> Any | None:
    """The number that one expression is times the other; None where there is none."""
    ratios = _ratios(mine, yours, {})
    if ratios is None or not all(agree(ratio, ratios[0]) for ratio in ratios):
        return None
    return ratios[0]


def _is_monomial_ratio(mine: Node, yours: Node, nonzero: frozenset[str]) -> bool:
    """Whether the ratio is a constant times powers of variables that cannot be zero."""
    plain = _ratios(mine, yours, {})
    if plain is None or not nonzero:
        return False
    for name in symbols_of(mine) - CONSTANTS:
        doubled = _ratios(mine, yours, {name: 2})
        if doubled is None or len(doubled) != len(plain):
            return False
        steps = [a / b for a, b in zip(doubled, plain, strict=True)]
        powers = [mpmath.mpf(2) ** power for power in range(-8, 9)] if name in nonzero else [1]
        if not any(all(agree(step, power) for step in steps) for power in powers):
            return False
    return True


# -- tuples, vectors, matrices


def _same_matrices(reference: Node, answer: Node) -> Any:
    match reference, answer:
        case Matrix(mine, kind), Matrix(yours, other):
            if kind != other or len(mine) != len(yours) or len(mine[0]) != len(yours[0]):
                return False
            return _all(
                _same(a, b)
                for my_row, your_row in zip(mine, yours, strict=True)
                for a, b in zip(my_row, your_row, strict=True)
            )
        case (Matrix(rows, "matrix"), Row("(" | "[", items, ")" | "]")) | (
            Row("(" | "[", items, ")" | "]"),
            Matrix(rows, "matrix"),
        ):
            entries = [entry for row in rows for entry in row]
            if min(len(rows), len(rows[0])) != 1 or len(entries) != len(items):
                return False
            ordered = (entries, items) if isinstance(reference, Matrix) else (items, entries)
            return _all(_same(a, b) for a, b in zip(*ordered, strict=True))
        case (Matrix(((entry,),)), other) | (other, Matrix(((entry,),))):
            return _same(entry, other) if isinstance(reference, Matrix) else _same(other, entry)
        case (Matrix(), _) | (_, Matrix()):
            return False
        case _:
            return _NOT_MINE


def _same_rows(reference: Node, answer: Node) -> Any:
    """Ordered tuples and intervals: the same brackets, the same items in order."""
    match reference, answer:
        case Row(left, mine, right), Row(other_left, yours, other_right):
            if len(mine) != len(yours):
                return False
            if len(mine) == 2 and (left, right) != (other_left, other_right):
                return False
            return _all(_same(a, b) for a, b in zip(mine, yours, strict=True))
        case (Row("(", items, ")"), other) | (other, Row("(", items, ")")):
            vector = _by_unit_vectors(other, len(items))
            return vector is not None and _same_rows(
                *((reference, vector) if other is answer else (vector, answer))
            )
        case (Row(), _) | (_, Row()):
            return False
        case _:
            return _NOT_MINE


def _by_unit_vectors(node: Node, count: int) -> Row | None:
    """`3i - j` as a vector of so many components, None where it is none."""
    axes = ("i", "j", "k")[:count]
    if not 2 <= count <= 3 or not isinstance(node, Apply) or "j" not in symbols_of(node):
        return None
    zero, one = (Number(PlainNumber(Fraction(value))) for value in (0, 1))
    components = tuple(
        replace_symbols(node, {name: one if name == axis else zero for name in axes})
        for axis in axes
    )
    whole = Apply("+", tuple(Apply("*", (c, Symbol(a))) for c, a in zip(components, axes, strict=True)))
    plain = {"i": Symbol("unit i")}  # i is no imaginary unit here
    linear = same_function(replace_symbols(node, plain), replace_symbols(whole, plain))
    return Row("(", components, ")") if linear else None


# -- scalars and quantities


def _same_scalars(reference: Node, answer: Node) -> bool | None:
    if isinstance(reference, Quantity) or isinstance(answer, Quantity):
        return _same_quantities(reference, answer)
    if infinity_of(reference) or infinity_of(answer):
        return infinity_of(reference) == infinity_of(answer)
    if isinstance(reference, Relation | Row | Matrix | SetOperation | Words) or isinstance(
        answer, Relation | Row | Matrix | SetOperation | Words
    ):
        return False
    mine, yours = _plain(reference), _plain(answer)
    if mine is not None and yours is not None:
        return mine.equals(yours)
    if mine is not None and not symbols_of(answer) - CONSTANTS:
        return _rounds_or_equals(mine, reference, answer)
    if symbols_of(answer) - symbols_of(reference) - CONSTANTS:
        # A variable that the reference does not know could be anything, even where it cancels.
        return _same_antiderivatives(reference, answer)
    verdict = same_function(reference, answer)
    return _same_antiderivatives(reference, answer) if verdict is False else verdict


def _plain(node: Node) -> PlainNumber | None:
    """The number a tree is, with the digits it is written with where it is a decimal."""
    match node:
        case Number(plain):
            return plain
        case Apply("neg", (inner,)):
            plain = _plain(inner)
            return plain and PlainNumber(
                -plain.value, plain.percent, plain.unit_in_last_place, plain.is_rounded
            )
        case Apply("*", (Number(plain), Apply("^", (Number(ten), exponent)))) if ten.value == 10:
            power = exact_value(exponent)
            if power is not None and power.denominator == 1 and abs(power) < 400:
                scale = Fraction(10) ** int(power)
                ulp = plain.unit_in_last_place
                return PlainNumber(
                    plain.value * scale, plain.percent, ulp and ulp * scale, plain.is_rounded
                )
    value = exact_value(node)
    return None if value is None else PlainNumber(value)


def _rounds_or_equals(mine: PlainNumber, reference: Node, answer: Node) -> bool | None:
    """A number against a closed form: equal, or rounding to the reference's decimal."""
    value = constant_value(answer)
    if value is None:
        return False
    if mine.is_rounded and not isinstance(value, mpmath.mpc) and abs(value) < 10**30:
        near = Fraction(int(mpmath.nint(value * 10**40)), 10**40)
        if rounds_to(near, mine):
            return True
    return same_function(reference, answer)


def _same_quantities(reference: Node, answer: Node) -> bool | None:
    """Values with units: the same measure. A unit that one side leaves out is left to the
    question; two that are no multiples of each other differ."""
    match reference, answer:
        case Quantity(mine, unit), Quantity(yours, other):
            return _same_measures(mine, unit, yours, other)
        case Quantity(mine, unit), _:
            bare = without_unit_letter(answer, unit)
            return _with_or_without(mine, answer if bare is None else bare, unit, reference=mine)
        case _, Quantity(yours, unit):
            bare = without_unit_letter(reference, unit)
            return _with_or_without(
                yours, reference if bare is None else bare, unit, reference=None
            )
        case _:
            return None


def _with_or_without(value: Node, bare: Node, unit: str, *, reference: Node | None) -> bool | None:
    def same(measured: Node) -> bool | None:
        return _same(measured, bare) if reference is not None else _same(bare, measured)

    verdict = same(value)
    if verdict:
        return True
    if unit == "degree":
        return same(Apply("degree", (value,))) if "pi" in symbols_of(bare) else verdict
    if unit == "percent":
        return same(Apply("/", (value, Number(PlainNumber(Fraction(100))))))
    return verdict


def _same_measures(mine: Node, unit: str, yours: Node, other: str) -> bool | None:
    my_dimensions, my_factor = read_unit(unit)
    your_dimensions, your_factor = read_unit(other)
    if my_dimensions == your_dimensions and my_factor == your_factor:
        return _same(mine, yours)
    if my_dimensions == your_dimensions:
        factor = Number(PlainNumber(your_factor / my_factor))
        return _same(mine, Apply("*", (yours, factor)))
    names = {name for name, _ in my_dimensions}, {name for name, _ in your_dimensions}
    if "unit" in names[0] | names[1]:  # "square units" stands for any
        return _same(mine, yours)
    if names == ({"angle"}, {"radian"}):
        return _same(Apply("degree", (mine,)), yours)
    if names == ({"radian"}, {"angle"}):
        return _same(mine, Apply("degree", (yours,)))
    # "apples" and "red apples"
    if names[0] and names[1] and (names[0] < names[1] or names[1] < names[0]):
        return _same(mine, yours)
    return False


def _same_antiderivatives(reference: Node, answer: Node) -> bool | None:
    """Expressions that end in a constant of integration: equal up to a constant."""
    mine, yours = _arbitrary_constant(reference), _arbitrary_constant(answer)
    if mine is None or yours is None:
        return False
    zero = {name: Number(PlainNumber(Fraction(0))) for name in (mine, yours)}
    difference = Apply(
        "+", (replace_symbols(reference, zero), Apply("neg", (replace_symbols(answer, zero),)))
    )
    variables = symbols_of(difference) - CONSTANTS
    moved: dict[str, Node] = {
        name: Apply("+", (Symbol(name), Number(PlainNumber(Fraction(1, 7))))) for name in variables
    }
    if not variables or "floor" in operations_of(difference):
        return False
    return same_function(difference, replace_symbols(difference, moved))


def _arbitrary_constant(node: Node) -> str | None:
    """The name of the constant of integration that an expression ends with."""
    if not isinstance(node, Apply) or node.op != "+":
        return None
    for name in _ARBITRARY:
        rest = [term for term in node.args if term != Symbol(name)]
        if len(rest) == len(node.args) - 1 and not any(name in symbols_of(term) for term in rest):
            return name
    return None
