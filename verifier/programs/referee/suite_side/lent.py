"""Objects of a suite's own classes, which the candidate is lent: they stay where the suite is.

Sent into the referee's jail as text, in one namespace with `handles`. What the candidate does with
one (`candidate_side.borrowed`) is a call of `_attend`: it reads and sets attributes and calls
methods that the object itself has, and comes no further. What begins with an underscore leads from
an object to its class, its functions and their names.
"""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.crossing import value
    from verifier.programs.referee.suite_side.transfer import carried

_LENDABLE = frozenset(
    f"__{name}__"
    for name in (
        *("len", "iter", "next", "getitem", "setitem", "contains", "call", "enter", "exit", "bool"),
        *("str", "repr", "eq", "hash", "lt", "le", "gt", "ge", "add", "sub", "mul", "int", "float"),
    )
)
_lent: list[Any] = []


def is_lendable(given: Any) -> bool:
    """Whether it is of a class that the suite defines, and no test itself."""
    kind = type(given)
    return kind.__module__ == "suite" and not isinstance(given, unittest.TestCase)


def lend(given: Any) -> Any:
    """What crosses in the object's place."""
    numbers = [number for number, each in enumerate(_lent) if each is given]
    if not numbers:
        _lent.append(given)
    number = numbers[0] if numbers else len(_lent) - 1
    own = (vars(kind) for kind in type(given).__mro__ if kind is not object)
    protocols = sorted(_LENDABLE.intersection(*[set[str]().union(*own)]))
    return value("lent", number, type(given).__name__, protocols, carried(_attend))


def given_back(number: Any) -> Any:
    """The object that was lent under this number. Raises where there is none."""
    if type(number) is not int or number < 0:
        raise TypeError("no object of the suite's")
    return _lent[number]


def _attend(what: Any, number: Any, name: Any, *args: Any) -> Any:
    """Do with an object what the candidate asks for."""
    obj = given_back(number)
    if type(name) is not str or (name.startswith("_") and what != "do"):
        raise AttributeError(name)
    match what:
        case "get":
            return getattr(obj, name)
        case "set" if not callable(getattr(type(obj), name, None)):
            return setattr(obj, name, *args)
        case "do" if name in _LENDABLE:
            return getattr(type(obj), name)(obj, *args)
    raise AttributeError(name)
