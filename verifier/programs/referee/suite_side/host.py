"""Runs inside the referee's jail: a dataset's test program, whose candidate is somewhere else.

Standard library only; it is sent into the jail as text, and so are `stand_ins`, which is all of
ours that the test program sees, and `seal`. `step` is called again and again: it takes what the
candidate answered and gives back the next thing that the test program asks for. The test program
runs in a thread of its own, which waits in the stand-in's call until the answer is there.

What the candidate answers must not become code here: from the first call on an audit hook ends the
test program at anything that `seal` does not admit. The channel is behind that hook, too: no name,
object or module that the test program can get leads to it, and bytes that it writes to a descriptor
are no message, as every message carries a secret.
"""

from __future__ import annotations

import ast
import builtins
import os
import queue
import random
import sys
import threading
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

CALL, COMPARED, ENDED = "verifier.call", "verifier.compared", "verifier.ended"
"""The audit events that are messages: for the candidate, that the test program has compared what
the candidate did, and how it ended."""

_suite = types.ModuleType("suite")
_names: dict[str, Any] = vars(_suite)
_stand_ins: dict[str, Any] = {"__name__": "stand_ins"}


class Refused(Exception):
    """The test program has done in this thread what it may not do."""


class _Channel:
    """Between `step` and the test program. Only the interpreter's list of hooks leads to it."""

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._turn = threading.Lock()
        self._main = threading.get_ident()
        self._starting = threading.Lock()
        self._suite: int | None = None
        self._sealed = False
        self._compared = 0

    def step(self, *message: Any) -> list[Any]:
        """Start with ("start", secret, seal, stand-ins, pytest's stand-in, setup, test,
        entry_point, names of the candidate's other functions, sites, what the suite needs beside
        plain data); go on with the candidate's answer, which is ("value", value, which argument it
        is, (args, kwargs) as they are now, which of their parts are the same, see `copy_back` in
        the stand-ins), ("raised", type name, text, names of the builtin types that it is of, args,
        and attributes where handles are), or ("callback", number of a function of the suite's,
        args, kwargs).

        Gives the secret and "call", name, args, kwargs, or "refused", an audit event, or what
        it came to in the end, a text, and how often what the candidate did was compared. It came to
        "passed", "failed" (an assertion), "raised" (the candidate's exception came through),
        "error" (another exception), "beyond" (asked an object for what no plain data has), or
        "broken" (the test program's own fault, whatever the candidate does).

        Raises OSError where the kernel does not enclose this process."""
        if message[0] == "start":
            self._start(*message[1:])
        else:
            self._answers.put(message)
        return self._asked.get()

    def _start(
        self, secret: str, seal: str, stand_ins: Sequence[str], framework: str, *suite: Any
    ) -> None:
        self._secret = secret
        # Its own modules are not the test program's to find.
        sys.modules["suite"] = sys.modules["__main__"] = _suite
        sys.modules.pop(__name__, None)
        sealing = _load(seal, {"__name__": "seal"})
        self._is_admitted, self._refuse_names = sealing["open_admission"](), sealing["refuse_names"]
        sealing["enclose"]()
        for source in stand_ins:
            _load(source, _stand_ins)
        if framework:
            sys.modules["pytest"] = types.ModuleType("pytest")
            _load(framework, vars(sys.modules["pytest"]))
        sys.addaudithook(self._hear)
        thread = threading.Thread(target=_run, args=suite, daemon=True)
        with self._starting:
            thread.start()
            self._suite = thread.ident

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        """The audit hook."""
        if event == CALL:
            self._call(*args)
        elif event == COMPARED:
            self._compared += 1
        elif event == ENDED:
            with self._starting:
                is_suite = threading.get_ident() == self._suite
            if is_suite and sys._getframe(1).f_code is _run.__code__:
                self._asked.put([self._secret, *args[0], self._compared])
        elif self._sealed and not self._is_admitted(event, args):
            self._refuse(event)

    def _call(self, name: Any, args: Any, kwargs: Any, answer: list[Any]) -> None:
        with self._turn:  # threads of the test program's ask one after the other
            if not self._sealed:
                self._refuse_names()
                self._sealed = True
            self._asked.put([self._secret, "call", name, args, kwargs])
            answer.append(self._answers.get())

    def _refuse(self, event: str) -> None:
        """End it here: what it would catch, it could go on after."""
        self._asked.put([self._secret, "refused", event])
        if threading.get_ident() == self._main:
            raise Refused(event)
        while True:
            self._turn.acquire()


