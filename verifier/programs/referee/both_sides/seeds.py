"""Random numbers: what a suite seeds, its candidate draws from.

Sent as text into both jails, beside `crossing`; standard library only. The state of a generator
crosses from the test program to the candidate and never back: who could set it there would choose
what the suite draws.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class Seeds:
    """The generators of modules that a suite seeds."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._watched: list[str] = []

    def watch(self, modules: Sequence[str]) -> None:
        """Notice from now on where one of these is seeded."""
        for name in modules:
            module: Any = importlib.import_module(name)
            module.seed = functools.partial(self._seed, name, module.seed)
            self._watched.append(name)

    def _seed(self, name: str, seed: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        self._known.pop(name, None)  # also where it is what it was
        seed(*args, **kwargs)

    def changed(self) -> dict[str, Any]:
        """The states that the other side has not got, by the module."""
        states = {name: _state_of(sys.modules[name]) for name in self._watched}
        changes = {name: held for name, held in states.items() if self._known.get(name) != held}
        self._known = states
        return changes

    def change(self, changes: Mapping[str, Any]) -> None:
        """Draw from these states here."""
        for name, (kind, numbers, *rest) in changes.items():
            module: Any = importlib.import_module(name)
            if name == "random":
                module.setstate((kind, tuple(numbers), *rest))
            else:
                module.set_state((kind, numbers, *rest))


def _state_of(module: Any) -> list[Any]:
    """As plain data, whatever the module."""
    if module.__name__ == "random":
        kind, numbers, *rest = module.getstate()
        return [kind, [*numbers], *rest]
    kind, numbers, *rest = module.get_state()
    return [kind, numbers.tolist(), *rest]
