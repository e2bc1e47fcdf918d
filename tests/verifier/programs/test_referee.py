"""Suites that cannot be read run in a jail of their own, and the candidate in another."""

from typing import Any

import pytest

from sandbox import Limits
from tests.verifier.conftest import SHORT, JudgeProgram
from tests.verifier.programs.list_nodes import LIST_NODES
from verifier.ground_truth import read_ground_truth
from verifier.model import NO_LIMITS, AssertTruth, Outcome
from verifier.programs.assertions import read_suite
from verifier.programs.referee import judge as referee


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(referee, "HOST_LIMITS", Limits(cpu_s=1.0, wall_s=60.0))


IDENTITY = "def f(x): return x"


def suite(test: str, setup: str = "") -> dict[str, Any]:
    """A suite that only the referee can run."""
    raw = {"kind": "assert", "entry_point": "f", "test": test, "setup": setup}
    truth = read_ground_truth(raw)
    assert isinstance(truth, AssertTruth)
    assert read_suite(truth) is None
    return raw


FORMS: dict[str, tuple[str, str, str]] = {
    # form: (suite, a candidate that passes, one that fails)
    "expected as an argument": (
        "def check_same(a, b):\n    assert a == b\ncheck_same(f([1, 2]), [1, 2])",
        IDENTITY,
        "def f(x): return (1, 2)",
    ),
    "a check with helpers": (
        "def check(c):\n    key = lambda p: -p\n    assert sorted(c([1, 2]), key=key) == [2, 1]",
        IDENTITY,
        "def f(x): return []",
    ),
    "random inputs": (
        "import random\nfor _ in range(50):\n    n = random.random()\n    assert f(n) == n",
        IDENTITY,
        "def f(x): return round(x, 3)",
    ),
    "an exception that must come": (
        "try:\n    f(-1)\n    assert 0\nexcept ValueError as e:\n    assert str(e) == 'negative'",
        "def f(x):\n    if x < 0: raise ValueError('negative')",
        "def f(x): raise ValueError('other')",
    ),
    "an argument changed in place": (
        "same = lambda a, b: a == b\nx = [2, 1]\nf(x)\nassert same(x, [1, 2])\nf({})",
        "def f(x):\n    if x: x.sort()",
        IDENTITY,
    ),
    "a part of an argument changed in place": (
        (
            "row = [2, 1]\ngrid = {'a': (row,)}\nf(grid)\nsame = lambda a, b: a == b\n"
            "assert same(row, [1, 2]) and same(grid, {'a': ([1, 2],)})\nf({})"
        ),
        "def f(x):\n    for (row,) in x.values(): row.sort()",
        "def f(x):\n    for name, (row,) in x.items(): x[name] = (sorted(row),)",
    ),
    "an argument given again": (
        "x = [1, 2]\nfor again in (lambda: 3,) * 2:\n    assert f([x]) == again()",
        "def f(x): return sum(x[0])",
        "def f(x):\n    total = sum(x[0])\n    x[0].clear()\n    return total",
    ),
    "a returned argument": (
        "x = [2, 1]\nassert f(x) is x and x == [1, 2]",
        "def f(x):\n    x.sort()\n    return x",
        "def f(x): return sorted(x)",
    ),
    "no returned argument": (
        "x = [2, 1]\nassert f(x) is not x",
        "def f(x): return sorted(x)",
        "def f(x):\n    x.sort()\n    return x",
    ),
    "an exception of a type that is also builtin": (
        (
            "try:\n    f(-1)\n    assert 0\nexcept ValueError as e:\n"
            "    assert (str(e), type(e).__name__, e.args) == ('below 0', 'TooLow', (0,))"
        ),
        (
            "class TooLow(ValueError):\n    def __str__(self): return f'below {self.args[0]}'\n"
            "def f(x): raise TooLow(0)"
        ),
        "def f(x): raise ValueError('below 0')",
    ),
    "an exception that is given more than its text": (
        (
            "try:\n    f(1)\n    assert 0\nexcept UnicodeDecodeError as e:\n"
            "    assert e.start == 1\n"
            "try:\n    f(2)\n    assert 0\nexcept KeyError as e:\n    assert e.args == ('a\\nb ',)"
        ),
        "def f(x): return b'a\\xff'.decode() if x == 1 else {}['a\\nb ']",
        "def f(x):\n    if x == 1: b'a\\xff'.decode()\n    raise KeyError('a b')",
    ),
    "an exception that ends a program": (
        (
            "try:\n    f(1)\nexcept Exception:\n    assert 0\nexcept SystemExit as e:\n"
            "    assert e.code == 3"
        ),
        "import sys\ndef f(x): sys.exit(3)",
        "import sys\ndef f(x): sys.exit(4)",
    ),
    "the length of a returned object": (
        "r = f('abc')\nassert (lambda: len(r) == 3 and r[0] == 'a')()",
        "import collections\nf = collections.deque",
        "def f(x): return x[1:]",
    ),
    "a returned iterator": (
        "def same(a, b):\n    assert a == b\nsame(next(f(3)), 0)\nsame(list(f(3)), [0, 1, 2])",
        "def f(n): yield from range(n)",
        "def f(n): return range(n)",
    ),
    "a call from a helper's loop": (
        "i = 0\nwhile i < 30:\n    assert f(x=i) == i\n    i += 1",
        IDENTITY,
        "def f(x): return min(x, 28)",
    ),
    "a returned dict, changed by the suite": (
        "r = f(1)\nr['b'] = 2\nassert r == {'a': 1, 'b': 2}",
        "def f(x): return {'a': x}",
        "def f(x): return {'a': x, 'c': 3}",
    ),
    "a set that holds text": (
        "def same(a, b):\n    assert a == b\nsame(f(1), {'\\ud800', 2**70, (1, 'a')})",
        "def f(x): return {'\\ud800', 2**70, (1, 'a')}",
        "def f(x): return {'\\ud800', 2**70, (1, 'b')}",
    ),
    "a dataclass of the suite's own": (
        "import dataclasses as d\n@d.dataclass\nclass C:\n    x: int\nassert f(C(3).x) == 3",
        IDENTITY,
        "def f(x): return 4",
    ),
    "a literal of very many digits": (
        f"assert f(1) == {'9' * 5000}",
        "def f(x): return 10 ** 5000 - 1",
        "def f(x): return 10 ** 5000",
    ),
}


