"""Reads statements: relations, names, ratios, quantities with units, lists of all these."""

from __future__ import annotations

import re
from fractions import Fraction

from verifier.math.counting import number_in_words
from verifier.math.plain import PlainNumber
from verifier.math.reading.cursor import Unreadable
from verifier.math.reading.sums import Sums
from verifier.math.reading.tokens import Token
from verifier.math.tree import (
    Apply,
    Node,
    Number,
    Quantity,
    Relation,
    Row,
    SetOperation,
    Symbol,
    Words,
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
_CLAUSE_ENDS = frozenset((",", ";", ")", "]", "}", "\\}", "&", "\\\\", "end", "|"))
_ROW_ENDS = ("&", "\\\\", "end")
_CLOCK = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
_CURRENCIES = frozenset(("euro", "eur", "pound sterling", "yen", "rs", "usd", "us", "inr"))
_MULTIPLES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_DOUBTS = frozenset(
    (
        *("or", "and", "not", "maybe", "perhaps", "about", "least", "most", "more", "less", "than"),
        *("if", "when", "between", "to", "nearly", "almost", "approximately", "around", "unless"),
        *("wrong", "incorrect", "false", "never", "except", "unknown", "possibly", "probably"),
        *("likely", "unlikely", "could", "might", "would", "isn't", "impossible", "no"),
        *(
            "for",
            "where",
            "while",
            "otherwise",
            "but",
            "excluding",
            "excluded",
            "rejected",
            "fails",
        ),
        *(
            "don't",
            "doesn't",
            "above",
            "below",
            "greater",
            "larger",
            "smaller",
            "fewer",
            "factorial",
        ),
        *("plus", "minus", "over", "divided", "multiplied", "half", "halves", "thirds", "fourths"),
        *("fifths", "sixths", "sevenths", "eighths", "ninths", "tenths", "hundredths"),
    )
)
"""Words that a unit does not have; nor has it numbers."""


class Statements(Sums):
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

    def _compound(self) -> Node:
        """`3 hours 20 minutes`: measures side by side, which hold together."""
        parts = [self._ratio()]
        while (
            isinstance(parts[-1], Quantity) and (token := self._peek()) and token.kind == "number"
        ):
            parts.append(self._ratio())
        if len(parts) > 1 and not isinstance(parts[-1], Quantity):
            raise Unreadable
        return parts[0] if len(parts) == 1 else Row("", tuple(parts), "", "and")

    def _ratio(self) -> Node:
        """`a:b`, the fraction; `a:b:c`, as multiples of the first."""
        start = self._at
        parts = [self._quantity()]
        while self._is(":") and not self._is("=", 1):
            self._at += 1
            parts.append(self._quantity())
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            shown = [token.text for token in self._tokens[start : start + 3]]
            if _CLOCK.fullmatch("".join(shown)):
                return Row("(", tuple(parts), ":")
            return Apply("/", (parts[0], parts[1]))
        return Row("(", tuple(Apply("/", (part, parts[0])) for part in parts[1:]), ":")

    def _quantity(self) -> Node:
        """A sum, and the unit behind it or the currency before it."""
        if self._accept("\\$"):
            return self._counted(self._sum(), "dollar")
        if self._is("-") and self._is("\\$", 1):
            self._at += 2
            return self._counted(Apply("neg", (self._sum(),)), "dollar")
        token = self._peek()
        if token is not None and token.kind == "words":
            return self._words()
        return self._counted(self._sum(), "")

    def _words(self) -> Node:
        """Words that are a statement, a currency or an introduction."""
        words = []
        while (token := self._peek()) is not None and token.kind == "words":
            words.append(self._next().text.lower())
        following = self._peek()
        if following is None or following.text in _CLAUSE_ENDS or following.kind == "joint":
            return Words(" ".join(words))
        if words[-1].endswith((" is", " are")):
            return self._quantity()  # "the answer is"
        if words[-1] in _CURRENCIES:
            return self._counted(self._sum(), words[-1])
        raise Unreadable

    def _counted(self, value: Node, currency: str) -> Node:
        """A value with what stands behind it: "million", a unit, both or nothing."""
        token = self._peek()
        first, _, rest = token.text.partition(" ") if token and token.kind == "words" else ("",) * 3
        if token is not None and first.lower() in _MULTIPLES:
            value = Apply("*", (value, Number(PlainNumber(Fraction(_MULTIPLES[first.lower()])))))
            if rest:
                self._tokens[self._at] = Token("words", rest, True)
            else:
                self._at += 1
        unit = self._unit() or currency
        return Quantity(value, unit) if unit else value

    def _unit(self) -> str:
        """The unit at this place, empty where there is none."""
        if self._accept("[") and not (self._peek() and self._peek().kind == "words"):  # type: ignore[union-attr]
            raise Unreadable
        parts: list[str] = []
        while (token := self._peek()) is not None:
            if token.kind == "words":
                words = [word.strip("().,;:!?") for word in token.text.lower().split()]
                if _DOUBTS & set(words) or any(map(number_in_words, words)):
                    raise Unreadable
                if not parts and words[:1] in (["squared"], ["cubed"]):
                    raise Unreadable
                parts.append(token.text)
            elif parts and token.text == "^":
                self._at += 1
                self._accept("{")
                parts[-1] += "^" + (self._accept("-") or "") + self._next().text
                self._accept("}")
                continue
            elif parts and token.text in ("/", "cdot", "*", "]", "-"):
                parts.append("/" if token.text == "/" else " ")
            elif parts and token.kind == "letter":
                parts.append(token.text)
            else:
                break
            self._at += 1
        return " ".join(parts).strip()
