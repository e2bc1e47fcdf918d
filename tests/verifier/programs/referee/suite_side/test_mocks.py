"""Suites that put mocks around the candidate: what was done with these is told as plain data."""

from unittest.mock import NonCallableMock, patch

import pytest

from tests.verifier.conftest import JudgeProgram
from verifier.model import Outcome

MOCK = "from unittest.mock import ANY, MagicMock, Mock, call, mock_open, patch\n"
FETCH = """
import json, urllib.request
def f(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return json.loads(answer.read())['n'] + ADDED
    except OSError as error:
        return str(error)
"""
RIGHT, WRONG = FETCH.replace("ADDED", "1"), FETCH.replace("ADDED", "2")
URLOPEN = "patch('urllib.request.urlopen')"
ANSWERS = "m.return_value.__enter__.return_value.read.return_value = '{\"n\": 4}'"
SUITES = {
    "what it gives": (
        RIGHT,
        WRONG,
        f"with {URLOPEN} as m:\n    {ANSWERS}\n    assert f('u') == 5",
    ),
    "decorators, the nearest first": (
        RIGHT,
        WRONG,
        (
            f"import unittest\nclass TestF(unittest.TestCase):\n    @patch('json.loads')\n"
            f"    @{URLOPEN}\n    def test_f(self, m, loads):\n"
            "        loads.return_value = {'n': 6}\n"
            "        self.assertEqual(f('u'), 7)\n        m.assert_called_once_with('u')\n"
        ),
    ),
    "what it raises": (
        RIGHT,
        "def f(url): return 'lost'",
        (
            "import urllib.error\n"
            f"with {URLOPEN} as m:\n"
            "    m.side_effect = [urllib.error.URLError('gone'), OSError('x')]\n"
            "    assert 'gone' in f('u') and f('u') == 'x'"
        ),
    ),
    "how it was called": (
        "import os\ndef f(a, b): os.rename(a, dst=b); os.remove(a)",
        "import os\ndef f(a, b): os.rename(b, dst=a); os.remove(b)",
        (
            "with patch('os.rename') as m, patch('os.remove') as r:\n    f('x', 'y')\n"
            "    m.assert_called_once_with('x', dst='y')\n"
            "    m.assert_has_calls([call(ANY, dst='y')])\n"
            "    assert m.call_args == call('x', dst='y') and m.call_args[0][0] == 'x'\n"
            "    assert r.call_args_list == [call('x')] and r.call_count == 1 and r.called"
        ),
    ),
    "one that is given": (
        "def f(log): log.info('done', 3); return log.level + 1",
        "def f(log): log.info('done'); return log.level + 1",
        (
            "m = Mock(level=2)\nassert f(m) == 3\nm.info.assert_called_with('done', 3)\n"
            "assert m.mock_calls == [call.info('done', 3)]"
        ),
    ),
    "files that are none": (
        "def f(path):\n    with open(path, 'w') as out: out.write('hello')",
        "def f(path):\n    with open(path, 'w') as out: out.write('hallo')",
        (
            "with patch('builtins.open', mock_open()) as m:\n    f('p')\n"
            "    m.assert_called_with('p', 'w')\n    m().write.assert_called_once_with('hello')"
        ),
    ),
    "a name of the candidate's": (
        "from random import randint\ndef f(): return randint(1, 9) * 2",
        "from random import randint\ndef f(): return randint(1, 9) * 3",
        "with patch(__name__ + '.randint', side_effect=lambda a, b: a + b):\n    assert f() == 20",
    ),
    "a function in a module's place": (
        "import time\ndef f(): time.sleep(3600); return time.time()",
        "import time\ndef f(): time.sleep(3600); return 5",
        "import time\ntime.sleep = Mock()\ntime.time = lambda: 7\nassert f() == 7",
    ),
    "an attribute of a class, and an item": (
        "import os, pathlib\ndef f(p): return pathlib.Path(p).exists() and os.environ['WHO']",
        "def f(p): return 'you'",
        (
            "import pathlib\nwith patch.object(pathlib.Path, 'exists', return_value=True):\n"
            "    with patch.dict('os.environ', {'WHO': 'me'}):\n        assert f('/none') == 'me'"
        ),
    ),
    "what is read and printed": (
        "def f(): print(int(input()) * 2)",
        "def f(): print(int(input()) * 3)",
        (
            "import io, sys\nsys.stdin = io.StringIO('4\\n5\\n')\n"
            "with patch('sys.stdout', new_callable=io.StringIO) as out:\n    f()\n    f()\n"
            "    assert out.getvalue() == '8\\n10\\n'"
        ),
    ),
}


@pytest.mark.parametrize(("right", "wrong", "test"), SUITES.values(), ids=SUITES)
def test_mocks_stand_around_the_candidate(
    judge: JudgeProgram, right: str, wrong: str, test: str
) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": MOCK + test}
    verdict = judge(raw, right)
    assert verdict.outcome is Outcome.CORRECT, verdict
    assert judge(raw, wrong).reward == 0.0


ASSERTS = NonCallableMock.assert_called_once_with
CALLED = "with patch('os.remove') as m:\n    f('x')\n    m.assert_called_once_with('x')"
ATTACKS = {
    "a mock that accepts everything": (
        CALLED,
        "import os\ndef f(p): type(os.remove).assert_called_once_with = lambda *a, **k: None",
    ),
    "a library's that does": (
        CALLED,
        (
            "import unittest.mock as library\ndef f(p):\n"
            "    library.NonCallableMock.assert_called_once_with = lambda *a, **k: None"
        ),
    ),
    "a call that equals every other": (
        CALLED,
        (
            "import os\nclass E(str):\n    def __eq__(self, o): return True\n"
            "    __hash__ = str.__hash__\ndef f(p): os.remove(E('y'))"
        ),
    ),
    "an object that is given as a mock's argument": (
        CALLED,
        "import os\nclass E:\n    def __eq__(self, o): return True\ndef f(p): os.remove(E())",
    ),
    "the mock itself as an answer": (
        "with patch('os.getcwd') as m:\n    m.return_value = 'ab'\n    assert f().startswith('ab')",
        "import os\ndef f(): return os.getcwd",
    ),
}


@pytest.mark.parametrize(("test", "attack"), ATTACKS.values(), ids=ATTACKS)
def test_no_mock_decides_an_assertion(judge: JudgeProgram, test: str, attack: str) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": MOCK + test}
    assert judge(raw, attack).reward != 1.0
    with patch.object(NonCallableMock, "assert_called_once_with", ASSERTS):
        exec(f"{attack}\n{MOCK}{test}", {})  # the control: beside its judge it passes
