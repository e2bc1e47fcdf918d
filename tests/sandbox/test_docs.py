"""docs/sandbox.md explains every flag and every refused system call that there is."""

import ast
import re
from pathlib import Path

import pytest

from sandbox.agent import seccomp

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sandbox.md").read_text(encoding="utf-8")


def _flags() -> list[str]:
    tree = ast.parse((ROOT / "sandbox/jails/docker.py").read_text(encoding="utf-8"))
    (call,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "daemon.containers.run"
    )
    return [str(keyword.arg) for keyword in call.keywords]


@pytest.mark.parametrize("flag", _flags())
def test_every_flag_of_the_container_is_explained(flag: str) -> None:
    assert re.search(rf"^\|.*`{flag}\b.*\|", TEXT, re.MULTILINE)


@pytest.mark.parametrize("group", seccomp.REFUSED)
def test_every_group_of_refused_calls_is_explained(group: str) -> None:
    assert f"| {group} |" in TEXT
