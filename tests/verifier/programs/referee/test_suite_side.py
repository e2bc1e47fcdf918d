"""Suites about objects of the candidate's: these stay in its jail, and what they say is data."""

import ast
from pathlib import Path
from typing import Any

import pytest

from sandbox import Limits, Program
from sandbox.model import MIB
from sandbox.pool import JailPool
from tests.verifier.conftest import JudgeProgram
from verifier.model import LimitsOverride, Outcome
from verifier.programs import referee

FOLDER = Path(referee.__path__[0])


def only_right_earns(
    judge: JudgeProgram, suite: dict[str, str], right: str, wrong: tuple[str, ...]
) -> None:
    raw = {"kind": "assert", "entry_point": "f", **suite}
    verdict = judge(raw, right)
    assert verdict.outcome is Outcome.CORRECT, verdict
    assert [judge(raw, source).reward for source in wrong] == [0.0] * len(wrong)


POINT = "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\n    y: int\n"
COLOUR = "import enum\nclass C(enum.Enum):\n    RED = 1\n    BLUE = 2\n"
STACK = """
class Empty(ValueError):
    def __init__(self, size):
        super().__init__(f"nothing in {size}")
        self.size = size
class Stack:
    shared = {"made": 0}
    def __init__(self, *items):
        Stack.shared["made"] += 1
        self.items, self.size = list(items), WIDTH
    def push(self, item):
        self.items.append(item)
        return self
    def pop(self):
        if not self.items:
            raise Empty(self.size)
        return self.items.pop(FROM)
    def get(self, place): return self.items[place]
    def add(self, item): return self.push(item)
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __contains__(self, item): return item in self.items
    def __getitem__(self, place): return self.items[place]
    def __eq__(self, other): return self.items == other.items
    def __str__(self): return f"Stack of {len(self)}"
    @staticmethod
    def parse(text): return Stack(*map(int, text.split()))
def merged(one, other): return Stack(*one, *other)
"""
RIGHT = STACK.replace("WIDTH", "8").replace("FROM", "-1")
WRONG = STACK.replace("WIDTH", "7").replace("FROM", "0")
CLASS = {
    "methods": "s = Stack()\ns.push(1)\ns.push(2)\nassert s.pop() == 2 and s.pop() == 1",
    "itself": "s = Stack(1)\nassert s.push(2) is s and s.push(3).push(4).pop() == 4",
    "attributes": "s = Stack(3)\nassert s.size == 8 and s.items == [3]\ns.n = 1\nassert s.n == 1",
    "protocols": (
        "s = Stack(3, 4)\nassert len(s) == 2 and list(s) == [3, 4] and 4 in s and s[1] == 4\n"
        "assert str(s) == 'Stack of 2' and s and not Stack()\nassert s.push(5).pop() == 5"
    ),
    "names that plain data has": (
        "s = Stack(1)\ns.add(2)\nassert s.get(1) == 2 and s.size == 8\nassert s.pop() == 2"
    ),
    "exceptions": (
        "try:\n    Stack().pop()\nexcept Empty as e:\n"
        "    assert e.size == 8 and str(e) == 'nothing in 8'\nelse:\n    assert False"
    ),
    "of the class": "s = Stack.parse('1 2')\nassert s.pop() == 2 and Stack.shared['made'] == 1",
    "given and types": (
        "m = merged(Stack(1), Stack(2))\nassert isinstance(m, Stack) and not isinstance(1, Stack)\n"
        "assert m.pop() == 2 and [s.pop() for s in [Stack(1, 3)]] == [3]"
    ),
    "of classes": (
        "assert issubclass(Empty, ValueError) and issubclass(Stack, object)\n"
        "assert not issubclass(Stack, (int, str)) and Stack(1, 2).pop() == 2"
    ),
    "in a helper": (
        "def emptied(s):\n    out = []\n    while s:\n        out.append(s.pop())\n    return out\n"
        "assert emptied(Stack(1, 2, 3)) == [3, 2, 1]"
    ),
}


@pytest.mark.parametrize("test", CLASS.values(), ids=CLASS)
def test_a_class_of_the_candidates_is_judged_by_what_its_objects_do(
    judge: JudgeProgram, test: str
) -> None:
    raw = {"kind": "assert", "entry_point": "Stack", "test": test}
    verdict = judge(raw, RIGHT)
    assert verdict.outcome is Outcome.CORRECT, verdict
    assert judge(raw, WRONG).reward == 0.0
    assert judge(raw, "def Stack(*a): return [*a, 9]").reward == 0.0


