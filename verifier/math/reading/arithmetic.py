"""Reads sums and products, the ones without a sign and mixed numbers among them."""

from __future__ import annotations

from verifier.math.reading.numerals import read_numeral
from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.tree import Apply, Node, Number, Quantity, Symbol

ADDITIVE = {"+": "", "-": "neg", "pm": "pm", "mp": "mp"}
"""Signs between terms, or before one, and what they do to the one behind them."""
MULTIPLICATIVE = dict.fromkeys(("*", "cdot", "times"), "*") | dict.fromkeys(("/", "div"), "/")
MULTIPLICATIVE |= {"cross": "cross", "bmod": "rem"}
"""Signs between factors, and the operation that each is."""
STACKED = {"over": "/", "choose": "binom"}
"""Commands between the two halves of a group, and the operation that each is."""


def expression(p: Parser) -> Node:
    """`sum [ stacked sum ]`."""
    node = p.nested(_sum)
    if command := p.accept(*STACKED):
        return Apply(STACKED[command], (node, p.nested(_sum)))
    return node


def _sum(p: Parser) -> Node:
    """`[ additive ] product { additive product }`."""
    sign = p.accept(*ADDITIVE)
    terms = [_signed(sign, product(p))]
    while sign := p.accept(*ADDITIVE):
        terms.append(_signed(sign, product(p)))
    return terms[0] if len(terms) == 1 else Apply("+", tuple(terms))


def _signed(sign: str | None, node: Node) -> Node:
    operation = ADDITIVE[sign] if sign else ""
    return Apply(operation, (node,)) if operation else node


def product(p: Parser) -> Node:
    """`factor { multiplicative factor | power }`."""
    node = _factor(p)
    while True:
        if sign := p.accept(*MULTIPLICATIVE):
            factor = _factor(p)
            if sign == "/":
                factor = _with_letters_behind(p, factor)
            node = _multiplied(node, MULTIPLICATIVE[sign], factor)
        elif p.begins_factor():
            node = implicit_product(p, node)
        else:
            return node


def _multiplied(node: Node, op: str, factor: Node) -> Node:
    """A product of vectors is of what stands right before it: `q v \\cross B` is q times that."""
    if op == "cross" and isinstance(node, Apply) and node.op == "*":
        return Apply("*", (*node.args[:-1], Apply(op, (node.args[-1], factor))))
    return Apply(op, (node, factor))


def _with_letters_behind(p: Parser, divisor: Node) -> Node:
    """Letters written together behind a slash are all below it: `t/RC` is `t/(RC)`. Behind a number
    opinions differ, `1/2x` is half of `x`."""
    while _is_letter(divisor) and (token := p.peek()) is not None:
        if token.kind != "letter" or token.spaced:
            break
        divisor = Apply("*", (divisor, p.power()))
    return divisor


def _is_letter(node: Node) -> bool:
    match node:
        case Symbol():
            return True
        case Apply("^", (base, _)):
            return _is_letter(base)
        case Apply("*", parts):
            return all(map(_is_letter, parts))
        case _:
            return False


def _factor(p: Parser) -> Node:
    """`[ additive ] power`."""
    sign = p.accept(*ADDITIVE)
    return _signed(sign, p.power())


def implicit_product(p: Parser, left: Node) -> Node:
    """`left` times the power at this place, or the mixed number that both are. Raises Unreadable
    for two numbers side by side, and for a number before an improper fraction."""
    mixed = _mixed_number(p, left)
    if mixed is not None:
        return mixed
    token = p.peek()
    is_number = isinstance(left, Number) and p.previous.kind == "number"
    if is_number and token is not None and token.kind == "number":
        raise Unreadable
    right = p.power()
    match right:
        case Apply("/", (Number(top), Number(bottom))) if is_number and top.value > bottom.value:
            raise Unreadable  # 1 11/10: 2.1 to some, 1.1 to others
    return Apply("*", (left, right))


def _mixed_number(p: Parser, whole: Node) -> Node | None:
    """The sum that `1 \\frac{2}{3}` or `1 2/3` is."""
    previous = p.previous
    if not isinstance(whole, Number) or previous.kind != "number" or "." in previous.text:
        return None
    place = p.place
    token = p.peek()
    part: Node | None = None
    if token is not None and token.kind == "number" and token.spaced:
        top = read_numeral(p.next().text)
        if p.accept("/") and (below := p.peek()) is not None and below.kind == "number":
            part = Apply("/", (top, read_numeral(p.next().text)))
    elif p.is_at("frac"):
        part = p.power()
    is_percent = isinstance(part, Quantity) and part.unit == "percent"
    match part.value if isinstance(part, Quantity) and is_percent else part:
        case Apply("/", (Number(top_value), Number(bottom))) as proper if (
            0 < top_value.value < bottom.value
            and top_value.value.denominator == bottom.value.denominator == 1
        ):
            both = Apply("+", (whole, proper))
            return Quantity(both, "percent") if is_percent else both
    p.return_to(place)
    return None
