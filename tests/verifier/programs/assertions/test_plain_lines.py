"""Lines of plain data come to the tree that Python's parser makes of them, or to its refusal."""

import ast
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from verifier.errors import VerifierError
from verifier.programs.assertions import plain_lines
from verifier.programs.assertions.plain_lines import parse_suite, without_plain_lines
from verifier.programs.assertions.source import fold_literals, parse_python

DEEP = "[" * 150 + "]" * 150
TOO_DEEP = "[" * 250 + "]" * 250
SCATTERED = "[1, " * 250 + "1" + "]" * 250
SUITES = [
    "assert candidate(nums = [3,3],target = 6) == [0,1]",
    "assert f() == 1\nassert f(1,) == -2\nassert f( 1 , [ 2 ] ) ==  [-1.50, 2]",
    'assert f("a b", ["c(d).e"]) == "é"',
    'assert f("True", x = True) == None\nassert f([True, "a"]) == [None, False]',
    "assert f(isTrue = True) == True",
    "for n in [1]:\n  if n:\n    assert f(n) == 1\n    assert f(2) == [n]\n    assert f(3) == 3",
    "while n:\n    assert f(1) == 1\nelse:\n    assert f(2) == 2",
    "try:\n    assert f(1) == 1\nexcept E:\n    assert f(2) == 2\nfinally:\n    assert f(3) == 3",
    "match 1:\n    case 1:\n        assert f(1) == 1",
    '"""\nassert f(1) == 1\n"""\nassert f(2) == 2',
    "def check(candidate):\n    x = 1; y = 2\n    assert candidate(1) == 1\n\n    # no\n    0\n",
    "x = (\nassert f(1) == 1\n)",
    "x = \\\nassert f(1) == 1",
    "if x:\n    pass\nelse: \\\n    assert f(1) == 1",
    "   assert f(1) == 1",
    "assert f(1) == 1\n    assert f(2) == 2",
    "assert f(1) == 1\r\nassert f(2) == 2",
    'assert f("\t") == "\x0c"',
    'assert f("\ud800") == 1',
    "assert f(a = 1, a = 2) == 1",
    "assert f(a = 1, 2) == 1",
    "assert f(class = 1) == 1",
    "assert f(None = 1) == 1",
    "assert f(__debug__ = 1) == 1",
    "assert not(1) == 1",
    "assert lambda(1) == 1",
    "assert f(007) == 00",
    "assert f(0, 00) == 1",
    "assert f(1_000, .5, 5., 1e5, 0x1) == 1j",
    "assert f(1.5.5) == 1",
    "assert f([1,,2]) == 1",
    "assert f([1,]) == [2, ]",
    "assert f([1][0], 1 - 2, --3) == - 4",
    'assert f("a" "b") == "a"[0]',
    "assert f(nan, NaN, Infinity, -Infinity, true) == null",
    "assert f(1) == 1 == 1",
    "assert f(1) == 1, 'why'",
    "assert f(1) == 1  # why",
    "assert f(x == 1) == 1",
    f"assert f({'9' * 5000}) == 1",
    f"assert f({DEEP}) == 1",
    f"assert f({TOO_DEEP}) == 1",
    f"assert f({SCATTERED}) == 1",
    f"assert f({'[1], ' * 300}[1]) == 1",
]


def seen(parse: Callable[[], ast.Module]) -> str:
    """The tree, or what is raised instead."""
    try:
        tree = parse()
    except VerifierError as error:
        return repr(error)
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                value[:] = map(folded, value)
            else:
                setattr(node, name, folded(value))
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return f"{ast.dump(tree)} {[(each.lineno, each.end_lineno) for each in statements]}"


def folded(value: object) -> object:
    """A number with a sign as one."""
    match value:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return ast.Constant(-number)
    return value


def agree(source: str) -> bool:
    def usual() -> ast.Module:
        tree = parse_python(source, "it")
        fold_literals(tree, large=True)
        return tree

    return seen(lambda: parse_suite(source, "it", large=True)) == seen(usual)


@pytest.mark.parametrize("source", SUITES)
def test_a_suite_is_what_python_takes_it_for(source: str) -> None:
    assert agree(source)


def test_suites_of_a_data_set_hardly_reach_the_parser(
    shared_data: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def noted(text: str, what: str) -> ast.Module:
        parsed.append(text)
        return parse_python(text, what)

    monkeypatch.setattr(plain_lines, "parse_python", noted)
    rows = gzip.decompress(shared_data("code/leetcode.jsonl.gz").read_bytes()).splitlines()
    tests = [json.loads(row)["test"] for row in rows]
    assert all(map(agree, tests))
    assert sum(map(len, parsed)) < sum(map(len, tests)) / 2


@pytest.mark.parametrize(
    ("test", "left"),
    [
        ("import re\nassert candidate(re = 1) == 2", "import re\n"),
        ('assert candidate("re.sub") == 2', None),
        ('assert candidate("Counter(a)") == 2', None),
        ("assert candidate(Path(1)) == 2", None),
        ("assert deque(1) == 2", None),
        ("assert candidate(1) == 2; import os", None),
    ],
)
def test_what_says_more_than_data_is_left(test: str, left: str | None) -> None:
    assert without_plain_lines(test) == (test if left is None else left)
