"""What CruxEval's predictions come to: values that are compared, never code that is run."""

import ast
from typing import Any

import pytest

from verifier.ground_truth.submissions import predicted

ROW = {"code": "def f(a, b):\n    return [a] * b", "input": "'x', 2", "output": "['x', 'x']"}


@pytest.mark.parametrize(
    ("mode", "completion", "is_right"),
    [
        ("output", "[ANSWER]\nassert f('x', 2) == ['x', 'x']\n[/ANSWER]\n[PYTHON] def g", True),
        ("output", "['x', 'x'] # done\nassert f(1)", True),
        ("output", "[ANSWER]['x', 'y'][/ANSWER]", False),
        ("output", "[ANSWER]['x'] * 2[/ANSWER]", False),
        ("output", "[ANSWER]__import__('os')._exit(0)[/ANSWER]", False),
        ("input", "[ANSWER]assert f('x', 2) == ['x', 'x'][/ANSWER]", True),
        ("input", "f('x', 2)", True),
        ("input", "[ANSWER]'x', 2[/ANSWER]", True),
        ("input", "[ANSWER]f('x', 3)[/ANSWER]", False),
        ("input", "[ANSWER]f('x', 1 + 1)[/ANSWER]", False),
        ("input", "[ANSWER]f('x', 2) or f(", False),
    ],
)
def test_a_prediction_is_a_value(mode: str, completion: str, is_right: bool) -> None:
    program, truth = predicted(completion, ROW, mode)
    names: dict[str, Any] = {}
    exec(program.removeprefix("```python\n").removesuffix("```"), names)
    (test,) = ast.parse(truth["test"]).body
    assert isinstance(test, ast.Assert)
    try:
        passes = eval(ast.unparse(test.test), names)
    except (ValueError, SyntaxError):
        passes = False
    assert passes is is_right
