"""Reads what goes over a variable of its own: sums, products, unions, integrals, limits.

The variable's name is nobody's business, so that it becomes `bound 1`, or the next number where
something inside has that.
"""

from __future__ import annotations

from verifier.math.reading.arithmetic import product
from verifier.math.reading.brackets import parenthesised
from verifier.math.reading.names import GREEK
from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.reading.scripts import script
from verifier.math.tree import Apply, Node, Relation, Symbol, replace_symbols, symbols_of

_BOUND = "bound "
_ALL = Symbol("all of them")
_BRACKETS = {"(": 1, "[": 1, "{": 1, "\\{": 1, ")": -1, "]": -1, "}": -1, "\\}": -1}


def collected(p: Parser, *, name: str) -> Node:
    """`\\sum_{ letter = expression } [ ^ script ] product`; `\\cup` and `\\cap` go over sets."""
    p.expect("_")
    variable, start = _first_value(p)
    limits = (start, script(p)) if p.accept("^") else (start,)
    of_sets = name in ("cup", "cap")
    body = (p.power() if p.is_at("\\{") else parenthesised(p)) if of_sets else product(p)
    return _over(name, variable, limits, body)


def integral(p: Parser) -> Node:
    """`\\int _ script ^ script expression d letter`, between two limits."""
    p.expect("_")
    low = script(p)
    p.expect("^")
    limits = (low, script(p))
    body = p.part(_length_of_integrand(p), Parser.expression)
    p.skip()
    token = p.next()
    if token.kind != "letter" and token.text not in GREEK:
        raise Unreadable
    return _over("int", token.text, limits, body)


def limit(p: Parser) -> Node:
    """`\\lim_{ letter \\to expression } product`."""
    p.expect("_")
    variable, end = _first_value(p)
    return _over("lim", variable, (end,), product(p))


def _first_value(p: Parser) -> tuple[str, Node]:
    """`{ letter = expression }`, with an arrow in limits; a mere letter is all that there are."""
    if p.accept("{"):
        said = p.statements()
        p.expect("}")
    else:
        said = p.atom()
    match said:
        case Symbol(name):
            return name, _ALL
        case Relation((Symbol(name), value), ("=",)):
            return name, value
        case _:
            raise Unreadable


def _length_of_integrand(p: Parser) -> int:
    """How many tokens stand before the `d` of the variable that is integrated over."""
    ahead = depth = 0
    while (token := p.peek(ahead)) is not None:
        depth += _BRACKETS.get(token.text, 0)
        after = p.peek(ahead + 1)
        is_sign = not depth and ahead > 0 and token.text == "d"
        if is_sign and after is not None and (after.kind == "letter" or after.text in GREEK):
            return ahead
        ahead += 1
    raise Unreadable


def _over(name: str, variable: str, limits: tuple[Node, ...], body: Node) -> Node:
    inside = [int(one.removeprefix(_BOUND)) for one in symbols_of(body) if one.startswith(_BOUND)]
    bound = Symbol(f"{_BOUND}{max(inside, default=0) + 1}")
    return Apply(name, (*limits, replace_symbols(body, {variable: bound})))
