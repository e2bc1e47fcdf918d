"""A program and its problem's interactor talk between two jails, and neither turns the verdict."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import Limits
from tests.verifier.conftest import SHORT, JudgeProgram
from tests.verifier.programs.judges.conftest import WeakJudge
from verifier.model import Outcome, Verdict

# Find the number that the input holds in at most ten questions, and name it.
GUESS = """
import sys
secret = int(open(sys.argv[1]).read())
for _ in range(11):
    words = input().split()
    if words[0] == "!":
        open(sys.argv[2], "w").write(words[1])
        sys.exit(0 if int(words[1]) == secret else 1)
    print("<" if secret < int(words[1]) else ">=", flush=True)
sys.exit(1)
"""
GUESS_CPP = """
#include "testlib.h"
using namespace std;
int main(int argc, char *argv[]) {
    registerInteraction(argc, argv);
    int secret = inf.readInt();
    for (int question = 0; question < 11; question++) {
        string kind = ouf.readToken("[?!]");
        int number = ouf.readInt(0, 1000);
        if (kind == "!") {
            tout << number << endl;
            quitf(number == secret ? _ok : _wa, "%d", number);
        }
        println(vector<string>{secret < number ? "<" : ">="});
    }
    quitf(_wa, "too many questions");
}
"""
SEARCH = """
low, high = 0, 1000
while high - low > 1:
    middle = (low + high) // 2
    print("?", middle, flush=True)
    if input() == "<":
        high = middle
    else:
        low = middle
print("!", low{}, flush=True)
"""
SEARCH_CPP = """
#include <iostream>
#include <string>
int main() {
    int low = 0, high = 1000;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        std::string answer;
        std::cout << "? " << middle << std::endl;
        std::cin >> answer;
        (answer == "<" ? high : low) = middle;
    }
    std::cout << "! " << low << std::endl;
}
"""


def truth(source: str = GUESS, language: str = "python", **more: Any) -> dict[str, Any]:
    interactor = {"kind": "program", "language": language, "style": "testlib", "source": source}
    cases = [{"input": "417"}, {"input": "0"}]
    return {"kind": "stdin", "cases": cases, "interactor": interactor, **more}


KATTIS = GUESS.replace('open(sys.argv[2], "w").write(words[1])', "pass").replace(
    "sys.exit(0 if int(words[1]) == secret else 1)",
    "open(sys.argv[3] + 'judgemessage.txt', 'a').write('named')\n"
    "        sys.exit(42 if int(words[1]) == secret else 43)",
)


@pytest.mark.parametrize(("more", "reward"), [("", 1.0), (" + 1", 0.0)])
def test_a_validator_of_kattis_form_talks_too(
    judge: JudgeProgram, more: str, reward: float
) -> None:
    given = truth()
    given["interactor"] = {**given["interactor"], "style": "kattis", "source": KATTIS}
    assert judge(given, SEARCH.format(more)).reward == reward


@pytest.mark.parametrize(
    ("given", "source"),
    [
        pytest.param(truth(), SEARCH.format(""), id="Python"),
        pytest.param(
            truth(GUESS_CPP, "cpp"), SEARCH.format(""), id="testlib", marks=pytest.mark.slow
        ),
        pytest.param(
            truth(language="python") | {"language": "cpp"},
            SEARCH_CPP,
            id="a program in C++",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_who_finds_the_number_is_right(
    judge: JudgeProgram, given: dict[str, Any], source: str
) -> None:
    verdict = judge(given, source, SHORT)  # what compilers take is nobody's
    assert (verdict.outcome, verdict.passed, verdict.total) == (Outcome.CORRECT, 2, 2), verdict


OUTCOMES = {
    "a wrong number": (SEARCH.format(" + 1"), Outcome.WRONG_ANSWER),
    "too many questions": ("while True: print('? 1', flush=True); input()", Outcome.WRONG_ANSWER),
    "no word": ("pass", Outcome.WRONG_ANSWER),
    "other words": ("print('x')", Outcome.WRONG_ANSWER),
    "an exception": ("print('? 1', flush=True); input(); 1 / 0", Outcome.RUNTIME_ERROR),
    "two that wait": ("input()", Outcome.TIME_LIMIT_EXCEEDED),
    "a loop": ("while True: pass", Outcome.TIME_LIMIT_EXCEEDED),
    "a flood": (
        "import os\nline = b'x' * 65536\nwhile True: os.write(1, line)",
        Outcome.OUTPUT_LIMIT_EXCEEDED,
    ),
    "a right answer and a crash": (SEARCH.format("") + "1 / 0", Outcome.RUNTIME_ERROR),
    "a right answer and sleep": (
        SEARCH.format("") + "import time\ntime.sleep(60)",
        Outcome.TIME_LIMIT_EXCEEDED,
    ),
    "a wrong answer and a loop": ("print('! 5', flush=True)\nwhile 1: pass", Outcome.WRONG_ANSWER),
    "the interactor's files": ("print('!', *open('/tmp/stdin.txt'))", Outcome.RUNTIME_ERROR),
    "a verdict of its own": (
        "import sys\nprint('points 1', file=sys.stderr)",
        Outcome.WRONG_ANSWER,
    ),
    "what breaks its parser": ("print('!', '9' * 5000)", Outcome.WRONG_ANSWER),
    "a child that outlives it": (
        (
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\n"
            "    print('! 417', flush=True)\nprint('! 5', flush=True)"
        ),
        Outcome.WRONG_ANSWER,
    ),
    "no program": ("def (", Outcome.COMPILE_ERROR),
}


@pytest.mark.parametrize(("source", "outcome"), OUTCOMES.values(), ids=OUTCOMES)
def test_each_way_to_fail_has_its_outcome(
    judge: JudgeProgram, source: str, outcome: Outcome
) -> None:
    verdict = judge(truth(), source, SHORT)
    assert (verdict.outcome, verdict.passed) == (outcome, 0), verdict


EVALUATES = GUESS.replace("int(words[1])", "eval(words[1])")
LOOPS = GUESS.replace(
    "    words = ", "    n = int(input())\n    while n != 1: n //= 2\n    words = "
)
BY_NAMES = """
import glob
for path in glob.glob("input.txt") + glob.glob("/tmp/**/*.txt", recursive=True):
    print("!", open(path).read())