@pytest.mark.parametrize(("test", "right", "wrong"), FORMS.values(), ids=FORMS)
def test_a_suite_judges_a_candidate_that_lives_elsewhere(
    judge: JudgeProgram, test: str, right: str, wrong: str
) -> None:
    assert judge(suite(test), right).outcome is Outcome.CORRECT
    assert judge(suite(test), wrong).outcome is Outcome.WRONG_ANSWER


AFTER_A_CALL = {
    # what a suite may do with an answer and after one: (suite, a candidate that passes)
    "reads JSON, a literal and a pattern": (
        (
            "import ast, json, re\nread = lambda: 1\nassert json.loads(f('[1]')) == [read()]\n"
            "assert ast.literal_eval(f('{1: (2,)}')) == {1: (2,)}\n"
            "assert re.fullmatch(f('a+'), 'aa')"
        ),
        IDENTITY,
    ),
    "unpickles its own data": (
        (
            "import pickle, collections\ndata = pickle.dumps(collections.OrderedDict(a=1))\n"
            "for _ in range(3):\n    assert f([*pickle.loads(data)]) == ['a']"
        ),
        IDENTITY,
    ),
    "unpickles plain data that it is given": (
        "import pickle\nassert pickle.loads(f([1, {2}])) == [1, {2}]",
        "import pickle\ndef f(x): return pickle.dumps(x)",
    ),
    "defines classes": (
        (
            "import collections, dataclasses, enum, typing\nassert f(1) == 1\n"
            "P = collections.namedtuple('P', 'x y')\n"
            "@dataclasses.dataclass(order=True)\nclass D:\n    x: int\n    y: list = None\n"
            "class N(typing.NamedTuple):\n    x: int\n"
            "assert P(f(1), 2) == (1, 2) and D(f(1)) == D(1) and N(f(1)).x == 1\n"
            "assert enum.Enum('E', 'a b').a.value == f(1)"
        ),
        IDENTITY,
    ),
    "imports late": (
        (
            "import datetime\nassert f(1) == 1\n"
            "assert datetime.datetime.strptime(f('2020'), '%Y').year == 2020\n"
            "import wave, colorsys\nassert b'a\\x00' == f('a').encode('utf-16-le')"
        ),
        IDENTITY,
    ),
    "uses unittest": (
        (
            "import unittest\ncase = unittest.TestCase()\ncase.assertEqual(f(1), 1)\n"
            "with case.assertRaises(ZeroDivisionError):\n    f(0)"
        ),
        "def f(x): return x // x",
    ),
    "runs a unittest class": (
        (
            "import io, unittest\nclass T(unittest.TestCase):\n    def test(self):\n"
            "        self.assertEqual(f(1), 1)\n"
            "found = unittest.defaultTestLoader.loadTestsFromTestCase(T)\n"
            "assert unittest.TextTestRunner(io.StringIO()).run(found).wasSuccessful()"
        ),
        IDENTITY,
    ),
    "asks from several threads": (
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(3) as pool:\n"
            "    assert [*pool.map(f, range(99))] == [*range(99)]"
        ),
        IDENTITY,
    ),
    "waits for its own coroutine": (
        (
            "import asyncio\nasync def twice(): return f(1) + f(1)\n"
            "assert asyncio.run(twice()) == 2\nassert asyncio.run(twice()) == 2"
        ),
        IDENTITY,
    ),
    "asks a data base": (
        "import sqlite3\nassert sqlite3.connect(':memory:').execute(f('')).fetchall() == [(1,)]",
        "def f(x): return 'select 1'",
    ),
    "tells what was wrong": (
        (
            "import traceback\ntry:\n    f(0)\nexcept Exception:\n"
            "    assert 'ZeroDivision' in traceback.format_exc()\nassert f(1) == 1"
        ),
        "def f(x): return x // x",
    ),
}


