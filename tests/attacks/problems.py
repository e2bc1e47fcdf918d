"""What the programs are judged on. The inputs travel; the expected values must not be found there.

Most cases use the task that is hardest to get right by accident, in every kind of suite: reverse a
text. The other problems put what a candidate returned to a particular use. A suite of each such use
exists twice: read on the trusted side, and, named `<name>_referee`, in a form that nobody reads.
"""

from __future__ import annotations

import textwrap

from verifier.model import AssertTruth, CallCase, CallTruth, Checker, StdinCase, StdinTruth

TEXTS = ("quelle-7341", "barnacle 0042", "xylem_93", "tangerine/5")
EXPECTED = tuple(text[::-1] for text in TEXTS)
"""In no input, message or program: whoever shows one of them has computed it or stolen it."""


def _suite(body: str, setup: str = "") -> AssertTruth:
    test = f"def check(candidate):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    return AssertTruth(entry_point="solve", test=test, setup=setup)


def _unread(body: str, setup: str = "") -> AssertTruth:
    """The same in a `while`, which is nothing that the trusted side reads."""
    inner = textwrap.indent(textwrap.dedent(body), "    ")
    return _suite(f"going = True\nwhile going:\n    going = False\n{inner}", setup)


_NODES = """
class ListNode:
    def __init__(self, val=0, next=None):
        self.val, self.next = val, next
class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val, self.left, self.right = val, left, right
def list_node(values):
    head = None
    for value in reversed(values):
        head = ListNode(value, head)
    return head
def is_same_list(a, b):
    while a and b and a.val == b.val:
        a, b = a.next, b.next
    return a is None and b is None
"""

_USES = {
    "reversal": "\n".join(f"assert candidate({text!r}) == {text[::-1]!r}" for text in TEXTS),
    "member": "for word in ['a', 'b', 'c'] * 20:\n    assert word + '!' in candidate('abc')",
    "bounds": "assert 0.4 < candidate(2) < 0.6\nassert abs(candidate(1) - 0.25) < 1e-6",
    "close": "import math\nassert math.isclose(candidate(2), 0.5, rel_tol=1e-9)",
    "consumed": "assert list(candidate('ab')) == ['b', 'a']",
    "summed": "assert sum(candidate(3)) == 6 and max(candidate(3)) == 3",
    "sorted": "assert sorted(candidate([3, 1])) == [1, 3]",
    "as_set": "assert set(candidate('ab')) == {'a', 'b'}",
    "powers": "assert candidate(2) ** 2 == 16 and candidate(3) * candidate(3) == 81",
    "repeated": "assert candidate('a') * 3 == 'aaa'",
    "as_text": "assert str(candidate(2)) == '4'",
    "joined": "assert ''.join(candidate('abc')) == 'cba'",
    "unpacked": "first, second = candidate('ab')\nassert (first, second) == ('b', 'a')",
    "indexed": "assert candidate('ab')[0] == 'b' and len(candidate('ab')) == 2",
    "truthy": "assert candidate('ab')",
    "last": "for item in candidate('ab'):\n    last = item\nassert last == 'a'",
    "round_trip": "assert candidate(candidate('ab')) == 'ab'",
    "given_again": "data = [3, 1, 2]\nassert candidate(data) == 6\nassert candidate(data) == 6",
    "asked_again": "for item in candidate('ab'):\n    assert candidate(item) == item",
    "same_list": "assert is_same_list(candidate(list_node([1, 2, 3])), list_node([3, 2, 1]))",
}

