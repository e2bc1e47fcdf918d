"""Reads assertion suites of datasets: HumanEval, LeetCodeDataset, MBPP, KodCode and their like."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.ground_truth.imports_of_tests import (
    candidate_imports,
    missing_imports,
    shared_imports,
)
from verifier.ground_truth.leetcode import LEETCODE_IMPORTS, NODES
from verifier.ground_truth.modules_of_tests import as_module, without_definition
from verifier.model import NO_LIMITS, AssertTruth, LimitsOverride
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python
from verifier.programs.nodes import BY_BUILDER, COMPARISONS

_IMPORT_LINE = re.compile(r"^(?:#[^\n]*\.)?((?:import|from)[ \t]+\w[^\n]*)$", re.MULTILINE)
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_NODE_HELPERS = f"(?:{'|'.join((*BY_BUILDER, *sorted(COMPARISONS)))})"
_NODE_HELPER = re.compile(rf"\b{_NODE_HELPERS}\(")
_NODE_HELPER_DEFINED = re.compile(rf"^def {_NODE_HELPERS}\(", re.MULTILINE)
_CHECKED = re.compile(r"^\w*check\(([\w.()]+)\)", re.MULTILINE)


def suite(
    entry_point: str, test: str, setup: str = "", limits: LimitsOverride = NO_LIMITS
) -> AssertTruth:
    """A suite as its authors' harness runs it, tests called and imports shared.

    Raises GroundTruthError where it cannot run here, whatever the candidate."""
    test = without_definition(test, entry_point)
    needs_nodes = _NODE_HELPER.search(test) and not _NODE_HELPER_DEFINED.search(f"{setup}\n{test}")
    nodes = NODES if needs_nodes else ""  # in front, so that classes of the row's stand
    imports = (shared_imports(test), missing_imports(f"{setup}\n{test}"))
    # Last, so that a program may go on where it ends; but for what has to be first.
    parts = (nodes, setup, *imports) if "__future__" in setup else (nodes, *imports, setup)
    return AssertTruth(
        entry_point=entry_point,
        test=as_module(test),
        setup="\n".join(part for part in parts if part),
        limits=limits,
    )


def read_check_suite(row: Row) -> AssertTruth:
    """HumanEval and LeetCodeDataset rows: `{"prompt", "test", "entry_point"}`."""
    test = row["test"]
    if isinstance(test, list):  # ODEX: bodies of the `check` that `test_start` begins
        test = fields.optional_text(row, "test_start") + "".join(fields.text_list(row, "test"))
    setup = row.get("prompt") or row.get("code_prompt") or ""
    prelude = LEETCODE_IMPORTS if row.get("given_tests") else ""
    truth = suite(
        fields.entry_point(row),
        fields.required_text({"test": test}, "test"),
        _imports_of(row, test)
        + prelude
        + _as_setup(fields.required_text({"prompt": setup}, "prompt")),
    )
    return replace(truth, libraries=_listed(row)) if row.get("libs") else truth


def _listed(row: Row) -> tuple[str, ...]:
    """BigCodeBench's `libs`, a list or its text."""
    raw = row["libs"]
    if isinstance(raw, str):
        try:
            raw = ast.literal_eval(raw)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise fields.fail("`libs` must be a list of names.") from None
    return tuple(name.partition(".")[0] for name in fields.text_list({"libs": raw}, "libs"))


def _imports_of(row: Row, test: Any) -> str:
    """ODEX's `library`: what the harness has imported for a solution, but for names that the suite
    itself imports from there, as it comes behind (`from datetime import datetime`)."""
    return "".join(
        f"import {name}\n"
        for name in fields.text_list(row, "library")
        if not re.search(
            rf"^from[ \t]+{re.escape(name)}[ \t]+import[^\n]*\b{re.escape(name)}\b",
            str(test),
            re.MULTILINE,
        )
    )


def _as_setup(prompt: str) -> str:
    """A prompt that is Python, with a body for its last function where it stops before one; of any
    other its imports."""
    body = prompt.rstrip()
    if body.endswith(":"):
        indent = prompt[len(body) :].rpartition("\n")[2] or "    "
        prompt = f"{body}\n{indent}...\n"
    try:
        ast.parse(prompt)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(_IMPORT_LINE.findall(prompt))
    return prompt


def read_skywork_suite(row: Row) -> AssertTruth:
    """Skywork-OR1-RL-Data: `{"import_prefix", "test_code", "entry_point"}`."""
    return suite(
        fields.entry_point(row),
        fields.required_text(row, "test_code"),
        fields.optional_text(row, "import_prefix"),
    )


def read_functional(row: Row) -> AssertTruth:
    """rllm's LeetCode: `{"functional"}`, a `check` and the call of it that names the candidate."""
    test = fields.required_text(row, "functional")
    found = _CHECKED.search(test)
    if not found:
        raise fields.fail("`functional` does not end with a call such as `check(Solution().f)`.")
    entry_point = fields.entry_point({"entry_point": found[1]})
    return AssertTruth(entry_point=entry_point, test=test, setup=f"{LEETCODE_IMPORTS}{NODES}")


