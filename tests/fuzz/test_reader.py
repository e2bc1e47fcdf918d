"""The reader of assertion suites agrees with Python, and the fuzz would see it if it did not."""

from __future__ import annotations

import ast
import math
import operator
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.fuzz.reader import compare
from tests.fuzz.suites import ALIASES
from verifier.programs.assertions import expressions, functions
from verifier.programs.assertions.frame import Frame

PAIRS = 3000
"""`python -m tests.fuzz.reader` compares for as long as one likes."""


def test_what_the_reader_judges_it_judges_as_python_does() -> None:
    found = compare(seed=1, pairs=PAIRS)
    assert not found.differences, found.differences[0]
    assert found.passed > PAIRS / 5, "the suites are such that candidates pass and fail"


def _members(kind: Callable[..., Any]) -> Callable[..., Any]:
    return lambda meter, values=(), *more, **options: kind(values, *more, **options)


WRONG: dict[str, tuple[str, Any, Any, Any]] = {
    # what is wrong: (focus of the suites, where, which entry, what is there instead)
    "Counter counts the keys of counts": (
        "Counter(",
        functions.ITERATING,
        "collections.Counter",
        _members(lambda values: Counter(list(values))),
    ),
    "copy copies what is inside": (
        ALIASES,
        functions.FUNCTIONS,
        "copy.copy",
        functions.FUNCTIONS["copy.deepcopy"],
    ),
    "sorted ignores its keywords": (
        "sorted(",
        functions.ITERATING,
        "sorted",
        _members(lambda values, **_: sorted(values)),
    ),
    "any is all": ("any(", functions.ITERATING, "any", functions.ITERATING["all"]),
    "tuple makes lists": ("tuple(", functions.ITERATING, "tuple", functions.ITERATING["list"]),
    "a bool is no int": (
        "isinstance(",
        functions.FUNCTIONS,
        "isinstance",
        lambda _, value, kinds: (
            type(value) in [kind.kind for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
        ),
    ),
    "round goes up at a half": (
        "round(",
        functions.FUNCTIONS,
        "round",
        lambda _, value, ndigits=0: math.floor(value * 10**ndigits + 0.5) / 10**ndigits,
    ),
    "is compares": (" is ", expressions._COMPARISONS, ast.Is, operator.eq),
    "a set has one text": ("str(", functions, "_SHOWN", functions.PLAIN),
    "what is shared is forgotten": (ALIASES, Frame, "share", lambda _, value: value),
    "operands are not looked at again": (ALIASES, Frame, "check_operands", lambda *_: None),
    "loops go on over what was changed": (ALIASES, Frame, "check_source", lambda *_: None),
}


@pytest.mark.parametrize(("focus", "owner", "name", "wrong"), WRONG.values(), ids=WRONG)
def test_a_wrong_entry_in_the_readers_table_is_found(
    focus: str, owner: Any, name: Any, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = monkeypatch.setitem if isinstance(owner, dict) else monkeypatch.setattr
    put(owner, name, wrong)
    assert compare(seed=1, pairs=2 * PAIRS, differences=1, focus=focus).differences
