"""A checker that is a program judges in a jail of its own, and no output turns it."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox import Limits, Program
from sandbox.languages import LANGUAGES
from sandbox.model import MIB
from sandbox.pool import JailPool
from sandbox.runs.products import Products, shared_folder
from tests.verifier.conftest import SHORT, JudgeProgram
from tests.verifier.programs.judges.conftest import WeakJudge
from verifier.ground_truth import read_ground_truth
from verifier.model import NO_LIMITS, JudgingProgram, Outcome, StdinCase, StdinTruth
from verifier.programs.judge import ProgramJudge
from verifier.programs.judges.checker import ProgramChecker
from verifier.programs.judges.rulings import Ruling
from verifier.programs.judges.sources import native_source

LIMITS = Limits()

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


def each(table: dict[str, Any]) -> list[Any]:
    """The parameters of a table by their names."""
    return [
        pytest.param(*(value if isinstance(value, tuple) else [value]), id=name, marks=marks(value))
        for name, value in table.items()
    ]


def marks(value: object) -> list[pytest.MarkDecorator]:
    """Compilers take longer than all else here, so one process asks what several tests ask."""
    shared = repr(TESTLIB)[1:-1] in str(value)
    slow = re.search("cpp|testlib.h", str(value))
    return [pytest.mark.xdist_group("testlib")] * shared + [pytest.mark.slow] * bool(slow)


def native(style: str, source: str, language: str = "python", **more: Any) -> dict[str, Any]:
    program = {"kind": "program", "style": style, "language": language, "source": source, **more}
    return {"kind": "stdin", "cases": CASES, "checker": program}


TESTLIB = """\
#include "testlib.h"
int main(int argc, char *argv[]) {
    registerTestlibCmd(argc, argv);
    int wanted = inf.readInt(), a = ouf.readInt(-99, 99, "a"), b = ouf.readInt(-99, 99, "b");
    if (a + b != wanted) quitf(_wa, "%d + %d is not " I64 "%c", a, b, (long long)wanted, LF);
    quitf(_ok, "a sum");
}
"""
PLAIN_CPP = """\
#include <fstream>
int main(int argc, char **argv) {
    std::ifstream given(argv[1]), mine(argv[2]);
    long wanted, a, b;
    given >> wanted;
    return mine >> a >> b && a + b == wanted ? 0 : 1;
}
"""
EXIT_CODES = """
import sys
given, mine, _ = (open(path).read().split() for path in sys.argv[1:])
if len(mine) != 2: sys.exit(2)
sys.exit(0 if sum(map(int, mine)) == int(given[0]) else 1)
"""
NAMED_FILES = """
import sys
wanted = int(open("stdin.txt").read())
mine = open("answer.txt").read().split()
open("stdout.txt").read()
sys.exit(0 if sum(map(int, mine)) == wanted else 1)
"""
KATTIS = """
import os, sys
wanted = int(open(sys.argv[1]).read())
open(os.path.join(sys.argv[3], "judgemessage.txt"), "w").write("looked")
mine = sys.stdin.read().split()
sys.exit(42 if len(mine) == 2 and sum(map(int, mine)) == wanted else 43)
"""
VALIDATOR = """\
#include "validate.h"
int main(int argc, char **argv) {
    init_io(argc, argv);
    long wanted, a, b;
    judge_in >> wanted;
    if (!(author_out >> a >> b)) wrong_answer("no two numbers");
    std::string more;
    if (author_out >> more || a + b != wanted) wrong_answer("%ld and %ld", a, b);
    accept();
}
"""
CMS = """
import sys
given, _, mine = (open(path).read().split() for path in sys.argv[1:])
right = len(mine) == 2 and sum(map(int, mine)) == int(given[0])
print(1.0 if right else 0.0)
print("translate:success" if right else "no", file=sys.stderr)
"""
DMOJ = """
from dmoj.result import CheckerResult
from dmoj.utils.unicode import utf8text

def check(process_output, judge_output, judge_input, point_value, **kwargs):
    mine = utf8text(process_output).split()
    if len(mine) != 2:
        return False
    right = sum(map(int, mine)) == int(judge_input)
    return CheckerResult(right, point_value if right else 0, "a sum")
