"""The tree of exceptions in docs/architecture.md is the one that the code has, one base a floor."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Named = tuple[str, str]
"""Module and class."""
ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"api": "api", "verifier": "verifier", "sandbox": "sandbox", "client": "verifier_client"}
INSIDE_A_JAIL = (
    "sandbox.agent",
    "verifier.audit.twin",
    "verifier.programs.judges.python_driver",
    "verifier.programs.referee.suite_side",
)
"""Standard library only, so without the bases of the floors."""
DRAWN = re.compile(r"^((?:│   |    )*)[├└]── (\w+) +([\w.]+)$|^(\w+) +([\w.]+)$", re.MULTILINE)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for folder, package in FLOORS.items():
        top = ROOT / folder / package if folder == "client" else ROOT / package
        for path in sorted(top.rglob("*.py")):
            name = ".".join([package, *path.relative_to(top).with_suffix("").parts])
            yield name.removesuffix(".__init__"), ast.parse(path.read_text())


@cache
def exceptions() -> dict[Named, Named | None]:
    """Every exception -> its base; None for a base of Python's."""
    bases: dict[Named, Named] = {}
    for module, tree in modules():
        if module.startswith(INSIDE_A_JAIL):
            continue
        known = {
            alias.asname or alias.name: node.module or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.bases:
                base = ast.unparse(node.bases[0])
                bases[module, node.name] = known.get(base, module), base
    lines = {found: _line(found, bases) for found in bases}
    return {
        found: line[0] if len(line) > 1 else None
        for found, line in lines.items()
        if isinstance(kind := getattr(builtins, line[-1][1], None), type)
        and issubclass(kind, BaseException)
    }


def _line(found: Named, bases: dict[Named, Named]) -> list[Named]:
    """The classes above this one, the last of which is not ours."""
    above = []
    while found in bases:
        module, name = bases[found]
        # A package may only pass on what one of its modules defines.
        defined = (key for key in bases if key[1] == name and key[0].startswith(module))
        found = next(defined, (module, name))
        above.append(found)
    return above


def drawn() -> dict[Named, Named | None]:
    """The same, as docs/architecture.md draws it."""
    text = (ROOT / "docs/architecture.md").read_text().partition("## Exceptions")[2]
    tree: dict[Named, Named | None] = {}
    above: list[Named] = []
    for indent, name, module, top, of in DRAWN.findall(text.split("```")[1]):
        found = (of, top) if top else (module, name)
        above = above[: 0 if top else 1 + len(indent) // 4]
        tree[found] = above[-1] if above else None
        above.append(found)
    return tree


def test_the_tree_is_drawn_as_it_is() -> None:
    assert drawn() == {found: base for found, base in exceptions().items() if found[1][0] != "_"}


def test_each_floor_has_one_base() -> None:
    roots = [found for found, base in exceptions().items() if base is None]
    assert [root for root in roots if not root[0].startswith("api.")] == [
        ("verifier.errors", "VerifierError"),
        ("sandbox.errors", "SandboxError"),
        ("verifier_client.errors", "ClientError"),
    ]