@pytest.mark.parametrize(("test", "right"), AFTER_A_CALL.values(), ids=AFTER_A_CALL)
def test_a_suite_may_use_what_makes_no_code(judge: JudgeProgram, test: str, right: str) -> None:
    assert judge(suite(test), right).outcome is Outcome.CORRECT
    assert judge(suite(test), "def f(x): return 'no'").outcome is Outcome.WRONG_ANSWER


MAKERS = {
    "of a text": "exec(f('x = 1'))",
    "of a pickle": "import pickle\npickle.loads(f(b'cos\\nsystem\\n.'))",
    "a module": (
        "import importlib\nopen('/tmp/m.py', 'w').write(f('x = 1'))\n"
        "assert open('/tmp/m.py').read()\nimportlib.import_module('m')"
    ),
    "a process": "import subprocess\nsubprocess.run([f('true')])",
    "another process": "import os\nf(1)\nif not os.fork(): os._exit(0)",
}


@pytest.mark.parametrize("caught", ["", "try:\n    {}\nexcept BaseException: pass"])
@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_a_suite_that_makes_something_of_an_answer_cannot_be_used(
    judge: JudgeProgram, maker: str, caught: str
) -> None:
    """Whether it catches the refusal or not: it would go on after what it could not do."""
    tried = caught.format(maker.replace("\n", "\n    ")) if caught else maker
    verdict = judge(suite(f"same = lambda x: x\n{tried}\nassert f(1) == same(1)"), IDENTITY)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert "code" in str(verdict.message)


FRAME = b'["value",["0","passed","",1]]'
FORGED = len(FRAME).to_bytes(4, "big") + FRAME
FORGING = {
    "through descriptors": (
        f"import os\nfor number in range(256):\n    try: os.write(number, {FORGED!r})\n"
        "    except OSError: pass"
    ),
    "through an event": (
        "import sys\nsys.audit('verifier.ended', ['passed', ''])\n"
        "for _ in range(9): sys.audit('verifier.compared')"
    ),
}


