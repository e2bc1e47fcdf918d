"""Assertion suites at random: what the reader admits, and what it has to leave to the referee.

A suite is written while it is run, statement by statement, against the candidate that is right for
it: so most assertions hold for that one, and the near misses are near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from tests.fuzz.values import answer, literal, names, written
from verifier.model import AssertTruth
from verifier.programs.assertions import functions, read_suite

IMPORTS = "import collections, copy, math\nfrom collections import Counter\n"
_ONE = [name for name in (*functions.ITERATING, *functions.FUNCTIONS) if name != "range"]
_METHODS = sorted(set().union(*functions.METHODS.values()))
FORMS = [
    *(f"{name}({{e}})" for name in _ONE),
    *(f"{{e}}.{name}()" for name in _METHODS),
    *(f"{{e}}.{name}({{v}})" for name in _METHODS),
    *(f"{name}({{e}}, {{v}})" for name in ("zip", "min", "max", "sum", "isinstance", "math.log")),
    *(f"math.{name}({{e}}, {{n}})" for name in ("gcd", "fmod", "hypot", "isclose")),
    *["Counter({e})", "Counter({e})[{v}]", "Counter({e}) == {v}", "Counter({e}) - Counter({v})"],
    *["collections.Counter({v}) == Counter({e})", "copy.copy({e})", "copy.deepcopy({e})"],
    *["sorted({e}, reverse=True)", "sorted({e}, reverse={n})", "list(enumerate({e}, start={n}))"],
    *["sum({e}, start={v})", "max({e}, default={v})", "min({e}, default={v})", "min({v}, {e})"],
    *[
        "zip({e}, {v}, strict=True)",
        "list(zip({e}, {e}))",
        "round({e}, {n})",
        "round({e}, ndigits=1)",
    ],
    *["math.isclose({e}, {v}, rel_tol=0.5)", "math.isclose({e}, {n}, abs_tol=1)", "int({e}, 16)"],
    *["isinstance({e}, {t})", "isinstance({e}, ({t}, {t}))", "not isinstance({e}, {t})"],
    *["range(min({e}, 9))", "list(range(len({e})))", "range(0, min({e}, 9), 2)", "bool({e})"],
    *["{e} + {v}", "{v} + {e}", "{e} - {v}", "{e} * {n}", "{n} * {e}", "{e} / {v}", "{e} // {n}"],
    *["{e} % {v}", "{e} ** 2", "{e} << 2", "{e} >> 1", "{e} & {v}", "{e} | {v}", "{e} ^ {v}"],
    *["-{e}", "+{e}", "~{e}", "not {e}", "{e} and {v}", "{e} or {v}", "{v} or {e}"],
    *["{e} @ {v}", "'%s' % {e}", "{e} % (1,)", "abs({e} - {v}) < 1e-6", "abs({e} - {n})"],
    *[
        "{e} if {v} else {v}",
        "{v} if {e} else {v}",
        "[{e}, {v}]",
        "({e},)",
        "{{{e}}}",
        "{{{e}, {v}}}",
    ],
    *["{{{v}: {e}}}", "{{{e}: {v}}}", "[*{e}]", "[*{e}, {v}]", "{{*{e}}}", "{{**{e}}}", "(*{e},)"],
    *[
        "{e}[0]",
        "{e}[-1]",
        "{e}[1:]",
        "{e}[::-1]",
        "{e}[:{n}]",
        "{e}[{v}]",
        "{e}[0][0]",
        "{e}[{n}:1]",
    ],
    *["[q for q in {e}]", "{{q for q in {e}}}", "[q + 1 for q in {e} if q]", "sum(q for q in {e})"],
    *["all(q == {v} for q in {e})", "any(q for q in {e})", "[p for q in {e} for p in q]"],
    *["{{q: p for q, p in {e}}}", "[q * p for q, p in zip({e}, {e})]", "list(q for q in {e})"],
    *["len(set({e})) == len({e})", "sorted(sorted(q) for q in {e})", "set(map(tuple, {e}))"],
    *[
        "' '.join({e})",
        "{v}.join({e})",
        "{e}.join({v})",
        "''.join(sorted({e}))",
        "str({e}).split()",
    ],
    *["{e}.count({v}, 1)", "{e}.split({v}, 1)", "{e}.get({v}, {v})", "sorted({e}.items())"],
    *["list({e}.keys())", "{e}.keys() == {v}", "{e}.values()", "list(reversed({e}))", "{e}.real"],
    *[
        "{v}.issubset({e})",
        "{v}.issuperset({e})",
        "{v}.isdisjoint({e})",
        "{e}.startswith(('a', 'b'))",
    ],
    *["set({e}) <= set({v})", "set({e}) | set({v})", "set({e}) - {{1, 2}}", "frozenset({e}) & {v}"],
    *[
        "next(iter({e}))",
        "divmod({e}, 3)",
        "type({e}) == {t}",
        "{e}.sort()",
        "{e}.pop()",
        "{e}.copy()",
    ],
    *[
        "type({e})",
        "f'{{{e}}}'",
        "(lambda q: q)({e})",
        "sorted({e}, key=len)",
        "{e}.most_common(1)",
    ],
    *["{e} is None", "{e} is not None", "{e} is True", "{e} is {v}", "{e} in {v}", "{v} in {e}"],
    *["{e} not in {v}", "{e} == {v}", "{v} == {e}", "{e} != {v}", "{e} < {v}", "{v} >= {e}"],
    *["0 < {e} <= 10", "{e} == {e} != {v}", "{v} < {e} < {v}", "{e} in ({v}, {v})"],
]
"""Expressions of another, `{e}`, any value `{v}`, a small integer `{n}`, a builtin type `{t}`."""
ALIASES = "aliases"
MUTABLE = ["[[1], [2]]", "[3, 1]", "[1]", "{'a': [1]}", "{1, 2}", "[[2, 1], 3]"]
MADE = [
    *["{}", "copy.copy({})", "copy.copy({})", "copy.deepcopy({})", "{}[:]", "list({})", "[{}]"],
    *["({}, 1)", "sorted({})", "{}[0]", "dict({})", "{} + []", "[*{}]", "{}['a']", "[{}] * 2"],
]
"""What may share parts with the value it is made of."""
GIVEN = ["f({})", "r = f({})", "f([{}])", "f({}[0])", "f(1, k={})", "f(*[{}])"]
LOOKS = [
    *["{l} == {k}", "{l} == {k}", "{l} != {v}", "{l}", "{g} == f({g})", "not f({g}) != {g}"],
    *["[{g}, f({g})][0] == {v}", "len([f({g}) for e in {g}]) == len({v})", "{g} + f({g})"],
    *["all([f({g}) for e in enumerate({g})])"],
]
"""Looks at one of them, `{l}`, which ought to be `{k}`; or at what is given, `{g}`, once `{v}`."""
TYPES = ["int", "str", "float", "list", "tuple", "dict", "set", "bool", "complex", "frozenset"]


@cache
def _admitted() -> list[str]:
    """The forms that the reader reads: with one of the others in it a suite is left as a whole."""
    return [form for form in FORMS if _is_read(form)]


@cache
def _left() -> list[str]:
    return [form for form in FORMS if not _is_read(form)]


def _is_read(form: str) -> bool:
    expression = form.format(e="f(1)", v="[1]", n="1", t="int")
    test = f"{IMPORTS}assert {expression}"
    return read_suite(AssertTruth(entry_point="f", test=test)) is not None


@dataclass
class Written:
    """A suite and what the candidate answers, call by call, for which it was written."""

    source: str
    answers: list[str]


@dataclass
class _Writer:
    rng: Random
    focus: str
    lines: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    variables: list[str] = field(default_factory=list)
    calls: int = 0

    def answer(self, *_: Any, **__: Any) -> Any:
        while self.calls >= len(self.answers):
            self.answers.append(self._another())
        self.calls += 1
        return eval(self.answers[self.calls - 1], self.names)

    def _another(self) -> str:
        if self.answers and self.rng.random() < 0.4:
            return self.rng.choice(self.answers)
        return answer(self.rng)

    def suite(self) -> Written:
        self.names = names()
        exec(IMPORTS, self.names)
        self.names["f"] = self.answer
        for _ in range(self.rng.choice([1, 2, 3, 4, 6])):
            self._add(self._statement())
        self._add(self._assertion(""))
        body = "\n".join(self.lines or ["f(1)"])
        if self.rng.random() < 0.3:
            body = "def check(candidate):\n" + _indented(re.sub(r"\bf\(", "candidate(", body))
        return Written(IMPORTS + body, self.answers)

    def _add(self, statement: str) -> None:
        """Write it down, and run it: what it assigns is there for the next. Few that fail are kept:
        nothing after them is judged."""
        before = self.calls
        try:
            exec(statement, self.names)
        except Exception as error:  # noqa: BLE001 - whatever a statement at random raises
            if isinstance(error, SyntaxError) or self.rng.random() < 0.9:
                self.calls = before
                return
        self.lines.append(statement)

    def _statement(self) -> str:
        kind = self.rng.random()
        if self.focus == ALIASES or 0.3 < kind < 0.4:
            return self._aliases()
        if kind < 0.4:
            return self._assertion("")
        if kind < 0.75:
            return self._assigned()
        if kind < 0.82:
            return self._loop()
        if kind < 0.9:
            branches = self._assertion("    "), self._assertion("    ")
            return f"if {self._expression()}:\n{branches[0]}\nelse:\n{branches[1]}"
        if self.rng.random() < 0.8:
            return self._call()
        return self.rng.choice(
            [
                f"{self._variable()}.append({self._literal()})",
                f"{self._variable()}[0] = {self._literal()}",
                f"{self._variable()} += {self._literal()}",
                f"del {self._variable()}",
                f"while not {self._expression()}:\n    break",
                f"try:\n{self._assertion('    ')}\nexcept ValueError:\n    pass",
                f"{self._variable()}.update({self._expression()})",
            ]
        )

    def _aliases(self) -> str:
        """A value of which another is made, a call that is given one, a look at one."""
        value = self.rng.choice(MUTABLE)
        first, second = self.rng.sample("xyzw", 2)
        self.variables += [first, second]
        made = self.rng.choice(MADE).format(first)
        given, looked = self.rng.choice([first, second, second]), self.rng.choice([first, second])
        call = self.rng.choice(["pass", self.rng.choice(GIVEN).format(given)])
        known = self._value_of(made if looked == second else value)
        look = self.rng.choice(LOOKS).format(g=given, l=looked, v=value, k=known)
        return f"{first} = {value}\n{second} = {made}\n{call}\nassert {look}"

    def _loop(self) -> str:
        kind = self.rng.random()
        if kind < 0.3:
            rows = ", ".join(f"({self._literal()}, {self._literal()})" for _ in range(2))
            return f"for t, u in [{rows}]:\n    assert {self._compared('f(t)', 'u')}"
        if kind < 0.5:
            variable = self._variable()
            return f"for t in {variable}:\n    assert {self._compared('f(t)', self._expression())}"
        if kind < 0.6:
            variable = self._variable()
            return (
                f"for t in {variable}:\n    r = f({variable})\n    assert r == {self._expression()}"
            )
        if kind < 0.8:
            return (
                f"for t in {self._expression()}:\n    assert {self._compared('t', self._literal())}"
            )
        return f"for t, u in zip({self._expression()}, {self._expression()}):\n    assert t == u"

    def _assigned(self) -> str:
        place = self.rng.choice("xyzw")
        before = self._variable()
        self.variables.append(place)
        forms = [self._literal(), self._literal(), self._call(), self._call(), self._expression()]
        forms += [
            before,
            f"[{before}, {before}]",
            f"copy.copy({before})",
            f"copy.deepcopy({before})",
        ]
        forms += [
            f"{before}[:]",
            f"list({before})",
            f"({before}, 1)",
            f"dict({before})",
            f"{before}[0]",
        ]
        forms += [f"zip({before}, {before})", f"{before}.items()", f"reversed({before})"]
        forms += [
            f"[{before}] * 2",
            f"sorted({before})",
            f"enumerate({before})",
            f"{before} + {before}",
        ]
        value = self.rng.choice(forms)
        kind = self.rng.random()
        if kind < 0.85:
            return f"{place} = {value}"
        if kind < 0.9:
            return f"{place}: object = {value}"
        other = self.rng.choice("abc")
        self.variables.append(other)
        return self.rng.choice([f"{place}, {other} = {value}", f"{place} = {other} = {value}"])

    def _assertion(self, indent: str) -> str:
        expression = self._expression()
        kind = self.rng.random()
        if kind < 0.6:
            expected = self._value_of(expression)
            if expected is not None:
                return f"{indent}assert {self._equal(expression, expected)}"
        if kind < 0.8:
            return f"{indent}assert {expression}"
        other = self._expression()
        return f"{indent}assert {self._compared(expression, other)}"

    def _equal(self, expression: str, expected: str) -> str:
        forms = ["{} == {}"] * 6 + [
            "not {} != {}",
            "[{}] == [{}]",
            "({}, 1) == ({}, 1)",
            "{} in [{}]",
        ]
        forms += ["{} == {} and True", "{} >= {}", "{{1: {}}} == {{1: {}}}", "{} in ({}, 5)"]
        if self.rng.random() < 0.2:
            expression, expected = expected, expression
        return self.rng.choice(forms).format(expression, expected)

    def _compared(self, left: str, right: str) -> str:
        sign = self.rng.choice(
            ["==", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
        )
        return f"{left} {sign} {right}"

    def _value_of(self, expression: str) -> str | None:
        """What it is for the candidate at hand, who is asked for the same again in the suite."""
        before = self.calls
        try:
            return written(eval(expression, self.names))
        except Exception:  # noqa: BLE001 - it has no value: in Python neither
            return None
        finally:
            self.calls = before

    def _expression(self) -> str:
        text = self._call() if self.rng.random() < 0.7 or not self.variables else self._variable()
        for _ in range(self.rng.choice([0, 1, 1, 1, 2, 2, 3])):
            slots = {
                "e": f"({text})" if " " in text else text,
                "v": self._operand(),
                "n": str(self.rng.randint(-1, 4)),
                "t": self.rng.choice(TYPES),
            }
            forms = _left() if self.rng.random() < 0.02 else _admitted()
            if self.rng.random() < 0.5:
                forms = [form for form in forms if self.focus in form] or forms
            text = self.rng.choice(forms).format(**slots)
        return text

    def _operand(self) -> str:
        if self.rng.random() < 0.15:
            return self._variable()
        text = self._literal()
        return f"({text})" if text[0].isdigit() or text[0] == "-" else text

    def _variable(self) -> str:
        return self.rng.choice(self.variables) if self.variables else self._literal()

    def _literal(self) -> str:
        return literal(self.rng)

    def _call(self) -> str:
        count = self.rng.choice([1, 1, 1, 2])
        args = [self._argument() for _ in range(count)]
        if self.rng.random() < 0.1:
            args.append(f"k={self._argument()}")
        return f"f({', '.join(args)})"

    def _argument(self) -> str:
        kind = self.rng.random()
        if kind < 0.45:
            return self._literal()
        variable = self._variable()
        if kind < 0.85:
            return variable
        return self.rng.choice(
            ["[{}]", "({}, 1)", "*[{}]", "{}[0]", "{}[1:]", "{{'k': {}}}"]
        ).format(variable)


def suite(rng: Random, focus: str = "") -> Written:
    """A suite at random; with a `focus` every second form has this text, or all is `ALIASES`."""
    return _Writer(rng, focus).suite()


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())