RETURNED = {
    "a closure": ("def f(n): return lambda x: x + n", "assert f(5)(3) == 8"),
    "a decorator": (
        (
            "import functools\ndef f(g):\n    @functools.wraps(g)\n    def twice(*a):\n"
            "        return g(*a) * 2\n    return twice"
        ),
        "@f\ndef add(a, b):\n    return a + b\nassert add(1, 2) == 6 and add.__name__ == 'add'",
    ),
    "an iterator of its own": (
        (
            "class f:\n    def __init__(self, n): self.n = n\n"
            "    def __iter__(self):\n        self.left = self.n\n        return self\n"
            "    def __next__(self):\n        if not self.left: raise StopIteration\n"
            "        self.left -= 1\n        return self.left"
        ),
        "it = f(2)\nassert list(it) == [1, 0] and list(it) == [1, 0] and it.n == 2",
    ),
    "a generator without end": (
        "def f(n):\n    while True:\n        yield n\n        n += 1",
        "g = f(3)\nassert [next(g), next(g), next(g)] == [3, 4, 5] and g.gi_running is False",
    ),
    "a coroutine": (
        "import asyncio\nasync def f(n):\n    await asyncio.sleep(0)\n    return n + 1",
        (
            "import asyncio\nasync def both():\n    return await asyncio.gather(f(1), f(2))\n"
            "assert asyncio.run(f(1)) == 2 and asyncio.run(both()) == [2, 3]"
        ),
    ),
    "what is entered": (
        "import contextlib\n@contextlib.contextmanager\ndef f(n):\n    yield n",
        "with f(3) as x:\n    assert x == 3",
    ),
    "a named tuple": (
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f(n): return P(n, 2)",
        "p = f(1)\nassert p.x == 1 and p == (1, 2) and p._replace(x=3).x == 3",
    ),
    "a deque": (
        "from collections import deque\ndef f(n): return deque([n, 2], maxlen=3)",
        "from collections import deque\nassert f(1) == deque([1, 2]) and f(1).maxlen == 3",
    ),
    "dates": (
        "from datetime import date, timedelta\ndef f(d): return d + timedelta(days=1)",
        "from datetime import date\nassert f(date(2020, 2, 28)) == date(2020, 2, 29)",
    ),
    "a dict with defaults": (
        "def f(d):\n    d['b'] += 1\n    return d",
        "import collections\nd = collections.defaultdict(int)\nassert f(d)['c'] + 1 == d['b'] == 1",
    ),
    "arrays": (
        "import numpy as np\ndef f(a): return a * 2",
        "import numpy as np\nassert np.array_equal(f(np.array([1, 2])), np.array([2, 4]))",
    ),
    "files whose paths are kept": (
        "def f(path):\n    with open(path) as file: return file.read()",
        (
            "import os\npaths = {}\nfor name in 'ab':\n    path = os.path.join('/tmp', name)\n"
            "    with open(path, 'w') as file:\n        file.write(name)\n    paths[name] = path\n"
            "assert f(paths['a']) == 'a' and f(paths['b']) == 'b'"
        ),
    ),
    "lists with NaN": (
        "import numpy as np\ndef f(n): return [np.nan] * n",
        (
            "import unittest\nimport numpy as np\nclass TestF(unittest.TestCase):\n"
            "    def test_f(self): self.assertEqual(f(2), [np.nan, np.nan])\n"
            "unittest.TestSuite([TestF('test_f')]).debug()"
        ),
    ),
    "an array of records": (
        "import numpy as np\ndef f(a): return np.array([(n, 'x') for n in a], 'i4,U1')",
        (
            "import numpy as np\n"
            "wanted = np.array([(1, 'x'), (2, 'x')], dtype=[('f0', '<i4'), ('f1', '<U1')])\n"
            "assert np.array_equal(f(np.array([1, 2])), wanted)"
        ),
    ),
    "what is printed": (
        "def f(n):\n    print('n is', n)",
        (
            "import io, sys\nsys.stdout = out = io.StringIO()\nf(3)\n"
            "assert out.getvalue() == 'n is 3\\n'"
        ),
    ),
    "functions, given": (
        "def f(key, items): return [key(i) for i in sorted(items, key=key)]",
        "def key(x):\n    return -x\nassert f(key, [1, 3]) == [-3, -1]\nassert f(abs, [-2]) == [2]",
    ),
    "a function that calls back": (
        "def f(g, n): return g(n - 1) + 1 if n else 0",
        "def g(n):\n    return f(g, n)\nassert f(g, 4) == 4",
    ),
    "an exception of a function, given": (
        "def f(g):\n    try: return g()\n    except KeyError as e: return 'no ' + e.args[0]",
        "def g():\n    raise KeyError('x')\nassert f(g).lower() in ('no x', \"no 'x'\")",
    ),
    "an iterator, given": ("def f(it): return next(it) + next(it)", "assert f(iter([1, 2])) == 3"),
    "another function, handed on": (
        "def f(x): return x\ndef key(x): return -x",
        "assert sorted([1, 3], key=key) == [3, 1] and f(1) == 1",
    ),
    "a matrix": (
        "def f(m): return m.max()",
        "import numpy as np\nassert f(np.matrix([[1, 2]]).reshape(2, 1)) == 2",
    ),
    "an array with a mask of nothing": (
        "import numpy as np\ndef f(n): return np.ma.array(range(n))",
        "import numpy as np\nassert np.array_equal(f(3)[1:], [1, 2]) and f(1) == 0",
    ),
    "a long array": (
        "import numpy as np\ndef f(a): return a[::-1] * 2.0",
        (
            "import numpy as np\ngot = f(np.arange(2000).reshape(1000, 2))\n"
            "assert got.shape == (1000, 2) and got[0].tolist() == [3996.0, 3998.0]\n"
            "got[0] = 0\nassert got.sum() == 2 * sum(range(1998))"
        ),
    ),
    "an array that numpy is asked about": (
        "import numpy as np\ndef f(n): return np.arange(n)",
        "import numpy as np\nassert (f(2) == [0, 1]).all() and np.array_equal(f(1), [0])",
    ),
    "an element of a document": (
        "def f(e): return e.find('b')",
        (
            "import xml.etree.ElementTree as ET\nfound = f(ET.fromstring('<a><b>x</b></a>'))\n"
            "assert found.tag == 'b' and found.text == 'x'"
        ),
    ),
    "a date among what a helper is given": (
        "import datetime\ndef f(n): return {'on': datetime.date(2020, 1, n)}",
        (
            "import datetime\ndef same(got, day):\n    when = datetime.datetime(2020, 1, day)\n"
            "    assert got['on'] == when.date()\nsame(f(2), 2)"
        ),
    ),
    "a type": (
        "class P:\n    def __init__(self): self.kinds = {'a': int}\ndef f(*_): return P()",
        "assert f().kinds == {'a': int}",
    ),
    "containers of its objects": (
        (
            "class P:\n    def __init__(self): self.d, self.l = {'b': {}}, []\n"
            "    def n(self): return len(self.d['b']) + len(self.l)\ndef f(*_): return P()"
        ),
        "p = f()\np.d['b']['a'] = 3\np.l.append(1)\nassert p.n() == 2 and p.d == {'b': {'a': 3}}",
    ),
    "types": (
        "def f(x): return [type(x), {type(y): y for y in x}]",
        "got = f([1, None])\nassert got == [list, {int: 1, type(None): None}] and got[0] is list",
    ),
    "iterators in what is returned": (
        "import itertools\ndef f(text): return itertools.groupby(text)",
        "assert [(key, list(each)) for key, each in f('aab')] == [('a', ['a', 'a']), ('b', ['b'])]",
    ),
    "generators of a generator": (
        "def f(n): return (range(i).__iter__() for i in range(n))",
        "assert list(map(list, f(3))) == [[], [0], [0, 1]]",
    ),
    "fractions beside decimals": (
        "from fractions import Fraction\ndef f(x): return x * x, Fraction(1, 3)",
        (
            "from decimal import Decimal\nfrom fractions import Fraction\n"
            "assert f(Decimal('1.5')) == (Decimal('2.25'), Fraction(1, 3))"
        ),
    ),
    "what it made, given back in a list": (
        "class P:\n    n = 2\ndef f(x=None): return P() if x is None else sum(p.n for p in x)",
        "made = [f(), f()]\nassert (lambda: f(made))() == 4",
    ),
    "a method by another function's name": (
        (
            "def reader(n):\n    def inner(self): return self.x * n\n    return inner\n"
            "class f:\n    twice = reader(2)\n    def __init__(self, x): self.x = x"
        ),
        "assert f(3).twice() == 6 and f(3).__dict__ == vars(f(3)) == {'x': 3}",
    ),
    "what is printed into a file": (
        "def f(n): print('n is', n)",
        (
            "import sys\nwith open('out.txt', 'w') as sys.stdout:\n    f(3)\n"
            "sys.stdout = sys.__stdout__\nassert open('out.txt').readlines() == ['n is 3\\n']"
        ),
    ),
    "the name of its type": (
        "class Made: pass\ndef f(*_): return Made()",
        "assert type(f(1)).__name__ == 'Made' and f(1).__class__.__name__ == 'Made'",
    ),
    "objects in a set": (
        "class P:\n    def __init__(self, x): self.x = x\ndef f(n): return {P(1), P(2)}",
        "assert sorted(p.x for p in f(1)) == [1, 2] and len(f(1)) == 2",
    ),
}


