"""Suites as their authors run them: pytest and unittest, counted test by test."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox import Limits
from tests.verifier.conftest import JudgeProgram
from verifier.errors import GroundTruthError
from verifier.ground_truth import read_ground_truth
from verifier.model import AssertTruth, Outcome, Verdict
from verifier.programs.single_tests import judge_tests

PYTEST = """
import pytest
from helpers import tripled
from solution import add, halve


@pytest.fixture
def numbers():
    yield [1, 2]


@pytest.mark.parametrize("a, b, total", [(1, 2, 3), (0, 0, 0), (-1, 1, 0)])
def test_sums(a, b, total):
    assert add(a, b) == total


def test_fixture(numbers, three, tmp_path):
    (tmp_path / "note").write_text("5")
    assert add(*numbers) == three
    assert add(2, 3) == int((tmp_path / "note").read_text())


class TestHalves:
    def setup_method(self):
        self.whole = tripled(3)

    def test_near(self):
        assert halve(self.whole) == pytest.approx(4.5)

    def test_raises(self):
        with pytest.raises(TypeError):
            halve("9")


@pytest.mark.skip(reason="later")
def test_later():
    assert add(1, 1) == 3


def test_goes_through():
    add(1, 1)
"""
FILES = {
    "conftest.py": "import pytest\n@pytest.fixture\ndef three():\n    return 3\n",
    "helpers.py": "def tripled(number):\n    return 3 * number\n",
}
UNITTEST = """
import unittest
from solution import add


