"""Rows in the forms that MBPP's assertions have; MBPP itself is not at hand here."""

from typing import Any

import pytest

from tests.verifier.conftest import JudgeProgram
from verifier.ground_truth import read_ground_truth
from verifier.model import AssertTruth, Outcome
from verifier.programs.assertions import read_suite

READ: dict[str, tuple[list[str], str]] = {
    "numbers": (["assert add(1, 2) == 3", "assert add(-1, 1)==0"], "def add(a, b): return a + b"),
    "texts": (["assert rev('abc') == ('cba')"], "def rev(s): return s[::-1]"),
    "text match": (
        ["assert match('aab') == ('Found!')", "assert match('c')==('None!')"],
        "def match(s): return 'Found!' if 'ab' in s else 'None!'",
    ),
    "tuples": (
        ["assert pair((1, 2), (3, 4)) == (4, 6)"],
        "def pair(a, b): return a[0]+b[0], a[1]+b[1]",
    ),
    "lists of tuples": (
        ["assert by_last([(2, 5), (1, 2)]) == [(1, 2), (2, 5)]"],
        "def by_last(t): return sorted(t, key=lambda p: p[1])",
    ),
    "sets of what is returned": (
        ["assert set(common((3, 4, 5), (5, 4))) == set((4, 5))"],
        "def common(a, b): return tuple(set(a) & set(b))",
    ),
    "booleans": (
        ["assert odd(3) == True", "assert odd(2) is False"],
        "def odd(n): return n % 2 == 1",
    ),
    "bare truth": (["assert odd(3)", "assert not odd(2)"], "def odd(n): return n % 2 == 1"),
    "nothing": (
        ["assert first([]) == None", "assert first([1]) is not None"],
        "def first(x): return x[0] if x else None",
    ),
    "close": (
        ["assert math.isclose(area(1), 3.14159, rel_tol=0.001)"],
        "def area(r): return 3.14159265 * r * r",
    ),
    "rounded": (["assert round(half(5), 2) == 2.5"], "def half(x): return x / 2"),
    "nested lists": (
        ["assert chunk([1, 2, 3], 2) == [[1, 2], [3]]"],
        "def chunk(x, n): return [x[i:i+n] for i in range(0, len(x), n)]",
    ),
    "dicts": (
        ["assert count(['a', 'a']) == ({'a': 2})"],
        "from collections import Counter\ndef count(x): return dict(Counter(x))",
    ),
    "counters": (
        ["assert count('aab') == {'a': 2, 'b': 1}"],
        "from collections import Counter\ndef count(x): return Counter(x)",
    ),
    "sorted": (["assert sorted(uniq([2, 1, 2])) == [1, 2]"], "def uniq(x): return list(set(x))"),
    "length": (["assert len(fill(3)) == 3"], "def fill(n): return [0] * n"),
    "named arguments": (
        ["assert scale([1], factor = 2)==[2]"],
        "def scale(x, factor): return [i * factor for i in x]",
    ),
    "a chain of the candidate's own class": (
        ["assert longest([Pair(5, 24), Pair(15, 25)], 2) == 2"],
        """
class Pair:
    def __init__(self, a, b): self.a, self.b = a, b
def longest(x, n): return len([p for p in x if p.a < p.b])
""",
    ),
    "large numbers": (["assert power(2, 200) == 2 ** 200"], "def power(a, b): return a ** b"),
    "complex numbers": (["assert conj(1 + 2j) == 1 - 2j"], "def conj(z): return z.conjugate()"),
    "text of what is returned": (
        ["assert str(total([1, 2])) == '3'"],
        "def total(x): return sum(x)",
    ),
}
LEFT: dict[str, tuple[list[str], str]] = {
    "a function as an argument": (
        ["assert apply(lambda x: x, 1) == 1"],
        "def apply(f, x): return f(x)",
    ),
    "an attribute of what is returned": (
        ["assert half(5).real == 2.5"],
        "def half(x): return x / 2",
    ),
}


def row(asserts: list[str]) -> dict[str, Any]:
    return {"test_list": asserts, "test_imports": ["import math"], "challenge_test_list": []}


def is_read(asserts: list[str]) -> bool:
    truth = read_ground_truth(row(asserts))
    assert isinstance(truth, AssertTruth)
    return read_suite(truth) is not None


@pytest.mark.parametrize(("asserts", "program"), READ.values(), ids=READ)
def test_a_row_that_is_read(judge: JudgeProgram, asserts: list[str], program: str) -> None:
    assert is_read(asserts)
    assert judge(row(asserts), program).outcome is Outcome.CORRECT
    truth = read_ground_truth(row(asserts))
    assert isinstance(truth, AssertTruth)
    spoilt = f"{program}\n{truth.entry_point} = lambda *a, **k: 'spoilt'"
    assert judge(row(asserts), spoilt).reward == 0.0


def test_a_row_that_only_the_referee_can_judge(judge: JudgeProgram) -> None:
    asserts, program = LEFT["an attribute of what is returned"]
    assert not is_read(asserts)
    assert judge(row(asserts), program).outcome is Outcome.CORRECT
    assert judge(row(asserts), "def half(x): return 1").outcome is Outcome.WRONG_ANSWER


def test_a_row_with_functions_for_arguments_is_judged(judge: JudgeProgram) -> None:
    asserts, program = LEFT["a function as an argument"]
    assert not is_read(asserts)
    assert judge(row(asserts), program).outcome is Outcome.CORRECT
    assert judge(row(asserts), "def apply(f, x): return 2").outcome is Outcome.WRONG_ANSWER
