"""Reads rows of suites in other languages than Python: MultiPL-E, MBXP, HumanEval-X, VerilogEval.

What stands before a program (its prompt) and behind it (its tests) are texts in the row's language;
`verifier.programs.drivers.suites` puts them and the program together.
"""

from __future__ import annotations

import re

from sandbox import PYTHON
from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.ground_truth.suites import read_check_suite
from verifier.model import ANY_LANGUAGE, AssertTruth, GroundTruth

_TESTED_AS = {"go": "go_test", "go_test.go": "go_test", "d": "d_ut", "jl": "julia"}
"""MultiPL-E's suites for these are tests of the language's own framework."""
_DECLARED = re.compile(r"^def[ \t]+(\w+)", re.MULTILINE)
_TOLD_BY = {
    "cpp": re.compile(r"^[ \t]*#[ \t]*(?:include|undef)\b", re.MULTILINE),
    "java": re.compile(r"\bpublic static void main\b"),
    "go": re.compile(r"\*testing\.T\b"),
    "rust": re.compile(r"#\[(?:cfg\()?test\b"),
    "js": re.compile(r"\bconsole\.\w+\("),
    PYTHON: re.compile(r"^(?:def check\(|[ \t]*assert[ (])", re.MULTILINE),
}
"""What HumanEval-X's tests have in one language and in no other of its own."""
_NOT_ITS_OWN = {
    "csharp": re.compile(
        r"^[ \t]*using[ \t]+(?!System\b|Microsoft\b|Mono\b)([A-Za-z_]\w*)[\w.]*[ \t]*;",
        re.MULTILINE,
    )
}
"""What a suite loads that does not come with the language, as MBXP's does to compare objects."""


def read_multipl_e(row: Row) -> GroundTruth:
    """`{"tests", "prompt", "language"}`."""
    named = fields.required_text(row, "language")
    declared = _DECLARED.findall(fields.optional_text(row, "prompt"))
    if fields.language(row) == PYTHON and declared:
        return read_check_suite({**row, "test": row["tests"], "entry_point": declared[-1]})
    return _suite(row, _TESTED_AS.get(named, named), "tests")


def read_function_suite(row: Row) -> GroundTruth:
    """`{"test", "entry_point", "language"[, "prompt"]}`: MBXP; in Python as HumanEval."""
    language = fields.language(row)
    if language in {PYTHON, ANY_LANGUAGE}:
        return read_check_suite(row)
    return _suite(row, language, "test")


def read_humaneval_x(row: Row) -> GroundTruth:
    """`{"test", "declaration"[, "task_id", "prompt", "test_setup"]}`; the language is in the id, or
    told by the test. In Python as HumanEval."""
    named = _humaneval_x_language(row)
    if named == "rust":
        raise fields.fail(
            "HumanEval-X's programs in Rust need the crates rand, regex and md5, which no sandbox "
            "here has."
        )
    declared = _DECLARED.findall(fields.required_text(row, "declaration"))
    if fields.language({"language": named}) == PYTHON and declared:
        return read_check_suite({**row, "entry_point": row.get("entry_point") or declared[-1]})
    return _suite(row, _TESTED_AS.get(named, named), "test")


def _humaneval_x_language(row: Row) -> str:
    if row.get("task_id"):
        return fields.required_text(row, "task_id").partition("/")[0].lower()
    test = fields.required_text(row, "test")
    for named, sign in _TOLD_BY.items():
        if sign.search(test):
            return named
    raise fields.fail("neither `task_id` nor its `test` tells which language it is in.")


def read_verilog_eval(row: Row) -> GroundTruth:
    """`{"test", "code_preface"}`: a test bench, and how the design's module begins."""
    return AssertTruth(
        entry_point="",
        test=fields.required_text(row, "test"),
        setup=fields.required_text(row, "code_preface"),
        language="verilog",
    )


def _suite(row: Row, named: str, key: str) -> AssertTruth:
    language = fields.language({"language": named})
    if language in {PYTHON, ANY_LANGUAGE}:
        raise fields.fail("its `entry_point` is missing.")
    setup = [fields.optional_text(row, part) for part in ("test_setup", "prompt")]
    return AssertTruth(
        entry_point="",
        test=fields.required_text(row, key),
        setup="\n".join(filter(None, setup)),
        language=language,
    )


def refuse_missing_libraries(truth: AssertTruth) -> None:
    """Raises GroundTruthError where a suite in another language than Python needs a library that no
    image has: nobody's program would compile."""
    text = f"{truth.setup}\n{truth.test}"
    loads = _NOT_ITS_OWN.get(truth.language)
    for found in loads.finditer(text) if loads else ():
        if not re.search(rf"\bnamespace[ \t]+{found[1]}\b", text):
            raise fields.fail(f"it asks for `{found[1][:60]}`, which no sandbox here has.")