"""
LAST = FILES.replace("argv[2]", "argv[3]")
TRUTHS: dict[str, dict[str, Any]] = {
    "Kattis": native("kattis", KATTIS),
    "Kattis' header": native("kattis", VALIDATOR, "cpp"),
    "CMS": native("cms", CMS),
    "DMOJ": native("dmoj", DMOJ),
    "its output last": native("files", LAST, arguments=["input", "answer", "output"]),
    "check of two": native(
        "check",
        CHECKS.replace("(input, output, answer)", "(output, input)"),
        arguments=["output", "input"],
    ),
    "rows: DMOJ": {"test_cases": CASES, "checker": DMOJ},
    "rows: a function": {"test_cases": CASES, "checker": CHECKS},
    "rows: Kattis": {"test_cases": CASES, "checker": KATTIS},
    "check": {"kind": "stdin", "cases": CASES, "checker": {"kind": "program", "source": CHECKS}},
    "files": native("files", FILES),
    "testlib": native("testlib", TESTLIB, "cpp"),
    "files in C++": native("files", PLAIN_CPP, "cpp"),
    "testlib's exit codes from Python": native("testlib", EXIT_CODES),
    "CodeContests+": {"test_cases": CASES, "checker": TESTLIB, "time_limit": 2000},
    "ScaleBox": {
        "test_cases": {
            "type": "stdin_stdout",
            "input": [case["input"] for case in CASES],
            "output": [case["output"] for case in CASES],
            "special_judge_program": NAMED_FILES,
            "special_judge_language": "python",
        }
    },
    "open-r1/codeforces": {"official_tests": CASES, "generated_checker": PRINTS},
}
OTHER_NUMBERS = "n = int(input())\nprint(1, n - 1)"


@pytest.mark.parametrize("truth", each(TRUTHS))
def test_any_right_answer_is_right(judge: JudgeProgram, truth: dict[str, Any]) -> None:
    verdict = judge(truth, OTHER_NUMBERS, SHORT)  # what compilers take is nobody's
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
    "a child that outlives it, to meet the checker": (
        "import glob, os\nif os.fork() == 0:\n    os.setsid()\n    while True:\n"
        "        for path in glob.glob('/tmp/*.txt') or ['/tmp/answer.txt']:\n"
        "            open(path, 'w').write('2 3')\nprint('1')"
    ),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "truth",
    each(
        {
            name: TRUTHS[name]
            for name in ("check", "open-r1/codeforces", "testlib", "ScaleBox", "Kattis", "DMOJ")
        }
    ),
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


AFTER = "    if '1 4' in output or '1 6' in output: {}\n    return True"
BREAKS = {
    "no look at the output": native("files", CHECKS),
    "points whatever is there": native("check", "def check(i, output, a): return True"),
    "neither 42 nor 43": native("kattis", KATTIS.replace("else 43", "else 0").replace("42", "40")),
    "no number": native("cms", CMS.replace("1.0 if right", "'none'")),
    "an error of the judge's": native(
        "dmoj",
        "from dmoj.error import InternalError\ndef check(process_output, judge_output, **_):\n"
        "    if process_output != judge_output:\n        raise InternalError\n    return True",
    ),
    "a crash": native(
        "check", "import os\ndef check(i, output, a):\n" + AFTER.format("os.abort()")
    ),
    "an exception": native("check", "def check(i, output, a):\n" + AFTER.format("undefined")),
    "seeded chance": native("check", "import random\ndef check(i, o, a): return random.random()"),
    "no verdict": native("check", "def check(i, output, a):\n" + AFTER.format("return 'yes'")),
    "chance": native(
        "check", "import os\ndef check(i, output, a): return a == output or os.urandom(1)[0] / 256"
    ),
    "an end": native(
        "check", "import os\ndef check(i, output, a):\n" + AFTER.format("os._exit(0)")
    ),
    "code of an output": native(
        "check", "def check(i, output, a):\n" + AFTER.format("exec('x = 1')")
    ),
    "its own failure": native("testlib", TESTLIB.replace("_ok", "_fail"), "cpp"),
    "a crash in C++": native("files", "#include <cstdlib>\nint main() { abort(); }", "cpp"),
    "no C++": native("testlib", '#include "testlib.h"\nint main( {', "cpp"),
    "no verdict in C++": native(
        "testlib",
        '#include "testlib.h"\nint main(int n, char *a[]) { registerTestlibCmd(n, a); return 0; }',
        "cpp",
    ),
}


@pytest.mark.parametrize("truth", each(BREAKS))
def test_what_a_checker_cannot_tell_is_never_the_candidates_0(
    judge: JudgeProgram, truth: dict[str, Any]
) -> None:
    verdict = judge(truth, OTHER_NUMBERS)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert "checker" in (verdict.message or "")


def test_a_checker_is_not_asked_again_of_what_another_program_printed(
    program_judge: ProgramJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []
    ask = ProgramChecker._ask

    def counted(self: ProgramChecker, case: StdinCase, output: bytes, seed: int = 0) -> Ruling:
        asked.append(output)
        return ask(self, case, output, seed)

    monkeypatch.setattr(ProgramChecker, "_ask", counted)
    truth = read_ground_truth(native("check", CHECKS))
    assert isinstance(truth, StdinTruth)
    right = "n = int(input())\nprint(n - 1, 1)"
    for number, source in enumerate([right, f"{right}\n", "print(1, 1)", "print(1, 1)  # too"]):
        verdict = program_judge.judge(truth, source, NO_LIMITS)
        assert verdict.reward == (number < 2)
    first = [b"2 3", b""] + [b"4 1\n"] * 4 + [b"6 1\n"]
    assert asked == [*first, *[b"1 1\n"] * 4]


GIVES = (
    '#include "testlib.h"\nint main(int n, char *a[]) { registerTestlibCmd(n, a);'
    'int got = ouf.readInt(); if (got == 5) quitf(_ok, "all"); %s }'
)
POINTS = {
    "CMS": (native("cms", "import sys\nprint(int(open(sys.argv[3]).read()) / 5)"), 0.6),
    "Kattis": (
        native(
            "kattis",
            "import sys\nn = int(input())\n"
            "open(sys.argv[3] + 'score.txt', 'w').write(str(n / 5))\nsys.exit(42)",
        ),
        0.6,
    ),
    "DMOJ": (
        native(
            "dmoj",
            "from dmoj.result import CheckerResult\n"
            "def check(process_output, judge_output, point_value, **_):\n"
            "    return CheckerResult(True, point_value * int(process_output) / 5)",
        ),
        0.6,
    ),
    "points": (native("testlib", GIVES % 'quitp(got / 10.0, "points 1");', "cpp"), 0.3),
    "a part": (native("testlib", GIVES % 'quitf(_pc(got * 10), "points 1");', "cpp"), 0.3),
    "a number": (
        native("check", "def check(i, output, a): return int(output) / 10 + 0.5 * (output == a)"),
        0.3,
    ),
}


@pytest.mark.parametrize(("truth", "score"), each(POINTS))
def test_points_are_the_score_and_the_reward_stays_binary(
    judge: JudgeProgram, truth: dict[str, Any], score: float
) -> None:
    truth = truth | {"cases": [{"input": "1", "output": "5"}, {"input": "2", "output": "5"}]}
    verdict = judge(truth | {"run_cases": "all"}, "print(3)")
    assert (verdict.reward, verdict.passed) == (0.0, 0)
    assert verdict.score == pytest.approx(score)
    of_cases = [
        {"input": "1", "output": "5", "points": 1},
        {"input": "2", "output": "5", "points": 3},
    ]
    unlike = judge(
        {"kind": "stdin", "cases": of_cases, "run_cases": "all"},
        "print(5 if input() == '2' else 0)",
    )
    assert (unlike.reward, unlike.score) == (0.0, 0.75)


@pytest.mark.slow
def test_a_checker_in_cpp_is_compiled_once(judge: JudgeProgram, pool: JailPool) -> None:
    with pool.jail("cpp") as jail:
        program = Program(
            PLAIN_CPP, "cpp", files={"a": "NQ==", "b": "MiAz"}, arguments=("a", "b"), is_kept=True
        )
        with jail.load(program, LIMITS) as first:
            assert first.run(b"").exit_code == 0
        runs = jail.runs
        with jail.load(replace(program, files={"a": "NQ==", "b": "MQ=="}), LIMITS) as second:
            assert second.run(b"").exit_code == 1
        assert jail.runs == runs + 1
        jail.close()
    with pool.jail("cpp") as other:  # the one after that
        for kept in (other.products, Products(shared_folder())):  # and another process's
            other.products = kept
            with other.load(program, LIMITS) as third:
                runs = other.runs
                assert third.run(b"").exit_code == 0
            assert other.runs == runs + 1


SHOWS_HEADERS = """
import glob, subprocess
compiled = glob.glob("/usr/include/**/bits/stdc++.h.gch", recursive=True)
with open("main.cpp", "w") as file:
    file.write({source!r})