def _load(source: str, namespace: dict[str, Any]) -> dict[str, Any]:
    exec(compile(source, namespace["__name__"], "exec", dont_inherit=True), namespace)  # noqa: S102
    return namespace


def _run(
    setup: str,
    test: str,
    entry_point: str,
    others: Sequence[str],
    sites: Sequence[Sequence[Any]] | None,
    needs: Mapping[str, Any],
) -> None:
    random.seed(0)  # the same input must get the same verdict
    try:
        ending = _judge(setup, test, entry_point, others, sites, needs)
    except BaseException as error:  # noqa: BLE001 - whatever ends a test program is its result
        ending = _ending(error, test)
    sys.audit(ENDED, ending)


def _judge(
    setup: str,
    test: str,
    entry_point: str,
    others: Sequence[str],
    sites: Sequence[Sequence[Any]] | None,
    needs: Mapping[str, Any],
) -> list[Any]:
    """Runs the suite against the stand-in of the candidate: how it ended, and why."""
    ours = {"eval": "evaluate", "isinstance": "is_instance", "issubclass": "is_subclass"}
    changed = {name: _stand_ins[own] for name, own in ours.items() if own in _stand_ins}
    _names["__builtins__"] = {**vars(builtins), **changed}
    _names["__file__"] = f"{os.getcwd()}/test_suite.py"
    _names[_MARK] = _stand_ins["compared"]
    _names[_SAME] = _stand_ins.get("same")
    _names[_PUT_BACK] = _stand_ins.get("put_back")
    try:
        exec(compile(setup, "<setup>", "exec", dont_inherit=True), _names)  # noqa: S102
        _stand_ins["set_up"](_names)
        replaced = needs["replaced"] if needs else ()
        marker = _Marker(sites, holds_objects=bool(needs), modules=replaced)
        marked = marker.visit(ast.parse(test))
        program = compile(ast.fix_missing_locations(marked), "<test>", "exec", dont_inherit=True)
    except BaseException as error:  # noqa: BLE001 - a set-up may end in any way
        return ["broken", _text(error)]
    stub = (_entry if needs else _stand_in)(entry_point)
    stand_in = _stand_ins["Entry" if needs else "stand_in"]
    _names.update((name, stand_in(name)) for name in others)
    if needs:
        _stand_ins["objects"].update(needs["objects"])
        _stand_ins["classes"].update((name, _names[name]) for name in needs["made"])
        _stand_ins["looks_at"].update((each, needs[each]) for each in ("printed", "files"))
        _stand_ins["know_exceptions"](needs["exceptions"], needs["raised"])
        _stand_ins["seeds"].watch(needs["seeds"])
        if needs["drawing"]:
            _stand_ins["know_drawing"]()
        if needs["mocks"]:
            _names[_REPLACED] = _stand_ins["replaced"]
            _stand_ins["know_mocks"]()
        if needs["tables"]:
            _stand_ins["know_tables"]()
    exec(program, _names)  # noqa: S102 - what this jail is for
    checked_already = any(line.startswith("check(") for line in test.splitlines())
    if _names.get("check", stub) is not stub and not checked_already:
        _names["check"](stub)
    return ["passed", ""]


def _stand_in(entry_point: str) -> Any:
    """Put the candidate's stand-in under the candidate's name; gives it."""
    owner, dot, method = entry_point.partition("().")
    stub = _stand_ins["stand_in"](method or owner)
    _names[owner] = type(owner, (), {method: staticmethod(stub)}) if dot else stub
    return stub