@pytest.mark.parametrize(("right", "test"), RETURNED.values(), ids=RETURNED)
def test_what_is_returned_given_and_printed(judge: JudgeProgram, right: str, test: str) -> None:
    key = "def key(x): return 0"
    wrong = f"def f(*_): return None\n{key}", f"def f(*_): return lambda *_: 0\n{key}"
    only_right_earns(judge, {"test": test}, right, wrong)


WRITES = "import pathlib\ndef f(path, text): pathlib.Path(path).write_text(text.upper())"
READS = "def f(path):\n    with open(path) as file: return file.read() + '!'"
FILES = {
    "one that it writes": (WRITES, "f('a.txt', 'a')\nassert open('a.txt').read() == 'A'"),
    "one in a folder of the suite's": (
        WRITES,
        (
            "import os, tempfile\nwith tempfile.TemporaryDirectory() as folder:\n"
            "    f(os.path.join(folder, 'a'), 'b')\n    assert os.listdir(folder) == ['a']\n"
            "    assert open(os.path.join(folder, 'a')).read() == 'B'"
        ),
    ),
    "one that it reads": (
        READS,
        (
            "import pathlib\nfor text in ('a', 'b'):\n    with open('a.txt', 'w') as file:\n"
            "        file.write(text)\n"
            "    assert f('a.txt') == f(pathlib.Path('a.txt')) == text + '!'"
        ),
    ),
    "one that is gone": (
        READS,
        (
            "import os\nopen('a.txt', 'w').close()\nassert f('a.txt') == '!'\nos.remove('a.txt')\n"
            "try:\n    f('a.txt')\nexcept FileNotFoundError as e:\n    assert e.errno == 2\n"
            "else:\n    assert False"
        ),
    ),
    "one in pytest's folder": (
        WRITES,
        (
            "import pytest\ndef test_it(tmpdir):\n    path = tmpdir.mkdir('d').join('a')\n"
            "    f(path, 'x')\n    assert path.read() == 'X'"
        ),
    ),
    "a database": (
        (
            "import sqlite3\ndef f(path):\n"
            "    with sqlite3.connect(path) as c: c.execute('CREATE TABLE t (x)')"
        ),
        (
            "import sqlite3\nf('a.db')\n"
            "names = sqlite3.connect('a.db').execute('SELECT name FROM sqlite_master')\n"
            "assert names.fetchall() == [('t',)]"
        ),
    ),
    "one that nobody names to it": (
        "def f(*_): return open('data.txt').read()",
        (
            "import os\nwith open('data.txt', 'w') as file:\n    file.write('x')\n"
            "assert f() == 'x'\nos.remove('data.txt')"
        ),
    ),
    "one of an object's": (
        "class f:\n    def save(self, path): open(path, 'w').write('x')",
        "made = f()\npath = 'a.txt'\nmade.save(path)\nassert open(path).read() == 'x'",
    ),
}


