"""Text of data sets is parsed and never run."""

import ast
from typing import Any

import pytest

from verifier.errors import GroundTruthError
from verifier.programs.assertions.meter import Unsupported
from verifier.programs.assertions.source import fold_literals, nodes, parse_python


def test_text_that_is_no_python_is_refused_by_its_name() -> None:
    for text in ("def f(:", "(" * 10_000, "a\0b"):
        with pytest.raises(GroundTruthError, match="the test suite is not Python"):
            parse_python(text, "the test suite")
    with pytest.raises(Unsupported):
        parse_python("x = " + "9" * 5000, "the test suite")


def test_tables_become_one_constant() -> None:
    tree = parse_python("x = [1, (2, 3), {4: [5]}]\ny = [f()]", "it")
    fold_literals(tree, large=True)
    constants: list[Any] = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert any(value == [1, (2, 3), {4: [5]}] for value in constants)
    assert any(isinstance(node, ast.Call) for node in nodes(tree))
