"""What values are called: `x = 5`, `f(x) = 2x`, `AB = 3`, and when two names are one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import mpmath

from verifier.math.comparing.evaluate import constant_value
from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.tree import (
    Apply,
    Listing,
    Matrix,
    Node,
    Number,
    Quantity,
    Ratio,
    Relation,
    Symbol,
    replace_symbols,
    symbols_of,
)

_DERIVATIVES = {"y'": "dy/dx"}


@dataclass(frozen=True, slots=True)
class Named:
    """A value and what it is called: `x = 5`, `f(x) = 2x`; `name` is None where it has no name.

    `values` are the sides of the chain behind the name, `5` and `10/2` in `x = 10/2 = 5`; the last
    one is the answer. `roundings` are sides behind a sign for "approximately"."""

    name: Node | None
    values: tuple[Node, ...]
    roundings: tuple[Node, ...] = ()


def named(node: Node) -> Named | None:
    """The tree as a value with or without a name; None where it is an equation or inequality."""
    if not isinstance(node, Relation):
        return Named(None, (node,))
    if not set(node.signs) <= {"=", "~"}:
        return None
    exact = [node.sides[0]]
    roundings: list[Node] = []
    for sign, side in zip(node.signs, node.sides[1:], strict=True):
        (roundings if sign == "~" or roundings else exact).append(side)
    if len(exact) == 2 and not roundings and not symbols_of(exact[0]) - CONSTANTS:
        exact.sort(key=_is_name, reverse=True)  # 5 = x
    if len(exact) == 2 and not roundings and _is_function(exact[1]) and not _is_name(exact[0]):
        exact.reverse()  # 2x + 1 = f(x)
    name = exact[0] if _is_name(exact[0]) or _is_named_matrix(*exact) else None
    if name is not None:
        rest = exact[1:] or roundings[:1]
        if _mentions(name, (*exact[1:], *roundings)):
            return None
        return Named(name, tuple(rest), tuple(roundings) if exact[1:] else ())
    if len(node.sides) > 1 and any(symbols_of(side) - CONSTANTS - {"..."} for side in exact):
        return None
    return Named(None, tuple(exact), tuple(roundings))


def _is_name(node: Node) -> bool:
    """Whether it may stand left of `=` as what the right side is the value of."""
    match node:
        case Symbol(name):
            return name not in ("pi", "i", "oo")
        case Apply("call", (Symbol(), *args)):  # f(x), or the value f(2)
            return (
                all(isinstance(arg, Symbol) for arg in args)
                or not symbols_of(Listing(tuple(args))) - CONSTANTS
            )
        case Apply("abs", (inside,)):  # |AB|, the length
            return len(spelled_out(inside)) == 2 and spelled_out(inside).isupper()
        case Apply("*", (Symbol("Delta" | "delta"), Symbol())):  # a change of something
            return True
        case Apply("sin" | "cos" | "tan" | "cot" | "det", (Symbol(name),)):
            return name in ("alpha", "beta", "gamma") or (len(name) == 1 and name.isupper())
        case _:  # AB, the segment
            spelled = spelled_out(node)
            return spelled == "pH" or (2 <= len(spelled) <= 4 and spelled.isupper())


def is_asked_for(node: Node, *, of_answer: bool) -> bool:
    """Whether an expression can only be what a question asked for, so that beside a mere value it
    is the value's name: a ratio, the absolute value of what is no real variable, a function of
    something; of an answer also what several letters make without a number (`m + n = 73`). One
    letter with numbers is an equation to solve."""
    match node:
        case Apply("/", (above, below)):
            return all(spelled_out(part) or isinstance(part, Symbol) for part in (above, below))
        case Apply("abs", (Symbol(name),)):
            return name[0] in "zw" or name[0].isupper()
        case Apply("abs" | "norm", _) | Apply("call", _):
            return bool(symbols_of(node) - CONSTANTS)
        case Apply("sin" | "cos" | "tan" | "cot", (Symbol(),)):
            return of_answer
        case Ratio(parts):  # a:b:c
            return all(is_asked_for(part, of_answer=of_answer) for part in parts)
        case Apply("+" | "*"):
            letters = _letters_alone(node)
            return of_answer and len(letters) > 1 and len(set(letters)) == len(letters)
        case _:
            return False


def _letters_alone(node: Node) -> list[str]:
    """The letters of a sum or a product of nothing but letters, empty for anything else."""
    match node:
        case Symbol(name):
            return [] if name in CONSTANTS else [name]
        case Apply("neg", (inner,)):
            return _letters_alone(inner)
        case Apply("+" | "*", parts):
            found = [_letters_alone(part) for part in parts]
            return [name for names in found for name in names] if all(found) else []
        case _:
            return []


def _is_parameter(node: Node) -> bool:
    return isinstance(node, Symbol) and not node.name[0].isupper()


def _is_function(node: Node) -> bool:
    match node:
        case Apply("call", (Symbol(), *args)):
            return all(isinstance(arg, Symbol) for arg in args)
        case _:
            return node == Symbol("y")


def _is_named_matrix(node: Node, *values: Node) -> bool:
    """`A^{-1}`, where a matrix is what it is."""
    match node, values:
        case Apply("^", (Symbol(name), _)), (Matrix(), *_):
            return len(name) == 1 and name.isupper()
        case _:
            return False


def spelled_out(node: Node) -> str:
    """The letters whose product a tree is, empty where it is none: `odd` in plain text."""
    match node:
        case Symbol(name):
            return name if len(name) == 1 else ""
        case Apply("*", (left, right)):
            first, second = spelled_out(left), spelled_out(right)
            return first + second if first and second else ""
        case _:
            return ""


def _mentions(name: Node, values: tuple[Node, ...]) -> bool:
    is_function = isinstance(name, Apply) and name.op == "call"
    letters = frozenset() if is_function else symbols_of(name)
    return any(letters & symbols_of(value) for value in values)


def with_parameters_of(name: Node, value: Node, other: Node) -> Node | None:
    """`value` of the function `name`, rewritten for the parameters of the function `other`; None
    where the names differ. A mapping `x \\mapsto 2x` has none: it is any function's."""
    match name, other:
        case Symbol(mine), Symbol(yours) if len(mine) > 2 or len(yours) > 2:
            mine, yours = (_DERIVATIVES.get(name, name) for name in (mine, yours))
            are_words = mine.replace(" ", "").isalpha()
            same = mine.casefold() == yours.casefold() if are_words else mine == yours
            return value if same else None
        case Apply("call", (Symbol(mine), *args)), Apply("call", (Symbol(yours), *others)):
            if (mine != yours and mine and yours) or len(args) != len(others):
                return None
            if not all(map(_is_parameter, (*args, *others))):
                return value if args == others else None  # f(2) is not f(3), P(A) not P(B)
            by = {
                arg.name: new
                for arg, new in zip(args, others, strict=True)
                if isinstance(arg, Symbol)
            }
            taken = symbols_of(Listing(tuple(by.values()))) - set(by)
            return None if taken & symbols_of(value) else replace_symbols(value, by)
        case (Apply("call", (Symbol(function), *_)), Symbol(variable)) | (
            Symbol(variable),
            Apply("call", (Symbol(function), *_)),
        ):
            call = name if isinstance(name, Apply) else other
            return value if _is_function(call) and variable in (function, "y") else None
        case _:
            return value if name == other else None