@pytest.mark.parametrize(("right", "test"), FILES.values(), ids=FILES)
def test_files_are_there_on_both_sides(judge: JudgeProgram, right: str, test: str) -> None:
    wrong = "def f(*_): return None", "class f:\n    def save(self, path): pass"
    only_right_earns(judge, {"test": test}, right, wrong)


ESCAPES = {
    "a path that leads out": "'../etc/x'",
    "a path from the top": "'/etc/x'",
    "no path": "7",
    "a link's path": "'link/x'",
}


@pytest.mark.parametrize("path", ESCAPES.values(), ids=ESCAPES)
def test_no_file_leads_out_of_the_shared_folder(path: str, tmp_path: Path) -> None:
    """What the candidate's side says of files may be anything."""
    source = (FOLDER / "both_sides/shared_files.py").read_text()
    names: dict[str, Any] = {"__name__": "shared_files"}
    exec(compile(source, "shared_files", "exec"), names)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    names["FOLDER"] = str(folder)
    side = names["SharedFiles"]()
    with pytest.raises((ValueError, TypeError)):
        side.change({ast.literal_eval(path): b"x"})
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder"]
    with pytest.raises(OSError, match="bytes"):
        side.change({"a": b"x" * (names["MAX_BYTES"] + 1)})
    assert side.changed() == {}


