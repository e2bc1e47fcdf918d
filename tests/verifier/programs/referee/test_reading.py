"""A suite about what does not cross the wall is nobody's 0: told from its text, for all alike."""

import pytest

from tests.verifier.conftest import JudgeProgram
from verifier.judge import Judge
from verifier.model import AssertTruth, Outcome, Rollout
from verifier.programs.referee.reading import beyond_the_wall, needs_of
from verifier.programs.referee.reading.needs import Needs

COLOUR = "import enum\nclass C(enum.Enum):\n    RED = 1\n"
NODES = (
    "class TreeNode:\n    def __init__(self, val=0, left=None, right=None):\n"
    "        self.val, self.left, self.right = val, left, right\n"
    "def tree_node(values): return TreeNode(values[0])\n"
)
BEYOND = {
    "a fixture": ("def test(caplog):\n    f(1)\n    assert caplog.text == '1\\n'", ""),
    "what mocks are not asked for here": (
        "from unittest import mock\nwith mock.patch.multiple('os', getcwd=1):\n    assert f()",
        "",
    ),
    "what more there is of a file": (
        "import os\nf('x')\nassert os.stat('x').st_mode == 33188",
        "",
    ),
    "a file of what is expected": (
        "open('expected.txt', 'w').write('a')\nopen('a.txt', 'w').write('b')\nassert f('a.txt')",
        "",
    ),
    "a data set's file of what is expected": (
        "import numpy as np\nassert f(1) == np.load('test1/label.npy')[0]",
        "",
    ),
    "a database": ("import sqlite3\nc = sqlite3.connect('a').cursor()\nassert f(c)", ""),
    "a data set's files": (
        "(lambda: None)()\nassert f('test1/a.csv') == 1 and f('test2/a.csv') == 2",
        "",
    ),
    "folders that nothing brings": (
        "(lambda: None)()\nf('./test1')\nf('./test2')\nassert len(open('./test2/a').read()) == 1",
        "",
    ),
    "the interpreter": ("import sys\nf('x')\nassert 'x' in sys.path", ""),
    "objects of a library": (
        "import networkx as nx\nassert nx.is_isomorphic(f(1), nx.Graph([(1, 2)]))",
        "",
    ),
    "what is around a request": ("import flask\nassert f(flask.Flask('x')) == 1", ""),
    "a request": ("from flask import request\nf(1)\nassert request.path == '/'", ""),
    "the environment": ("import os\nos.environ['HOME'] = 'x'\nassert f() == 'x'", ""),
    "an enumeration of its own": (f"{COLOUR}assert f(1) == C.RED", ""),
    "a new object": ("assert f(1) == Point(1, 2)", ""),
    "new objects": (
        "class T:\n    def t(self):\n        self.assertEqual(Point(1) + Point(2), Point(3))",
        "",
    ),
    "a class of its own from the candidate's": ("class P(Point):\n    pass\nassert f(1)", ""),
    "a type": ("class P:\n    pass\nassert isinstance(f(1), P)", ""),
    "a type by name": ("from collections import deque\nassert type(f(1)) is deque", ""),
    "what the function is": ("f(1)\nassert f.__wrapped__", ""),
    "the function's signature": ("import inspect\nassert inspect.signature(f).parameters", ""),
    "a module of the candidate's": ("assert XX.parse(f(1)) == 1", ""),
    "what it calls while a mock is there": (
        (
            "import os\nfrom unittest.mock import patch\n@patch('os.path.join')\n"
            "def test_f(join):\n    assert f(1) == os.path.join('a', 'b')\ntest_f()"
        ),
        "",
    ),
    "functions of its own, looked into": (
        "def g(x: int): pass\nassert f(g) == 'x'",
        "import inspect",
    ),
    "the path of modules, at one place": (
        (
            "import sys, unittest\nclass T(unittest.TestCase):\n    def test_f(self):\n"
            "        f('x')\n        self.assertEqual(sys.path[-1], 'x')\nT('test_f').debug()"
        ),
        "",
    ),
    "filters of warnings": (
        "import warnings\nf(1)\nassert any(each[0] == 'always' for each in warnings.filters)",
        "",
    ),
}
"""What a suite looks at, its text and set-up code."""