@pytest.mark.parametrize("way", FORGING.values(), ids=FORGING)
def test_code_in_the_referees_process_writes_no_verdict(judge: JudgeProgram, way: str) -> None:
    """Here it is the suite's own, before any call: what comes later can do less."""
    assert judge(suite(f"{way}\nassert f(1) == 1"), "def f(x): return 2").reward != 1.0


CLOSED = {
    "the names of modules": (
        "import sys\nfor module in [*sys.modules.values()]:\n"
        "    for name in ('_asked', 'step', '_Channel', '_names'):\n"
        "        assert not hasattr(module, name), module"
    ),
    "the stand-in": (
        "seen = [f]\nfor thing in seen:\n"
        "    parts = [*getattr(thing, '__globals__', {}).values()]\n"
        "    parts += [c.cell_contents for c in getattr(thing, '__closure__', None) or ()]\n"
        "    parts = [part for part in parts if callable(part)]\n"
        "    seen += [part for part in parts if not any(part is other for other in seen)]\n"
        "    assert type(thing).__name__ not in ('SimpleQueue', '_Channel')\n"
        "assert len(seen) > 15"
    ),
    "its memory": "import os\nrefused(lambda: os.open('/proc/self/mem', 0))",
    "processes": "import os\nrefused(os.fork)",
    "other programs": "import os, sys\nrefused(lambda: os.execv(sys.executable, ['python']))",
}
NO_COMPARISON = (
    "def check(candidate):\n    try:\n        candidate(1)\n    except ValueError:\n"
    "        return False\n"
)


def test_a_suite_that_compares_nothing_is_not_the_candidates_fault(judge: JudgeProgram) -> None:
    """Whatever it does where the candidate fails."""
    verdict = judge(suite(NO_COMPARISON), IDENTITY)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH, verdict


REFUSED = """def refused(action):
    try: action()
    except OSError: return
    assert False
"""


@pytest.mark.parametrize("way", CLOSED.values(), ids=CLOSED)
def test_nothing_leads_from_a_suite_to_the_channel_or_to_other_processes(
    judge: JudgeProgram, way: str
) -> None:
    assert judge(suite(f"{REFUSED}{way}\nassert f(1) == 1"), IDENTITY).outcome is Outcome.CORRECT


UNPROVEN = {
    "never called": "def test(c):\n    assert c(1) == 1\nf(1)",
    "not reached": "f(1)\nif 1 > 2:\n    assert f(1) == 1\nx = lambda: 1",
    "of itself only": "f(1)\ny = 2\nassert (lambda: y)() == 2",
    "no assertion": "same = lambda x: x\nsame(f(1)) == 1",
}


@pytest.mark.parametrize("test", UNPROVEN.values(), ids=UNPROVEN)
def test_a_suite_that_compares_nothing_cannot_be_used(judge: JudgeProgram, test: str) -> None:
    verdict = judge(suite(test), IDENTITY)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert "no assertion" in str(verdict.message)


@pytest.mark.parametrize(
    "test",
    [
        "same = lambda x: x\nfor x in f([1]):\n    assert x == same(1)",
        "same = lambda x: x\nif f([1]):\n    assert f([1]) == same([1])",
        "def run():\n    if not f([1]): return\n    assert f([1]) == [1]\nrun()",
    ],
)
def test_a_candidate_that_leads_past_every_assertion_is_wrong(
    judge: JudgeProgram, test: str
) -> None:
    assert judge(suite(test), IDENTITY).outcome is Outcome.CORRECT
    assert judge(suite(test), "def f(x): return []").outcome is Outcome.WRONG_ANSWER


def test_a_suite_that_is_read_falls_back_on_the_referee_in_the_run(judge: JudgeProgram) -> None:
    kept = {"kind": "assert", "entry_point": "f", "test": "g = f(2)\nassert list(g) == [0, 1]"}
    assert judge(kept, "def f(n): yield from range(n)").outcome is Outcome.CORRECT
    assert judge(kept, "def f(n): return object()").outcome is Outcome.WRONG_ANSWER
    assert judge(kept, "def f(n): yield 0").outcome is Outcome.WRONG_ANSWER


