"""Reads statements: relations, names, lists of all these."""

from __future__ import annotations

from verifier.math.reading.cursor import Unreadable
from verifier.math.reading.quantities import Quantities
from verifier.math.tree import (
    Apply,
    Node,
    Relation,
    Row,
    SetOperation,
    Symbol,
)

_RELATIONS = {"=": "=", "<": "<", ">": ">"}
_RELATION_COMMANDS = {
    "le": "<=",
    "ge": ">=",
    "ne": "!=",
    "in": "in",
    "approx": "~",
    "equiv": "=",
    "sim": "~",
    "to": "=",
    "implies": "=",
    "Rightarrow": "=",
}
_ROW_ENDS = ("&", "\\\\", "end")


class Statements(Quantities):
    """The whole notation."""

    def answer(self) -> Node:
        node = self._listing()
        if self._peek() is not None:
            raise Unreadable
        return node

    def _listing(self) -> Node:
        """Clauses with commas, "and" or "or" between them."""
        items, joint = [self._clause()], ","
        while True:
            token = self._peek()
            if token is None:
                break
            if token.kind == "joint":
                joint = token.text
                self._at += 1
            elif self._accept(",", ";"):
                if (token := self._peek()) is not None and token.kind == "joint":
                    joint = token.text
                    self._at += 1
                if self._peek() is None or any(map(self._is, _ROW_ENDS)):
                    break
            else:
                break
            self._accept("ldots")
            if self._accept(","):
                pass
            items.append(self._clause())
        return items[0] if len(items) == 1 else Row("", tuple(items), "", joint)

    def _clause(self) -> Node:
        return self._nested(self._relation)

    def _relation(self) -> Node:
        self._accept("=", "approx", ":", "therefore", "implies", "Rightarrow")
        if stated := self._mapping() or self._behind_label():
            return stated
        first = self._function_head() or self._labelled() or self._set_expression()
        sides, signs = [first], []
        while sign := self._relation_sign():
            signs.append(sign)
            sides.append(self._set_expression())
        if not signs:
            return first
        return Relation(tuple(sides), tuple(signs))

    def _relation_sign(self) -> str | None:
        token = self._peek()
        if token is None:
            return None
        if token.kind == "command" and token.text == "not":
            self._at += 1
            sign = self._relation_sign()
            return "!=" if sign == "=" else sign and f"not {sign}"
        table = {"sign": _RELATIONS, "command": _RELATION_COMMANDS}.get(token.kind, {})
        sign = table.get(token.text)
        if token.text == ":" and self._is("=", 1):
            sign = ":="
        if sign is None:
            return None
        self._at += 1
        if sign in ("<", ">") and self._accept("="):
            return sign + "="
        if sign == ":=":
            self._expect("=")
            return "="
        return sign

    def _function_head(self) -> Node | None:
        """`f(x)` or `g^{-1}(x, y)`, where an equals sign follows."""
        start = self._at
        token = self._peek()
        if token is None or token.kind != "letter" or token.text in ("e", "i"):
            return None
        self._at += 1
        name = token.text + self._subscript()
        if self._is("^") and self._is("{", 1) and self._is("-", 2):
            self._at += 3
            if self._peek() is not None and self._next().text == "1" and self._accept("}"):
                name += "^-1"
            else:
                self._at = start
                return None
        while self._accept("'"):
            name += "'"
        if self._is("("):
            params = self._parameters()
            if params and self._is("="):
                return Apply("call", (Symbol(name), *params))
        self._at = start
        return None

    def _parameters(self) -> list[Node]:
        """The letters in brackets at this place, or the one letter without any; empty where there
        is anything else."""
        bracketed = self._accept("(")
        params: list[Node] = []
        while (param := self._peek()) is not None and param.kind in ("letter", "command"):
            self._at += 1
            params.append(Symbol(param.text + self._subscript()))
            if not bracketed or not self._accept(","):
                break
        return params if not bracketed or self._accept(")") else []

    def _mapping(self) -> Node | None:
        """`x \\mapsto 2x`, also with a name before it, as the equation `f(x) = 2x`."""
        start = self._at
        name, token = "", self._peek()
        if token is not None and token.kind == "letter" and self._is(":", 1):
            name = token.text
            self._at += 2
        params = self._parameters()
        if params and self._accept("mapsto"):
            return Relation(
                (Apply("call", (Symbol(name), *params)), self._set_expression()), ("=",)
            )
        self._at = start
        return None

    def _labelled(self) -> Node | None:
        """`\\text{Area} = ...`, `\\angle ABC = ...`: a name and nothing else."""
        start = self._at
        name = ""
        while (token := self._peek()) is not None:
            if token.kind == "words":
                name += token.text.lower() + " "
            elif token.kind == "command" and token.text in ("angle", "triangle"):
                name += token.text + " "
            elif name.startswith(("angle", "triangle")) and token.kind == "letter":
                name += token.text
                self._at += 1
                name += self._subscript()
                continue
            else:
                break
            self._at += 1
        if name and (self._is("=") or self._is(":")):
            return Symbol(name.strip())
        self._at = start
        return None

    def _behind_label(self) -> Node | None:
        """`\\text{Domain: } [0, 1]`: a value with a name."""
        token = self._peek()
        if token is None or token.kind != "words" or not token.text.endswith(":"):
            return None
        self._at += 1
        value = self._relation()
        if isinstance(value, Relation) and "=" in value.signs:
            if token.text.lower() not in ("answer:", "solution:", "solutions:"):
                raise Unreadable
            return value
        return Relation((Symbol(token.text.lower().rstrip(": ")), value), ("=",))

    def _set_expression(self) -> Node:
        node = self._compound()
        while op := self._accept("cup", "cap", "setminus"):
            node = SetOperation(op, (node, self._ratio()))
        return node
