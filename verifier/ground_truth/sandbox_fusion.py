"""Reads rows of SandboxFusion's data sets: `test`, and `labels` that say what it is for."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox import PYTHON
from sandbox.libraries import SCIENCE
from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.ground_truth.livecodebench import MAX_UNPACKED_BYTES
from verifier.ground_truth.modules_of_tests import with_modules
from verifier.ground_truth.pairs import read_packed_pairs, stdin_truth
from verifier.ground_truth.plain_pickles import read_plain, unpacked
from verifier.ground_truth.suites import read_check_suite, read_test_module
from verifier.model import ANY_LANGUAGE, AssertTruth, GroundTruth, StdinCase

_LANGUAGES = ("execution_language", "programming_language")
_ANSWER = "answer.json"
"""PALMath's one file, `{"gt": the answer}`."""
_FILE_NAME = re.compile(r"\w[\w.-]*")
_RUNS = re.compile(r"\bunittest\.main\([\"'](\w+)[\"']")
_PACKED = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
"""Nothing else that could be tests."""


def read_sandbox_fusion(row: Row) -> GroundTruth:
    """`{"test", "labels"[, "content"]}`: a suite, a list of cases, or `{"code", "asset"}`."""
    labels = row["labels"]
    if isinstance(labels, str):
        labels = fields.parse_json(labels, "`labels`")
    labels = fields.required_object(labels, "`labels`")
    test = row["test"]
    if isinstance(test, str) and test.lstrip().startswith(("{", "[")):
        test = fields.parse_json(test, "`test`")
    language = _language(labels, row.get("language"))
    if isinstance(test, list):
        return stdin_truth(map(_case, test), language)
    if isinstance(test, str) and _PACKED.fullmatch(test):
        return read_packed_pairs(_unpacked(test))
    if isinstance(test, Mapping):
        asset = test.get("asset")
        if isinstance(asset, str) and asset:
            asset = fields.parse_json(asset, "`asset`")
        if isinstance(asset, Mapping) and set(asset) == {_ANSWER}:
            return _solution(asset[_ANSWER])
        code = fields.required_text(test, "code")
        if asset and language not in {PYTHON, ANY_LANGUAGE}:
            raise fields.fail("its test needs files of its own, which only Python finds here.")
        if asset:
            return _suite_with_files(code, fields.required_object(asset, "`asset`"), row)
        test = code
    return _suite(fields.required_text({"test": test}, "test"), language, labels, row)


def _suite(test: str, language: str, labels: Row, row: Row) -> AssertTruth:
    if language not in {PYTHON, ANY_LANGUAGE}:
        framework = "junit" if language == "java" and "org.junit" in test else language
        return AssertTruth(entry_point="", test=test, language=framework)
    if labels.get("entry_point"):
        prompt = labels.get("prompt") or row.get("content") or ""
        return read_check_suite({"test": test, "prompt": prompt, **_named(labels)})
    return read_test_module({"test": test})


def _suite_with_files(code: str, asset: Row, row: Row) -> AssertTruth:
    """Aider's `code` runs the tests of a module that is one of its files. Other files are data,
    which the set-up code writes for the candidate."""
    files = {path: packed for path, packed in asset.items() if packed is not None}
    run = _RUNS.search(code)
    if run and f"{run[1]}.py" in files:
        modules = {path: _content(path, packed) for path, packed in files.items()}
        test = modules.pop(f"{run[1]}.py")
        return read_test_module({"test": with_modules(test, modules)})
    setup = "".join(_writing(path, packed) for path, packed in files.items())
    asked_for = re.findall(r"\b(\w+)\.\w", str(row.get("content") or ""))
    libraries = tuple(name for name in SCIENCE.values() if name in asked_for)
    truth = read_test_module({"test": code, "setup_code": f"import base64\n{setup}"})
    return replace(truth, libraries=libraries)


def _writing(path: str, packed: Any) -> str:
    """A statement that writes a file into the program's folder."""
    if not _FILE_NAME.fullmatch(path) or not isinstance(packed, str):
        raise fields.fail(f"`{path[:60]}` is no file that its test may need.")
    return f"with open({path!r}, 'wb') as _file: _file.write(base64.b64decode({packed!r}))\n"


def _content(path: str, packed: Any) -> str:
    try:
        return base64.b64decode(packed, validate=True).decode()
    except (TypeError, ValueError):
        raise fields.fail(f"`{path[:60]}` is not base64 of text.") from None


def _named(labels: Row) -> Row:
    return {"entry_point": labels["entry_point"]}


def _language(labels: Row, of_row: Any) -> str:
    named = next((labels[key] for key in _LANGUAGES if labels.get(key)), of_row)
    return fields.language({"language": named or ANY_LANGUAGE})


def _unpacked(text: str) -> Row:
    """LiveCodeBench's: base64(zlib(pickle(`{"input_output"}`)))."""
    try:
        held = read_plain(unpacked(text, MAX_UNPACKED_BYTES))
    except ValueError as error:
        raise fields.fail(f"`test` is neither tests nor compressed cases ({error}).") from None
    return fields.required_object(held, "`test`")


def _solution(packed: Any) -> AssertTruth:
    """PALMath: `solution()` returns the answer, a number or its text."""
    told = fields.parse_json(_content(_ANSWER, packed), f"`{_ANSWER}`")
    answer = fields.required_object(told, f"`{_ANSWER}`").get("gt")
    try:
        number = float(str(answer).replace(",", ""))
    except ValueError:
        return _of_solution(f"str(solution()).strip() == {str(answer).strip()!r}")
    said = "str(solution()).replace(',', '')"
    return _of_solution(f"abs(float({said}) - {number!r}) <= {abs(number) * 1e-4!r}")


def _of_solution(assertion: str) -> AssertTruth:
    return AssertTruth(entry_point="solution", test=f"assert {assertion}\n")


def _case(raw: Any) -> StdinCase:
    case = fields.required_object(raw, "Each test case")
    given = fields.required_object(case.get("input"), "`input`")
    expected = fields.required_object(case.get("output"), "`output`")
    return StdinCase(fields.optional_text(given, "stdin"), fields.required_text(expected, "stdout"))