class Sums(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.one = 1

    def setUp(self):
        self.two = self.one + 1

    def test_ones(self):
        self.assertEqual(add(self.one, self.one), self.two)

    def test_many(self):
        for number in range(4):
            with self.subTest(number=number):
                self.assertEqual(add(number, self.two), number + 2)


if __name__ == "__main__":
    unittest.main()
"""
RIGHT = "def add(a, b):\n    return a + b\ndef halve(a):\n    return a / 2\n"


def suite(test: str, framework: str = "pytest", **more: Any) -> dict[str, Any]:
    return {"kind": "suite", "framework": framework, "test": test, **more}


@pytest.mark.parametrize(
    ("given", "total"),
    [(suite(PYTEST, files=FILES), 7), (suite(UNITTEST, "unittest"), 2)],
    ids=["pytest", "unittest"],
)
def test_each_test_is_counted(judge: JudgeProgram, given: dict[str, Any], total: int) -> None:
    verdict = judge(given, RIGHT)
    assert (verdict.outcome, verdict.passed, verdict.total) == (Outcome.CORRECT, total, total), (
        verdict
    )
    wrong = "def add(a, b):\n    return a + b if b != 2 else 0\ndef halve(a):\n    return a / 2\n"
    verdict = judge(given | {"run_cases": "all"}, wrong)
    assert verdict.outcome is Outcome.WRONG_ANSWER
    assert verdict.passed == {7: 5, 2: 1}[total]
    assert verdict.score == verdict.passed / total


def test_who_passes_all_of_them_together_is_not_asked_one_by_one() -> None:
    """Verdicts are those of one test after the other, whatever comes of all together."""
    tests = [f"test {number}" for number in range(4)]
    parts = tuple(AssertTruth(entry_point="f", test=test) for test in tests)
    truth = AssertTruth(entry_point="f", test="all", parts=parts)
    asked: list[str] = []

    def judging(wrong: set[str]) -> Verdict:
        def judge(part: AssertTruth, limits: Limits) -> Verdict:
            asked.append(part.test)
            fails = any(text in part.test for text in wrong)
            outcome = Outcome.TIME_LIMIT_EXCEEDED if fails else Outcome.CORRECT
            assert limits.total_cpu_s > 90  # what all together took is not counted against it
            return Verdict(outcome=outcome, first_failure={} if fails else None, cpu_s=9.0)

        asked.clear()
        return judge_tests(truth, Limits(), judge)

    verdict = judging(set())
    assert (verdict.outcome, verdict.passed, verdict.total) == (Outcome.CORRECT, 4, 4)
    assert asked == ["test 0", "all"]
    verdict = judging({"all", "test 2"})
    assert (verdict.outcome, verdict.passed) == (Outcome.TIME_LIMIT_EXCEEDED, 2)
    assert asked == ["test 0", "all", "test 1", "test 2"]
    assert judging({"all"}).passed == 4
    assert judging({"test 0"}).passed == 0
    assert asked == ["test 0"]


HOOK = """
import unittest
import _pytest.python
_pytest.python.Function.runtest = lambda self: None
unittest.TestCase.assertEqual = lambda *a: None
def add(a, b): return 0
"""
CONFTEST = """
hook = '''
import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    made = yield
    made.get_result().outcome = "passed"
'''
open("conftest.py", "w").write(hook)
def add(a, b): return 0
"""
HOSTILE = {
    "an end": "import os\ndef add(a, b): os._exit(0)",
    "a hook": HOOK,
    "a conftest": CONFTEST,
    "an object": "class Any:\n    def __eq__(self, o): return True\ndef add(a, b): return Any()",
    "a skip": "import unittest\ndef add(a, b): raise unittest.SkipTest('x')",
    "a report": "def add(a, b):\n    print('2 passed')\n    return 0",
}


@pytest.mark.parametrize("source", [*HOSTILE.values(), "x = 1"], ids=[*HOSTILE, "nothing"])
@pytest.mark.parametrize("test", [UNITTEST, PYTEST.replace("from helpers", "from solution")])
def test_no_program_passes_without_the_answers(judge: JudgeProgram, source: str, test: str) -> None:
    assert judge(suite(test, files={"conftest.py": FILES["conftest.py"]}), source).reward == 0.0


@pytest.mark.parametrize("name", HOSTILE)
def test_each_passes_where_the_framework_is_beside_it(tmp_path: Path, name: str) -> None:
    """The control: pytest collects and runs the suite, and its exit code counts, or its words. None
    of these does harm, so that no jail is needed."""
    (tmp_path / "solution.py").write_text(HOSTILE[name])
    (tmp_path / "test_it.py").write_text(UNITTEST)
    run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_it.py"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # ours take ten times as long
    for command in ([*run, "--collect-only"], run):
        ended = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=alone, check=False
        )
    assert " passed" in ended.stdout if name == "a report" else ended.returncode == 0, ended.stdout


REFUSED = {
    "no test": (suite("def helper(): assert f(1) == 2"), "holds no test"),
    "another framework": (suite(PYTEST, "nose"), "`pytest` or `unittest`"),
    "a data file": (suite(UNITTEST, files={"data.txt": "1"}), "share no files"),
    "a fixture of a plug-in": (
        suite("from solution import f\ndef test_f(mocker_2): assert f(1) == 2"),
        "needs the fixture",
    ),
}


@pytest.mark.parametrize(("raw", "part"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_run_is_refused(raw: dict[str, Any], part: str) -> None:
    with pytest.raises(GroundTruthError, match=part):
        read_ground_truth(raw)


def test_what_is_printed_is_a_fixture_s_to_tell(judge: JudgeProgram) -> None:
    test = "from solution import f\ndef test_f(capsys):\n    f(1)\n    print(2)\n"
    test += "    assert capsys.readouterr().out == '1\\n2\\n' and capsys.readouterr().out == ''\n"
    assert judge(suite(test), "def f(x): print(x)").outcome is Outcome.CORRECT
    assert judge(suite(test), "def f(x): print(-x)").outcome is Outcome.WRONG_ANSWER


def test_a_fixture_that_looks_around_is_null_with_its_name(judge: JudgeProgram) -> None:
    test = "from solution import f\ndef test_f(caplog):\n    f(1)\n"
    test += "    assert caplog.text == '1'\ndef test_g():\n    assert f(1) is None\n"
    verdict = judge(suite(test), "def f(x): print(x)")
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert "the fixture `caplog`" in (verdict.message or "")


FIXTURES = """
import pytest
from solution import Bag, count

ended = []

@pytest.fixture
def bag():
    made = Bag()
    yield made
    ended.append(made.size())

@pytest.fixture
def filled(bag):
    bag.put(1)
    return bag

@pytest.fixture(params=[1, pytest.param(2)], ids=str)
def several(request):
    return request.param

@pytest.fixture(scope="module")
def once():
    return []

def test_one_object_for_both(bag, filled):
    bag.put(2)
    assert bag is filled and filled.size() == 2

def test_params(bag, several, once):
    for _ in range(several):
        bag.put(0)
    once.append(bag.size())
    assert bag.size() == several and once == list(range(1, several + 1))
    assert several == 1 or ended[-1] == 1

class TestHere:
    @pytest.fixture
    def own(self, bag):
        return bag.size() + self.more

    more = 1

    @pytest.mark.usefixtures("filled")
    def test_own(self, own, bag):
        assert own == 2 and bag.size() == 1

@pytest.mark.xfail(reason="known")
def test_expected_to_fail():
    assert Bag() is None

def test_ends_early(bag):
    if bag.size() == 0:
        pytest.skip("nothing in it")
    assert False

def test_counts():
    assert count() == 1

def test_counts_on():
    assert count() == 2
"""
BAG = """
class Bag:
    def __init__(self): self.things = []
    def put(self, thing): self.things.append(thing)
    def size(self): return len(self.things)
calls = 0
def count():
    global calls
    calls += 1
    return calls
"""


def test_fixtures_and_state_are_as_pytest_has_them(judge: JudgeProgram) -> None:
    verdict = judge(suite(FIXTURES), BAG)
    assert verdict.outcome is Outcome.CORRECT, verdict
    assert (verdict.passed, verdict.total) == (6, 6)
    for wrong in ("return len(self.things) or 1", "return 0"):
        assert judge(suite(FIXTURES), BAG.replace("return len(self.things)", wrong)).reward == 0.0
    assert judge(suite(FIXTURES), BAG.replace("calls += 1", "calls = 1")).passed == 5
