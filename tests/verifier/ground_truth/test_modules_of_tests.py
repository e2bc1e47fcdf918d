"""Modules of tests as their authors have them, of one function of the candidate's or several."""

from typing import Any

import pytest

from tests.verifier.conftest import JudgeProgram
from verifier.errors import GroundTruthError
from verifier.ground_truth import read_ground_truth
from verifier.model import Outcome

HALVES = "def f(x):\n    if x < 0: raise ValueError('negative')\n    return x / 2"


def module(test: str) -> dict[str, Any]:
    return {"test": test, "test_info": [{"function_name": "f"}]}


FORMS = {
    "functions": "from solution import f\ndef test_f():\n    assert f(2) == 1 and f(3) == 1.5",
    "under another name": (
        "from solution import f as half\ndef test_f():\n    assert half(2) == 1 and half(3) == 1.5"
    ),
    "parametrize": """
import pytest
@pytest.mark.parametrize("x, half", [(2, 1), pytest.param(3, 1.5, id="odd")])
def test_f(x, half):
    assert f(x) == half
@pytest.mark.parametrize("x", [0, 2])
def test_one(x):
    assert f(x) == x / 2
""",
    "approx": """
import pytest
def test_f():
    assert f(0.2) == pytest.approx(0.1 + 1e-9)
    assert [f(1)] == pytest.approx([0.5], abs=1e-3)
    assert f(3) == pytest.approx(1.6, rel=0.1)
    assert {"a": f(2)} == pytest.approx({"a": 1})
    assert f(2) != pytest.approx(1.1)
""",
    "raises": """
import pytest
def test_f():
    assert f(2) == 1
    with pytest.raises(ValueError, match="neg") as caught:
        f(-1)
    assert "negative" in str(caught.value)
    pytest.raises(ValueError, f, -2)
""",
    "fixtures": """
import pytest
@pytest.fixture
def base():
    return 2
@pytest.fixture()
def values(base):
    yield [base, 2 * base]
def test_f(values, base):
    assert [f(v) for v in values] == [1, base]
""",
    "marks": """
import pytest
@pytest.mark.slow
@pytest.mark.timeout(5)
def test_f():
    assert f(2) == 1
@pytest.mark.skip(reason="elsewhere")
def test_not():
    assert f(2) == 9
""",
    "a class": """
class TestF:
    def setup_method(self, method):
        self.two = 2
    def test_f(self):
        assert f(self.two) == 1
""",
    "unittest": """
import unittest
class Halves(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.one = 1
    def setUp(self):
        self.two = 2
    def test_f(self):
        self.assertEqual(f(self.two), self.one)
        self.assertAlmostEqual(f(1), 0.5)
        with self.assertRaises(ValueError):
            f(-1)
        for x in (2, 4):
            with self.subTest(x=x):
                self.assertTrue(f(x) == x // 2)
if __name__ == "__main__":
    unittest.main()
""",
}
WRONG = {
    "None": "def f(x): pass",
    "the argument": "def f(x): return x",
    "an exception": "def f(x): raise ValueError('negative')",
    "an object": "class Any:\n    def __eq__(self, other): return True\ndef f(x): return Any()",
}


@pytest.mark.parametrize("test", FORMS.values(), ids=FORMS)
def test_modules_are_run_as_their_frameworks_would(judge: JudgeProgram, test: str) -> None:
    assert judge(module(test), HALVES).outcome is Outcome.CORRECT
    for source in WRONG.values():
        assert judge(module(test), source).reward == 0.0


@pytest.mark.parametrize(
    "test",
    [
        "data = f(1)\ndef checks():\n    assert data == 0.5",
        "data = f(1)\nif __name__ == '__main__':\n    assert data == 0.5",
        "def examine(candidate):\n    assert candidate(1) == 0.5\nf(1)",
        "import pytest\n@pytest.mark.skip\ndef test_f():\n    assert f(1) == 0.5\nf(1)",
    ],
    ids=["in a function that nobody calls", "in a main guard", "another check", "skipped"],
)
def test_a_suite_whose_assertions_never_run_makes_nobody_right(
    judge: JudgeProgram, test: str
) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    verdict = judge(raw, HALVES)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    control = {**raw, "test": f"{test}\nassert f(1) == 0.5"}
    assert judge(control, HALVES).outcome is Outcome.CORRECT


SEVERAL = {
    "test": "assert f(g(2)) == 3\nassert [g(x) for x in (1, 2)] == [2, 3]",
    "entry_point": "f",
}


