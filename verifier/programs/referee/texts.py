"""What goes into the two jails as text: modules of ours, and what is put behind the candidate's
program.
"""

from __future__ import annotations

from pathlib import Path

from verifier.model import AssertTruth
from verifier.programs.referee.reading import needs_of, other_functions


def _texts(room: str, *names: str) -> tuple[str, ...]:
    folder = Path(__file__).with_name(room)
    return tuple((folder / f"{name}.py").read_text(encoding="utf-8") for name in names)


HOST, SEAL, STAND_INS, PYTEST = _texts("suite_side", "host", "seal", "stand_ins", "pytest")
_ON_BOTH_SIDES = _texts("both_sides", "crossing", "tables", "documents", "shared_files", "seeds")
HANDLES = (*_ON_BOTH_SIDES, *_texts("suite_side", "asking", "handles", "lent", "transfer"))
"""What the test program's side has of objects; they run in one namespace, behind the stand-ins."""
MOCKS, DRAWING = _texts("suite_side", "mocks", "drawing")
"""What it has of `unittest.mock` and of `matplotlib.pyplot`, behind these."""
_RELAY_SIDE = _texts("candidate_side", "borrowed", "relay")
(_PATCHES,) = _texts("candidate_side", "patches")
"""What the candidate's side has of objects, and of what a suite replaces there."""
_RELAY = """

def _relay(_name, /, *args, _entries={entries}, _carried={carried}, **kwargs):
    from builtins import BaseException, MemoryError, bytearray, dict, enumerate, hasattr, id
    from builtins import isinstance, list, set, str, tuple, type
    from itertools import islice
    def parts(value):
        if not isinstance(value, tuple):
            yield value
        for part in value.values() if isinstance(value, dict) else value:
            if isinstance(part, (list, dict, tuple, set, bytearray)):
                yield from parts(part)
    try:
        before = [*parts((args, kwargs))]
        value = _entries[_name](*args, **kwargs)
        drained = not _carried and hasattr(value, "__next__")
        answer = [*islice(value, 1000000)] if drained else value
        given = [place for place, argument in enumerate(args) if argument is value]
        places = {{id(part): place for place, part in enumerate(before)}}
        same = [places.get(id(part)) for part in parts((args, kwargs))]
    except MemoryError:
        raise
    except BaseException as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        told = [error.args, error.__dict__] if _carried else [error.args]
        return ["raised", type(error).__name__, str(error), kinds, *map(_carried or tuple, told)]
    after = (args, kwargs)
    if _carried:
        answer, after = _carried(answer), _carried(after)
    return ["value", answer, drained, given[:1], after, same]
"""
# The relay goes behind the candidate's program, whose names may be any, and tells what the returned
# value alone does not say and a test program may ask: whether it is an iterator, or one of the
# arguments; what has become of the arguments, and which of the lists and dicts in them are still
# the same; what else than its own type an exception is. A candidate that tampers with it changes
# nothing but its own answers.
_RELAY_OF_OBJECTS = """

_relay_names = {{"__name__": "relay"}}
for _relay_source in {sources!r}:
    __import__("builtins").exec(_relay_source, _relay_names)
_objects = _relay_names["Relay"]({entries}, {made!r}, {names})
_object, _value, _callback = _objects.object_of, _objects.value_of, _objects.callback
"""


def relay(truth: AssertTruth, entry_point: str) -> str:
    """What is put behind the candidate's program. A function that it may call needs be there only
    when it is called."""
    owner, _, method = truth.entry_point.partition("().")
    sources = {name: name for name in other_functions(truth)} | {method or owner: entry_point}
    needs = needs_of(truth)
    if needs is None:
        entries = [f"{n!r}: lambda *a, **k: {source}(*a, **k)" for n, source in sources.items()]
        return _RELAY.format(entries=f"{{{', '.join(entries)}}}", carried=None)
    if "()" in entry_point:
        sources |= {method or owner: f"lambda *a, **k: {entry_point}(*a, **k)"}
        sources |= {owner: owner} if method else {}
    sources |= {name: name for name in needs.made}
    entries = [f"{n!r}: lambda: ({source})" for n, source in sources.items()]
    objects = _RELAY_OF_OBJECTS.format(
        sources=(*_ON_BOTH_SIDES, *((_PATCHES,) if needs.mocks else ()), *_RELAY_SIDE),
        entries=f"{{{', '.join(entries)}}}",
        made=needs.made,
        names='__import__("builtins").globals()' if needs.mocks else None,
    )
    relay = _RELAY.format(entries="_objects.operations()", carried="_objects.carried")
    turns = "_relay = _objects.in_turns(_relay)\n" if needs.callbacks else ""
    return objects + relay + turns
