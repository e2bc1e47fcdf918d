"""Reads rows of SandboxFusion's data sets: `test`, and `labels` that say what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import PYTHON
from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.ground_truth.pairs import stdin_truth
from verifier.ground_truth.suites import read_check_suite, read_test_module
from verifier.model import ANY_LANGUAGE, AssertTruth, GroundTruth, StdinCase

_LANGUAGES = ("execution_language", "programming_language")


def read_sandbox_fusion(row: Row) -> GroundTruth:
    """`{"test", "labels"[, "content"]}`: a suite, a list of cases, or `{"code", "asset"}`."""
    labels = row["labels"]
    if isinstance(labels, str):
        labels = fields.parse_json(labels, "`labels`")
    labels = fields.required_object(labels, "`labels`")
    test = row["test"]
    if isinstance(test, str) and test.lstrip().startswith(("{", "[")):
        test = fields.parse_json(test, "`test`")
    if isinstance(test, list):
        return stdin_truth(map(_case, test), _language(labels))
    if isinstance(test, Mapping):
        if test.get("asset"):
            raise fields.fail("its test needs files of its own, which is not judged here.")
        test = fields.required_text(test, "code")
    language = _language(labels)
    if language not in {PYTHON, ANY_LANGUAGE}:
        return AssertTruth(entry_point="", test=test, language=language)
    if labels.get("entry_point"):
        prompt = labels.get("prompt") or row.get("content") or ""
        return read_check_suite({"test": test, "prompt": prompt, **_named(labels)})
    return read_test_module({"test": test})


def _named(labels: Row) -> Row:
    return {"entry_point": labels["entry_point"]}


def _language(labels: Row) -> str:
    named = next((labels[key] for key in _LANGUAGES if labels.get(key)), None)
    return fields.language({"language": named or ANY_LANGUAGE})


def _case(raw: Any) -> StdinCase:
    case = fields.required_object(raw, "Each test case")
    given = fields.required_object(case.get("input"), "`input`")
    expected = fields.required_object(case.get("output"), "`output`")
    return StdinCase(fields.optional_text(given, "stdin"), fields.required_text(expected, "stdout"))
