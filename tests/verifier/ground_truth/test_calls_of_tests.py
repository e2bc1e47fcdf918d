"""The statements that run tests which nothing runs."""

import ast

import pytest

from verifier.errors import GroundTruthError
from verifier.ground_truth.calls_of_tests import calls_of, is_test


def calls(text: str) -> list[str]:
    return list(calls_of(ast.parse(text)))


def test_functions_and_methods_are_called_as_frameworks_do() -> None:
    assert calls("def test_a(): pass\ndef helper(): pass") == ["test_a()"]
    assert calls("def test_a(): pass\ntest_a()") == []
    case = "class A(unittest.TestCase):\n    def test_b(self): pass\n    def test_a(self): pass"
    assert calls(case) == ["A('test_a').debug()", "A('test_b').debug()"]


def test_a_fixture_that_is_nowhere_is_refused() -> None:
    with pytest.raises(GroundTruthError, match="needs the fixture `client`"):
        calls("def test_a(client): pass")


def test_what_is_a_test_is_said_by_its_name() -> None:
    assert [name for name in ("test_a", "testA", "test", "tested", "a") if is_test(name)] == [
        "test_a",
        "testA",
    ]
