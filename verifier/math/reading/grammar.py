"""The grammar's tables: which reader reads what. A notation is added here, a line for its command.

The rules that the readers follow stand at the top of `verifier.math.reading`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from verifier.math.reading import (
    arithmetic,
    bound,
    brackets,
    functions,
    names,
    scripts,
    statements,
)
from verifier.math.reading.numerals import read_numeral
from verifier.math.reading.parser import Grammar, Parser
from verifier.math.reading.tokens import FUNCTIONS
from verifier.math.tree import Node

_COMMANDS: dict[str, Callable[[Parser], Node]] = {
    **{name: partial(names.constant, name=name) for name in names.CONSTANTS},
    **{name: partial(names.greek, name=name) for name in names.GREEK},
    **{name: partial(functions.function, name=name) for name in FUNCTIONS},
    **{name: partial(functions.of_several, name=name) for name in functions.OF_SEVERAL},
    **{name: partial(functions.bracketed, name=name) for name in ("floor", "ceil", "abs")},
    "frac": functions.fraction,
    "binom": functions.binomial,
    "sqrt": functions.root,
    "lfloor": functions.floor,
    "lceil": functions.ceiling,
    "langle": brackets.angled,
    "overline": partial(names.accented, name="overline"),
    "bar": partial(names.accented, name="overline"),
    "dot": partial(names.accented, name="dot"),
    "ddot": partial(names.accented, name="ddot"),
    "partial": names.partial,
    **{name: partial(names.state, name=name) for name in ("ket", "bra", "braket")},
    "function": names.function_named,
    "ldots": names.ellipsis,
    "sum": partial(bound.collected, name="sum"),
    "prod": partial(bound.collected, name="prod"),
    "cup": partial(bound.collected, name="cup"),
    "cap": partial(bound.collected, name="cap"),
    "int": bound.integral,
    "lim": bound.limit,
    "mathbb": names.blackboard,
    "emptyset": brackets.empty_set,
    "begin": brackets.environment,
}

GRAMMAR = Grammar(
    statements=statements.statements,
    expression=arithmetic.expression,
    power=scripts.power,
    kinds={"number": lambda p: read_numeral(p.next().text), "letter": names.letter},
    signs={
        "(": brackets.parenthesised,
        "[": brackets.parenthesised,
        "{": brackets.group,
        "\\{": brackets.braced_set,
        "|": brackets.absolute,
        "\\|": brackets.norm,
    },
    commands=_COMMANDS,
    postfixes={
        "^": scripts.raised,
        "!": scripts.factorial,
        "%": scripts.percent,
        "\\%": scripts.percent,
        "'": scripts.primed,
    },
    no_factors=frozenset(("emptyset", "cup", "cap")),
)
