"""Reads operands: numbers, letters with their subscripts, commands with their arguments."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from verifier.math.plain import PlainNumber
from verifier.math.reading.cursor import Unreadable
from verifier.math.reading.functions import Functions
from verifier.math.reading.numerals import read_numeral
from verifier.math.reading.tokens import FUNCTIONS, Token
from verifier.math.tree import Apply, Node, Number, Row, Symbol, symbols_of

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


class Atoms(Functions):
    """The operands of the notation."""

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
        name = letter + (self._subscript() or self._index_behind(letter))
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

    def _index_behind(self, letter: str) -> str:
        """`x1` and `y2` in plain text are names: nobody writes a product with its number last."""
        token = self._peek()
        if letter in "ei" or token is None or token.kind != "number" or token.spaced:
            return ""
        if not token.text.isdigit() or self._is("/", 1):
            return ""
        self._at += 1
        return f"_{token.text}"

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
