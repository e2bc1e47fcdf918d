"""Reads what stands in brackets: tuples, intervals, sets, matrices, absolute values."""

from __future__ import annotations

from verifier.math.reading.cursor import Cursor, Unreadable
from verifier.math.reading.tokens import Token
from verifier.math.tree import Apply, Matrix, Node, Row

_KINDS = {"vmatrix": "det", **dict.fromkeys(("cases", "aligned", "gathered"), "cases")}
_CONDITIONALS = frozenset(("if", "for", "when", "where"))


class Brackets(Cursor):
    """The bracketed part of the notation."""

    def _sign(self, sign: str) -> Node:
        if sign in ("(", "["):
            self._at -= 1
            return self._parenthesised()
        if sign == "{":
            self._at -= 1
            return self._group()
        if sign == "\\{":
            self._at -= 1
            return self._braced_set()
        if sign == "|":
            self._bars += 1
            node = self._sum()
            self._expect("|")
            self._bars -= 1
            return Apply("abs", (node,))
        if sign == "\\|":
            node = self._sum()
            self._expect("\\|")
            return Apply("norm", (node,))
        raise Unreadable

    def _parenthesised(self) -> Node:
        left = self._accept("(", "[")
        if left is None:
            raise Unreadable
        return self._row(left, "")

    def _row(self, left: str, closing: str) -> Node:
        bars, self._bars = self._bars, 0
        inner = self._nested(self._listing)
        self._bars = bars
        right = self._accept(*([closing] if closing else [")", "]"]))
        if right is None:
            raise Unreadable
        if isinstance(inner, Row) and inner.left == "":
            left, right = {"langle": "("}.get(left, left), {"rangle": ")"}.get(right, right)
            return Row(left, inner.items, right)
        if isinstance(inner, Matrix):
            return inner
        if (left == "[" and right == "]") or (left, right) in (("(", ")"), ("langle", "rangle")):
            return inner
        raise Unreadable

    def _braced_set(self) -> Node:
        self._expect("\\{")
        if self._accept("\\}"):
            return Row("{", (), "}")
        if self._accept("begin"):
            rows = self._environment()
            if self._peek() is None or not self._is("\\}"):
                return Matrix(rows.rows, "cases") if isinstance(rows, Matrix) else rows
            self._expect("\\}")
            return Row("{", (rows,), "}")
        bars, self._bars = self._bars, 0
        inner = self._nested(self._listing)
        self._bars = bars
        self._expect("\\}")
        items = inner.items if isinstance(inner, Row) and inner.left == "" else (inner,)
        return Row("{", items, "}")

    def _group(self) -> Node:
        self._expect("{")
        bars, self._bars = self._bars, 0
        node = self._sum()
        self._bars = bars
        self._expect("}")
        return node

    def _between(self, op: str, closing: str) -> Node:
        node = self._sum()
        self._expect(closing)
        return Apply(op, (node,))

    def _environment(self) -> Node:
        name = self._environment_name()
        if name == "array":
            self._expect("{")
            while not self._accept("}"):
                self._next()
        rows: list[tuple[Node, ...]] = []
        row: list[Node] = []
        bars, self._bars = self._bars, 0
        while not self._is("end"):
            if row and name == "cases":
                self._accept_conditional()
            row.append(self._listing())
            self._accept(".")
            if self._accept("&"):
                continue
            rows.append(tuple(row))
            row = []
            if not self._accept("\\\\"):
                break
        self._bars = bars
        self._expect("end")
        self._environment_name()
        if not rows or len({len(row) for row in rows}) != 1:
            raise Unreadable
        return Matrix(tuple(rows), _KINDS.get(name, "matrix"))

    def _accept_conditional(self) -> None:
        """The "if" before a condition."""
        token = self._peek()
        word, _, rest = token.text.partition(" ") if token and token.kind == "words" else ("",) * 3
        if token is None or word.lower() not in _CONDITIONALS:
            return
        if rest:
            self._tokens[self._at] = Token("words", rest, True)
        else:
            self._at += 1

    def _environment_name(self) -> str:
        self._expect("{")
        name = ""
        while not self._accept("}"):
            name += self._next().text
        return name