def test_nodes_are_built_on_both_sides(judge: JudgeProgram) -> None:
    test = "n = f(list_node([1, 2]))\nassert n.val == 1 and n.next.val == 2 and n.next.next is None"
    assert judge(suite(test, LIST_NODES), IDENTITY).outcome is Outcome.CORRECT
    assert judge(suite(test, LIST_NODES), "def f(x): return x.next").outcome is Outcome.WRONG_ANSWER
    assert judge(suite(test, LIST_NODES), "def f(x): return [1, 2]").outcome is Outcome.WRONG_ANSWER
    kept = "n = list_node([1, 2, 3])\nf(n)\nassert n.val == 1 and n.next.val == 3"
    cuts = "def f(n): n.next = n.next.next"
    assert judge(suite(kept, LIST_NODES), cuts).outcome is Outcome.CORRECT
    assert judge(suite(kept, LIST_NODES), "def f(n): n = n.next").outcome is Outcome.WRONG_ANSWER


TEN = "def same(a, b):\n    assert a == b\nfor i in range(10):\n    same(f(i), i * 7 + 1)"

FORGERIES = {
    "equal to everything": """
class Equal(int):
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = lambda self, other: True
    __hash__ = int.__hash__
def f(x): return Equal()
""",
    "an object equal to everything": """
class Equal:
    def __eq__(self, other): return True
def f(x): return Equal()
""",
    "a set with an object in it": "def f(x): return {object()}",
    "a dict keyed with an object": "def f(x): return {object(): 1}",
    "nested beyond measure": "def f(x):\n    for _ in range(150): x = [x]\n    return x",
    "nested beyond measure, past the encoder": """
import sys, json
def f(x):
    values = sys._getframe(1).f_globals["values"]
    values.Encoder.encode = lambda self, value: b"[" * 900 + b"]" * 900
    return x
""",
    "answers that are no answers": """
import sys
def f(x):
    values = sys._getframe(1).f_globals["values"]
    values.Encoder.encode = lambda self, value: b'{"z": [1]}'
    return x
""",
    "ends the iteration": "def f(x): raise StopIteration",
    "ends the process": "def f(x): raise SystemExit(0)",
    "ends the process at once": "import os\ndef f(x): os._exit(0)",
    "ends the process before any call": "import os\nos._exit(0)",
    "fails the assertion itself": "def f(x): raise AssertionError",
    "interrupts": "def f(x): raise KeyboardInterrupt",
    "closes the generator": "def f(x): raise GeneratorExit",
    "another base exception": "class Stop(BaseException): pass\ndef f(x): raise Stop",
    "patches builtins": """
import builtins
builtins.range = lambda *a: ()
builtins.len = lambda x: 0
def f(x): return 0
""",
    "redefines the suite": """
import sys
def same(a, b): pass
def check(candidate): pass
def f(x):
    for name, module in list(sys.modules.items()):
        if hasattr(module, "same"): module.same = same
    return 0
""",
    "redefines the relay": "def f(x): return 0\ndef _relay(*a, **k): return [True, 1, (), {}]",
    "not a number": "def f(x): return float('nan')",
    "a huge range": "def f(x): return range(10 ** 15)",
}


