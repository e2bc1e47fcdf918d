"""Reads statements: relations, names, mappings, lists of all these."""

from __future__ import annotations

from verifier.math.reading.brackets import parenthesised
from verifier.math.reading.measures import DENIALS, compound, ratio
from verifier.math.reading.names import GREEK
from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.reading.scripts import subscript
from verifier.math.reading.tokens import Token
from verifier.math.tree import (
    Apply,
    Bracketed,
    Listing,
    Node,
    Relation,
    SetOperation,
    Symbol,
    symbols_of,
)

RELATIONS = {"=": "=", "<": "<", ">": ">"}
RELATION_COMMANDS = {
    "le": "<=",
    "ge": ">=",
    "ne": "!=",
    "in": "in",
    "approx": "~",
    "equiv": "=",
    "sim": "~",
    "to": "to",
    "implies": "=",
    "Rightarrow": "=",
    "perp": "perp",
    "parallel": "parallel",
    "leftrightarrow": "leftrightarrow",
}
SET_OPERATIONS = ("cup", "cap", "setminus")
_INTRODUCTIONS = ("=", "approx", ":", "therefore", "implies", "Rightarrow")
_NAMING = ("angle", "triangle", "dim", "max", "min", "sup", "inf")
"""Commands that a name may begin with."""
_ROW_ENDS = ("&", "\\\\", "end")


def statements(p: Parser) -> Node:
    """`statement { ( "," | ";" | joint ) statement }`: a joint is "and" or "or"."""
    items, joint = [p.nested(_statement)], ","
    while True:
        token = p.peek()
        if token is None:
            break
        if token.kind == "joint":
            joint = token.text
            p.skip()
        elif p.accept(",", ";"):
            if (token := p.peek()) is not None and token.kind == "joint":
                joint = token.text
                p.skip()
            if p.peek() is None or any(map(p.is_at, _ROW_ENDS)):
                break
        else:
            break
        items.append(p.nested(_statement))
    return items[0] if len(items) == 1 else Listing(tuple(items), joint)


def _statement(p: Parser) -> Node:
    """`[ introduction ] ( mapping | label value | side { relation set } )`."""
    p.accept(*_INTRODUCTIONS)
    if stated := _mapping(p) or _behind_label(p):
        return stated
    label = _function_head(p) or _labelled(p)
    if label and p.accept(":"):
        return Relation((label, _set(p)), ("=",))
    sides, signs = [label or _set(p)], []
    while sign := _relation_sign(p):
        signs.append(sign)
        sides.append(_set(p))
    if not all(isinstance(side, Symbol) and len(side.name) == 1 for side in sides):
        signs = ["=" if sign == "to" else sign for sign in signs]  # a value that is come near to
    return Relation(tuple(sides), tuple(signs)) if signs else sides[0]


def _set(p: Parser) -> Node:
    """`compound { set-operation ratio }`."""
    node = compound(p)
    while op := p.accept(*SET_OPERATIONS):
        node = SetOperation(op, (node, ratio(p)))
    return node


def _relation_sign(p: Parser) -> str | None:
    """Takes a relation's sign and returns it in one spelling; None where none is next."""
    token = p.peek()
    if token is None:
        return None
    if token.kind == "command" and token.text == "not":
        p.skip()
        sign = _relation_sign(p)
        return "!=" if sign == "=" else sign and f"not {sign}"
    if token.text == ":" and p.is_at("=", 1):
        p.skip(2)
        return "="
    table = {"sign": RELATIONS, "command": RELATION_COMMANDS}.get(token.kind, {})
    sign = table.get(token.text)
    if sign is None:
        return None
    p.skip()
    return sign + "=" if sign in ("<", ">") and p.accept("=") else sign


def _function_head(p: Parser) -> Node | None:
    """`f(x)` or `g^{-1}(x, y)`, where an equals sign follows."""
    place = p.place
    token = p.peek()
    if token is None or not _names_a_function(token):
        return None
    p.skip()
    name = token.text + subscript(p)
    if p.is_at("^") and p.is_at("{", 1) and p.is_at("-", 2):
        p.skip(3)
        if p.peek() is None or p.next().text != "1" or not p.accept("}"):
            p.return_to(place)
            return None
        name += "^-1"
    while p.accept("'"):
        name += "'"
    if p.is_at("("):
        before = p.place
        parameters = _parameters(p)
        if parameters and (extreme := subscript(p)):
            name += extreme
        if parameters and p.is_at("="):
            return Apply("call", (Symbol(name), *parameters))
        p.return_to(before)
        if value := _value_named(p, name):
            return value
    p.return_to(place)
    return None


