"""Reads programs that judge: checkers and interactors, of native objects and of contests' rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from sandbox import PYTHON
from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.model import GroundTruth, JudgingProgram, JudgingStyle, StdinTruth

LANGUAGES = (PYTHON, "cpp")
"""Those that they may be written in."""
CHECKERS = ("checker", "special_judge_program", "generated_checker")
"""Fields of rows with a checker: CodeContests+'s, ScaleBox', open-r1's."""
FUNCTIONS = ("check", "dmoj")
"""Styles of programs that define a function."""
ARGUMENTS = frozenset({"input", "output", "answer"})
PROGRAM_FIELDS = frozenset({"kind", "language", "style", "source", "arguments"})
FIELDS = frozenset({*CHECKERS, "interactor", "interaction_format", "special_judge_language"})


def read_program(raw: Any, what: str, default: JudgingStyle = "check") -> JudgingProgram:
    """The native form: `{"kind": "program", "language", "style", "source", "arguments"}`."""
    row = fields.required_object(raw, f"`{what}`")
    fields.only_known(row, PROGRAM_FIELDS, f"`{what}`")
    language = fields.language(row)
    style = row.get("style") or (default if language == PYTHON else "testlib")
    if row.get("kind") != "program" or style not in get_args(JudgingStyle):
        raise fields.fail(
            f"`{what}` must be a name, or a `program` of one of the styles "
            f"{', '.join(get_args(JudgingStyle))}."
        )
    if language not in LANGUAGES or (style in FUNCTIONS and language != PYTHON):
        raise fields.fail(
            f"`{what}` that is a program must be in {' or '.join(LANGUAGES)}, and in {PYTHON} "
            f"where its style is {' or '.join(FUNCTIONS)}."
        )
    source = fields.required_text(row, "source")
    return JudgingProgram(source, cast("JudgingStyle", style), language, _arguments(row, style))


def _arguments(row: Row, style: str) -> tuple[str, ...]:
    """The order of what it is called with, where that is not its style's."""
    named = fields.text_list(row, "arguments")
    if named and style in ("dmoj", "kattis"):
        raise fields.fail(f"`arguments` are fixed where the style is `{style}`.")
    if "output" not in (named or ["output"]) or not set(named) <= ARGUMENTS:
        raise fields.fail(
            "`arguments` must be a list of `input`, `output` and `answer` with `output` in it."
        )
    return tuple(named)


def with_programs_of(row: Row, truth: GroundTruth) -> GroundTruth:
    """`truth` judged by the checker and the interactor that `row` has beside its cases, where it
    has any. Raises GroundTruthError for those that cannot be used."""
    if row.get("interaction_format") and not row.get("interactor"):
        raise fields.fail("it needs an interactor, and has none.")
    for key in (*CHECKERS, "interactor"):
        if not row.get(key):
            continue
        program = _of_row(row, key)
        if not isinstance(truth, StdinTruth):
            raise fields.fail(f"`{key}` is for programs that read and print.")
        if key == "interactor":
            truth = replace(truth, interactor=as_interactor(program))
        else:
            truth = replace(truth, checker=program)
    return truth


def as_interactor(program: JudgingProgram) -> JudgingProgram:
    """`program`, if it can be one. Raises GroundTruthError."""
    if program.style not in ("testlib", "files", "kattis") or program.arguments:
        raise fields.fail(
            "an `interactor` must be of the style `testlib`, `files` or `kattis`, without "
            "`arguments`."
        )
    return program


def _of_row(row: Row, key: str) -> JudgingProgram:
    if isinstance(row[key], Mapping):
        return read_program(row[key], key)
    source = fields.required_text(row, key)
    if key == "generated_checker":
        return JudgingProgram(source, "prints")
    named = row.get("special_judge_language") if key == "special_judge_program" else None
    language = fields.language({"language": named or _language_of(source)})
    if language not in LANGUAGES:
        raise fields.fail(f"`{key}` must be in {' or '.join(LANGUAGES)}.")
    return JudgingProgram(source, _style_of(source, language), language)


_VALIDATOR = re.compile(r"\bvalidate\.h\b|\b42\b(?s:.*)\b43\b|\b43\b(?s:.*)\b42\b")
_FUNCTION = re.compile(r"^def check\(\s*(\w+)", re.MULTILINE)
_IS_CALLED = re.compile(r"\bargv\b|\bargparse\b|\bopen\(")


def _style_of(source: str, language: str) -> JudgingStyle:
    """What its text shows of it."""
    if "testlib.h" in source:
        return "testlib"
    if _VALIDATOR.search(source):
        return "kattis"
    function = _FUNCTION.search(source) if language == PYTHON else None
    if function is None or _IS_CALLED.search(source):
        return "files"
    return "dmoj" if function[1] == "process_output" else "check"


def _language_of(source: str) -> str:
    return "cpp" if "#include" in source else PYTHON
