"""What CruxEval's and RepoBench's predictions come to: values that are compared, never run."""

import ast
from typing import Any

import pytest

from verifier.ground_truth.submissions import continued, predicted

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
    assert holds(*predicted(completion, ROW, mode)) is is_right


NEXT = {"next_line": "    x = f(y)  # z"}


@pytest.mark.parametrize(
    ("completion", "is_right"),
    [
        ("    x = f(y)  # z\n    return x", True),
        ("\n# why\n  x = f(y)   # z", True),
        ('"""Why.\nSo."""\n// how\n/* so\n*/\n x = f(y) # z\n```\n', True),
        ("x = f(z)", False),
        ("x =\nf(y)  # z", False),
        ("/* x = f(y)  # z", False),
        ("```\nx = f(y)  # z", False),
        ("# nothing", False),
        ("']\nimport os\n", False),
    ],
)
def test_a_next_line_is_compared_word_by_word(completion: str, is_right: bool) -> None:
    assert holds(*continued(completion, NEXT)) is is_right


def holds(program: str, truth: dict[str, Any]) -> bool:
    """Whether the program fulfils its suite."""
    names: dict[str, Any] = {}
    exec(program.removeprefix("```python\n").removesuffix("```"), names)
    (test,) = ast.parse(truth["test"]).body
    assert isinstance(test, ast.Assert)
    try:
        return bool(eval(ast.unparse(test.test), names))
    except (ValueError, SyntaxError):
        return False