def _names_a_function(token: Token) -> bool:
    if token.kind == "command":
        return token.text in GREEK
    return token.kind == "letter" and token.text not in ("e", "i")


def _value_named(p: Parser, name: str) -> Node | None:
    """`T(10)`, `P(X = 2)`, where an equals sign follows: no product, as there are no letters in the
    brackets or a relation is."""
    try:
        inner = parenthesised(p)
    except Unreadable:
        return None
    args = inner.items if isinstance(inner, Bracketed) else (inner,)
    is_value = all(_is_event(arg) or not symbols_of(arg) - {"pi"} for arg in args)
    return Apply("call", (Symbol(name), *args)) if is_value and p.is_at("=") else None


def _is_event(node: Node) -> bool:
    """`X = 2`, `A | B`: what has a probability."""
    return isinstance(node, Relation) or (isinstance(node, Apply) and node.op == "given")


def _parameters(p: Parser) -> list[Node]:
    """The letters in brackets at this place, or the one letter without any; empty where there is
    anything else."""
    bracketed = p.accept("(")
    parameters: list[Node] = []
    while (token := p.peek()) is not None and token.kind in ("letter", "command"):
        p.skip()
        parameters.append(Symbol(token.text + subscript(p)))
        if not bracketed or not p.accept(","):
            break
    return parameters if not bracketed or p.accept(")") else []


def _mapping(p: Parser) -> Node | None:
    """`x \\mapsto 2x`, also with a name before it, as the equation `f(x) = 2x`."""
    place = p.place
    name, token = "", p.peek()
    if token is not None and token.kind == "letter" and p.is_at(":", 1):
        name = token.text
        p.skip(2)
    parameters = _parameters(p)
    if parameters and p.accept("mapsto"):
        return Relation((Apply("call", (Symbol(name), *parameters)), _set(p)), ("=",))
    p.return_to(place)
    return None


def _labelled(p: Parser) -> Node | None:
    """`\\text{Area} = ...`, `\\angle ABC = ...`, `\\dim V = ...`: a name and nothing else."""
    place = p.place
    name = ""
    while (token := p.peek()) is not None and (part := _part_of_label(p, token, name)):
        name += part
    if name and (p.is_at("=") or p.is_at(":")) and not _denies(name):
        return Symbol(name.strip())
    p.return_to(place)
    return None


def _denies(name: str) -> bool:
    return any(word.strip(",.:;") in DENIALS for word in name.split())


def _part_of_label(p: Parser, token: Token, name: str) -> str:
    """What goes on a name; empty where it ends."""
    if token.kind == "words":
        p.skip()
        return token.text.lower() + subscript(p) + " "
    following = p.peek(1)
    if token.kind == "command" and (token.text in _NAMING or p.is_at("angle", 1)):
        if following is None or following.kind == "words":
            return ""
        p.skip()
        return token.text + subscript(p) + " "
    if name and token.kind == "letter":
        p.skip()
        return token.text + subscript(p)
    if name and token.text == "(":
        return _letters_in_brackets(p)
    is_sum = name and token.text == "+" and p.is_at("angle", 1)
    return p.next().text + " " if is_sum else ""


def _letters_in_brackets(p: Parser) -> str:
    place = p.place
    said = p.next().text
    while (token := p.peek()) is not None and (token.kind == "letter" or token.text == ","):
        said += p.next().text
    if p.accept(")"):
        return said + ")"
    p.return_to(place)
    return ""


def _behind_label(p: Parser) -> Node | None:
    """`\\text{Domain: } [0, 1]`: a value with a name."""
    token = p.peek()
    if token is None or token.kind != "words" or not token.text.endswith(":"):
        return None
    if _denies(token.text.lower()):
        raise Unreadable
    p.skip()
    value = _statement(p)
    if isinstance(value, Relation) and "=" in value.signs:
        if token.text.lower() not in ("answer:", "solution:", "solutions:"):
            raise Unreadable
        return value
    return Relation((Symbol(token.text.lower().rstrip(": ")), value), ("=",))
