"""What a candidate holds of objects of the suite's own classes.

Sent into the candidate's jail as text, in one namespace with `relay`. The object is the suite's
(`suite_side.lent`), and so is every word that it says.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any


class Borrowed:
    """Those of one suite."""

    def __init__(self) -> None:
        self._by_number: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}

    def number_of(self, obj: Any) -> int | None:
        """Its number, if it is one of them."""
        return self._numbers.get(id(obj))

    def object_of(
        self, number: int, name: str, protocols: Sequence[str], ask: Callable[..., Any]
    ) -> Any:
        """What stands for the object of that number, always the same. `name`: its class's;
        `protocols`: the special methods that it has; `ask`: asks the suite's side."""
        if number not in self._by_number:
            made = _class_of(number, name, protocols, ask)()
            self._by_number[number] = made
            self._numbers[id(made)] = number
        return self._by_number[number]


def _class_of(number: int, name: str, protocols: Sequence[str], ask: Callable[..., Any]) -> Any:
    def asking(what: str) -> Any:
        def ask_for(_: Any, attribute: str, *args: Any) -> Any:
            return ask(what, number, attribute, *args)

        return ask_for

    def doing(protocol: str) -> Any:
        do = functools.partial(ask, "do", number, protocol)
        return lambda _, *args: do(*(None if _is_traceback(arg) else arg for arg in args))

    names = {protocol: doing(protocol) for protocol in protocols}
    names |= {"__getattr__": asking("get"), "__setattr__": asking("set"), "__module__": "suite"}
    return type(name, (), names)


def _is_traceback(arg: Any) -> bool:
    return type(arg).__name__ == "traceback"