_MAKES_CODE = {
    "unpickled": "import pickle\nassert pickle.loads(candidate('x')) == [1, 2]",
    "unpickled_by_hand": (
        "import io, pickle\nassert pickle._Unpickler(io.BytesIO(candidate('x'))).load() == [1, 2]"
    ),
    "unmarshalled": (
        "import marshal, types\n"
        "assert types.FunctionType(marshal.loads(candidate('x')), {})() == [1, 2]"
    ),
    "given_other_code": (
        "import marshal\nloads = marshal.loads\ndef own(): return 0\n"
        "own.__code__ = compile(candidate('x'), 'x', 'exec').co_consts[0]\nassert own() == [1, 2]"
    ),
    "written_and_imported": (
        "import sys\nsys.path.insert(0, '/tmp')\n"
        "with open('/tmp/given.py', 'w') as file:\n    file.write(candidate('x'))\n"
        "assert open('/tmp/given.py').read()\n"
        "import given\nassert given.double(1) == [1, 2]"
    ),
    "loaded_by_spec": (
        "import importlib.util\n"
        "with open('/tmp/given.py', 'w') as file:\n    file.write(candidate('x'))\n"
        "assert open('/tmp/given.py').read()\n"
        "spec = importlib.util.spec_from_file_location('given', '/tmp/given.py')\n"
        "module = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(module)\n"
        "assert module.double(1) == [1, 2]"
    ),
    "run_as_a_path": (
        "import runpy\n"
        "with open('/tmp/given.py', 'w') as file:\n    file.write(candidate('x'))\n"
        "assert open('/tmp/given.py').read()\n"
        "assert runpy.run_path('/tmp/given.py')['double'](1) == [1, 2]"
    ),
    "timed": (
        "import timeit\nnames = {}\ntimeit.timeit(candidate('x'), number=1, globals=names)\n"
        "assert names['out'] == [1, 2]"
    ),
    "evaluated_by_module": "import builtins\nassert builtins.eval(candidate('x')) == [1, 2]",
    "evaluated_as_annotation": (
        "import typing\ndef own(x): pass\nown.__annotations__ = {'x': candidate('x')}\n"
        "assert typing.get_type_hints(own)['x'] == [1, 2]"
    ),
    "configured": (
        "import logging.config\n"
        "found = logging.config.BaseConfigurator({}).resolve(candidate('x'))\n"
        "assert found(candidate('y')) == [1, 2]"
    ),
    "logged": (
        "import logging, logging.config\ndef same(a, b):\n    assert a == b\n"
        "class Holder(logging.Handler):\n    kept = None\n"
        "logging.config.dictConfig({'version': 1, 'handlers': {'h': candidate('x')},\n"
        "                           'root': {'handlers': ['h']}})\n"
        "same(logging.getLogger().handlers[0], [1, 2])"
    ),
    "named": (
        "import importlib\nassert getattr(importlib.import_module(candidate('x')), "
        "candidate('y'))(candidate('z')) == [1, 2]"
    ),
    "made_a_class": (
        "import dataclasses\nfields = {'__annotations__': {candidate('x'): int}}\n"
        "named = type('Named', (), fields)\n"
        "made = dataclasses.dataclass(init=False, repr=False)(named)\none, two = made(), made()\n"
        "one.size, two.size = 1, 2\nassert one == two"
    ),
    "started": (
        "import subprocess, sys\ngiven = [sys.executable, '-c', candidate('x')]\n"
        "assert subprocess.run(given, capture_output=True, text=True).stdout == '[1, 2]\\n'"
    ),
    "started_unseen": (
        "import _posixsubprocess, os, sys\nread, write = os.pipe()\n"
        "from multiprocessing import util\n"
        "util.spawnv_passfds(sys.executable.encode(), "
        "[b'python', b'-c', candidate('x').encode(), str(write).encode()], [write])\n"
        "os.close(write)\nassert os.read(read, 99) == b'[1, 2]'"
    ),
    "interpreted": (
        "import code\nnames = {}\ncode.InteractiveInterpreter(names).runsource(candidate('x'))\n"
        "assert names['out'] == [1, 2]"
    ),
}
"""Suites that make code of what is returned, each in its own way."""