@pytest.mark.parametrize(("test", "setup"), BEYOND.values(), ids=BEYOND)
def test_what_does_not_cross_is_told_from_the_text(test: str, setup: str) -> None:
    reason = beyond_the_wall(AssertTruth(entry_point="f", test=test, setup=setup))
    assert reason
    raw = {"kind": "assert", "entry_point": "f", "test": test, "setup": setup}
    with Judge(None) as judge:  # no sandbox: nothing of a candidate runs
        verdict = judge.judge(Rollout(completion="no program", ground_truth=raw))
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert reason in str(verdict.message)


WITHIN = {
    "methods of plain data": ("r = f(1)\nr.append(2)\nr.sort()\nassert r == [1, 2]", ""),
    "a method of a text": ("assert (lambda: f('a').upper())() == 'A'", ""),
    "a part of a number": ("assert f(1).real == 1 and f('ab')[0].islower()", ""),
    "plain types": (
        (
            "from collections.abc import Sequence\nassert isinstance(f(1), (int, str, Sequence))\n"
            "assert type(f(1)) is list or type(f(1)) == type([])"
        ),
        "",
    ),
    "objects around plain data": (
        (
            "from collections import Counter, deque\nimport datetime\n"
            "assert Counter(f('a')) == {'a': 1}\n"
            "assert deque(f('a'))[0] == 'a' and datetime.date(2020, 1, f(1)).day == 1"
        ),
        "",
    ),
    "parts of objects, given": (
        "from collections import deque\nfor x in deque([1]):\n    assert f(x)",
        "",
    ),
    "a key": ("assert sorted(f([1, 2]), key=lambda x: -x) == [2, 1]", ""),
    "a function applied to it": ("assert list(map(f, [1, 2])) == [1, 2]", ""),
    "decimals and fractions": (
        "from decimal import Decimal\nassert f(1) == Decimal('1.5') and round(f(1), 1) == 1.5",
        "",
    ),
    "named tuples": (
        "import collections\nP = collections.namedtuple('P', 'x')\nassert f(1) == P(1)",
        "",
    ),
    "nodes": ("n = f(tree_node([1]))\nassert n.val == 1 and isinstance(n, TreeNode)", NODES),
    "silence": (
        (
            "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n"
            "    assert f(1) == 1"
        ),
        "",
    ),
    "its own files": (
        (
            "with open('/tmp/own', 'w') as file:\n    file.write('[1]')\n"
            "with open('/tmp/own') as file:\n    text = file.read()\nassert text == f(1)"
        ),
        "",
    ),
    "attributes of exceptions": (
        "try:\n    f(1)\nexcept UnicodeDecodeError as e:\n    assert e.start == 1 and e.args",
        "",
    ),
    "names of all kinds": (
        (
            "import os.path as p\nfrom math import *\n"
            "def g(a, *b, c=1, **d): return a, b, c, d, __name__\n"
            "assert [x for x in f(1) if (y := x)] and g(1) and p.sep\n"
            "match f(1):\n    case [a, *rest]: assert a == rest\n"
            "    case {'k': v, **more}: assert v == more"
        ),
        "",
    ),
}


@pytest.mark.parametrize(("test", "setup"), WITHIN.values(), ids=WITHIN)
def test_what_crosses_is_left_to_be_judged(test: str, setup: str) -> None:
    truth = AssertTruth(entry_point="f", test=test, setup=setup)
    assert beyond_the_wall(truth) is None
    assert needs_of(truth) is None


def test_the_method_of_a_solution_is_a_candidate_like_any_other() -> None:
    def reason(test: str) -> str | None:
        return beyond_the_wall(AssertTruth(entry_point="Solution().add", test=test))

    assert reason("s = Solution()\nassert s.add(1, 2) == 3 and Solution().add(1, 2) == 3") is None

    def needs(test: str) -> Needs | None:
        return needs_of(AssertTruth(entry_point="Solution().add", test=test))

    assert needs("s = Solution()\nassert s.add(1, 2) == 3") is None
    assert needs("def check(candidate):\n    assert candidate(1).total == 3")
    assert needs("s = Solution()\ns.push(1)\nassert s.add(1, 2) == 3")
    assert needs("s = Solution()\nassert s.add(1, 2).total == 3")


def test_a_new_object_may_be_anything_but_equal() -> None:
    for test in ("assert Point() is not None", "assert Point(1) < Point(2)", "g(Point(), f(1))"):
        assert beyond_the_wall(AssertTruth(entry_point="f", test=test)) is None


