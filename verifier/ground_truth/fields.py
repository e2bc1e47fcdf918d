"""Reads single fields of untrusted ground-truth objects, with sentences for what is wrong."""

from __future__ import annotations

import ast
import contextlib
import json
import keyword
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast, get_args

from sandbox import LANGUAGES, PYTHON
from verifier.errors import GroundTruthError
from verifier.json_size import values_in
from verifier.model import ANY_LANGUAGE, Checker, CheckerName, LimitsOverride

Row = Mapping[str, Any]

LIMIT_CAPS = {
    "cpu_s": 600.0,
    "wall_s": 600.0,
    "memory_mb": 16_384.0,
    "output_kb": 1_048_576.0,
    "total_cpu_s": 3600.0,
    "total_wall_s": 3600.0,
}
"""The most a ground truth may ask for: ten minutes, 16 GiB and 1 GiB of output for a test case, an
hour for all of them."""

LIMIT_FLOORS = dict.fromkeys(LIMIT_CAPS, 0.001) | {"memory_mb": 1.0}
"""The least: a millisecond, 1 MiB and a byte. With less no program could be right."""

MAX_VALUES = 4_000_000
"""Values and keys of one ground truth; with VALUE_BYTES each, 320 MB of the process that judges."""

CHECKERS: tuple[CheckerName, ...] = get_args(CheckerName)
_TOLERANT = ("numbers", "case_insensitive", "float")
FUNCTION_NAMES = "fn_name func_name function_name method_name entry_point"
"""Fields that say which function is called, where a row has inputs and outputs."""
TAGS = {name: language.tags for name, language in LANGUAGES.items()}
"""Languages of programs, and what completions tag their fenced blocks with for each."""
_LANGUAGE_OF = {tag: name for name, tags in TAGS.items() for tag in tags} | {
    **dict.fromkeys(("pypy", "pypy3"), PYTHON),
    **dict.fromkeys(("g++", "clang++", "ms c++"), "cpp"),
    **dict.fromkeys(("gcc", "gnu c"), "c"),
    **dict.fromkeys(("node", "nodejs", "node.js"), "javascript"),
    **dict.fromkeys(("mono c#", "ms c#", ".net core c#"), "csharp"),
    **dict.fromkeys(("fpc", "delphi", "pascalabc.net"), "pascal"),
}
_VERSION = re.compile(
    r"^GNU[ \t]+|[ \t]*\(.*\)$|(?:[ \t-]*\d[\d.a-z]*)+(?:-(?:32|64))?(?:[ \t]*\(.*\))?$",
    re.IGNORECASE,
)
"""What judges of contests say of a language beside its name: `GNU C++17`, `PyPy 3 (7.3)`."""


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Where a name such as `testCases` goes on with another word."""
_METHOD = re.compile(r"^([A-Z]\w*)\.(\w+)$", re.ASCII)


def fail(sentence: str) -> GroundTruthError:
    """An error to raise; one place, so that every sentence begins the same way."""
    return GroundTruthError(f"The ground truth cannot be used: {sentence}")


def parse_json(text: str, what: str, parse_constant: Callable[[str], float] | None = None) -> Any:
    """The JSON value in `text`. Raises GroundTruthError, also for hostile nesting, numbers and
    more of them than can be held; `parse_constant` as for `json.loads`."""
    refuse_too_many([text], what)
    try:
        return json.loads(text, parse_constant=parse_constant)
    except (ValueError, RecursionError) as error:
        raise fail(f"{what} is not JSON ({error}).") from None


def parse_value(text: str, what: str) -> Any:
    """The JSON value in `text`, or the one that Python would write so (`True`, `['a']`).

    Raises GroundTruthError where it is neither."""
    try:
        return parse_json(text, what)
    except GroundTruthError:
        with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            return ast.literal_eval(text.strip())
        raise


def refuse_too_many(texts: Iterable[str], what: str) -> None:
    """Raises GroundTruthError where JSON texts would be more values than can be held, together."""
    texts = list(texts)
    if sum(map(len, texts)) > MAX_VALUES and sum(map(values_in, texts)) > MAX_VALUES:
        raise fail(f"{what} is more than the {MAX_VALUES} values that can be read.")


def required_text(row: Row, key: str) -> str:
    """The string under `key`."""
    value = row.get(key)
    if not isinstance(value, str):
        raise fail(f"`{key}` must be a string, not {name_of(value)}.")
    return value


def optional_text(row: Row, key: str) -> str:
    """The string under `key`; "" where it is absent or null."""
    return "" if row.get(key) is None else required_text(row, key)


def unpacked(value: Any, what: str) -> Any:
    """The list or object that a text holds as JSON, as tables that know no others have them, or the
    list of those that its lines hold; any other value as it is. Raises GroundTruthError."""
    if not (isinstance(value, str) and value.lstrip().startswith(("[", "{"))):
        return value
    try:
        return parse_value(value, what)
    except GroundTruthError:
        lines = [line for line in value.split("\n") if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            return [parse_json(line, what) for line in lines]
        raise


def snake_cased(row: Row) -> Row:
    """`row` with a name such as `testCases` written `test_cases`, where there is none such yet."""
    if all(key.islower() for key in row):
        return row
    named = {key: _HUMP.sub("_", key).lower() if key[:1].islower() else key for key in row}
    return {key if named[key] in row else named[key]: value for key, value in row.items()}


def required_list(row: Row, key: str) -> Sequence[Any]:
    """The list under `key`, with something in it."""
    value = unpacked(row.get(key), f"`{key}`")
    if not isinstance(value, list | tuple):
        raise fail(f"`{key}` must be a list, not {name_of(value)}.")
    if not value:
        raise fail(f"`{key}` is empty; give at least one entry.")
    return value


def text_list(row: Row, key: str) -> list[str]:
    """The strings under `key`; [] where it is absent or null."""
    if row.get(key) is None or row[key] in ([], ()):
        return []
    values = required_list(row, key)
    if not all(isinstance(value, str) for value in values):
        raise fail(f"`{key}` must hold strings only.")
    return list(values)


def required_object(value: Any, what: str) -> Row:
    """`value` as an object with string keys."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise fail(f"{what} must be an object, not {name_of(value)}.")
    return value


