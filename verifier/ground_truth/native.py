"""Reads our own ground-truth objects: those that carry a `kind`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

from sandbox import PYTHON
from verifier.ground_truth import fields, input_files
from verifier.ground_truth.answers import read_answers
from verifier.ground_truth.fields import Row
from verifier.ground_truth.judging_programs import as_interactor, read_program
from verifier.ground_truth.modules_of_tests import single_tests, with_modules
from verifier.ground_truth.suites import read_test_module, suite
from verifier.model import (
    ANY_LANGUAGE,
    AnswerRules,
    AssertTruth,
    CallCase,
    CallTruth,
    Checker,
    Extraction,
    GroundTruth,
    JudgingProgram,
    SeveralBoxes,
    StdinCase,
    StdinTruth,
    Subtask,
)

_CHOICES = {"extraction": get_args(Extraction), "several_boxes": get_args(SeveralBoxes)}
_RULES = frozenset({*_CHOICES, "tolerance", "decimal_comma"})
_COMMON = frozenset({"kind", "limits", "checker", "tolerance", "language"})
_OF_PROGRAMS = frozenset({"cases", "run_cases", "interactor", "subtasks"} | input_files.FIELDS)
_OF_CALLS = frozenset({"entry_point", "cases", "setup", "run_cases"})


def read_native(row: Row) -> GroundTruth:
    """The ground truth of an object with a `kind`."""
    kind = row["kind"]
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise fields.fail(f"`kind` must be one of {', '.join(_READERS)}.")
    return reader(row)


def _math(row: Row) -> GroundTruth:
    fields.only_known(row, _COMMON | {"answers", *_RULES}, "The math object")
    truth = read_answers(fields.required_list(row, "answers"))
    return replace(truth, rules=_answer_rules(row))


def _answer_rules(row: Row) -> AnswerRules:
    for name, allowed in _CHOICES.items():
        if row.get(name) not in (None, *allowed):
            raise fields.fail(f"`{name}` must be one of {', '.join(allowed)}.")
    comma, tolerance = row.get("decimal_comma"), row.get("tolerance")
    if not isinstance(comma, bool | None):
        raise fields.fail("`decimal_comma` must be true or false.")
    if tolerance is not None and not 0 < fields.positive_number(tolerance, "`tolerance`") < 1:
        raise fields.fail("`tolerance` of a math truth is a part of the reference, less than 1.")
    return AnswerRules(row.get("extraction"), row.get("several_boxes"), tolerance, comma)


def _stdin(row: Row) -> GroundTruth:
    """Reads an object of kind `stdin`, with its checker or interactor, points and subtasks."""
    fields.only_known(row, _COMMON | _OF_PROGRAMS, "The stdin object")
    raw = row.get("checker")
    program = read_program(raw, "checker") if isinstance(raw, Mapping) else None
    talks = row.get("interactor")
    interactor = as_interactor(read_program(talks, "interactor", "testlib")) if talks else None
    judge = program or interactor
    read = [_stdin_case(case, judge) for case in fields.required_list(row, "cases")]
    failed_first = row.get("run_cases") == "failed_first"
    if failed_first:
        if row.get("subtasks") is not None or len({case.points for case in read}) > 1:
            raise fields.fail('with points, "failed_first" cannot be: they need every case.')
        row = {**row, "run_cases": None}
    cases, every_case = fields.cases_to_run(row, read)
    subtasks = _subtasks(row, len(cases))
    truth = StdinTruth(
        cases=cases,
        checker=program or fields.read_checker(row) or Checker(),
        limits=fields.read_limits(row.get("limits")),
        language=fields.language(row),
        every_case=every_case or bool(subtasks),
        interactor=interactor,
        subtasks=subtasks,
        failed_first=failed_first,
    )
    return input_files.with_files_of(row, truth)


def _subtasks(row: Row, cases: int) -> tuple[Subtask, ...]:
    """`[{"points": 30, "cases": [0, 1]}]`."""
    if row.get("subtasks") is None:
        return ()
    return tuple(_subtask(raw, cases) for raw in fields.required_list(row, "subtasks"))


def _subtask(raw: Any, cases: int) -> Subtask:
    row = fields.required_object(raw, "Each of `subtasks`")
    fields.only_known(row, frozenset({"points", "cases"}), "A subtask")
    named = fields.required_list(row, "cases")
    if not all(type(case) is int and 0 <= case < cases for case in named):
        raise fields.fail("`cases` of a subtask must be places among the cases, from 0 on.")
    return Subtask(fields.positive_number(row.get("points"), "`points`"), tuple(named))


def _stdin_case(raw: Any, judge: JudgingProgram | None) -> StdinCase:
    """One of `cases`; a program that judges may need no answer."""
    case = fields.required_object(raw, "Each of `cases`")
    fields.only_known(case, frozenset({"input", "output", "points"}), "A case")
    points = case.get("points")
    return StdinCase(
        fields.optional_text(case, "input"),
        (fields.required_text if judge is None else fields.optional_text)(case, "output"),
        1.0 if points is None else fields.positive_number(points, "`points`"),
    )


def _call(row: Row) -> GroundTruth:
    fields.only_known(row, _COMMON | _OF_CALLS, "The call object")
    read = [_call_case(case) for case in fields.required_list(row, "cases")]
    cases, every_case = fields.cases_to_run(row, read)
    return CallTruth(
        entry_point=fields.entry_point(row),
        cases=cases,
        setup=fields.optional_text(row, "setup"),
        checker=fields.read_checker(row),
        limits=fields.read_limits(row.get("limits")),
        language=_language_of_calls(row),
        json_shaped=True,
        every_case=every_case,
    )


def _language_of_calls(row: Row) -> str:
    named = fields.language(row)
    return PYTHON if named == ANY_LANGUAGE else named


def _call_case(raw: Any) -> CallCase:
    case = fields.required_object(raw, "Each of `cases`")
    fields.only_known(case, frozenset({"args", "kwargs", "expected"}), "A case")
    args, kwargs = case.get("args") or (), case.get("kwargs") or {}
    if not isinstance(args, list | tuple) or not isinstance(kwargs, Mapping):
        raise fields.fail("`args` must be a list and `kwargs` an object.")
    if "expected" not in case:
        raise fields.fail("a case has no `expected` value.")
    return CallCase(case["expected"], tuple(args), dict(kwargs))


def _assert(row: Row) -> GroundTruth:
    fields.only_known(row, _COMMON | {"entry_point", "test", "setup"}, "The assert object")
    if fields.read_checker(row) is not None:
        raise fields.fail("`checker` has no meaning for assertions; they compare by themselves.")
    language = _language_of_calls(row)
    if language != PYTHON:
        return AssertTruth(
            entry_point=fields.optional_text(row, "entry_point"),
            test=fields.required_text(row, "test"),
            setup=fields.optional_text(row, "setup"),
            limits=fields.read_limits(row.get("limits")),
            language=language,
        )
    return suite(
        fields.entry_point(row),
        fields.required_text(row, "test"),
        fields.optional_text(row, "setup"),
        fields.read_limits(row.get("limits")),
    )


def _suite(row: Row) -> GroundTruth:
    known = {"entry_point", "test", "setup", "framework", "files", "run_cases"}
    fields.only_known(row, _COMMON | known, "The suite object")
    if fields.read_checker(row) is not None:
        raise fields.fail("`checker` has no meaning for a suite, which compares by itself.")
    fields.python_only(row)
    if row.get("framework") not in (None, "pytest", "unittest"):
        raise fields.fail("`framework` must be `pytest` or `unittest`.")
    test = with_modules(fields.required_text(row, "test"), row.get("files") or {})
    named = {"entry_point": row.get("entry_point"), "setup_code": row.get("setup")}
    truth = read_test_module({"test": test, **named})
    tests, every_case = fields.cases_to_run(row, single_tests(test))
    limits = fields.read_limits(row.get("limits"))
    parts = tuple(replace(truth, test=each, limits=limits) for each in tests)
    return replace(truth, limits=limits, parts=parts, every_case=every_case)


_READERS: dict[str, Callable[[Row], GroundTruth]] = {
    "math": _math,
    "stdin": _stdin,
    "call": _call,
    "assert": _assert,
    "suite": _suite,
}
