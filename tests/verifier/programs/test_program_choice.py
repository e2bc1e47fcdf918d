"""Of several code blocks the one that defines or runs something is chosen, with what it needs."""

import pytest

from verifier.programs.program_choice import defining, joined, running, without_comments

HELPER, BODY, STUB = (
    "def half(n):\n    return n // 2\n",
    "def f(n):\n    return half(n)\n",
    "def f(n):\n    ...\n",
)
EXAMPLE = "print(f(4))\n"


@pytest.mark.parametrize(
    ("sources", "entry_point", "chosen"),
    [
        ([HELPER, BODY, EXAMPLE], "f", 1),
        ([BODY, STUB], "f", 0),
        ([STUB], "f", 0),
        ([EXAMPLE], "f", None),
        (["class Solution:\n    def f(self): return 1\n", EXAMPLE], "Solution().f", 0),
        (["class Solution:\n    def f(self): return 1\n"], "f", 0),
        (["f = lambda n: n\n"], "f", 0),
    ],
)
def test_the_block_that_defines_what_is_judged(
    sources: list[str], entry_point: str, chosen: int | None
) -> None:
    assert defining(sources, entry_point) == chosen


def test_the_last_block_that_reads_input_and_does_not_only_quote() -> None:
    program = "n = int(input())\nprint(n)\n"
    assert running([program, "n = int(input())\n"]) == 0
    assert running([program, "a = input()\nprint(a)\n"]) == 1
    assert running([HELPER]) is None


def test_lines_of_comment_say_nothing_of_what_a_block_does() -> None:
    program = "n = int(input())\nprint(n)\n"
    assert running([program, "# Example usage:\n# main()\n"]) == 0
    assert running([program, "// main reads stdin\nint f();\n"]) == 0
    assert without_comments("# a\nx = 1  # b\n  // c\n") == "\nx = 1  # b\n\n"
    kept = "#include <cstdio>\n#define cin in\n#![allow(unused)]\n#[derive(Debug)]\n"
    assert without_comments(kept) == kept


def test_helpers_come_along_and_examples_do_not() -> None:
    assert joined([HELPER, BODY, EXAMPLE], 1) == HELPER + BODY
    assert joined([BODY, "def unused():\n    pass\n"], 0) == BODY