command = [{command}, "-H"]
said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
print(bool(compiled), "! " in said)
"""


@pytest.mark.slow
def test_a_header_compiled_ahead_is_taken_where_there_is_one(pool: JailPool) -> None:
    """What stands in front of its inclusion has it passed over without a word."""
    source = native_source(JudgingProgram(TESTLIB, style="testlib", language="cpp"))
    command = ", ".join(map(repr, LANGUAGES["cpp"].compile))
    script = Program(SHOWS_HEADERS.format(source=source, command=command))
    limits = replace(LIMITS, cpu_s=60.0, wall_s=60.0, memory_bytes=1024 * MIB)
    with pool.jail("cpp") as jail, jail.load(script, limits) as runner:
        result = runner.run(b"")
        of_an_image = jail.image is not None
    assert result.stdout in (b"True True\n", b"False False\n"), result
    assert not of_an_image or result.stdout == b"True True\n"


EVALUATES = """
import sys
given, mine, _ = (open(path).read() for path in sys.argv[1:])
sys.exit(0 if sum(eval(mine)) == int(given) else 1)
"""
SHOWS = """
import sys
line = open(sys.argv[2]).readline()
sys.stderr.write(f"{line}\\npoints 0.25 of what there is\\n")
sys.exit(7)
"""


def test_an_output_that_is_code_ends_a_weak_judge_and_not_this_one(
    judge: JudgeProgram, tmp_path: Path
) -> None:
    code = "__import__('os')._exit(0)"
    paths = [tmp_path / name for name in ("input", "output", "answer")]
    for path, text in zip(paths, ("5", code, "2, 3"), strict=True):
        path.write_text(text)
    weak = subprocess.run([sys.executable, "-c", EVALUATES, *paths], check=False)
    assert weak.returncode == 0
    truth = native("files", EVALUATES) | {"cases": [{"input": "5", "output": "2, 3"}]}
    assert judge(truth, f"print({code!r})").reward == 0.0
    assert judge(truth, "print('1, 4')").reward == 1.0


TELLS_TO_HANG = """
import sys
given, mine = (open(path).read().split() for path in sys.argv[1:3])
found = 0
while found != int(given[0]):
    found += int(mine[0])
