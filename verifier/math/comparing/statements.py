"""Values with names (`x = 5`, `f(x) = 2x`) and equations."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeGuard

from verifier.math.comparing.equations import same_equations
from verifier.math.comparing.evaluate import same_function
from verifier.math.comparing.names import (
    Named,
    is_asked_for,
    is_near,
    known_value,
    named,
    with_parameters_of,
)
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.outcome import NOT_MINE, Decision, Ruling, Same, all_of
from verifier.math.tree import (
    Apply,
    Node,
    Number,
    Quantity,
    Ratio,
    Relation,
    children_of,
    symbols_of,
)
from verifier.math.units import read_unit


def is_vacuous(node: Node) -> bool:
    """`x = x` and the like: true whatever the answer is."""
    return isinstance(node, Relation) and any(a == b for a, b in pairwise(node.sides))


def same_statements(reference: Node, answer: Node, same: Same) -> Decision:
    """Values with names by name and value; other equations by what they hold for."""
    if not (isinstance(reference, Relation) or isinstance(answer, Relation)):
        return NOT_MINE
    if is_vacuous(answer):
        return False
    mine, yours = named(reference), named(answer)
    if not isinstance(reference, Relation) and _is_equality(answer):
        return _same_as_value(reference, answer, yours, same)
    if not isinstance(answer, Relation) and (value := _value_asked_for(reference)):
        return same(value, answer)
    if mine is not None and yours is not None:
        verdict = _same_named(mine, yours, same)
        if verdict is not False or mine.name is None or yours.name is None:
            return verdict
        if with_parameters_of(yours.name, yours.values[-1], mine.name) is not None:
            return False  # of one thing two values: as equations they may be hard to tell apart
        if isinstance(mine.values[-1], Quantity) or isinstance(yours.values[-1], Quantity):
            return False
    if (
        isinstance(reference, Relation)
        and isinstance(answer, Relation)
        and {reference.signs, answer.signs} <= {("=",), ("~",)}
    ):
        units = _units_in(reference), _units_in(answer)
        return (not all(units) or units[0] == units[1]) and same_equations(reference, answer)
    return False


def _is_equality(node: Node) -> TypeGuard[Relation]:
    return isinstance(node, Relation) and set(node.signs) == {"="}


def _value_asked_for(reference: Node) -> Node | None:
    """The 5 of `|z| = 5`."""
    match reference:
        case Relation((name, value), ("=",)) if is_asked_for(name, of_answer=False):
            return value
        case _:
            return None


def _same_as_value(
    reference: Node, answer: Relation, named_value: Named | None, same: Same
) -> Ruling:
    """A mere value beside an equation: a value with a name, or an identity that it is in."""
    if named_value is not None:
        return _same_named(Named(None, (reference,)), named_value, same)
    name, *values = answer.sides
    if is_asked_for(name, of_answer=True) and (
        len(values) == 1 or not any(map(_has_variables, values))
    ):
        return all_of(_same_as_part(reference, name, value, same) for value in values)
    if _has_variables(reference):
        told = [side for side in answer.sides[:-1] if "..." not in symbols_of(side)]
        return bool(all_of(same(reference, side) for side in (*told, answer.sides[-1])))
    # sin^2 x + cos^2 x = 1: letters that cancel, as the last side says
    return bool(same(reference, values[-1])) and all(
        same_function(reference, side) is True for side in answer.sides
    )


def _same_as_part(reference: Node, name: Node, value: Node, same: Same) -> Ruling:
    """What a ratio is worth is no time of day: `A:B = 7:32`."""
    verdict = same(reference, value)
    match name, value:
        case Apply("/"), Ratio((one, other)) if not verdict:
            return same(reference, Apply("/", (one, other)))
        case _:
            return verdict


def _has_variables(node: Node) -> bool:
    return bool(symbols_of(node) - CONSTANTS)


def _units_in(node: Node) -> frozenset[object]:
    own = frozenset({read_unit(node.unit)}) if isinstance(node, Quantity) else frozenset()
    return own.union(*map(_units_in, children_of(node)))


def _same_named(mine: Named, yours: Named, same: Same) -> Ruling:
    """The values agree; names, where both have one, name the same thing."""
    values = yours.values
    if mine.name is not None and yours.name is not None:
        rewritten = [with_parameters_of(yours.name, value, mine.name) for value in values]
        if None in rewritten:
            return False
        values = tuple(value for value in rewritten if value is not None)
    last = _same_as_any(mine, values[-1], same)
    if last:
        if not all(is_near(known_value(yours), rounding) for rounding in yours.roundings):
            return False
        if not all(_may_lead_there(mine, value, same) for value in values[:-1]):
            return False
    return last


def _may_lead_there(mine: Named, value: Node, same: Same) -> bool:
    """Whether a side of an answer's chain may lead to its last one. A chain that ends right but
    claims other values on its way hedges. Letters that the value lacks are what the question gave,
    which is not known here, unless the reference goes by such a side too."""
    given = symbols_of(value) - symbols_of(mine.values[-1]) - CONSTANTS
    if given and not any(
        symbols_of(side) - symbols_of(mine.values[-1]) - CONSTANTS for side in mine.values
    ):
        return True
    verdict = _same_as_any(mine, value, same)
    return bool(verdict) or (verdict is None and bool(symbols_of(value) - CONSTANTS))


def _is_written_out(value: Node) -> bool:
    """Whether a value is a plain number, with or without a sign and a unit."""
    match value:
        case Apply("neg", (inner,)) | Quantity(inner, _):
            return _is_written_out(inner)
        case _:
            return isinstance(value, Number)


def _same_as_any(mine: Named, value: Node, same: Same) -> Ruling:
    """The value against each side of the reference; its decimals are for decimals, as a closed form
    that merely rounds to one is another number."""
    roundings = mine.roundings if _is_written_out(value) else ()
    verdicts = [same(side, value) for side in (mine.values[-1], *mine.values[:-1], *roundings)]
    if True in verdicts:
        return True
    return None if None in verdicts else False