def _entry(entry_point: str) -> Any:
    """The same where the suite holds objects: of a class, which is there as itself, too."""
    owner, _, method = entry_point.partition("().")
    _names[owner] = _stand_ins["Entry"](owner)
    return _stand_ins["Entry"](method) if method else _names[owner]


_MARK = "<compared>"
"""No name that a program could have."""
_SAME = "<same>"
"""Likewise, of what `is` is to objects in the candidate's jail."""
_PUT_BACK = "<put back>"
"""Likewise, of what has them keep a container that the suite has changed."""


_REPLACED = "<replaced>"
"""Likewise, of what has a module's attribute replaced where the candidate is."""


class _Marker(ast.NodeTransformer):
    """Has the test program say that it has compared what the candidate did."""

    def __init__(
        self, sites: Sequence[Sequence[Any]] | None, *, holds_objects: bool, modules: Sequence[str]
    ) -> None:
        """`sites`: see `reading.survey.Survey`; None for every assertion.
        `modules`: names of those of which the suite replaces something."""
        self._modules = modules
        self._sites = None if sites is None else {(line, at): after for line, at, after in sites}
        self._holds_objects = holds_objects

    def visit(self, node: ast.AST) -> Any:
        """See ast.NodeTransformer."""
        visited = self.generic_visit(node)
        if not isinstance(node, ast.stmt):
            return _by_number(visited) if self._holds_objects else visited
        if self._sites is None:
            after = True if isinstance(node, ast.Assert) else None
        else:
            after = self._sites.get((node.lineno, node.col_offset))
        if isinstance(node, ast.Assign) and self._modules:
            return [visited, *self._replacing(node)]
        if self._holds_objects and (changed := _changed_attribute(node)):
            return _with_container_kept(node, changed)
        if after is None:
            return visited
        mark = ast.copy_location(
            ast.Expr(ast.Call(ast.Name(_MARK, ast.Load()), args=[], keywords=[])), node
        )
        return [visited, mark] if after else [mark, visited]

    def _replacing(self, node: ast.Assign) -> Iterator[ast.stmt]:
        """What has the other side know what a module's attributes are from here on."""
        for target in node.targets:
            match target:
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in self._modules:
                    held = ast.Attribute(ast.Name(name, ast.Load()), attr, ast.Load())
                    given = [ast.Name(name, ast.Load()), ast.Constant(attr), held]
                    yield ast.copy_location(
                        ast.Expr(ast.Call(ast.Name(_REPLACED, ast.Load()), given, [])), node
                    )


def _by_number(node: ast.AST) -> ast.AST:
    """`a is b`, `assertIs(a, b)` and `assertIsInstance(a, B)` as what they mean where objects are
    behind handles."""
    match node:
        case ast.Compare(left=one, ops=[ast.Is() | ast.IsNot() as op], comparators=[other]):
            told = _told_same(one, other)
            changed = told if isinstance(op, ast.Is) else ast.UnaryOp(ast.Not(), told)
        case ast.Call(
            func=ast.Attribute(value=case, attr="assertIs" | "assertIsNot" as name),
            args=[one, other, *more],
            keywords=keywords,
        ):
            decided = "assertTrue" if name == "assertIs" else "assertFalse"
            asserts = ast.Attribute(case, decided, ast.Load())
            changed = ast.Call(asserts, [_told_same(one, other), *more], keywords)
        case ast.Call(
            func=ast.Attribute(value=case, attr="assertIsInstance"),
            args=[one, other, *more],
            keywords=keywords,
        ):
            told = ast.Call(ast.Name("isinstance", ast.Load()), [one, other], [])
            changed = ast.Call(
                ast.Attribute(case, "assertTrue", ast.Load()), [told, *more], keywords
            )
        case _:
            return node
    return ast.copy_location(changed, node)