def is_near(value: Node, rounding: Node) -> bool:
    """Whether what is called approximately equal may be, or is not known: a decimal within one and
    a half of its last digit or a thousandth of its value, anything else within a tenth."""
    exact, rough = constant_value(value), constant_value(rounding)
    if exact is None or rough is None:
        return True
    off = abs(exact - rough)
    places = [place for node in (value, rounding) if (place := _last_place(node))]
    if not places:
        return bool(off * 10 <= abs(exact))
    return bool(off * 1000 <= abs(exact) or off * 2 <= 3 * mpmath.mpf(float(max(places))))


def _last_place(node: Node) -> Fraction | None:
    """What one more in the last digit of a decimal adds to it; None for what is no decimal."""
    match node:
        case Apply("neg", (inner,)) | Quantity(inner, _):
            return _last_place(inner)
        case Number(plain):
            return plain.unit_in_last_place
        case _:
            return None


def known_value(part: Named) -> Node:
    """The last side of a chain that is a number; its last one where none is."""
    numbers = [side for side in part.values if constant_value(side) is not None]
    return numbers[-1] if numbers else part.values[-1]


def _contradicts_itself(part: Named) -> bool:
    """Whether sides of a chain are different numbers: `x = 3 + 4 = 8`, `sin 3 = 0`."""
    numbers = {exact_value(side) for side in part.values} - {None}
    value, sides = known_value(part), (*part.values, *part.roundings)
    return len(numbers) > 1 or not all(is_near(value, side) for side in sides)


def names_given(items: tuple[Node, ...]) -> list[tuple[Node | None, Node]] | None:
    """Names and values of a list's items, a name going on for the values behind it (`x = 1, 2`);
    None where an item is neither."""
    found: list[tuple[Node | None, Node]] = []
    current: Node | None = None
    for item in items:
        part = named(item)
        if part is None or _contradicts_itself(part):
            return None
        current = part.name or current
        found.append((current, part.values[-1]))
    return found
