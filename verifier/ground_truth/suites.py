"""Reads assertion suites of datasets: HumanEval, LeetCodeDataset, MBPP, Skywork-OR1."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from verifier.assertions import Beyond
from verifier.assertions.source import parse_python
from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.model import AssertTruth


def read_check_suite(row: Row) -> AssertTruth:
    """HumanEval and LeetCodeDataset rows: `{"prompt", "test", "entry_point"}`."""
    return AssertTruth(
        entry_point=fields.entry_point(row),
        test=fields.required_text(row, "test"),
        setup=fields.optional_text(row, "prompt"),
    )


def read_skywork_suite(row: Row) -> AssertTruth:
    """Skywork-OR1-RL-Data: `{"import_prefix", "test_code", "entry_point"}`."""
    return AssertTruth(
        entry_point=fields.entry_point(row),
        test=fields.required_text(row, "test_code"),
        setup=fields.optional_text(row, "import_prefix"),
    )


def read_assert_cases(row: Row) -> AssertTruth:
    """Skywork-OR1-RL-Data: `{"assert_case": [...]}`, an assertion each."""
    return _assertions(row, "assert_case", fields.optional_text(row, "import_prefix"))


def read_mbpp(row: Row) -> AssertTruth:
    """MBPP: `{"test_list", "test_setup_code" and/or "test_imports"}`."""
    setup = [*fields.text_list(row, "test_imports"), fields.optional_text(row, "test_setup_code")]
    return _assertions(row, "test_list", "\n".join(line for line in setup if line))


def _assertions(row: Row, key: str, setup: str) -> AssertTruth:
    if not (asserts := fields.text_list(row, key)):
        raise fields.fail(f"`{key}` is empty; give at least one assertion.")
    given = row.get("entry_point") is not None
    return AssertTruth(
        entry_point=fields.entry_point(row) if given else _called_name(asserts, setup, key),
        test="\n".join(asserts) + "\n",
        setup=setup,
    )


def _called_name(asserts: Sequence[str], setup: str, key: str) -> str:
    """The one function that every assertion calls and nobody but the candidate defines."""
    try:
        known = set(dir(builtins)) | _bound_names(parse_python(setup, "the set-up code"))
        called = [_free_calls(parse_python(text, f"an assertion of `{key}`")) for text in asserts]
    except Beyond as reason:
        raise fields.fail(f"`{key}` holds {reason}; give `entry_point` with it.") from None
    shared = [name for name in called[0] if name not in known and all(name in c for c in called)]
    if not shared:
        raise fields.fail(f"no function is called by every one of `{key}`; give `entry_point`.")
    return shared[0]


def _free_calls(tree: ast.Module) -> list[str]:
    """Names that are called, those nearest to the assertion first."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [func.id for func in calls if isinstance(func, ast.Name)]


def _bound_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
    return names
