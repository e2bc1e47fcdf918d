"""What suites use of pytest, in its place: raises, approx, parametrize, fixtures, skips.

Sent into the referee's jail as text and found there by `import pytest`; standard library only. The
framework itself collects, hooks and reports, which is so much more than a suite needs, and a good
part of it makes code, which no test program may once the candidate has answered.
"""

from __future__ import annotations

import cmath
import functools
import io
import itertools
import pathlib
import re
import sys
import tempfile
import types
import unittest
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

_REL, _ABS = 1e-6, 1e-12
_fixtures: dict[str, _Fixture] = {}
_kept: dict[str, Any] = {}
"""Values of fixtures that are made once, for all tests."""


class Raises:
    """The context manager of `raises`, and what it binds: `value`, `type`, `match`."""

    def __init__(self, expected: Any, match: Any = None) -> None:
        self._expected = expected
        self._match = match
        self.value: BaseException | None = None

    @property
    def type(self) -> Any:
        return type(self.value)

    def __enter__(self) -> Raises:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, _: object) -> bool:
        if error is None:
            raise AssertionError(f"nothing was raised that is {self._expected}")
        if not isinstance(error, self._expected):
            return False
        self.value = error
        if self._match is not None:
            self.match(self._match)
        return True

    def match(self, pattern: Any) -> bool:
        """Raises AssertionError where the exception's text does not match."""
        if not re.search(pattern, str(self.value)):
            raise AssertionError(f"{str(self.value)!r} does not match {pattern!r}")
        return True


def raises(expected: Any, *args: Any, match: Any = None, **kwargs: Any) -> Raises:
    """As pytest's: a context manager, or a call that has to raise."""
    waiting = Raises(expected, match)
    if args:
        with waiting:
            args[0](*args[1:], **kwargs)
    return waiting


class approx:  # noqa: N801 - pytest's name for it
    """A number, or a list, tuple or dict of numbers, that others equal within a tolerance."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, expected: Any, rel: Any = None, *absolute: Any, **more: Any) -> None:
        """`abs` and `nan_ok` as pytest has them."""
        self.expected = expected
        self._rel = rel
        self._abs = absolute[0] if absolute else more.get("abs")
        self._nan_ok = more.get("nan_ok", False)

    def __repr__(self) -> str:
        return f"approx({self.expected!r})"

    def __eq__(self, other: object) -> bool:
        return self._same(self.expected, other)

    def _same(self, want: Any, got: Any) -> bool:
        """Whether `got` is approximately `want`, by the rules of pytest.approx."""
        if isinstance(want, dict):
            return (
                isinstance(got, dict)
                and want.keys() == got.keys()
                and all(self._same(value, got[key]) for key, value in want.items())
            )
        if isinstance(want, (list, tuple)):
            return (
                isinstance(got, (list, tuple))
                and len(want) == len(got)
                and all(map(self._same, want, got))
            )
        if not isinstance(want, (int, float, complex)) or isinstance(want, bool):
            return bool(want == got)
        if not isinstance(got, (int, float, complex)) or isinstance(got, bool):
            return False
        if want == got:
            return True
        if cmath.isnan(want) or cmath.isnan(got):
            return bool(self._nan_ok and cmath.isnan(want) and cmath.isnan(got))
        if cmath.isinf(want) or cmath.isinf(got):
            return False
        relative = 0.0 if self._rel is None and self._abs is not None else self._rel or _REL
        allowed = max(relative * abs(want), _ABS if self._abs is None else self._abs)
        return bool(abs(want - got) <= allowed)


class _Param:
    def __init__(self, *values: Any) -> None:
        self.values = values


def param(*values: Any, **_: Any) -> _Param:
    """Values of one run of a parametrized test."""
    return _Param(*values)


class _Marks:
    """`mark`: parametrize and skips mean something, every other mark nothing. What is expected to
    fail is skipped: it says nothing of a candidate whether it does."""

    def parametrize(self, names: Any, values: Any, **_: Any) -> Callable[[Any], Any]:
        many = not isinstance(names, str) or "," in names
        named = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names)

        def decorate(test: Any) -> Any:
            def run_one(value: Any, *args: Any, **given: Any) -> None:
                if isinstance(value, _Param):
                    items = value.values
                else:
                    items = tuple(value) if many else (value,)
                test(*args, **dict(zip(named, items, strict=True)), **given)

            def run(*args: Any, **given: Any) -> None:
                for value in values:
                    run_one(value, *args, **given)

            def only(number: int) -> Callable[..., None]:
                return functools.partial(run_one, list(values)[number])

            run.only = only  # type: ignore[attr-defined]
            return run

        return decorate

    def skip(self, *args: Any, **_: Any) -> Any:
        return _skipped(args[0]) if args and callable(args[0]) else _skipped

    xfail = skip

    def skipif(self, condition: Any = True, **_: Any) -> Any:
        return _skipped if condition else _as_it_is

    def __getattr__(self, _: str) -> Any:
        return _mark


def _mark(*args: Any, **kwargs: Any) -> Any:
    return args[0] if len(args) == 1 and not kwargs and callable(args[0]) else _as_it_is


def _as_it_is(test: Any) -> Any:
    return test


def _skipped(_: Any) -> Any:
    return _nothing


def _nothing(*_: Any, **__: Any) -> None: ...


mark = _Marks()


class _Fixture:
    """A function that gives a test what it needs."""

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        code = function.__code__
        self.function = function
        self.needed: tuple[str, ...] = code.co_varnames[: code.co_argcount]
        self.params = [*(options.get("params") or ())]
        self.is_kept = options.get("scope", "function") != "function"


def fixture(*args: Any, **options: Any) -> Any:
    """Marks a function as a fixture: `params`, `scope`, `name`; it is no function from there on."""
    if args and callable(args[0]):
        return fixture()(args[0])

    def mark_one(function: Any) -> _Fixture:
        made = _Fixture(function, options)
        _fixtures[options.get("name") or function.__name__] = made
        return made

    return mark_one


class _Request:
    """What a fixture may ask of its test."""

    def __init__(self, param: Any) -> None:
        self.param = param


class _Setting:
    """The fixtures of one test, each made once."""

    def __init__(self, of: Any, params: dict[str, Any]) -> None:
        """`of`: the object that the test is a method of, for fixtures of its class."""
        self._values: dict[str, Any] = {"self": of}
        self._params = params
        self._begun: list[types.GeneratorType[Any, Any, Any]] = []

    def value(self, name: str) -> Any:
        """What the fixture gives. Raises KeyError where there is none."""
        if name not in self._values:
            self._values[name] = _kept[name] if name in _kept else self._make(name)
        return self._values[name]

    def _make(self, name: str) -> Any:
        if name in _OWN:
            return _OWN[name]()
        made = _fixtures[name]
        asked = _Request(self._params.get(name))
        given = {n: asked if n == "request" else self.value(n) for n in made.needed}
        value = made.function(**given)
        if isinstance(value, types.GeneratorType):
            if not made.is_kept:
                self._begun.append(value)
            value = next(value)
        if made.is_kept and not made.params:
            _kept[name] = value
        return value

    def close(self) -> None:
        """Have fixtures do what stands behind their `yield`, the last one first."""
        for generator in reversed(self._begun):
            for _ in generator:
                raise RuntimeError("a fixture yields more than once")


def run_with_fixtures(test: Any, needed: Sequence[str], beside: Sequence[str] = ()) -> None:
    """Run a test with these fixtures and, unseen by it, those `beside`; once for each of their
    `params`."""
    names = [*dict.fromkeys((*beside, *needed))]
    varied = [name for name in _all_needed(names) if _fixtures[name].params]
    for params in itertools.product(*(_fixtures[name].params for name in varied)):
        values = (p.values[0] if isinstance(p, _Param) else p for p in params)
        setting = _Setting(getattr(test, "__self__", None), dict(zip(varied, values, strict=True)))
        try:
            given = {name: setting.value(name) for name in names}
            test(**{name: given[name] for name in needed})
        except (Skipped, unittest.SkipTest):
            pass
        finally:
            setting.close()


def _all_needed(names: Sequence[str]) -> list[str]:
    """Fixtures of the suite's that these are, and that they need in turn."""
    found: dict[str, None] = {}
    waiting = [*names]
    while waiting:
        name = waiting.pop(0)
        if name in _fixtures and name not in found:
            found[name] = None
            waiting += _fixtures[name].needed
    return [*found]