def test_names_that_multiply_or_go_round_cost_little() -> None:
    doubled = "\n".join(f"a{n} = [a{n + 1}, a{n + 1}]" for n in range(200))
    test = f"{doubled}\na200 = [a0, 1]\nb = lambda: 1\nassert f(a0) == b()"
    assert beyond_the_wall(AssertTruth(entry_point="f", test=test)) is None
    twice = "".join(f"a{n} = a{n + 1}\na{n} = a{n + 1}\n" for n in range(200))
    names = "\n".join(f"n{n}(n{n + 1})" for n in range(5000))
    test = f"{twice}a200 = f(1)\nassert a0.x == 1 and a190.x == 1\n{names}"
    assert needs_of(AssertTruth(entry_point="f", test=test))


HONEST = "class P:\n    def __init__(self): self.x = 1\ndef f(*_): return P()"
HIDDEN = {
    "an attribute": "def see(p): return p.x\nassert see(f(1)) == 1",
    "a call": "def see(p): return p(1)\nassert see(f(1)) == 1",
}


@pytest.mark.parametrize("test", HIDDEN.values(), ids=HIDDEN)
def test_an_object_that_only_a_run_shows_is_no_0(judge: JudgeProgram, test: str) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    assert judge(raw, HONEST).outcome is Outcome.INVALID_GROUND_TRUTH
    assert judge(raw, "def f(x): return 1").outcome is Outcome.WRONG_ANSWER


@pytest.mark.parametrize(
    ("test", "right"),
    [
        ("def see(p): return p.upper()\nassert see(f('a')) == 'A'", "def f(x): return x"),
        ("same = lambda a, b: a == b\nassert same(f(f([1])), [1])", "def f(x): return x"),
        ("same = lambda a, b: a == b\nassert same(len(f([1])), 1)", "def f(x): return x"),
        ("same = lambda a, b: a == b\nassert same(next(f([1])), 1)", "def f(x): return iter(x)"),
        ("def see(n): return n.val\nassert see(f(tree_node([1]))) == 1", "def f(x): return x"),
    ],
)
def test_a_candidate_cannot_choose_null_with_an_object(
    judge: JudgeProgram, test: str, right: str
) -> None:
    """What plain data does, an object that does not is wrong at."""
    raw = {"kind": "assert", "entry_point": "f", "test": test, "setup": NODES}
    assert judge(raw, right).outcome is Outcome.CORRECT
    for wrong in (HONEST, "def f(x): return lambda: x", "async def f(x): return x"):
        assert judge(raw, wrong).reward == 0.0


@pytest.mark.parametrize("test", ["{}", "x = lambda: 1\n{}"], ids=["read", "by the referee"])
def test_a_match_of_a_regular_expression_is_true(judge: JudgeProgram, test: str) -> None:
    raw = {
        "kind": "assert",
        "entry_point": "f",
        "test": test.format("assert f('annie') and not f('bob')"),
    }
    right = "import re\ndef f(x): return re.match('a', x)"
    assert judge(raw, right).outcome is Outcome.CORRECT
    for wrong in ("import re\ndef f(x): return re.match('', x)", HONEST):
        assert judge(raw, wrong).reward == 0.0


def test_what_the_suite_itself_cannot_pass_is_not_the_candidates_doing(judge: JudgeProgram) -> None:
    test = "def given(): return object()\nassert f(1) == 1\nassert f(given()) == 1"
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    assert judge(raw, "def f(x): return 1").outcome is Outcome.INVALID_GROUND_TRUTH


def test_exceptions_of_the_set_up_are_themselves(judge: JudgeProgram) -> None:
    setup = (
        "class Low(ValueError):\n    def __init__(self, by, what):\n"
        "        super().__init__(f'{what} by {by}')\n"
    )
    test = "try:\n    f(1)\n    assert 0\nexcept Low as e:\n    assert str(e) == 'low by 1'"
    raw = {"kind": "assert", "entry_point": "f", "test": test, "setup": setup}
    right = "class Lower(Low): pass\ndef f(x): raise Lower(1, 'low')"
    assert judge(raw, "def f(x): raise Low(1, 'low')").outcome is Outcome.CORRECT
    assert judge(raw, right).outcome is Outcome.CORRECT
    for wrong in ("raise Low(2, 'low')", "raise ValueError('low by 1')", "return 1"):
        assert judge(raw, f"def f(x): {wrong}").reward == 0.0
