"""A checker that is a program judges in a jail of its own, and no output turns it."""

from typing import Any

import pytest

from tests.verifier.conftest import JudgeProgram
from verifier.model import Outcome

# Any two numbers whose sum is the one given.
CHECKS = """
def check(input, output, answer):
    a, b = map(int, output.split())
    return a + b == int(input)
"""
FILES = """
import sys
wanted = int(open(sys.argv[1]).read())
print("looking at", sys.argv[2])
sys.exit(0 if sum(map(int, open(sys.argv[2]).read().split())) == wanted else 1)
"""
PRINTS = """
import sys
def main(given, jury, mine):
    right = sum(map(int, open(mine).read().split())) == int(open(given).read())
    print(1 if right else 0)
main(*sys.argv[1:])
"""
CASES = [{"input": "5", "output": "2 3"}, {"input": "7", "output": "3 4"}]
TRUTHS: dict[str, dict[str, Any]] = {
    "check": {"kind": "stdin", "cases": CASES, "checker": {"kind": "program", "source": CHECKS}},
    "files": {
        "kind": "stdin",
        "cases": CASES,
        "checker": {"kind": "program", "style": "files", "language": "python", "source": FILES},
    },
    "open-r1/codeforces": {"official_tests": CASES, "generated_checker": PRINTS},
}
OTHER_NUMBERS = "n = int(input())\nprint(1, n - 1)"


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_any_right_answer_is_right(judge: JudgeProgram, truth: dict[str, Any]) -> None:
    verdict = judge(truth, OTHER_NUMBERS)
    assert (verdict.outcome, verdict.passed, verdict.total) == (Outcome.CORRECT, 2, 2)
    wrong = judge(truth, "n = int(input())\nprint(1, n - (n < 6))")
    assert (wrong.outcome, wrong.passed) == (Outcome.WRONG_ANSWER, 1)


HOSTILE = {
    "what breaks it": "print('no numbers')",
    "its own verdict": "print('{\"right\": true}')",
    "what it prints": "print('1')",
    "code": "print('__import__(\"os\")._exit(0)')",
    "a huge number": "print('9' * 5000, 1)",
    "no text": "import sys\nsys.stdout.buffer.write(b'\\xff\\x00')",
    "nothing": "pass",
    "its files": "import glob\nprint(*glob.glob('/tmp/**/answer.txt', recursive=True) or 'x')",
    "a child that waits for it": (
        "import os, time\nif os.fork() == 0:\n    time.sleep(60)\nprint('1')"
    ),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "truth", [TRUTHS["check"], TRUTHS["open-r1/codeforces"]], ids=["check", "prints"]
)
def test_no_output_turns_a_checker(judge: JudgeProgram, truth: dict[str, Any], source: str) -> None:
    assert judge(truth, source).reward == 0.0


BROKEN = {
    "no Python": "def check(",
    "no check": "x = 1",
    "fails by itself": "def check(i, o, a): raise ValueError",
    "takes nothing": "def check(i, o, a): return False",
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_checker_that_refuses_the_jurys_own_answer_is_invalid(
    judge: JudgeProgram, source: str
) -> None:
    truth = {"kind": "stdin", "cases": CASES, "checker": {"kind": "program", "source": source}}
    assert judge(truth, OTHER_NUMBERS).outcome is Outcome.INVALID_GROUND_TRUTH
