"""Reads a normalised answer into a tree: a recursive descent over its tokens.

It knows the notation of answers, not all of LaTeX; what it does not know raises Unreadable, and the
pair is left to math-verify. Nothing is evaluated here, so that reading costs time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from verifier.math.plain import MAX_DIGITS, PlainNumber, may_be_rounded
from verifier.math.tokens import FUNCTIONS, Token, tokenise
from verifier.math.tree import (
    Apply,
    Matrix,
    Node,
    Number,
    Numeral,
    Quantity,
    Relation,
    Row,
    SetOperation,
    Symbol,
    Words,
    symbols_of,
)

MAX_DEPTH = 150
MAX_TOKENS = 1500

_RELATIONS = {"=": "=", "<": "<", ">": ">"}
_RELATION_COMMANDS = {
    **{"le": "<=", "ge": ">=", "ne": "!=", "in": "in", "approx": "~", "equiv": "=", "sim": "~"},
    **{"to": "=", "implies": "=", "Rightarrow": "="},
}
_CONSTANTS = {"pi": "pi", "infty": "oo", "imath": "i"}
_GREEK = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
        *("omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Sigma", "Phi", "Psi", "Omega"),
        *("hbar", "ell", "aleph", "prime", "star"),
    )
)
_CLOSERS = {"(": ")", "[": "]", "langle": "rangle", "lfloor": "rfloor", "lceil": "rceil"}
_CLAUSE_ENDS = frozenset((",", ";", ")", "]", "}", "\\}", "&", "\\\\", "|"))
_SETS = {"R": Row("(", (Apply("neg", (Symbol("oo"),)), Symbol("oo")), ")")}
_OVERLINED = re.compile(
    r"\\overline ?\{([0-9]+)\}|\((\d+)\)|\\dot ?\{?(\d)\}?(?:(\d*)\\dot ?\{?(\d)\}?)?"
)
_TEXT = re.compile(r"\\text ?\{([^{}]*)\}")
_PROSE = re.compile(r"[A-Za-z][A-Za-z ,.'-]*")
_CLOCK = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
_DOUBTS = frozenset(
    (
        *("or", "and", "not", "maybe", "perhaps", "about", "least", "most", "more", "less", "than"),
        *("if", "when", "between", "to", "nearly", "almost", "approximately", "around", "unless"),
    )
)
"""Words that a unit does not have."""
_ELLIPSIS = re.compile(r"(?:\.\.\.|\\ldots)$")
_SET_BUILDER = re.compile(
    r"\\\{ ?[a-zA-Z](?: ?\\in ?(?:\\mathbb)? ?\{?[A-Z]\}?)? ?(?:\||:)(?P<condition>.+)\\\}", re.DOTALL
)


class Unreadable(Exception):
    """The text is in a notation that this reader does not know."""


def read(text: str, *, thousands: bool = True) -> Node:
    """The tree of a normalised answer. Raises Unreadable."""
    if words := _plain_words(text):
        return Words(words)
    if built := _SET_BUILDER.fullmatch(text):
        text = built["condition"]
    tokens = tokenise(text, thousands=thousands)
    if not tokens or len(tokens) > MAX_TOKENS:
        raise Unreadable
    try:
        return _Reader(tokens).answer()
    except RecursionError:
        raise Unreadable from None


def _plain_words(text: str) -> str | None:
    """The words that a text is made of, if it is nothing else."""
    spelled = _TEXT.sub(r"\1", text)
    if not _PROSE.fullmatch(spelled):
        return None
    words = [word.strip(".,-'") for word in re.split("[ ,]+", spelled.lower())]
    if all(len(word) <= 1 or word in ("and", "or") for word in words):
        return None
    known = {*FUNCTIONS, *_GREEK, "infty", "infinity", "sqrt", "pi", "and", "or"}
    if any(len(word) >= 3 and word not in known for word in words) and (
        len(words) > 1 or len(words[0]) >= 4 or "\\text" in text or words[0] in ("dne", "yes")
    ):
        return spelled.lower()
    return spelled.lower() if words[0] in ("no", "yes") else None


class _Reader:
    """One pass over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._bars = 0

    # -- tokens

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _is(self, text: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token is not None and token.kind in ("sign", "command") and token.text == text

    def _accept(self, *texts: str) -> str | None:
        token = self._peek()
        if token is not None and token.kind in ("sign", "command") and token.text in texts:
            self._at += 1
            return token.text
        return None

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise Unreadable

    def _next(self) -> Token:
        token = self._peek()
        if token is None:
            raise Unreadable
        self._at += 1
        return token

    def _nested(self, reading: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable
        try:
            return reading()
        finally:
            self._depth -= 1

    # -- statements

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
                if self._peek() is None:
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
        if token.kind == "command" and token.text in ("not",):
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
        params: list[Node] = []
        if self._accept("("):
            while (param := self._peek()) is not None and param.kind in ("letter", "command"):
                self._at += 1
                params.append(Symbol(param.text + self._subscript()))
                if not self._accept(","):
                    break
            if params and self._accept(")") and self._is("="):
                return Apply("call", (Symbol(name), *params))
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

    def _set_expression(self) -> Node:
        node = self._ratio()
        while op := self._accept("cup", "cap", "setminus"):
            node = SetOperation(op, (node, self._ratio()))
        return node

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
        """A sum, and the unit behind it."""
        if self._accept("\\$"):
            return Quantity(self._sum(), "dollar")
        if self._is("-") and self._is("\\$", 1):
            self._at += 2
            return Quantity(Apply("neg", (self._sum(),)), "dollar")
        token = self._peek()
        if token is not None and token.kind == "words":
            words = []
            while (token := self._peek()) is not None and token.kind == "words":
                words.append(self._next().text.lower())
            following = self._peek()
            if following is not None and words[-1].endswith((" is", " are")):
                return self._quantity()  # "the answer is"
            if following is None or following.text in _CLAUSE_ENDS or following.kind == "joint":
                return Words(" ".join(words))
            raise Unreadable
        node = self._sum()
        unit = self._unit()
        return Quantity(node, unit) if unit else node

    def _unit(self) -> str:
        """The unit at this place, empty where there is none."""
        if self._accept("[") and not (self._peek() and self._peek().kind == "words"):  # type: ignore[union-attr]
            raise Unreadable
        parts: list[str] = []
        while (token := self._peek()) is not None:
            if token.kind == "words":
                if _DOUBTS & set(token.text.lower().split()):
                    raise Unreadable
                parts.append(token.text)
            elif parts and token.text == "^":
                self._at += 1
                self._accept("{")
                parts[-1] += "^" + self._next().text
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

    # -- sums and products

    def _sum(self) -> Node:
        return self._nested(self._sum_of_terms)

    def _sum_of_terms(self) -> Node:
        sign = self._accept("+", "-", "pm", "mp")
        node = self._product()
        if sign:
            node = node if sign == "+" else Apply({"-": "neg"}.get(sign, sign), (node,))
        terms = [node]
        while sign := self._accept("+", "-", "pm", "mp"):
            if self._is("ldots"):
                raise Unreadable
            term = self._product()
            terms.append(term if sign == "+" else Apply({"-": "neg"}.get(sign, sign), (term,)))
        return terms[0] if len(terms) == 1 else Apply("+", tuple(terms))

    def _product(self) -> Node:
        node = self._signed_factor()
        while True:
            if self._accept("*", "cdot", "times"):
                node = Apply("*", (node, self._signed_factor()))
            elif self._accept("/", "div"):
                node = Apply("/", (node, self._signed_factor()))
            elif self._starts_factor():
                node = self._implicit_product(node)
            else:
                return node

    def _implicit_product(self, left: Node) -> Node:
        mixed = self._mixed_fraction(left)
        if mixed is not None:
            return mixed
        token = self._peek()
        if isinstance(left, Number) and token is not None and token.kind == "number":
            raise Unreadable  # two numbers side by side
        return Apply("*", (left, self._power()))

    def _mixed_fraction(self, left: Node) -> Node | None:
        """The sum that `1 \\frac{2}{3}` or `1 2/3` is."""
        previous = self._tokens[self._at - 1]
        if not isinstance(left, Number) or previous.kind != "number" or "." in previous.text:
            return None
        start = self._at
        token = self._peek()
        fraction: Node | None = None
        if token is not None and token.kind == "number" and token.spaced:
            top = self._number(self._next())
            if self._accept("/") and (below := self._peek()) is not None and below.kind == "number":
                fraction = Apply("/", (top, self._number(self._next())))
        elif self._is("frac"):
            fraction = self._power()
        percent = isinstance(fraction, Quantity) and fraction.unit == "percent"
        match fraction.value if isinstance(fraction, Quantity) and percent else fraction:
            case Apply("/", (Number(top_value), Number(bottom))) as part if (
                0 < top_value.value < bottom.value
                and top_value.value.denominator == bottom.value.denominator == 1
            ):
                whole = Apply("+", (left, part))
                return Quantity(whole, "percent") if percent else whole
        self._at = start
        return None

    def _starts_factor(self) -> bool:
        token = self._peek()
        if token is None:
            return False
        if token.kind in ("number", "letter"):
            return True
        if token.kind == "command":
            return token.text in _FACTOR_COMMANDS
        if token.kind == "sign":
            return (
                token.text in ("(", "{", "\\|")
                or (token.text == "|" and not self._bars)
                or (token.text == "[" and not self._next_is_words())
            )
        return False

    def _next_is_words(self) -> bool:
        token = self._peek(1)
        return token is not None and token.kind == "words"

    def _signed_factor(self) -> Node:
        sign = self._accept("-", "+", "pm", "mp")
        node = self._power()
        return (
            node
            if sign in (None, "+")
            else Apply({"-": "neg"}.get(sign or "", sign or ""), (node,))
        )

    # -- powers and atoms

    def _power(self) -> Node:
        return self._nested(self._power_of_atom)

    def _power_of_atom(self) -> Node:
        node = self._atom()
        while True:
            if self._accept("^"):
                node = self._raised(node)
            elif self._accept("!"):
                node = Apply("!!" if self._accept("!") else "!", (node,))
            elif self._accept("\\%", "%"):
                node = self._percent(node)
            elif isinstance(node, Symbol) and self._accept("'"):
                node = Symbol(node.name + "'")
            else:
                return node

    def _percent(self, node: Node) -> Node:
        if isinstance(node, Number):
            plain = node.plain
            ulp = plain.unit_in_last_place
            return Number(PlainNumber(plain.value / 100, True, ulp and ulp / 100, plain.is_rounded))
        return Quantity(node, "percent")

    def _raised(self, base: Node) -> Node:
        if self._accept("circ"):
            return Apply("degree", (base,))
        if self._accept("prime"):
            raise Unreadable
        if self._is("{") and self._is("circ", 1):
            self._at += 2
            self._expect("}")
            return Apply("degree", (base,))
        if self._is("{") and (self._is("prime", 1) or self._is("'", 1)):
            raise Unreadable
        if self._is("*"):
            raise Unreadable
        return Apply("^", (base, self._script()))

    def _script(self) -> Node:
        """A superscript: a group in braces, or what one token gives."""
        if self._is("{"):
            return self._group()
        sign = self._accept("-", "+")
        token = self._peek()
        if token is not None and token.kind == "number" and not sign and len(token.text) > 1:
            node: Node = self._number(self._next())  # x^10 in plain text
        elif self._is("("):
            node = self._parenthesised()
        else:
            node = self._atom()
        return Apply("neg", (node,)) if sign == "-" else node

    def _group(self) -> Node:
        self._expect("{")
        bars, self._bars = self._bars, 0
        node = self._sum()
        self._bars = bars
        self._expect("}")
        return node

    def _argument(self) -> Node:
        """What a command takes: a group, or one digit or letter of what follows."""
        if self._is("{"):
            return self._group()
        token = self._peek()
        if token is not None and token.kind == "number" and len(token.text) > 1:
            if not token.text.isdigit():
                raise Unreadable
            self._tokens[self._at : self._at + 1] = [
                Token("number", token.text[0]),
                Token("number", token.text[1:]),
            ]
        return self._atom()

    def _atom(self) -> Node:
        token = self._next()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "letter":
            return self._letter(token)
        if token.kind == "command":
            return self._command(token.text)
        if token.kind == "sign":
            return self._sign(token.text)
        raise Unreadable

    def _number(self, token: Token) -> Node:
        text = token.text
        if len(text) > MAX_DIGITS:
            raise Unreadable
        if "_" in text:
            digits, base = text.split("_")
            return _numeral(digits, base.strip("{}").removeprefix("\\text{").strip("{} "))
        if not text.isascii() or _OVERLINED.search(text) or _ELLIPSIS.search(text):
            return Number(PlainNumber(_recurring(text)))
        mantissa, _, exponent = text.lower().partition("e")
        whole, _, part = mantissa.partition(".")
        unit = Fraction(10) ** (int(exponent or 0) - len(part))
        return Number(
            PlainNumber(
                int(whole + part or "0") * unit,
                unit_in_last_place=unit if part else None,
                is_rounded=may_be_rounded((whole + part).lstrip("0"), len(part)),
            )
        )

    def _subscript(self) -> str:
        """The subscript at this place as part of a name, empty where there is none."""
        if not self._accept("_"):
            return ""
        if not self._accept("{"):
            return "_" + self._next().text
        name, depth = "_", 1
        while depth:
            token = self._next()
            depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "sign" else 0
            if depth:
                name += token.text
        return name

    def _letter(self, token: Token) -> Node:
        letter = token.text
        if letter in ("C", "P", "A") and self._is("_"):
            start = self._at
            chosen = self._chosen(letter)
            if chosen is not None:
                return chosen
            self._at = start
        name = letter + self._subscript()
        if name in ("f", "g", "h") and self._is("("):
            argument = self._parenthesised()
            args = argument.items if isinstance(argument, Row) else (argument,)
            return Apply("call", (Symbol(name), *args))
        return Symbol(name)

    def _chosen(self, letter: str) -> Node | None:
        """`C_n^k` and `A_n^k`: combinations and permutations."""
        self._expect("_")
        try:
            lower = self._script()
            if not self._accept("^"):
                return None
            upper = self._script()
        except Unreadable:
            return None
        return Apply("binom" if letter == "C" else "perm", (lower, upper))

    def _command(self, name: str) -> Node:
        if name in _CONSTANTS:
            return Symbol(_CONSTANTS[name])
        if name in _GREEK:
            return Symbol(name + self._subscript())
        if name in FUNCTIONS:
            return self._function(name)
        reading = _COMMAND_READERS.get(name)
        if reading is None:
            raise Unreadable
        return reading(self)

    def _fraction(self) -> Node:
        top = self._argument()
        bottom = self._argument()
        match top, bottom:
            case Apply("*", (Symbol("d"), Symbol(of))), Apply("*", (Symbol("d"), Symbol(by))):
                return Symbol(f"d{of}/d{by}")
            case _, Apply("*", (Symbol("d"), _)) if "d" in symbols_of(top):
                raise Unreadable  # a derivative
        return Apply("/", (top, bottom))

    def _binomial(self) -> Node:
        top = self._argument()
        return Apply("binom", (top, self._argument()))

    def _root(self) -> Node:
        index: Node | None = None
        if self._accept("["):
            index = self._sum()
            self._expect("]")
        if self._is("("):
            radicand = self._parenthesised()
        else:
            radicand = self._argument() if not self._number_ahead() else self._number(self._next())
        return Apply("sqrt", (radicand,)) if index is None else Apply("root", (radicand, index))

    def _number_ahead(self) -> bool:
        """A number of several digits after a root without braces, as in plain text `sqrt 12`."""
        token = self._peek()
        return token is not None and token.kind == "number" and token.spaced

    def _floor(self) -> Node:
        return self._between("floor", "rfloor")

    def _ceiling(self) -> Node:
        return self._between("ceil", "rceil")

    def _between(self, op: str, closing: str) -> Node:
        node = self._sum()
        self._expect(closing)
        return Apply(op, (node,))

    def _angled(self) -> Node:
        return self._row("langle", "rangle")

    def _overlined(self) -> Node:
        self._expect("{")
        name = ""
        while not self._accept("}"):
            token = self._next()
            if token.kind not in ("letter", "number"):
                raise Unreadable
            name += token.text
        return Symbol("overline " + name)

    def _blackboard(self) -> Node:
        self._expect("{")
        name = self._next().text
        self._expect("}")
        if self._accept("^"):
            return Symbol(f"{name}^{self._argument()}")
        return _SETS.get(name, Symbol("set " + name))

    def _empty_set(self) -> Node:
        return Row("{", (), "}")

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
            row.append(self._listing())
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
        return Matrix(tuple(rows), {"vmatrix": "det", "cases": "cases"}.get(name, "matrix"))

    def _environment_name(self) -> str:
        self._expect("{")
        name = ""
        while not self._accept("}"):
            name += self._next().text
        return name

    def _function(self, name: str) -> Node:
        if name in ("max", "min", "gcd", "lcm"):
            inner = self._braced_set() if self._is("\\{") else self._parenthesised()
            return Apply(name, inner.items if isinstance(inner, Row) else (inner,))
        base: Node | None = None
        exponent: Node | None = None
        while True:
            if self._is("_") and name in ("log", "lg") and base is None:
                self._at += 1
                base = self._script()
            elif self._is("^") and exponent is None:
                self._at += 1
                exponent = self._script()
            else:
                break
        inverse = exponent == Apply("neg", (_ONE,))
        if inverse and name in ("sin", "cos", "tan", "cot", "sec", "csc"):
            name, exponent = "arc" + name, None
        argument = self._function_argument()
        node = Apply(name, (argument,) if base is None else (argument, base))
        return node if exponent is None else Apply("^", (node, exponent))

    def _function_argument(self) -> Node:
        if self._is("("):
            return self._parenthesised()
        if self._is("{"):
            return self._group()
        if self._is("[") or self._is("|"):
            return self._power()
        sign = self._accept("-")
        node = self._power()
        while (token := self._peek()) is not None:
            if token.kind == "command" and (
                token.text in FUNCTIONS or token.text in ("cdot", "times")
            ):
                break
            if not self._starts_factor():
                break
            node = self._implicit_product(node)
        # sin x / 2 is (sin x)/2, but sin \pi/4 and cos 2\pi/3 mean the angle.
        if (
            _is_constant(node)
            and self._is("/")
            and (after := self._peek(1))
            and after.kind == "number"
        ):
            self._at += 1
            node = Apply("/", (node, self._power()))
        return Apply("neg", (node,)) if sign else node

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


_ONE = Number(PlainNumber(Fraction(1)))
_COMMAND_READERS: dict[str, Callable[[_Reader], Node]] = {
    "frac": _Reader._fraction,
    "binom": _Reader._binomial,
    "sqrt": _Reader._root,
    "lfloor": _Reader._floor,
    "lceil": _Reader._ceiling,
    "langle": _Reader._angled,
    "overline": _Reader._overlined,
    "bar": _Reader._overlined,
    "mathbb": _Reader._blackboard,
    "emptyset": _Reader._empty_set,
    "begin": _Reader._environment,
}
_FACTOR_COMMANDS = (FUNCTIONS | _GREEK | frozenset(_COMMAND_READERS) | {"pi", "infty", "imath"}) - {
    "emptyset"
}
_BASE_WORDS = {
    **{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "sixteen": 16},
}


def _numeral(digits: str, base: str) -> Node:
    value = _BASE_WORDS.get(base) or (int(base) if base.isdigit() and len(base) < 3 else 0)
    if not 2 <= value <= 36 or any(int(digit, 36) >= value for digit in digits):
        raise Unreadable
    return Numeral(digits.lstrip("0") or "0", value)


def _recurring(text: str) -> Fraction:
    """The value of `0.1\\overline{6}`, `0.1\\dot{6}`, `0.1(6)` or `0.333...`."""
    if ellipsis := _ELLIPSIS.search(text):
        digits = text[: ellipsis.start()]
        for length in range(1, len(digits) // 2 + 1):
            period = digits[-length:]
            if (
                "." not in period
                and digits.endswith(period * 2)
                and (length > 1 or digits.endswith(period * 3))
            ):
                stem = digits
                while stem.endswith(period):
                    stem = stem[:-length]
                return _with_period(stem, period)
        raise Unreadable
    found = _OVERLINED.search(text)
    if found is None:
        raise Unreadable
    period = found[1] or found[2] or f"{found[3]}{found[4] or ''}{found[5] or ''}"
    return _with_period(text[: found.start()], period)


def _with_period(stem: str, period: str) -> Fraction:
    whole, _, part = stem.partition(".")
    scale = 10 ** len(part)
    tail = Fraction(int(period), (10 ** len(period) - 1) * scale)
    return Fraction(int(whole + part or "0"), scale) + tail


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
