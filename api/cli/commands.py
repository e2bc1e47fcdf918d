"""A group of commands, each imported when it is called for: all of them take 2 s of CPU."""

from __future__ import annotations

import importlib
from collections import UserDict
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup


class _Imported(UserDict[str, Any]):
    """Click's commands by name; in their places, until somebody asks, where they are found."""

    def __getitem__(self, name: str) -> Any:
        """Raises KeyError."""
        found = self.data[name]
        if isinstance(found, str):
            found = self.data[name] = _command(name, found)
        return found


def group_of(places: Mapping[str, str]) -> type[TyperGroup]:
    """For `typer.Typer(cls=...)`: help lists them in this order. A place is `module:function`."""

    class Group(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = _Imported({**places, **self.commands})

    return Group


def _command(name: str, place: str) -> Any:
    module, function = place.split(":")
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(getattr(importlib.import_module(module), function))
    return typer.main.get_command(alone)