_OBJECTS = {
    "objects": "assert candidate(text).reversed() == wanted",
    "object_parts": (
        "made = candidate(text)\n"
        "assert wanted in made.words() and made.words().count(wanted) == 1\n"
        "assert made.words()[0].startswith(wanted) and made.words().index(wanted) == 0\n"
        "assert abs(made.size() - len(wanted)) < 1e-9\n"
        "assert made.reversed() == wanted"
    ),
    "document": (
        "import xml.etree.ElementTree as ET\n"
        "found = candidate(ET.fromstring(f'<a><b>{text}</b></a>')).find('b')\n"
        "assert found.text == wanted and wanted in found.itertext()"
    ),
    "container": (
        "made = candidate(text)\nmade.parts['text'] = text\n"
        "assert made.total() == len(text) and made.parts['text'] == text"
    ),
    "entered": "with candidate(text) as made:\n    assert made.reversed() == wanted",
    "looped_objects": (
        "made = candidate(text)\nassert ''.join(made) == wanted\nassert made.reversed() == wanted"
    ),
    "called_back": (
        "seen = []\ndef told(found):\n    seen.append(found)\n    assert found == wanted\n"
        "candidate(text, told)\nassert len(seen) == 1"
    ),
    "printed": (
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "    candidate(text)\nassert out.getvalue() == wanted + '\\n'"
    ),
}
"""Suites about objects that stay with the candidate, about what it prints, and what it calls."""


def _each_text(body: str) -> str:
    inner = textwrap.indent(body, "    ")
    return f"for text in {list(TEXTS)!r}:\n    wanted = text[::-1]\n{inner}"


PROBLEMS: dict[str, StdinTruth | CallTruth | AssertTruth] = {
    "stdin": StdinTruth(cases=tuple(StdinCase(f"{text}\n", f"{text[::-1]}\n") for text in TEXTS)),
    "look around": StdinTruth(cases=(StdinCase("still here", "still here [] [] [] []"),)),
    "call": CallTruth(
        entry_point="solve",
        cases=tuple(CallCase(text[::-1], (text,)) for text in TEXTS),
        json_shaped=True,
    ),
    "numbers": CallTruth(
        entry_point="solve",
        cases=(CallCase([1, 2, 3], ([3, 1, 2],)), CallCase([0.5, 7], ([7, 0.5],))),
    ),
    "table": CallTruth(
        entry_point="solve",
        cases=(CallCase({"a": [1, 2], "b": []}, ("a1 a2 b",)),),
        json_shaped=True,
    ),
    "float": StdinTruth(
        cases=(StdinCase("1 3\n", "0.333333333\n"), StdinCase("2 3\n", "0.666666667\n")),
        checker=Checker("float"),
    ),
    **{name: _suite(body, _NODES) for name, body in _USES.items()},
    **{f"{name}_referee": _unread(body, _NODES) for name, body in _USES.items()},
    **{f"{name}_referee": _unread(body) for name, body in _MAKES_CODE.items()},
    "looped_referee": _unread(
        f"texts = {list(TEXTS)!r}\n"
        "for text, got in zip(texts, map(candidate, texts)):\n"
        "    assert got == text[::-1]"
    ),
    "in_place_referee": _unread("data = [3, 1, 2]\ncandidate(data)\nassert data == [1, 2, 3]"),
    "evaluated_referee": _unread(
        "assert eval('6 * len([1, 2, 3, 4])') == 24\n"
        "exec('wanted = 24')\n"
        "assert eval(candidate([4, 6])) == 24"
    ),
    "raising_referee": _unread(
        "try:\n    candidate(-1)\nexcept ValueError:\n    pass\nelse:\n    assert False\n"
        "assert candidate(4) == 2"
    ),
    "raised_later_referee": _unread(
        "kept = None\ntry:\n    candidate(-1)\nexcept Exception as error:\n    kept = error\n"
        "try:\n    candidate(1)\nexcept Exception:\n    pass\nif kept:\n    raise kept"
    ),
    "saying_referee": _unread(
        "try:\n    candidate(-1)\nexcept Exception as error:\n"
        "    assert str(error) == 'too low: below zero'\nelse:\n    assert False\n"
        "assert candidate(4) == 2"
    ),
    "executed_referee": _unread(
        "names = {}\nexec(candidate('double'), names)\nassert names['double'](2) == 4"
    ),
    **{f"{name}_referee": _unread(_each_text(body)) for name, body in _OBJECTS.items()},
    "matched_referee": _unread("import re\nassert re.fullmatch(candidate('a'), 'a' * 40 + 'b')"),
}
for kind, use in (("assert", "reversal"), ("referee", "reversal_referee")):
    PROBLEMS[kind] = PROBLEMS[use]
