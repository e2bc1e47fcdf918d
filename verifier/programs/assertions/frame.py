"""One run of an assertion suite: its variables, the candidate's calls, what it may still use."""

from __future__ import annotations

import ast
import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import GeneratorType
from typing import Any, Protocol

from sandbox import Built, CallResult, Opaque
from verifier.errors import VerifierError
from verifier.programs.assertions import functions
from verifier.programs.assertions.meter import Meter, Unsupported, members, weight
from verifier.programs.checkers import same_nodes
from verifier.programs.nodes import BY_TYPE, is_built

_IMMUTABLE = (type(None), bool, int, float, complex, str, bytes, range)
_VALUES = (*functions.PLAIN, Built, Opaque)
_VIEWS: dict[str, Callable[[list[Any]], Any]] = {
    "dict_keys": lambda items: dict.fromkeys(items).keys(),
    "dict_items": lambda items: dict(items).items(),
}
"""Returned views that are sets to Python's operators; only a view is equal to a set."""


class CallFailed(VerifierError):
    """The candidate returned nothing: it raised, died or hit a limit."""

    def __init__(self, result: CallResult) -> None:
        super().__init__(result.message)
        self.result = result


class Call(Protocol):
    """Calls the candidate; returns what it returned, as plain data, or raises CallFailed."""

    def __call__(self, args: Sequence[Any], kwargs: Mapping[str, Any], *, consume: bool) -> Any: ...


@dataclass(slots=True)
class Frame:
    """The state of one run of a suite."""

    call: Call
    names: dict[str, Any] = field(default_factory=dict)
    meter: Meter = field(default_factory=Meter)
    passed: int = 0
    calls: int = 0
    last_arguments: tuple[Sequence[Any], Mapping[str, Any]] = ((), {})
    last_value: Any = None
    shared: dict[int, Any] = field(default_factory=dict)
    """Mutable arguments of calls, by identity: a candidate may have meant to change them. What
    it did to its copies is not known here, so they are neither looked at nor passed on again."""
    shared_before: int = 0
    """How many were shared before the statement at hand."""

    def value_of(self, name: str) -> Any:
        """The value of a variable, to be passed on."""
        if name not in self.names:
            raise NameError(f"{name} has no value yet")
        return self.names[name]

    def own(self, name: str) -> Any:
        """The value of a variable, to be looked at."""
        value = self.owner(name)
        self.mutable_parts(value)
        return value

    def owner(self, name: str) -> Any:
        """The value of a variable, of which only a part is looked at."""
        value = self.value_of(name)
        if id(value) in self.shared:
            raise Unsupported("a value that the candidate may have changed in place")
        if isinstance(value, Opaque) and value.type_name not in BY_TYPE:
            raise Unsupported("a returned object kept in a variable, perhaps an iterator")
        return value

    def share(self, value: Any) -> Any:
        """`value`, with everything in it marked that the candidate may change in place."""
        self.shared.update((id(part), part) for part in self.mutable_parts(value))
        return value

    def mutable_parts(self, value: Any) -> list[Any]:
        """What in `value` can be changed in place. Raises Unsupported where it may have been."""
        self.meter.spend(weight(value))
        parts: list[Any] = []
        pending = [value]
        while pending:
            found = pending.pop()
            if isinstance(found, list | dict | set | bytearray) or is_built(found):
                if id(found) in self.shared:
                    raise Unsupported("a value that the candidate may have changed in place")
                parts.append(found)
            if isinstance(found, dict):
                pending.extend(found.values())
            elif isinstance(found, list | tuple):
                pending.extend(found)
            elif not isinstance(found, _VALUES):
                raise Unsupported("an iterator or a view, which changes with what it reads from")
        return parts

    def check_operands(self, *values: Any) -> None:
        """Operands, all of which are at hand now. Raises Unsupported where one was evaluated
        before a call in the same statement that may have changed it."""
        if len(self.shared) != self.shared_before:
            for value in values:
                if not isinstance(value, _IMMUTABLE):
                    self.mutable_parts(value)

    def check_source(self, source: Any) -> None:
        """Raises Unsupported where the candidate may have changed what is being iterated over."""
        pending = [source]
        while pending:
            found = pending.pop()
            if id(found) in self.shared:
                raise Unsupported("an iteration over what the candidate may have changed in place")
            # A generator is a comprehension of the suite's, which looks after its own sources.
            if not isinstance(found, (*_VALUES, GeneratorType)):
                pending += gc.get_referents(found)  # an iterator or a view: what it reads from

    def ask(self, args: tuple[Any, ...], kwargs: dict[str, Any], *, consume: bool) -> Any:
        """What the candidate returns. Raises CallFailed."""
        self.meter.spend(1)
        self.calls += 1
        self.last_arguments, self.last_value = (args, kwargs), None
        for value in (*args, *kwargs.values()):
            if isinstance(value, Opaque):
                raise Unsupported("a returned object that is not plain data is passed on")
        value = self.call(args, kwargs, consume=consume)
        self.last_value = value
        if not isinstance(value, Opaque) or value.items is None:
            return value
        if value.type_name in _VIEWS:
            self.meter.spend(len(value.items))
            return _VIEWS[value.type_name](list(value.items))
        return list(value.items) if consume and value.type_name not in BY_TYPE else value


def target(node: ast.expr) -> Callable[[Frame, Any], None]:
    """Assigns a value to a name or to a tuple of them. Raises Unsupported for any other target."""
    if isinstance(node, ast.Name):
        name = node.id

        def bind(frame: Frame, value: Any) -> None:
            frame.names[name] = value

        return bind
    if isinstance(node, ast.Tuple | ast.List):
        parts = [target(item) for item in node.elts]

        def unpack(frame: Frame, value: Any) -> None:
            values = list(members(frame.meter, value))
            if len(values) != len(parts):
                raise ValueError(f"{len(values)} values for {len(parts)} names")
            for part, item in zip(parts, values, strict=True):
                part(frame, item)

        return unpack
    raise Unsupported("an assignment to other than a name")


def item(frame: Frame, owner: Any, index: Any) -> Any:
    """`owner[index]`; a slice is paid for."""
    if isinstance(owner, Opaque):
        raise Unsupported("a part of a returned object that is not plain data")
    if isinstance(index, slice) and isinstance(owner, str | bytes | list | tuple):
        frame.meter.spend(len(owner))
    return owner[index]


def nodes_agree(left: Any, right: Any) -> bool:
    """LeetCode's comparison of a returned list or tree with one that the suite builds."""
    if isinstance(left, Built) and not isinstance(right, Built):
        left, right = right, left
    if not isinstance(right, Built):
        raise Unsupported("two nodes of which none is built by the suite")
    if isinstance(left, Built):
        raise Unsupported("two nodes that are both built by the suite")
    return same_nodes(right, left)