"""
OUTLIVES = """
import os, select
parent = os.pidfd_open(os.getpid())
if os.fork() == 0:
    os.setsid()
    select.select([parent], [], [])
    print("! 417", flush=True)
"""
ATTACKS = {
    "its files, by their names": (GUESS, BY_NAMES, 1.0),
    "its parser": (EVALUATES, "print('! __import__(\"os\")._exit(0)')", 1.0),
    "a child that outlives it": (GUESS, OUTLIVES, 1.0),
    "a number that has it go on for ever": (LOOPS, "print(0)", None),
}


@pytest.mark.slow  # one of them has to use up its time
@pytest.mark.parametrize(("interactor", "attack", "on_weak"), ATTACKS.values(), ids=ATTACKS)
def test_attacks_on_an_interactor_are_attacks_on_a_weak_judge(
    judge: JudgeProgram,
    weak_judge: WeakJudge,
    monkeypatch: pytest.MonkeyPatch,
    interactor: str,
    attack: str,
    on_weak: float | None,
) -> None:
    """One that forges a reward there earns nothing here; one that brings it down is null here."""
    monkeypatch.setattr(
        "verifier.programs.judges.interactor.LIMITS", Limits(cpu_s=2.0, wall_s=60.0)
    )
    verdict = judge(truth(interactor), attack)
    assert verdict.reward == (0.0 if on_weak else None), verdict
    assert weak_judge(interactor, attack, {"input": "417"}, interactor=True) == on_weak


BROKEN = {
    "a crash": "import os\nos.abort()",
    "an exception": "undefined",
    "no Python": "def (",
    "its own failure": "import sys\nsys.exit(3)",
    "a flood": "import os\nwhile True: os.write(1, b'x' * 65536)",
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_broken_interactor_is_never_the_candidates_0(judge: JudgeProgram, source: str) -> None:
    verdict = judge(truth(source), SEARCH.format(""), SHORT)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH, verdict
    assert "interactor" in (verdict.message or "")


DEAF = "def interact(given):\n    assert input() == given"


def test_an_interactor_that_never_listens_is_not_the_candidates_1(
    judge: JudgeProgram, weak_judge: WeakJudge
) -> None:
    """A function that nobody calls, say: it ends with 0, whatever the program does."""
    verdict = judge(truth(DEAF), "print(1)")
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH, verdict
    assert "anything" in (verdict.message or "")
    assert weak_judge(DEAF, "print(1)", {"input": "417"}, interactor=True) == 1.0


@pytest.mark.slow
def test_who_is_kept_waiting_by_a_sleeping_interactor_is_not_judged(
    judge: JudgeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sleeps on when its input has ended, which wakes who had waited for a word."""
    monkeypatch.setattr("verifier.programs.judges.interactor.LIMITS", Limits(wall_s=10.0))
    verdict = judge(truth("import time\ninput()\ntime.sleep(60)"), SEARCH.format(""), SHORT)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH, verdict
    assert "sleeps" in (verdict.message or "")


