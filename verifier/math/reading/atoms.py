"""Reads operands: powers, letters, commands and functions with their arguments."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from fractions import Fraction
from functools import partial

from verifier.math.plain import PlainNumber
from verifier.math.reading.brackets import Brackets
from verifier.math.reading.cursor import Unreadable
from verifier.math.reading.numerals import read_numeral
from verifier.math.reading.tokens import FUNCTIONS, Token
from verifier.math.tree import Apply, Node, Number, Quantity, Row, Symbol, symbols_of

_CONSTANTS = {"pi": "pi", "infty": "oo", "imath": "i"}
GREEK = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
        *("omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Sigma", "Phi", "Psi", "Omega"),
        *("hbar", "ell", "aleph", "prime", "star"),
    )
)
_SETS = {"R": Row("(", (Apply("neg", (Symbol("oo"),)), Symbol("oo")), ")")}
_ZERO, _ONE = (Number(PlainNumber(Fraction(value))) for value in (0, 1))


class Atoms(Brackets):
    """The operands of the notation."""

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
            node: Node = read_numeral(self._next().text)  # x^10 in plain text
        elif self._is("("):
            node = self._parenthesised()
        else:
            node = self._atom()
        return Apply("neg", (node,)) if sign == "-" else node

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
            return read_numeral(token.text)
        if token.kind == "letter":
            return self._letter(token)
        if token.kind == "command":
            return self._command(token.text)
        if token.kind == "sign":
            return self._sign(token.text)
        raise Unreadable

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
        primes = 0
        while name in ("f", "g", "h") and self._is("'", primes):
            primes += 1
        if name in ("f", "g", "h") and self._is("(", primes):
            self._at += primes
            name += "'" * primes
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
        if name in GREEK:
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
            radicand = (
                self._argument() if not self._number_ahead() else read_numeral(self._next().text)
            )
        return Apply("sqrt", (radicand,)) if index is None else Apply("root", (radicand, index))

    def _number_ahead(self) -> bool:
        """A number of several digits after a root without braces, as in plain text `sqrt 12`."""
        token = self._peek()
        return token is not None and token.kind == "number" and token.spaced

    def _floor(self) -> Node:
        return self._between("floor", "rfloor")

    def _ceiling(self) -> Node:
        return self._between("ceil", "rceil")

    def _named_step(self, name: str) -> Node:
        """`floor(x)`, `ceil(x)` or `abs(x)` in plain text."""
        return Apply(name, (self._parenthesised(),))

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
        braced = self._accept("{")
        name = self._next().text
        if braced:
            self._expect("}")
        if self._accept("^"):
            if name == "R" and self._accept_plus():
                return Row("(", (_ZERO, Symbol("oo")), ")")
            return Symbol(f"{name}^{self._argument()}")
        return _SETS.get(name, Symbol("set " + name))

    def _accept_plus(self) -> bool:
        if self._accept("+"):
            return True
        plus = self._is("{") and self._is("+", 1) and self._is("}", 2)
        self._at += 3 if plus else 0
        return plus

    def _empty_set(self) -> Node:
        return Row("{", (), "}")

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

    @abstractmethod
    def _starts_factor(self) -> bool:
        """Whether a factor stands here without a sign before it."""

    @abstractmethod
    def _implicit_product(self, left: Node) -> Node:
        """`left` times the factor at this place."""


_COMMAND_READERS: dict[str, Callable[[Atoms], Node]] = {
    "frac": Atoms._fraction,
    "binom": Atoms._binomial,
    "sqrt": Atoms._root,
    "lfloor": Atoms._floor,
    "lceil": Atoms._ceiling,
    **{name: partial(Atoms._named_step, name=name) for name in ("floor", "ceil", "abs")},
    "langle": Atoms._angled,
    "overline": Atoms._overlined,
    "bar": Atoms._overlined,
    "mathbb": Atoms._blackboard,
    "emptyset": Atoms._empty_set,
    "begin": Atoms._environment,
}
FACTOR_COMMANDS = (FUNCTIONS | GREEK | frozenset(_COMMAND_READERS) | {"pi", "infty", "imath"}) - {
    "emptyset"
}


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