SHADOWS = {
    "a method of a tuple": (
        "assert f(1).x == 1 and f(1).count(2) == 1",
        (
            "from collections import namedtuple\ndef f(n):\n"
            "    return namedtuple('P', 'x count')(1, lambda *a: 1)"
        ),
    ),
    "a method of the set-up's class": (
        "assert f(P(1, 2)).x == 1 and f(P(1, 2)).__eq__(P(1, 2))\nassert f(P(1, 2)).near(7)",
        "def f(p):\n    p.near = lambda *a: True\n    return p",
    ),
    "a method of the set-up's exception": (
        "try:\n    f(1)\nexcept E as e:\n    assert e.says('x')\nelse:\n    assert False",
        "def f(n):\n    e = E()\n    e.says = lambda text: True\n    raise e",
    ),
}


@pytest.mark.parametrize(("test", "source"), SHADOWS.values(), ids=SHADOWS)
def test_no_function_of_the_candidates_stands_for_a_method_of_ours(
    judge: JudgeProgram, test: str, source: str
) -> None:
    setup = f"{POINT}    def near(self, x): return self.x == x\n"
    setup += "class E(Exception):\n    def says(self, text): return text in self.args\n"
    raw = {"kind": "assert", "entry_point": "f", "test": test, "setup": setup}
    assert judge(raw, source).reward == 0.0
    exec(f"{setup}{source}\n{test}", {"__name__": "beside"})  # the control: there it passes


AGREES = "class Any:\n    def __getattr__(self, name): return self\n"
FORGED = {
    # It is the suite's name that says whether what comes of it may be asked for an operator.
    "a method by the name of one that gives objects": (
        "assert f(1).links().owner\nassert f(1).total() - 5 == 0",
        AGREES + "    def links(self): return self\n    def __sub__(self, n): return 0\n"
        "    total = links\ndef f(n): return Any()",
    ),
    "a class that is equal to every type": (
        "assert f(1) == int and [f(1)] == [str]",
        (
            "class All(type):\n    def __eq__(self, o): return True\n    __hash__ = type.__hash__\n"
            "class Any(metaclass=All): pass\ndef f(n): return Any"
        ),
    ),
    "an iterator that is equal to everything": (
        "assert next(f(1)[0]) == 5 and list(f(1)[0]) == [5]",
        "class Same:\n    def __eq__(self, other): return True\ndef f(n): return [iter([Same()])]",
    ),
    "an array of things that are equal to everything": (
        "import math\nassert (lambda got: got == {'a': 5})(f(1))",
        (
            "import numpy\nclass Same:\n    def __eq__(self, other): return True\n"
            "def f(n): return {'a': numpy.array([Same()])}"
        ),
    ),
}


@pytest.mark.parametrize(("test", "source"), FORGED.values(), ids=FORGED)
def test_no_object_agrees_in_the_place_of_what_was_to_come(
    judge: JudgeProgram, test: str, source: str
) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    assert judge(raw, source).reward == 0.0
    exec(f"{source}\n{test}", {"__name__": "beside"})  # the control: there it passes


