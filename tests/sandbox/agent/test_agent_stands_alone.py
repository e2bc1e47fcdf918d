"""The agent must run in a jail that holds an interpreter and nothing of ours."""

import ast
import sys
from pathlib import Path

import pytest

AGENT = Path(__file__).parents[3] / "sandbox" / "agent"
# Started as a program of its own, before there is a jail.
MODULES = [*sorted(AGENT.glob("**/*.py")), AGENT.parent / "jails" / "namespaces.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_it_imports_the_standard_library_and_itself_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            packages = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from . import x` stays inside the agent's one folder, `from .. import x` would not.
            assert node.level < 2
            packages = set() if node.level else {str(node.module).partition(".")[0]}
        else:
            continue
        assert packages <= sys.stdlib_module_names
