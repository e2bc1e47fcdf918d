"""How the objects in the candidate's jail are asked, and what is known here of them.

Sent into the referee's jail as text, in one namespace with `handles`; standard library only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.seeds import Seeds
    from verifier.programs.referee.both_sides.shared_files import SharedFiles
    from verifier.programs.referee.suite_side.handles import Handle, plainer, state_of
    from verifier.programs.referee.suite_side.stand_ins import exchange, unpack
    from verifier.programs.referee.suite_side.transfer import carried

objects: set[str] = set()
"""Functions, classes, methods and attributes whose values the suite's text asks for something that
no plain data has: objects, whoever the candidate is."""
looks_at = {"printed": False, "listening": False, "files": False}
"""Whether the suite looks at what is printed, and the other side knows; and at files."""
_shared = SharedFiles()
seeds = Seeds()
fresh: list[State] = []
"""Of handles that came with the last answer and belong to no origin yet."""
callbacks: list[Callable[..., Any]] = []


class Undecided(BaseException):
    """An assertion that only the candidate's own word could decide."""


class State:
    """What is known here of an object."""

    def __init__(self, number: int, *, own: bool, plain: bool) -> None:
        """`own`: its `==` is not Python's; `plain`: it is of a subclass of plain data."""
        self.number, self.own, self.plain = number, own, plain
        self.origin = ""
        """The function, method, attribute or operator that it came from, or its container did."""
        self.gives = "call"
        """The origin of what comes of calling it."""
        self.guarded = False
        """Whether it is what plain data has an attribute for, of an object that plain data could
        have stood for."""

    def copied(self) -> State:
        """The same of the same object, from elsewhere."""
        return State(self.number, own=self.own, plain=self.plain)

    @property
    def is_object(self) -> bool:
        return self.origin in objects


def ask(op: str, target: Any, /, *args: Any, origin: str = "", **kwargs: Any) -> Any:
    """Have something done to an object; what comes of it belongs to `origin`."""
    given = (target, *args)
    sent, named = carried(given), {name: carried(held) for name, held in kwargs.items()}
    try:
        found = unpack(answer_to(op, sent, named), given, kwargs)
        if isinstance(found, Handle):  # or it may be one of those that were given
            found = type(found)(state_of(found).copied())
            fresh.append(state_of(found))
        plain = [state for state in fresh if state.plain]
    finally:
        for state in fresh:
            state.origin = origin
            state.gives = origin if op in _NAMING else "call"
        fresh.clear()
    return found if all(state.is_object for state in plain) else _made_plain(found)


_NAMING = frozenset({"entry", "get", "raw"})
"""What gives something by its name, so that what it gives when it is called has an origin."""


def _made_plain(found: Any) -> Any:
    """`found` with plain data in place of objects of subclasses of it, but where these are what
    the suite is about."""
    if isinstance(found, Handle):
        state = state_of(found)
        return plainer(found) if state.plain and not state.is_object else found
    if type(found) in (list, tuple):
        return type(found)(map(_made_plain, found))
    if type(found) is dict:
        return {key: _made_plain(item) for key, item in found.items()}
    return found


def answer_to(op: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[Any]:
    """The answer, once the candidate has had the functions of the suite's called that it calls."""
    _prepare()
    answer = exchange(op, args, kwargs)
    failures: list[BaseException] = []
    while answer[0] == "callback":
        try:
            held = _call_back(*answer[1:])
            answer = exchange("returned", (carried(held),), {})
        except BaseException as error:  # noqa: BLE001 - the candidate's to catch, if it is no failure
            if isinstance(error, AssertionError | Undecided):
                failures.append(error)
            answer = exchange("failed", (type(error).__name__, str(error)), {})
    if looks_at["files"]:
        _shared.change(unpack(exchange("give files", (None,), {}), (None,), {}))
    if looks_at["printed"]:
        printed = unpack(exchange("printed", (None,), {}), (None,), {})
        for stream, text in zip((sys.stdout, sys.stderr), printed, strict=True):
            stream.write(text)
    if failures:
        raise failures[0]
    return answer


def _prepare() -> None:
    """Have the other side listen, draw from what was seeded, and find what files there are."""
    if looks_at["printed"] and not looks_at["listening"]:
        looks_at["listening"] = True
        exchange("print", (None,), {})
    if changes := seeds.changed():
        exchange("draw from", (changes,), {})
    if looks_at["files"]:
        if _shared.are_too_many():
            raise Undecided("it writes more into files than may be shared with a candidate")
        unpack(exchange("take files", (_shared.changed(),), {}), (None,), {})


def _call_back(number: int, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a function of the suite's makes of what the candidate calls it with."""
    if type(number) is not int or not 0 <= number < len(callbacks):
        raise TypeError("no function of the suite's")
    return callbacks[number](*args, **kwargs)