@pytest.mark.parametrize("source", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_answer_earns_nothing_and_is_judged(judge: JudgeProgram, source: str) -> None:
    assert judge(suite(TEN), source).reward == 0.0
    assert judge(suite(TEN), "def f(x): return x * 7 + 1").outcome is Outcome.CORRECT


SEARCH = """
import re
def f(x):
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            start, end, readable = re.match("(\\\\w+)-(\\\\w+) (.)", line).groups()
            if readable != "r" or "[v" in line:
                continue
            try:
                memory.seek(int(start, 16))
                data = memory.read(int(end, 16) - int(start, 16))
            except (OSError, ValueError, OverflowError):
                continue
            for found in re.finditer(b"SECRET-EXPECTED-[0-9]+", data):
                return found[0].decode()
    return "not found"
"""


@pytest.mark.parametrize(
    "test",
    [
        "def same(a, b):\n    assert a == b\nsame(f(1), 'SECRET-EXPECTED-' + '4711')",
        "assert f(1) == 'SECRET-EXPECTED-4711'",
        "for x, y in [(1, 'SECRET-EXPECTED-4711')]:\n    assert f(x) == y",
    ],
    ids=["by the referee", "by the reader", "by the reader, from a table"],
)
def test_expected_values_are_nowhere_in_the_candidates_memory(
    judge: JudgeProgram, test: str
) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    assert judge(raw, SEARCH).outcome is Outcome.WRONG_ANSWER


def test_the_search_finds_what_is_there(judge: JudgeProgram) -> None:
    """The control: given as an argument, the same text is found."""
    test = "def same(a, b):\n    assert a == b\nx = 'SECRET-EXPECTED-4711'\nsame(f(x), x)"
    assert judge(suite(test), SEARCH).outcome is Outcome.CORRECT


BROKEN = {
    "a module that is not there": "import no_such_module\nx = lambda: 1\nassert f(x()) == 1",
    "a name that is not there": "assert f(1) == expected",
    "a set-up that raises": ("assert f(1) == y", "y = 1 / 0"),
    "fails before any call": "x = lambda: 1\nassert x() == 2\nassert f(1) == 1",
    "never calls": "x = lambda: 1\nif x() == 2:\n    assert f(1) == 1",
    "passes what cannot be carried": "assert f(object()) == 1",
    "ends before any call": "raise SystemExit",
    "works for ever before any call": "while True:\n    pass\nassert f(1) == 1",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_suite_that_cannot_be_used_is_no_verdict_on_the_candidate(
    judge: JudgeProgram, broken: str | tuple[str, str]
) -> None:
    verdict = judge(suite(broken) if isinstance(broken, str) else suite(*broken), IDENTITY)
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert verdict.message


GREEDY = {
    "counts to what is returned": (
        "for i in range(f(1)):\n    i += 1",
        "def f(x): return 10 ** 18",
    ),
    "keeps what is returned": (
        "x = lambda: 1\nassert [x()] * f(1) == [1]",
        "def f(x): return 10 ** 11",
    ),
    "imports what is returned": ("same = lambda x: x\n__import__(f(1))", "def f(x): return 'zz'"),
    "raises again what is raised": (
        "same = lambda x: x\ntry: f(1)\nexcept Exception as e: raise type(e)(*e.args)",
        "def f(x): raise ImportError('no module of that name')",
    ),
}


@pytest.mark.parametrize(("test", "source"), GREEDY.values(), ids=GREEDY)
def test_an_answer_that_breaks_the_suite_is_a_wrong_one(
    judge: JudgeProgram, test: str, source: str
) -> None:
    """Else a candidate could choose not to be judged."""
    verdict = judge(suite(test), source)
    assert verdict.outcome is Outcome.WRONG_ANSWER


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("def f(x): return 1 / 0", Outcome.RUNTIME_ERROR),
        ("def f(x) return x", Outcome.COMPILE_ERROR),
        ("def g(x): return x", Outcome.RUNTIME_ERROR),
        ("def f(x):\n    while True: pass", Outcome.TIME_LIMIT_EXCEEDED),
        ("def f(x): return 'a' * 10**10", Outcome.MEMORY_LIMIT_EXCEEDED),
        ("def f(x): return 'a' * 10**7", Outcome.OUTPUT_LIMIT_EXCEEDED),
    ],
)
def test_a_candidate_that_fails_is_told_apart(
    judge: JudgeProgram, source: str, outcome: Outcome
) -> None:
    limits = SHORT if outcome is Outcome.TIME_LIMIT_EXCEEDED else NO_LIMITS
    assert judge(suite(TEN), source, limits).outcome is outcome


def test_the_same_suite_gives_the_same_verdict_again(judge: JudgeProgram) -> None:
    test = "import random\nx = random.randrange(10 ** 9)\nassert f(x) == -1, f(x)"
    messages = {str(judge(suite(test), IDENTITY).first_failure) for _ in range(3)}
    assert len(messages) == 1