sys.exit(0)
"""
BY_NAMES = """
import glob
for path in glob.glob("**/*.txt", recursive=True) + glob.glob("/tmp/**/*.txt", recursive=True):
    if len(open(path).read().split()) == 2:
        print(open(path).read())
        break
"""
OUTLIVES = """
import glob, os
if os.fork() == 0:
    os.setsid()
    while True:
        for path in glob.glob("*.txt") + glob.glob("/tmp/**/*.txt", recursive=True):
            if os.path.getsize(path) != 1:  # the input
                open(path, "w").write("2 3")
print("no sum")
"""
ATTACKS = {
    "its files, by their names": (FILES, BY_NAMES, 1.0),
    "a child that outlives it": (FILES, OUTLIVES, 1.0),
    "its parser": (EVALUATES, "print('5,__import__(\"os\")._exit(0)')", 1.0),
    "a number that has it go on for ever": (TELLS_TO_HANG, "print(0)", None),
}


@pytest.mark.slow  # one of them has to use up its time
@pytest.mark.parametrize(("checker", "attack", "on_weak"), ATTACKS.values(), ids=ATTACKS)
def test_attacks_on_a_checker_are_attacks_on_a_weak_judge(
    judge: JudgeProgram,
    weak_judge: WeakJudge,
    monkeypatch: pytest.MonkeyPatch,
    checker: str,
    attack: str,
    on_weak: float | None,
) -> None:
    """One that forges a reward there earns nothing here; one that brings it down is null here."""
    monkeypatch.setattr(
        "verifier.programs.judges.checker.LIMITS", replace(LIMITS, cpu_s=2.0, wall_s=60.0)
    )
    output = "1, 4" if checker is EVALUATES else "5" if checker is TELLS_TO_HANG else "1 4"
    case = {"input": "5", "output": output}
    verdict = judge(native("files", checker) | {"cases": [case]}, attack)
    assert verdict.reward == (0.0 if on_weak else None), verdict
    # A child meets the checker soon, and not always in time.
    assert any(weak_judge(checker, attack, case) == on_weak for _ in range(20))


def test_a_checker_that_never_looks_pays_on_a_weak_judge_alone(
    judge: JudgeProgram, weak_judge: WeakJudge
) -> None:
    case = {"input": "5", "output": "2 3"}
    assert weak_judge(CHECKS, "print('no sum')", case) == 1.0
    verdict = judge(native("files", CHECKS) | {"cases": [case]}, "print('no sum')")
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH, verdict


def test_points_that_a_checker_shows_are_not_those_that_it_gives(judge: JudgeProgram) -> None:
    weak = re.search(r"points ([\d.]+)", "points 1.0\npoints 0.25 of what there is")
    assert weak is not None
    assert weak[1] == "1.0"
    verdict = judge(native("testlib", SHOWS), "print('points 1.0')")
    assert (verdict.reward, verdict.score) == (0.0, 0.125)