def only_known(row: Row, known: frozenset[str], what: str) -> None:
    """Refuse fields we would ignore: a misspelt `limits` must not change a verdict silently.

    One that is null says nothing: Arrow gives all structs of a column the fields of each."""
    unknown = sorted(key for key, value in row.items() if value is not None and key not in known)
    if unknown:
        raise fail(
            f"{what} has the unknown field `{unknown[0]}`; known are {', '.join(sorted(known))}."
        )


def function_name(row: Row) -> str | None:
    """What the first of FUNCTION_NAMES says that `row` has; None where it has none."""
    named = [key for key in FUNCTION_NAMES.split() if row.get(key)]
    return entry_point(row, named[0]) if named else None


def entry_point(row: Row, key: str = "entry_point") -> str:
    """`f` or `Solution().f` under `key`, be it written `Solution.f`."""
    name = _METHOD.sub(r"\1().\2", required_text(row, key).strip())
    owner, dot, method = name.partition("().")
    if not (_is_name(owner) and (_is_name(method) if dot else True)):
        raise fail(f"`{key}` must be a name such as `f` or `Solution().f`.")
    return name


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def language(row: Row) -> str:
    """The language under `language`, Python where it is absent."""
    value = row.get("language") or PYTHON
    if value == ANY_LANGUAGE:
        return ANY_LANGUAGE
    if isinstance(value, str) and value.lower() not in _LANGUAGE_OF:
        value = _VERSION.sub("", value).strip()
    if not isinstance(value, str) or value.lower() not in _LANGUAGE_OF:
        raise fail(f"`language` must be one of {', '.join(TAGS)}, or {ANY_LANGUAGE}.")
    return _LANGUAGE_OF[value.lower()]


def python_only(row: Row) -> str:
    """The language under `language` where values must go into the program and come out of it."""
    if language(row) not in {PYTHON, ANY_LANGUAGE}:
        raise fail(
            "`call` and `assert` are for `python` only; judge other languages by `stdin` cases."
        )
    return PYTHON


def read_limits(raw: Any) -> LimitsOverride:
    """The limits in an object with some of LIMIT_CAPS; none where `raw` is None.

    Raises GroundTruthError unless each is a number from LIMIT_FLOORS to LIMIT_CAPS."""
    if raw is None:
        return LimitsOverride()
    row = required_object(raw, "`limits`")
    only_known(row, frozenset({*LIMIT_CAPS, "process_per_call"}), "`limits`")
    given = {key: value for key, value in row.items() if value is not None}
    per_call = given.pop("process_per_call", None)
    if not (per_call is None or isinstance(per_call, bool)):
        raise fail("`limits.process_per_call` must be true or false.")
    numbers = {key: _limit(key, value) for key, value in given.items()}
    return LimitsOverride(**numbers, process_per_call=per_call)


Case = TypeVar("Case")


def cases_to_run(row: Row, cases: Sequence[Case]) -> tuple[tuple[Case, ...], bool]:
    """What `run_cases` says: those of `cases` that are judged, and whether each of them is run;
    where it is absent, all, as far as the first that fails."""
    wanted = row.get("run_cases")
    if wanted is None:
        return tuple(cases), False
    if wanted == "all":
        return tuple(cases), True
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 1:
        raise fail(
            '`run_cases` must be "all", a positive number of cases or, of a stdin object, '
            '"failed_first".'
        )
    return tuple(cases[:wanted]), True


def _limit(key: str, value: Any) -> float:
    number = positive_number(value, f"`limits.{key}`")
    if number > LIMIT_CAPS[key]:
        raise fail(f"`limits.{key}` may be at most {LIMIT_CAPS[key]:g}.")
    if number < LIMIT_FLOORS[key]:
        raise fail(f"`limits.{key}` must be at least {LIMIT_FLOORS[key]:g}.")
    return number


def positive_number(value: Any, what: str) -> float:
    """`value` as a positive finite float."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number) and number > 0:
            return number
    raise fail(f"{what} must be a positive number.")


def read_checker(row: Row) -> Checker | None:
    """The checker under `checker` and `tolerance`; None where neither is given."""
    kind, tolerance = row.get("checker"), row.get("tolerance")
    if kind is None and tolerance is None:
        return None
    if kind is None:
        kind = "float"
    if kind not in CHECKERS:
        raise fail(f"`checker` must be one of {', '.join(CHECKERS)}.")
    named = cast("CheckerName", kind)
    if tolerance is None:
        return Checker(named)
    if kind not in _TOLERANT:
        raise fail(f"`tolerance` goes with the checkers {', '.join(_TOLERANT)} only.")
    return Checker(named, positive_number(tolerance, "`tolerance`"))


def name_of(value: Any) -> str:
    """What a person calls the type of a JSON value."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    if value is None:
        return "missing or null"
    return names.get(
        type(value), "a number" if isinstance(value, int | float) else "something else"
    )