def test_several_functions_of_the_candidates_are_called(judge: JudgeProgram) -> None:
    both = "def g(x): return x + 1\ndef f(x): return x"
    assert judge(SEVERAL, both).outcome is Outcome.CORRECT
    assert judge(SEVERAL, "def g(x): return x\ndef f(x): return x + 1").reward == 0.0
    missing = judge(SEVERAL, "def f(x): return x")
    assert missing.outcome is Outcome.RUNTIME_ERROR


FORGERIES = {
    "a framework of its own": "import sys, types\nsys.modules['pytest'] = types.ModuleType('p')",
    "one function redefines the other": "def g(x):\n    global f\n    f = lambda x: 3",
    "a relay of its own": "def _relay(*a, **k): return ['value', 3, False, [], (a, k), []]",
}


@pytest.mark.parametrize("source", FORGERIES.values(), ids=FORGERIES)
def test_no_answer_becomes_right_by_forging(judge: JudgeProgram, source: str) -> None:
    wrong = "def f(x): return None\ndef g(x): return None\n"
    assert judge(module(FORMS["raises"]), wrong + source).reward == 0.0
    assert judge(SEVERAL, wrong + source).reward == 0.0


def test_objects_of_a_class_of_the_candidates_are_given_to_its_functions(
    judge: JudgeProgram,
) -> None:
    raw = {"kind": "assert", "entry_point": "Node", "test": "n = Node(1)\nassert value_of(n) == 1"}
    source = "class Node:\n    def __init__(self, v): self.v = v\ndef value_of(n): return n.v"
    assert judge(raw, source).outcome is Outcome.CORRECT
    assert judge(raw, source.replace("n.v", "-n.v")).outcome is Outcome.WRONG_ANSWER


def test_a_library_that_the_row_asks_for_and_nobody_has_is_the_rows_fault(
    judge: JudgeProgram,
) -> None:
    test = "assert f(2) == 1"
    raw = {"kind": "assert", "entry_point": "f", "test": test, "setup": "import no_such_library"}
    verdict = judge(raw, HALVES)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert "`no_such_library`" in str(verdict.message)
    # Else a candidate could choose not to be judged.
    own = judge({**raw, "setup": ""}, f"import no_such_library\n{HALVES}")
    assert own.outcome is Outcome.RUNTIME_ERROR
    there = {**raw, "setup": "import json"}
    source = "raise ModuleNotFoundError(\"No module named 'json'\")"
    assert judge(there, source).outcome is Outcome.RUNTIME_ERROR


def test_a_definition_in_the_candidates_place_judges_nobody(judge: JudgeProgram) -> None:
    test = "def f(x):\n    return x\n\ndef test_f():\n    assert f(2) == 2\n"
    raw = {"test": test, "test_info": [{"function_name": "f"}]}
    assert judge(raw, "def f(x): return x").outcome is Outcome.CORRECT
    assert judge(raw, "def f(x): return 0").outcome is Outcome.WRONG_ANSWER


def test_a_candidate_called_check_is_called_by_its_assertions_alone(judge: JudgeProgram) -> None:
    test = "def same(got, want):\n    assert got == want\nsame(check(3), True)\n"
    raw = {"kind": "assert", "entry_point": "check", "test": test}
    assert judge(raw, "def check(n): return n == 3").outcome is Outcome.CORRECT
    assert judge(raw, "def check(n): return n == 4").outcome is Outcome.WRONG_ANSWER


def test_what_is_around_each_test_of_a_class_is_called_before_and_after(
    judge: JudgeProgram,
) -> None:
    test = """
import os, shutil
class TestF:
    def setup_method(self, method):
        os.mkdir("d")
    def test_a(self):
        f("d/a")
        assert os.listdir("d") == ["a"]
    def test_b(self):
        f("d/b")
        assert os.listdir("d") == ["b"]
    def teardown_method(self):
        shutil.rmtree("d")
"""
    right = "def f(path): open(path, 'w').close()"
    assert judge({"test": test, "entry_point": "f"}, right).outcome is Outcome.CORRECT
    wrong = judge({"test": test, "entry_point": "f"}, "def f(path): pass")
    assert wrong.outcome is Outcome.WRONG_ANSWER


def test_data_of_a_library_that_nobody_has_is_the_rows_fault(judge: JudgeProgram) -> None:
    for setup in ("from nltk.corpus import stopwords", "from nltk import pos_tag"):
        raw = {"kind": "assert", "entry_point": "f", "test": "assert f(1) == 1", "setup": setup}
        verdict = judge(raw, "def f(x): return x")
        assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
        assert "data of `nltk`" in str(verdict.message)


def test_a_function_named_like_one_of_pythons_is_not_known_under_another_name() -> None:
    test = "from solution import f, filter as chosen\ndef test_f():\n    assert chosen(f(2)) == 1"
    with pytest.raises(GroundTruthError, match="`filter` `chosen`"):
        read_ground_truth(module(test))
