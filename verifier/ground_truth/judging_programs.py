"""Reads programs that judge: checkers and interactors, of native objects and of contests' rows."""

from __future__ import annotations

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
FIELDS = frozenset({*CHECKERS, "interactor", "interaction_format", "special_judge_language"})


def read_program(raw: Any, what: str, default: JudgingStyle = "check") -> JudgingProgram:
    """The native form: `{"kind": "program", "language", "style", "source"}`."""
    row = fields.required_object(raw, f"`{what}`")
    fields.only_known(row, frozenset({"kind", "language", "style", "source"}), f"`{what}`")
    language = fields.language(row)
    style = row.get("style") or (default if language == PYTHON else "testlib")
    if row.get("kind") != "program" or style not in get_args(JudgingStyle):
        raise fields.fail(
            f"`{what}` must be a name, or a `program` of the style `check`, `files` or `testlib`."
        )
    if language not in LANGUAGES or (style == "check" and language != PYTHON):
        raise fields.fail(
            f"`{what}` that is a program must be in {' or '.join(LANGUAGES)}, and in {PYTHON} "
            "where its style is `check`."
        )
    return JudgingProgram(
        fields.required_text(row, "source"), cast("JudgingStyle", style), language
    )


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
    if program.style not in ("testlib", "files"):
        raise fields.fail("an `interactor` must be of the style `testlib` or `files`.")
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
    return JudgingProgram(source, "testlib" if "testlib.h" in source else "files", language)


def _language_of(source: str) -> str:
    return "cpp" if "#include" in source else PYTHON