_CHANGING = frozenset(
    """add append appendleft clear discard extend insert pop popleft remove reverse setdefault sort
    update""".split()  # noqa: SIM905 - to be read
)
"""Methods that change a container in its place."""


def _changed_attribute(node: ast.stmt) -> ast.Attribute | None:
    """`x.y`, where it is a container that the statement may change: `x.y[0] = 1`, `x.y.add(1)`."""
    match node:
        case (
            ast.Assign(targets=[ast.Subscript(value=held)])
            | ast.AugAssign(target=ast.Subscript(value=held))
        ):
            pass
        case ast.Delete(targets=[ast.Subscript(value=held)]):
            pass
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=held, attr=name))) if (
            name in _CHANGING
        ):
            pass
        case _:
            return None
    while isinstance(held, ast.Subscript):
        held = held.value
    owner = held.value if isinstance(held, ast.Attribute) else None
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    return held if isinstance(held, ast.Attribute) and isinstance(owner, ast.Name) else None


def _with_container_kept(node: ast.stmt, changed: ast.Attribute) -> list[ast.stmt]:
    """`node`, and what then has the owner of the container keep it as it has become: what came of
    asking an object in the candidate's jail for it is a copy."""
    name = ast.Name(_PUT_BACK + "container", ast.Load())
    taken = ast.Assign([ast.Name(name.id, ast.Store())], changed)
    called = [changed.value, ast.Constant(changed.attr), name]
    kept = ast.Expr(ast.Call(ast.Name(_PUT_BACK, ast.Load()), called, []))
    put = _Put(changed, name).visit(node)
    return [ast.copy_location(taken, node), put, ast.copy_location(kept, node)]


class _Put(ast.NodeTransformer):
    """Puts one expression in another's place."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> Any:
        """See ast.NodeTransformer."""
        return self._new if node is self._old else self.generic_visit(node)


def _told_same(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(_SAME, ast.Load()), args=[one, other], keywords=[])


def _ending(error: BaseException, test: str) -> list[Any]:
    if any(error is raised for raised in _stand_ins["raised"]):
        return ["raised", ""]
    if isinstance(error, AssertionError):
        return ["failed", str(error)[:500]]
    if _stand_ins["is_beyond"](error) or type(error).__name__ == "Undecided":
        return ["beyond", _text(error)]
    return ["broken" if _is_own_fault(error, test) else "error", _text(error)]


def _is_own_fault(error: BaseException, test: str) -> bool:
    """Whether it is the test program's, whatever the candidate answers: a module is missing that it
    imports by name, or a name in one, or a name that nothing assigns. One that is assigned, in a
    loop or a branch, may have got no value because of what the candidate answered; a module that no
    statement names may have been named by it."""
    if not isinstance(error, NameError | ImportError | AttributeError):
        return False
    if isinstance(error, AttributeError) and type(error.obj) is not types.ModuleType:
        return False
    if not _stand_ins["answered"].is_set():
        return True
    if error.name is None:
        return False
    nodes = list(ast.walk(ast.parse(test)))
    if isinstance(error, AttributeError):
        return any(isinstance(n, ast.Attribute) and n.attr == error.name for n in nodes)
    if isinstance(error, NameError):
        stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        return error.name not in stored
    imported = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    imported |= {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    return any(f"{name}.".startswith(f"{error.name}.") for name in imported)


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def received(type_name: str, items: Sequence[Any] | None) -> Any:
    """See `stand_ins.received`."""
    return _stand_ins["received"](type_name, items)


def received_iterator(items: Sequence[Any]) -> Any:
    """See `stand_ins.ReceivedIterator`."""
    return _stand_ins["ReceivedIterator"](items)


def received_handle(*of: Any) -> Any:
    """See `transfer.received_handle`."""
    return _stand_ins["received_handle"](*of)


def received_value(*of: Any) -> Any:
    """See `transfer.received_value`."""
    return _stand_ins["received_value"](*of)


step = _Channel().step