SHARED = {
    "a data class": (POINT, "def f(p): return P(p.x, 2)", "assert f(P(1, 1)) == P(1, 2)"),
    "an enumeration": (COLOUR, "def f(c): return C.BLUE", "assert f(C.RED) is C.BLUE"),
}


@pytest.mark.parametrize(("setup", "right", "test"), SHARED.values(), ids=SHARED)
def test_objects_of_the_set_up_are_made_again(
    judge: JudgeProgram, setup: str, right: str, test: str
) -> None:
    liar = "class P:\n    def __eq__(self, o): return True\nC = P\ndef f(_): return P()"
    only_right_earns(judge, {"test": test, "setup": setup}, right, ("def f(p): return p", liar))


NODE = """
class Node:
    secret = 7
    def __init__(self, value, *after):
        self.value, self.after, self.seen = value, [*after], 0
    def see(self):
        self.seen += 1
        return self.seen
a = Node(1)
b = Node(2, a)
a.after.append(b)
"""
WALK = """
def f(start, goal):
    seen, waiting = [], [start]
    for node in waiting:
        if node is goal:
            return node
        seen.append(node)
        node.see()
        waiting += [each for each in node.after if each not in seen]
"""
LENT = {
    "a graph": (WALK, "assert f(a, b) is b and a.seen == 1 and f(b, Node(3)) is None"),
    "changed": (
        "def f(node):\n    node.value += 1\n    node.after = [node]\n    return [node]",
        "assert [n.value for n in f(a)] == [2] and a.after == [a]",
    ),
    "with its methods": (
        "def f(p): return [len(p), p[1], str(p), p + 1, [*p]]",
        (
            "class P(list):\n    pass\nclass Q:\n    def __len__(self): return 2\n"
            "    def __getitem__(self, at):\n        if at > 1: raise IndexError(at)\n"
            "        return at * 3\n    def __str__(self): return 'q'\n"
            "    def __add__(self, n): return n\nassert f(Q()) == [2, 3, 'q', 1, [0, 3]]"
        ),
    ),
}


@pytest.mark.parametrize(("right", "test"), LENT.values(), ids=LENT)
def test_objects_of_the_suites_own_are_lent(judge: JudgeProgram, right: str, test: str) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": NODE + test}
    verdict = judge(raw, right)
    assert verdict.outcome is Outcome.CORRECT, verdict
    assert judge(raw, "def f(*a): return None").reward == 0.0


REACH = {
    "by its class": "node.__class__.__init__.__globals__['expected']",
    "by a method": "node.see.__globals__['expected']",
    "by its class, asked for": (
        "getattr(type(node), '__getattr__', getattr)(node, '__class__')"
        ".__init__.__globals__['expected']"
    ),
    "a method replaced": "setattr(node, 'see', lambda: 9) or 9",
}


@pytest.mark.parametrize("reach", REACH.values(), ids=REACH)
def test_what_is_lent_leads_to_nothing_else(judge: JudgeProgram, reach: str) -> None:
    test = f"{NODE}expected = a.secret * 6\nassert f(a) == expected"
    if "expected" not in reach:
        test = f"{NODE}assert f(a) == a.see()"
    attack = f"def f(node): return {reach}"
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    assert judge(raw, attack).reward == 0.0
    exec(f"{attack}\n{test}", {})  # the control: beside its judge it passes


def test_an_exception_is_told_of_whatever_else_crosses(judge: JudgeProgram) -> None:
    test = (
        "import os\nwith open('a', 'w') as file:\n    file.write('1')\n"
        "try:\n    assert f('a') == 1\nfinally:\n    os.remove('a')"
    )
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    verdict = judge(raw, "def f(path): return int(open(path).read() + 'x')")
    assert verdict.outcome is Outcome.RUNTIME_ERROR, verdict
    assert "ValueError" in (verdict.first_failure or {})["message"]


READS = """
import sys
import xml.etree.ElementTree as ET
found = ET.fromstring(sys.stdin.read()).find("b").text
print("judged", len(found))
"""
HEAD = f'''<!--{"-x" * 400_000}--><!DOCTYPE a [<!ENTITY e "{"x" * 20_000}">]>'''
LONG = f"{HEAD}<a><b>{'&e;' * 3900}</b></a>"
SWAPS = (
    "import xml.etree.ElementTree as ET\nET.tostring = lambda *_, **__: {!r}\n"
    "def f(e): return ET.Element('a')"
)


