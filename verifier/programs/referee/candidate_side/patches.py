"""What a suite puts in the place of things around the candidate, and what was done with it.

Sent into the candidate's jail as text, in one namespace with `relay`. It shares the interpreter
with candidate code: nothing that it says is believed. What is replaced is so only while candidate
code runs, and not while the relay works.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib.util
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

_OWN = frozenset({"__main__", "suite", "solution", "main", "candidate", "answer", "submission"})
"""What suites call the candidate's module, beside names of no module at all."""


class _OfNames:
    """A name of the candidate's own with another value."""

    def __init__(self, names: dict[str, Any], name: str, new: Any) -> None:
        self._names, self._name, self._new = names, name, new
        self._was: Any = None

    def __enter__(self) -> None:
        self._was = self._names.get(self._name, self)
        self._names[self._name] = self._new

    def __exit__(self, *_: object) -> None:
        if self._was is self:  # it was one of Python's own
            del self._names[self._name]
        else:
            self._names[self._name] = self._was


class Patches:
    """Those of one suite."""

    def __init__(self, names: dict[str, Any]) -> None:
        """`names`: the candidate's."""
        self._names = names
        self._patches: dict[int, Any] = {}
        self._number = 0
        self._entered: list[Any] | None = None
        """Those that are in force, where candidate code runs."""

    def operations(self) -> dict[str, Callable[..., Any]]:
        """What the other side may ask for, by name."""
        return {
            "mock": lambda name, args, kwargs: getattr(mock, name)(*args, **kwargs),
            "record": _record,
            "patch": self._patch,
            "patch dict": self._patch_dict,
            "unpatch": self._unpatch,
        }

    def around(self, done: Callable[..., Any]) -> Callable[..., Any]:
        """`done` with everything replaced."""

        def step(*args: Any, **kwargs: Any) -> Any:
            with self._in_force():
                return done(*args, **kwargs)

        return step

    @contextlib.contextmanager
    def _in_force(self) -> Iterator[None]:
        if self._entered is not None or not self._patches:  # in the midst of a callback, or none
            yield
            return
        self._entered = [*self._patches.values()]
        for each in self._entered:
            each.__enter__()
        try:
            yield
        finally:
            for each in reversed(self._entered):
                each.__exit__(None, None, None)
            self._entered = None

    def _patch(
        self, target: Any, attribute: str | None, options: dict[str, Any], *given: Any
    ) -> list[Any]:
        """Replace an attribute of a target, or what a text names; gives the patch's number and what
        is in place. Raises AttributeError where there is nothing to replace."""
        if attribute is None:
            target, _, attribute = target.rpartition(".")
            target = self._own(target) if _is_own(target.partition(".")[0]) else target
        if target is self._names:
            return self._patch_name(attribute, options, *given)
        patched: Any = mock.patch if isinstance(target, str) else mock.patch.object
        place = (f"{target}.{attribute}",) if isinstance(target, str) else (target, attribute)
        with self._in_force(), patched(*place, *given, **options) as new:
            pass
        return [self._keep(patched(*place, new, create=options.get("create", False))), new]

    def _patch_name(self, name: str, options: dict[str, Any], *given: Any) -> list[Any]:
        if not (name in self._names or hasattr(builtins, name) or options.pop("create", False)):
            raise AttributeError(f"the program has no {name!r}")
        options.pop("create", None)
        options.pop("autospec", None)
        new = given[0] if given else mock.MagicMock(**options)
        return [self._keep(_OfNames(self._names, name, new)), new]

    def _own(self, path: str) -> Any:
        """What a text names of the candidate's program: all of it, or something in it."""
        _, *rest = path.split(".")
        found: Any = self._names
        for number, name in enumerate(rest):
            found = getattr(found, name) if number else found[name]
        return found

    def _patch_dict(self, target: Any, items: dict[Any, Any], clear: bool) -> int:
        return self._keep(mock.patch.dict(target, items, clear))

    def _keep(self, patch: Any) -> int:
        self._number += 1
        self._patches[self._number] = patch
        return self._number

    def _unpatch(self, number: int) -> None:
        self._patches.pop(number, None)


def _is_own(module: str) -> bool:
    return module in _OWN or importlib.util.find_spec(module) is None


def _record(mocked: Any) -> list[Any]:
    """How it was called, and what in it was."""
    calls = [[tuple(call.args), dict(call.kwargs)] for call in mocked.call_args_list]
    within, methods = (
        [[name, tuple(args), dict(kwargs)] for name, args, kwargs in getattr(mocked, which, ())]
        for which in ("mock_calls", "method_calls")
    )
    return [calls, within, methods]
