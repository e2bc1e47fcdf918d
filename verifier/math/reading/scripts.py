"""Reads what stands behind an operand, raised or not, and the arguments of commands."""

from __future__ import annotations

from verifier.math.literals import PlainNumber
from verifier.math.reading.brackets import group, parenthesised
from verifier.math.reading.numerals import read_numeral
from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.tree import Apply, Node, Number, Quantity, Symbol


def power(p: Parser) -> Node:
    """`operand { postfix }`."""
    return p.nested(_operand_with_postfixes)


def _operand_with_postfixes(p: Parser) -> Node:
    node = p.atom()
    while (longer := p.postfix(node)) is not None:
        node = longer
    return node


def raised(p: Parser, base: Node) -> Node:
    """`^ script`; `^\\circ` is a degree."""
    p.expect("^")
    if p.accept("circ"):
        return Apply("degree", (base,))
    if p.is_at("{") and p.is_at("circ", 1):
        p.skip(2)
        p.expect("}")
        return Apply("degree", (base,))
    is_mark = p.is_at("prime") or p.is_at("*")
    if is_mark or (p.is_at("{") and (p.is_at("prime", 1) or p.is_at("'", 1))):
        raise Unreadable
    return Apply("^", (base, _exponent(p)))


def _exponent(p: Parser) -> Node:
    """`group | script [ ^ exponent ]`: `2^3^2` is a tower, and `2^-3^2` is one over it."""
    is_group = p.is_at("{")
    match script(p):
        case exponent if is_group or not p.is_at("^"):
            return exponent
        case Apply("neg", (exponent,)):
            return Apply("neg", (raised(p, exponent),))
        case exponent:
            return raised(p, exponent)


def factorial(p: Parser, node: Node) -> Node:
    """`!` and `!!`."""
    p.expect("!")
    return Apply("!!" if p.accept("!") else "!", (node,))


def percent(p: Parser, node: Node) -> Node:
    """`%`: of a number as it is written a hundredth, else a unit."""
    p.skip()
    if isinstance(node, Number):
        plain = node.plain
        ulp = plain.unit_in_last_place
        return Number(PlainNumber(plain.value / 100, True, ulp and ulp / 100, plain.is_rounded))
    return Quantity(node, "percent")


def primed(p: Parser, node: Node) -> Node | None:
    """`'` behind a name belongs to it."""
    if not isinstance(node, Symbol):
        return None
    p.skip()
    return Symbol(node.name + "'")


def script(p: Parser) -> Node:
    """`group | [sign] number | [sign] parenthesised | [sign] operand`."""
    if p.is_at("{"):
        return group(p)
    sign = p.accept("-", "+")
    token = p.peek()
    if token is not None and token.kind == "number" and not sign and len(token.text) > 1:
        node: Node = read_numeral(p.next().text)  # x^10 in plain text
    elif p.is_at("("):
        node = parenthesised(p)
    else:
        node = p.atom()
    return Apply("neg", (node,)) if sign == "-" else node


def argument(p: Parser) -> Node:
    """What a command takes: a group, or one digit or letter of what follows."""
    if p.is_at("{"):
        return group(p)
    token = p.peek()
    if token is not None and token.kind == "number" and len(token.text) > 1:
        if not token.text.isdigit():
            raise Unreadable
        p.take(1)
        return read_numeral(token.text[0])
    behind = p.peek(1)
    if token is not None and token.kind == "letter" and behind and behind.kind == "number":
        return Symbol(p.next().text)  # `\binom n2`: no name with an index
    return p.atom()


def subscript(p: Parser) -> str:
    """The subscript at this place as part of a name, empty where there is none."""
    if not p.accept("_"):
        return ""
    if not p.accept("{"):
        return "_" + p.next().text
    name, depth = "_", 1
    while depth:
        token = p.next()
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if depth:
            name += token.text
    return name
