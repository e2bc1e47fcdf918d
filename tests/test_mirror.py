"""A test module lies in the folder of what it is about, and is called like it; see README.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
MIRRORED = {
    "api": "api",
    "client": "client/verifier_client",
    "sandbox": "sandbox",
    "verifier": "verifier",
}
LEAST_NAMED_PERCENT = 69
"""Of the modules that do something; the others are shown by the tests of what uses them."""


def subjects(test: Path) -> list[Path]:
    """What a test module can be about: a module or package of its name, or its own folder."""
    first, *folders = test.parent.relative_to(TESTS).parts
    code = ROOT.joinpath(MIRRORED[first], *folders)
    name = test.stem.removeprefix("test_")
    return [code / f"{name}.py", code / name / "__init__.py", code.with_name(name) / "__init__.py"]


def test_every_test_module_is_called_like_what_it_is_about() -> None:
    named = set(re.findall(r"`([\w/]+/test_\w+\.py)`", (TESTS / "README.md").read_text()))
    astray = {
        str(test.relative_to(TESTS))
        for first in MIRRORED
        for test in (TESTS / first).rglob("test_*.py")
        if not any(subject.exists() for subject in subjects(test))
    }
    assert astray == {name for name in named if name.split("/")[0] in MIRRORED}


def test_every_folder_of_the_code_has_its_line_in_the_architecture() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    folders = {
        package.parent.relative_to(ROOT)
        for code in MIRRORED.values()
        for package in (ROOT / code).rglob("__init__.py")
    }
    assert not {str(f) for f in folders if not re.search(rf"[`/]{f.name}/", text)}


def does_something(module: Path) -> bool:
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(ast.parse(module.read_text()))
    )


def test_modules_have_a_test_of_their_name_or_their_packages() -> None:
    tested = {
        subject
        for first in MIRRORED
        for test in (TESTS / first).rglob("test_*.py")
        for subject in subjects(test)
    }
    modules = [
        module
        for code in MIRRORED.values()
        for module in (ROOT / code).rglob("[!_]*.py")
        if does_something(module)
    ]
    named = [m for m in modules if not tested.isdisjoint({m, m.with_name("__init__.py")})]
    assert len(named) * 100 >= LEAST_NAMED_PERCENT * len(modules), f"{len(named)}/{len(modules)}"