WORKS = """
import sys, time
print(input(), flush=True)
while time.process_time() < 0.7: pass
print("now", flush=True)
sys.exit(0 if input() == "then" else 1)
"""
ANSWERS = """
import time
print("hello", flush=True)
assert input() == "hello" and input() == "now"
{}print("then", flush=True)
"""


def undisturbed(judged: Callable[[], Verdict]) -> Verdict:
    """What comes of it where the machine is not too busy to tell, as a worker tries again."""
    verdicts = (judged() for _ in range(20))
    return next(each for each in verdicts if each.outcome is not Outcome.VERIFIER_ERROR)


def test_who_waits_for_an_interactor_at_work_is_not_asleep(judge: JudgeProgram) -> None:
    """However long that one takes, which is a matter of load, too."""
    given = truth(WORKS, cases=[{"input": "417"}])
    verdict = undisturbed(lambda: judge(given, ANSWERS.format(""), SHORT))
    assert verdict.outcome is Outcome.CORRECT, verdict
    sleeps = undisturbed(lambda: judge(given, ANSWERS.format("time.sleep(60)\n"), SHORT))
    assert sleeps.outcome is Outcome.TIME_LIMIT_EXCEEDED, sleeps
    assert "flush" in (sleeps.first_failure or {})["message"]


def test_a_checker_reads_what_the_interactor_wrote(judge: JudgeProgram) -> None:
    source = "def check(input, output, answer): return int(output) == int(input) == {}"
    given = truth(checker={"kind": "program", "source": source.format("int(input)")})
    assert judge(given, SEARCH.format("")).outcome is Outcome.CORRECT
    given = truth(checker={"kind": "program", "source": source.format("0")})
    verdict = judge(given, SEARCH.format(""))
    assert (verdict.outcome, verdict.passed) == (Outcome.WRONG_ANSWER, 0)


def test_subtasks_earn_what_their_worst_case_does(judge: JudgeProgram) -> None:
    cases = [{"input": str(number), "output": str(number)} for number in range(4)]
    tasks = [{"points": 30, "cases": [0, 1]}, {"points": 70, "cases": [1, 2, 3]}]
    given = {"kind": "stdin", "cases": cases, "subtasks": tasks}
    verdict = judge(given, "n = int(input())\nprint(n if n < 3 else 0)")
    assert (verdict.outcome, verdict.score, verdict.passed) == (Outcome.WRONG_ANSWER, 0.3, 3)
    assert verdict.subtasks == [{"points": 30, "earned": 30}, {"points": 70, "earned": 0}]
    assert judge(given, "print(input())").score == 1.0
