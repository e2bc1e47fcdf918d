"""Programs that read a file in place of standard input, or write one, are judged as others are."""

from typing import Any

from tests.verifier.conftest import JudgeProgram
from verifier.model import Outcome

PAIRS = {"inputs": ["1 2\n", "30 40\n"], "outputs": ["3\n", "70\n"]}
ADDS = """
with open({0!r}) as given, open({1!r}, "w") as result:
    result.write(str(sum(map(int, given.read().split()))))
"""
PRINTS = "print(sum(map(int, input().split())))"
ADDS_IN_CPP = """
#include <cstdio>
int main() {
    freopen("input.txt", "r", stdin);
    freopen("output.txt", "w", stdout);
    int a, b;
    scanf("%d %d", &a, &b);
    printf("%d\\n", a + b);
}
"""
LOOKS_FOR_THE_LAST_RUN = """
import os
if os.path.exists("output.txt"):
    print("of the last run")
open("output.txt", "w").write("3")
"""


def test_programs_that_use_files(judge: JudgeProgram) -> None:
    says: dict[str, Any] = {**PAIRS, "input_file": "add.data", "output_file": "add.result"}
    of_codeforces = {**PAIRS, "input_mode": "file"}
    for row, source in (
        (PAIRS, ADDS.format("input.txt", "output.txt")),
        (PAIRS, ADDS.format("add.in", "add.out")),
        (of_codeforces, ADDS.format("input.txt", "output.txt")),
        (of_codeforces, PRINTS),
        (says, ADDS.format("add.data", "add.result")),
        (says, ADDS.format("add.data", "add.result") + "print('done')"),
    ):
        verdict = judge(row, source)
        assert verdict.outcome is Outcome.CORRECT, (row, source, verdict)
        wrong = judge(row, source.replace("sum(", "max("))
        assert (wrong.outcome, wrong.passed) == (Outcome.WRONG_ANSWER, 0)
    verdict = judge(PAIRS, LOOKS_FOR_THE_LAST_RUN)
    assert (verdict.outcome, verdict.passed) == (Outcome.WRONG_ANSWER, 1)
    assert verdict.first_failure is not None
    assert verdict.first_failure["got"].startswith("3")
    printed = judge(PAIRS, ADDS.format("input.txt", "output.txt") + "print('done')")
    assert printed.outcome is Outcome.WRONG_ANSWER
    unnamed = judge(PAIRS, ADDS.format("add.data", "add.result"))
    assert unnamed.outcome is Outcome.RUNTIME_ERROR


def test_programs_that_use_files_in_another_language(judge: JudgeProgram) -> None:
    row = {**PAIRS, "language": "cpp"}
    assert judge(row, ADDS_IN_CPP).outcome is Outcome.CORRECT
    assert judge(row, ADDS_IN_CPP.replace("a + b", "a - b")).outcome is Outcome.WRONG_ANSWER
    at_home = f"#ifndef ONLINE_JUDGE\n#error\n#endif\n{ADDS_IN_CPP}"
    assert judge(row, at_home).outcome is Outcome.CORRECT