def test_a_document_of_entities_ends_a_weak_judge_and_not_this_one(
    judge: JudgeProgram, pool: JailPool
) -> None:
    test = (
        "import xml.etree.ElementTree as ET\nleft = 1\nwhile left:\n    left = 0\n"
        "    assert f(ET.fromstring('<a><b>x</b></a>')).find('b').text == 'x'"
    )
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    assert judge(raw, "def f(e): return e").outcome is Outcome.CORRECT
    attack, room = SWAPS.format(LONG), LimitsOverride(output_kb=4096)
    assert judge(raw, attack, room).reward == 0.0
    limits = Limits(memory_bytes=128 * MIB)
    with pool.jail() as jail, jail.load(Program(READS), limits) as weak:
        assert weak.run(b"<a><b>x</b></a>").stdout == b"judged 1\n"
        assert b"judged" not in weak.run(LONG.encode()).stdout


SEEDED = {
    "random": ("random", "def f(n): return [random.randint(1, 99) for _ in range(n)]"),
    "numpy.random": (
        "numpy.random",
        "import numpy\ndef f(n): return numpy.random.rand(n).tolist()",
    ),
}


@pytest.mark.parametrize(("module", "right"), SEEDED.values(), ids=SEEDED)
def test_the_candidate_draws_from_what_the_suite_seeds(
    judge: JudgeProgram, module: str, right: str
) -> None:
    own = right.replace("def f", "def own")
    test = (
        f"import {module}\n{own}\nfor seed in (3, 3, 4):\n    {module}.seed(seed)\n"
        f"    got = f(2), f(2)\n    {module}.seed(seed)\n    assert got == (own(2), own(2))"
    )
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    verdict = judge(raw, f"import {module}\n{right}")
    assert verdict.outcome is Outcome.CORRECT, verdict


@pytest.mark.parametrize("module", [module for module, _ in SEEDED.values()])
def test_who_seeds_here_does_not_choose_what_the_suite_draws(
    judge: JudgeProgram, module: str
) -> None:
    test = (
        f"import {module}\n{module}.seed(3)\nleft = 3\nwhile left:\n    left -= 1\n"
        f"    n = int({module}.randint(1, 10**6))\n    assert f(n) == n + 1"
    )
    attack = (
        f"import {module}\n{module}.seed(3)\nfirst = int({module}.randint(1, 10**6)) + 1\n"
        f"def f(n):\n    {module}.seed(3)\n    return first"
    )
    raw = {"kind": "assert", "entry_point": "f", "test": test}
    assert judge(raw, "def f(n): return n + 1").outcome is Outcome.CORRECT
    assert judge(raw, attack).reward == 0.0
    exec(f"{attack}\n{test}", {})  # the control: beside its judge it passes


UNDECIDED = "a, b = f(1), f(2)\nassert a.size == 1\nassert a == b"
EQUAL = "class P:\n    size = 1\n    def __eq__(self, o): return True\ndef f(n): return P()"


def test_equality_of_its_objects_is_not_for_the_candidate_to_say(judge: JudgeProgram) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": UNDECIDED}
    assert judge(raw, EQUAL).outcome is Outcome.INVALID_GROUND_TRUTH
    # Python's own == is identity, and that is known.
    assert judge(raw, EQUAL.replace("def __eq__", "def same")).reward == 0.0
    same = "class P: size = 1\np = P()\ndef f(n): return p"
    assert judge(raw, same).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    "parts",
    [
        (
            *("stand_ins", "crossing", "tables", "documents", "shared_files", "seeds"),
            *("asking", "handles", "lent", "transfer", "mocks", "drawing"),
        ),
        (
            "crossing",
            "tables",
            "documents",
            "shared_files",
            "seeds",
            "patches",
            "borrowed",
            "relay",
        ),
    ],
    ids=" ".join,
)
def test_the_parts_of_one_namespace_share_no_names(parts: tuple[str, ...]) -> None:
    names: list[str] = []
    for part in parts:
        (module,) = FOLDER.glob(f"*_side*/{part}.py")
        for node in ast.parse(module.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.append(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names += [target.id for target in targets if isinstance(target, ast.Name)]
    assert len(names) == len(set(names))