def read_problem_suite(row: Row) -> AssertTruth:
    """HumanEval-pro, MBPP-pro, BigCodeBench-lite-pro: `{"test_code", "new_problem"}`."""
    problem = fields.required_text(row, "new_problem")
    test = fields.required_text(row, "test_code")
    defined = _DEFINED.findall(problem)
    entry_point = defined[-1] if defined else called_name([test], "", "test_code")
    return suite(entry_point, test, "\n".join(_IMPORT_LINE.findall(problem)))


def read_test_module(row: Row) -> AssertTruth:
    """A module of tests, whose row may say what it tests: KodCode's `test_info`, ClassEval's
    `class_name`, QuixBugs' `name`, a `starter_code`, `labels.entry_point`."""
    key = next(key for key in MODULES if row.get(key) is not None)
    if isinstance(row[key], list):
        return read_assertions(row)
    test = fields.required_text(row, key)
    setup = "\n".join(
        [*fields.text_list(row, "import_statement"), fields.optional_text(row, "setup_code")]
    ).strip()
    named = [info.get("function_name") for info in _objects(row.get("test_info"))]
    named += [row.get("entry_point"), row.get("class_name"), row.get("name")]
    named += candidate_imports(test)
    named += _CHECKED.findall(test)
    used = set(re.findall(r"\w+", test))
    for name in named:
        if isinstance(name, str) and name.rpartition(".")[2] in used:
            return suite(fields.entry_point({"entry_point": name}), test, setup)
    return suite(called_name([test], setup, key, by_all=False), test, setup)


MODULES = ("test_code", "testcases", "tests", "test")
"""Fields that hold a module of tests."""


def _objects(raw: Any) -> Iterable[Row]:
    if isinstance(raw, str):
        raw = fields.parse_json(raw, "`test_info`")
    return [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []


def read_assert_cases(row: Row) -> AssertTruth:
    """Skywork-OR1-RL-Data: `{"assert_case": [...]}`, an assertion each."""
    return _assertions(row, "assert_case", fields.optional_text(row, "import_prefix"))


def read_mbpp(row: Row) -> AssertTruth:
    """MBPP: `{"test_list", "test_setup_code" and/or "test_imports"}`, MBPP+ with `test`."""
    labels = row.get("labels")
    also = labels if isinstance(labels, dict) else {}
    setup = [
        *fields.text_list(row, "test_imports"),
        *(fields.optional_text(source, "test_setup_code") for source in (row, also)),
    ]
    return _assertions(
        row,
        "test_list",
        "\n".join(line for line in setup if line),
        fields.optional_text(row, "test"),
    )


def read_assertions(row: Row) -> AssertTruth:
    """AceCode `{"test_cases": ["assert ..."]}`, CodeFuse's MBPP `{"test": [...], "test_setup"}`."""
    key = "test_cases" if row.get("test_cases") else "test"
    return _assertions(row, key, fields.optional_text(row, "test_setup"))


def read_texts(texts: Sequence[str]) -> AssertTruth:
    """Texts of assertions or tests, such as a ground truth that is a list of them."""
    return _assertions({"it": list(texts)}, "it", "")


def _assertions(row: Row, key: str, setup: str, more: str = "") -> AssertTruth:
    if not (asserts := [text for text in fields.text_list(row, key) if text.strip()]):
        raise fields.fail(f"`{key}` is empty; give at least one assertion.")
    given = row.get("entry_point") is not None
    return suite(
        fields.entry_point(row) if given else called_name(asserts, setup, key),
        "\n".join(asserts) + "\n" + more,
        setup,
    )


def called_name(texts: Sequence[str], setup: str, key: str, *, by_all: bool = True) -> str:
    """The function that the suite calls and nobody but the candidate defines.

    `by_all`: it is the one that each of `texts` calls, else what is called most often."""
    try:
        bound = _bound_names(parse_python(setup, "the set-up code"))
        trees = [parse_python(text, f"an assertion of `{key}`") for text in texts]
    except Unsupported as reason:
        raise fields.fail(f"`{key}` holds {reason}; give `entry_point` with it.") from None
    bound = bound.union(*map(_bound_names, trees))
    called = [[name for name in _free_calls(tree) if name not in bound] for tree in trees]
    calls = Counter(name for names in called for name in names)
    # One of Python's own only where there is no other: MBPP has a `sum` to be written.
    for known in (set(dir(builtins)), set[str]()):
        names = [name for name in calls if name not in known]
        shared = [name for name in names if all(name in each for each in called)]
        if shared:
            return shared[0]
        if names and not by_all:
            return max(names, key=calls.__getitem__)
    raise fields.fail(f"no function is called by every one of `{key}`; give `entry_point`.")


def _free_calls(tree: ast.Module) -> list[str]:
    """Names that are called, those nearest to the assertion first."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [func.id for func in calls if isinstance(func, ast.Name)]


def _bound_names(tree: ast.Module) -> set[str]:
    """What functions, classes, parameters, assignments and imports define anywhere."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names
