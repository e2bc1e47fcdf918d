"""Reads commands with what they are applied to: `\\frac12`, `\\sin^2 2x`, `\\log_2 8`."""

from __future__ import annotations

from fractions import Fraction

from verifier.math.literals import PlainNumber
from verifier.math.reading.arithmetic import implicit_product
from verifier.math.reading.brackets import between, braced_set, group, parenthesised
from verifier.math.reading.numerals import read_numeral
from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.reading.scripts import argument, script
from verifier.math.reading.tokens import FUNCTIONS
from verifier.math.tree import Apply, Node, Number, Row, Symbol, symbols_of

_ONE = Number(PlainNumber(Fraction(1)))
OF_SEVERAL = frozenset(("max", "min", "gcd", "lcm"))
_INVERSES = {
    **{name: f"arc{name}" for name in ("sin", "cos", "tan", "cot", "sec", "csc")},
    **{name: f"ar{name}" for name in ("sinh", "cosh", "tanh")},
}


def fraction(p: Parser) -> Node:
    """`\\frac argument argument`; a derivative of a name is a name, no other one is read."""
    top = argument(p)
    bottom = argument(p)
    match top, bottom:
        case Apply("*", (above, Symbol(of))), Apply("*", (Symbol("d" | "partial" as sign), by)) if (
            _order(above, sign) == _order(by) != ""
        ):
            return Symbol(f"{_spelled(above)}{of}/{sign}{_spelled(by)}")
        case _, Apply("*", (Symbol("d"), _)) if "d" in symbols_of(top):
            raise Unreadable
    return Apply("/", (top, bottom))


def _order(node: Node, sign: str = "") -> str:
    """How often a derivative is taken: of `d^2` and of `x^2` twice; empty where neither is raised
    by a number, or the sign is another."""
    match node:
        case Symbol(name) if sign in ("", name):
            return "1"
        case Apply("^", (Symbol(name), Number(plain))) if sign in ("", name):
            return str(plain.value)
        case _:
            return ""


def _spelled(node: Node) -> str:
    (name,) = symbols_of(node)
    return name if isinstance(node, Symbol) else f"{name}^{_order(node)}"


def binomial(p: Parser) -> Node:
    """`\\binom argument argument`."""
    top = argument(p)
    return Apply("binom", (top, argument(p)))


def root(p: Parser) -> Node:
    """`\\sqrt [ "[" expression "]" ] argument`; in plain text all digits behind a blank."""
    index: Node | None = None
    if p.accept("["):
        index = p.expression()
        p.expect("]")
    token = p.peek()
    if p.is_at("("):
        radicand = parenthesised(p)
    elif token is not None and token.kind == "number" and token.spaced:
        radicand = read_numeral(p.next().text)
    else:
        radicand = argument(p)
    return Apply("sqrt", (radicand,)) if index is None else Apply("root", (radicand, index))


def floor(p: Parser) -> Node:
    """`\\lfloor expression \\rfloor`."""
    return between(p, "floor", "rfloor")


def ceiling(p: Parser) -> Node:
    """`\\lceil expression \\rceil`."""
    return between(p, "ceil", "rceil")


def bracketed(p: Parser, *, name: str) -> Node:
    """`floor(x)`, `ceil(x)` or `abs(x)` in plain text."""
    return Apply(name, (parenthesised(p),))


def of_several(p: Parser, *, name: str) -> Node:
    """`\\max(a, b)`, `\\max\\{a, b\\}`."""
    inner = braced_set(p) if p.is_at("\\{") else parenthesised(p)
    return Apply(name, inner.items if isinstance(inner, Row) else (inner,))


def function(p: Parser, *, name: str) -> Node:
    """`\\sin [ ^ script ] applied-to`; a logarithm may have a base."""
    base: Node | None = None
    exponent: Node | None = None
    while True:
        if p.is_at("_") and name in ("log", "lg") and base is None:
            p.skip()
            base = script(p)
        elif p.is_at("^") and exponent is None:
            p.skip()
            exponent = script(p)
        else:
            break
    if exponent == Apply("neg", (_ONE,)) and name in _INVERSES:
        name, exponent = _INVERSES[name], None
    applied_to = _applied_to(p)
    node = Apply(name, (applied_to,) if base is None else (applied_to, base))
    return node if exponent is None else Apply("^", (node, exponent))


def _applied_to(p: Parser) -> Node:
    """What a function takes: brackets, or the product that follows up to the next function."""
    if p.is_at("("):
        return parenthesised(p)
    if p.is_at("{"):
        return group(p)
    if p.is_at("[") or p.is_at("|"):
        return p.power()
    sign = p.accept("-")
    node = p.power()
    while (token := p.peek()) is not None:
        if token.kind == "command" and (token.text in FUNCTIONS or token.text in ("cdot", "times")):
            break
        if not p.begins_factor():
            break
        node = implicit_product(p, node)
    # sin x / 2 is (sin x)/2, but sin \pi/4 and cos 2\pi/3 mean the angle.
    if _is_constant(node) and p.is_at("/") and (after := p.peek(1)) and after.kind == "number":
        p.skip()
        node = Apply("/", (node, p.power()))
    return Apply("neg", (node,)) if sign else node


def _is_constant(node: Node) -> bool:
    match node:
        case Number():
            return True
        case Symbol(name):
            return name in ("pi", "e")
        case Apply("*", args):
            return all(map(_is_constant, args))
        case _:
            return False