class Skipped(BaseException):
    """A test ends here, and has not failed."""


def skip(reason: str = "", **_: Any) -> NoReturn:
    """Raises Skipped."""
    raise Skipped(reason)


xfail = skip


def fail(reason: str = "", **_: Any) -> NoReturn:
    """Raises AssertionError."""
    raise AssertionError(reason)


class Captured(NamedTuple):
    """What was printed since it was last asked for."""

    out: str
    err: str


class _Capturing:
    def __init__(self) -> None:
        self._streams = io.StringIO(), io.StringIO()
        sys.stdout, sys.stderr = self._streams

    def readouterr(self) -> Captured:
        """Gives it, and forgets it."""
        texts = [stream.getvalue() for stream in self._streams]
        for stream in self._streams:
            stream.seek(0)
            stream.truncate()
        return Captured(*texts)


def capsys() -> _Capturing:
    """What the test prints from here on, and the candidate that it calls."""
    return _Capturing()


def tmp_path() -> pathlib.Path:
    """A new folder of the test program's own."""
    return pathlib.Path(tempfile.mkdtemp())


class _LocalPath(type(pathlib.Path())):  # type: ignore[misc]
    """What pytest gives as `tmpdir`: a path with the methods of py.path."""

    def join(self, *parts: Any) -> _LocalPath:
        return _LocalPath(self.joinpath(*parts))

    def mkdir(self, *parts: Any, **options: Any) -> Any:
        made = self.join(*(part for part in parts if isinstance(part, str | pathlib.Path)))
        pathlib.Path(made).mkdir(**options)
        return made

    ensure = mkdir

    @property
    def strpath(self) -> str:
        return str(self)

    def write(self, text: Any, mode: str = "w", **_: Any) -> None:
        with open(self, mode) as file:
            file.write(text)

    def read(self, mode: str = "r") -> Any:
        with open(self, mode) as file:
            return file.read()

    def check(self) -> bool:
        return bool(self.exists())

    def listdir(self) -> list[_LocalPath]:
        return [_LocalPath(each) for each in sorted(self.iterdir())]

    def remove(self) -> None:
        self.unlink()


def tmpdir() -> _LocalPath:
    """The same, as pytest has had it for longer."""
    return _LocalPath(tmp_path())


_OWN: dict[str, Callable[[], Any]] = {
    "tmp_path": tmp_path,
    "tmpdir": tmpdir,
    "capsys": capsys,
    "capfd": capsys,
}
"""Fixtures of pytest's own."""


def importorskip(name: str, **_: Any) -> Any:
    """The module."""
    return __import__(name)
