# ruff: noqa: E501 - programs
"""Tests that trainers append to a program, as verl and ROLL do: ending well proves nothing.

Every attack ends well on its own, which is what such a trainer would pay for.
"""

import contextlib

import pytest

from sandbox import Limits
from sandbox.pool import JailPool
from tests.verifier.conftest import SHORT
from verifier.model import NO_LIMITS, LimitsOverride, Ran, Result, Run
from verifier.programs.appended import (
    MAX_CHARS,
    MAX_READ_CHARS,
    MAX_SUITES,
    NotJudgeable,
    find_appended,
)
from verifier.programs.bare_run import run_program
from verifier.programs.judge import ProgramJudge

IMPORTS = "from string import *\nfrom collections import *\nfrom math import *\nimport math\n"
"""The beginning of what ROLL puts in front of a program."""
RIGHT = "def f(x):\n    return x + 1\n"
WRONG = "def f(x):\n    return x\n"
ASSERTION = "assert f(1) == 2"
CHECK = (
    "def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(3) == 4\n\ncheck(f)"
)
TEST_FUNCTIONS = "def test_one():\n    assert f(1) == 2\n\ndef test_two():\n    x = [1]\n    assert f(x[0]) == 2\n"
TAILS = {
    "one assertion": ASSERTION,
    "several": "assert f(1) == 2\n\n# and\nassert f(3) == 4, 'no'",
    "of several lines": "assert f(\n1\n) == (\n2\n)",
    "with a text of several lines": "assert (str(f(1)) + '''\nassert x\n''') == '''2\nassert x\n'''",
    "behind an import": "import math; assert math.isclose(f(1), 2)",
    "by other names": "assert Counter([f(1)]) == Counter([2])",
    "check": CHECK,
    "check by another name": CHECK.replace("check", "x_check"),
    "check in a guard": CHECK.replace("check(f)", "if __name__ == '__main__':\n    check(f)"),
    "test functions": f"{TEST_FUNCTIONS}test_one()\ntest_two()\nprint('All tests passed!')",
    "in turns": "def test_a():\n    assert f(1) == 2\ntest_a()\ndef test_b():\n    assert f(2) == 3\ntest_b()",
    "test functions that nobody calls": TEST_FUNCTIONS,
    "for the referee": "assert (lambda y: f(y))(1) == 2",
}  # fmt: skip
ATTACKS = {
    "exits hard": "import os\nos._exit(0)\n",
    "exits": "import sys\nsys.exit(0)\n",
    "exits as verl's imports allow": "exit()\n",
    "raises": "raise SystemExit\n",
    "kills itself softly": "import os, signal\nsignal.signal(15, lambda *_: os._exit(0))\nos.kill(os.getpid(), 15)\nsignal.pause()\n",
    "a thread exits": "import os, threading\nthreading.Thread(target=os._exit, args=(0,)).start()\nimport time; time.sleep(9)\n",
    "becomes another program": "import os, sys\nos.execv(sys.executable or '/usr/bin/python3', ['python3', '-c', ''])\n",
    "a child goes on": "import os\nif os.fork(): os.wait(); os._exit(0)\n",
    "exits when called": "import os\ndef f(x): os._exit(0)\n",
    "at exit": "import atexit, os\natexit.register(os._exit, 0)\n" + WRONG,
    "the hook of exceptions": "import os, sys\nsys.excepthook = lambda *_: os._exit(0)\n" + WRONG,
    "an exception that exits": "import builtins, os\nclass E(AssertionError):\n  def __init__(self, *a): os._exit(0)\nbuiltins.AssertionError = AssertionError = E\n" + WRONG,
    "equal to everything": "class E(int):\n  def __eq__(self, o): return True\n  __hash__ = int.__hash__\ndef f(x): return E(9)\n",
    "equal by an import": "from math import fabs as abs\nfrom operator import ne as isclose\n" + WRONG + "import math\nmath.isclose = lambda *_: True\n",
    "reads the assertion": "import re\ndef f(x):\n  import sys, os\n  os._exit(0)\n",
    "a trace": "import sys, os\ndef t(frame, *_):\n  os._exit(0)\ndef f(x):\n  sys.settrace(t)\n  return x\n",
    "ends in passing assertions": WRONG + "import os\nassert True is not os._exit(0)\n",
    "leaves its own test": WRONG + "def check(candidate):\n  assert candidate\nimport os\nos._exit(0)\n",
    "a decorator for what follows": WRONG + "import os\nos._exit(0)\ndef check(c): assert c(0) == 0\n",
    "its suite in front": WRONG + "class Counter(dict):\n  __eq__ = lambda *_: True\nimport os\nassert os._exit(0) or True\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def judge(program_judge: ProgramJudge) -> ProgramJudge:
    return program_judge


def run(
    pool: JailPool,
    judge: ProgramJudge,
    source: str,
    stdin: str = "",
    language: str = "python",
    limits: LimitsOverride = NO_LIMITS,
) -> Result:
    program = Run(source=source, language=language, stdin=stdin, limits=limits)
    return run_program(pool, judge, program)


def status(result: Result) -> str | None:
    """None: not judged."""
    return result.status if isinstance(result, Ran) else None


@pytest.mark.parametrize("tail", TAILS)
def test_a_right_program_passes_and_a_wrong_one_fails(
    pool: JailPool, judge: ProgramJudge, tail: str
) -> None:
    passed = run(pool, judge, f"{IMPORTS}{RIGHT}print('said')\n\n{TAILS[tail]}")
    assert status(passed) == "ok", passed.message
    assert isinstance(passed, Ran)
    assert passed.stdout.startswith("said\n")
    failed = run(pool, judge, f"{IMPORTS}{WRONG}\n\n{TAILS[tail]}")
    assert status(failed) == "nonzero_exit"
    assert isinstance(failed, Ran)
    assert "AssertionError" in failed.stderr.splitlines()[-1]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_program_earns_what_its_test_does_not_say(
    pool: JailPool, judge: ProgramJudge, attack: str
) -> None:
    for tail in TAILS.values():
        verdict = run(pool, judge, f"{IMPORTS}{ATTACKS[attack]}\n\n{tail}")
        assert status(verdict) != "ok", tail


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_exit_code_would_have_paid_for_it(
    pool: JailPool, judge: ProgramJudge, attack: str
) -> None:
    """The control: in one interpreter with its test, each attack passes one of them at least."""
    sources = [f"{IMPORTS}{ATTACKS[attack]}\n\n{tail}" for tail in TAILS.values()]
    # Something that is no test behind it: the run alone is looked at.
    assert "ok" in {status(run(pool, judge, f"{source}\n_ = [*()]\n")) for source in sources}


UNREAD = {
    "unittest": "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(f(1), 2)\n\nunittest.main()",
    "unittest, not run": "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(f(1), 2)",
    "a loop": "for x in range(3):\n    assert f(x) == x + 1",
    "a function of several": "assert g(f(1)) == 3",
    "its own variable": "y = f(1)\nassert y == 2",
    "in a block of the program's": "if True:\n    assert f(1) == 2",
    "handled": "try:\n    assert f(1) == 2\nexcept AssertionError:\n    raise SystemExit(1)",
    "with a helper": "def helper(x):\n    return x + 1\n\ndef check(candidate):\n    assert candidate(1) == helper(1)\n\ncheck(f)",
}  # fmt: skip


@pytest.mark.parametrize("tail", UNREAD)
def test_a_test_that_cannot_be_told_from_the_program_is_not_judged(
    pool: JailPool, judge: ProgramJudge, tail: str
) -> None:
    program = f"def g(x):\n    return x + 1\n{RIGHT}"
    for source in (program, program + "import os\nos._exit(0)\n"):
        verdict = run(pool, judge, f"{source}\n{UNREAD[tail]}")
        assert status(verdict) != "ok"
    assert "/v1/score" in (verdict.message or "")


@pytest.mark.parametrize(
    "source",
    [
        "print(42)",
        "def main():\n    n = int(input())\n    assert n > 0\n    print(n)\nmain()",
        "n = int(input())\nprint(n)\nassert n == 7",
        "def solve():\n    return 7\n\nif __name__ == '__main__':\n    print(solve())",
        "assert 1 < 2\nprint(int(input()) + 1)",
        "data = '''\nassert f(1) == 2\n'''\nprint(data)",
        "def test(n):\n    return n\nprint(test(1))",
    ],
)
def test_programs_whose_output_is_compared_are_run_as_ever(
    pool: JailPool, judge: ProgramJudge, source: str
) -> None:
    assert status(run(pool, judge, source, "7\n")) == "ok"


@pytest.mark.parametrize("tail", [ASSERTION, "assert f(1) == 2\nassert f(3) == 4"])
def test_with_an_input_the_functions_of_a_program_are_tested_too(
    pool: JailPool, judge: ProgramJudge, tail: str
) -> None:
    assert status(run(pool, judge, f"{RIGHT}\n{tail}", "in")) == "ok"
    assert status(run(pool, judge, f"import os\nos._exit(0)\n{tail}", "in")) != "ok"


def test_assertions_share_the_time_of_one_run(pool: JailPool, judge: ProgramJudge) -> None:
    burn = "import time\ndef f(x):\n    e = time.process_time() + 0.3\n    while time.process_time() < e: pass\n    return x + 1\n"
    second = LimitsOverride(cpu_s=1.0)
    assert status(run(pool, judge, f"{burn}\n{ASSERTION}", limits=second)) == "ok"
    guarded = f"{burn}\nif __name__ == '__main__':\n    import os\n    os._exit(0)\n"
    many = "\n".join(f"assert f({n}) == {n + 1}" for n in range(5))
    assert status(run(pool, judge, f"{guarded}\n{many}", limits=second)) == "time_limit"


@pytest.mark.parametrize(
    ("tail", "entry_point"),
    [
        ("assert Solution().f(1) == 2", "Solution().f"),
        ("assert max_chain([Pair(1, 2)]) == 1", "max_chain"),
        ("assert sum(1, 2) == 3", "sum"),
        ("assert gcd(4, 6) == 2", "gcd"),
        ("assert abs(gcd(4, 6) - 2) < 1e-9", "gcd"),
        ("assert set(f(1)) == set([2])", "f"),
        ("assert sorted(Counter(f(1))) == [2]", "f"),
        ("def check(c):\n    assert c(1)\ncheck(Solution().f)", "Solution().f"),
    ],
)
def test_the_tested_function_follows_from_the_test_alone(tail: str, entry_point: str) -> None:
    for program in ("", "sum = gcd = Counter = sorted = abs = 1\n"):
        found = find_appended(f"{program}{tail}", has_input=False)
        assert found
        (suite,) = found.suites
        assert (suite.entry_point, found.program) == (entry_point, program)


@pytest.mark.parametrize(
    "source",
    [
        "x\n" * 1000 + '"""' + "\n(" * 1000 + '"""',
        "assert f(1)\n" * (MAX_SUITES + 2),
        "data = '''\n" + ("[" + "[]," * 200 + "]\n") * 399 + "'''",
        f"assert f({'9' * MAX_CHARS})",
        "assert f(1)(2)(3)(" + "-" * 100_000 + "1)",
        f"assert f({' + '.join('1' * 20_000)})",
        "assert f(1) and (lambda: " * 99 + "1" + ")" * 99,
    ],
)
def test_hostile_ends_are_refused_or_read_within_bounds(source: str) -> None:
    with contextlib.suppress(NotJudgeable, RecursionError):
        found = find_appended(source, has_input=False)
        assert found is None or source.startswith(found.program)


def test_what_is_read_to_find_the_test_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def parsed(text: str) -> None:
        read.append(len(text))

    monkeypatch.setattr("verifier.programs.appended._parsed", parsed)
    with pytest.raises(NotJudgeable, match="longer than what is looked at"):
        find_appended("x = 1  # " + "-" * 5000 + ("\ny" + "-" * 600) * 399, has_input=False)
    assert sum(read) <= MAX_READ_CHARS


def test_limits_are_those_that_were_asked_for(pool: JailPool) -> None:
    burn = "def f(x):\n    while True: pass\n"
    with ProgramJudge(pool, pool, Limits()) as judge:
        ran = run(pool, judge, f"{burn}\n{ASSERTION}", limits=SHORT)
        left_early = run(pool, judge, f"{burn}import os\nos._exit(0)\n{ASSERTION}", limits=SHORT)
    assert isinstance(ran, Ran)
    assert status(ran) == "time_limit"
    assert ran.cpu_s is not None
    assert ran.cpu_s < Limits().cpu_s
    assert status(left_early) == "nonzero_exit"
