"""What a test program has of `matplotlib.pyplot`: it draws, and looks, where the candidate does.

Sent into the referee's jail as text, behind `handles` in one namespace.
"""

from __future__ import annotations

import functools
import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.crossing import value
    from verifier.programs.referee.suite_side.asking import ask
    from verifier.programs.referee.suite_side.stand_ins import suite

_PYPLOT = "matplotlib.pyplot"


class _Drawing(types.ModuleType):
    """The module; its functions are those of the candidate's jail."""

    def __init__(self, here: types.ModuleType) -> None:
        super().__init__(_PYPLOT)
        self.__path__: list[str] = []
        self._here = here

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        known = getattr(self._here, name)
        if isinstance(known, type) or not callable(known):
            return known
        return functools.partial(_draw, name)


def _draw(name: str, *args: Any, **kwargs: Any) -> Any:
    return ask("do", value("module", _PYPLOT), name, *args, origin=name, **kwargs)


def know_drawing() -> None:
    """Have the suite import this in that module's place, and have it where its set-up code has
    imported the module."""
    here = importlib.import_module(_PYPLOT)
    drawing = _Drawing(here)
    sys.modules["matplotlib"].pyplot = sys.modules[_PYPLOT] = drawing  # type: ignore[attr-defined]
    suite.update({name: drawing for name, held in suite.items() if held is here})
