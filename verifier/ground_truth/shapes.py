"""The table of shapes: which fields tell a shape, which others it reads, and which it passes over.

A field that nobody here reads is passed over where its name says nothing of judging (a title, a
difficulty, tags); one that may change a verdict is refused, so that none does so in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from verifier.ground_truth import fields, input_files, row_limits
from verifier.ground_truth.answers import read_answers
from verifier.ground_truth.case_lists import (
    read_columns,
    read_hidden_unit_tests,
    read_named_columns,
    read_test,
    read_test_cases,
    read_testcases,
    read_tests,
    read_unit_tests,
)
from verifier.ground_truth.contests import read_codecontests, read_codeforces, read_ioi
from verifier.ground_truth.fields import FUNCTION_NAMES, Row
from verifier.ground_truth.judging_programs import FIELDS as PROGRAMS
from verifier.ground_truth.judging_programs import with_programs_of
from verifier.ground_truth.livecodebench import read_livecodebench
from verifier.ground_truth.native import read_native
from verifier.ground_truth.other_languages import (
    read_function_suite,
    read_humaneval_x,
    read_multipl_e,
    read_verilog_eval,
)
from verifier.ground_truth.pairs import read_packed_pairs, read_pairs
from verifier.ground_truth.sandbox_fusion import read_sandbox_fusion
from verifier.ground_truth.statements import with_statement_of
from verifier.ground_truth.suites import (
    read_assert_cases,
    read_check_suite,
    read_functional,
    read_mbpp,
    read_problem_suite,
    read_skywork_suite,
    read_test_module,
)
from verifier.ground_truth.value_tables import read_codeio, read_cruxeval, read_evalplus
from verifier.model import GroundTruth, StdinTruth

Reader = Callable[[Row], GroundTruth]


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of rows, by the names of its fields. Those of `row_limits` and
    `judging_programs` are read with any."""

    name: str
    """As docs/ground-truths.md has it."""
    tells: frozenset[str]
    """All of them are there in this shape."""
    read: Reader
    also: frozenset[str] = frozenset()
    """Read where they are there."""
    over: frozenset[str] = frozenset()
    """About judging, and passed over all the same: docs/ground-truths.md says why."""


def _answer(row: Row) -> GroundTruth:
    return read_answers(row["answer"])


def _shape(name: str, tells: str, read: Reader, also: str = "", over: str = "") -> Shape:
    tells_, also_, over_ = (frozenset(names.split()) for names in (tells, also, over))
    return Shape(name, tells_, read, also_, over_)


_EVALPLUS = "base_input plus_input atol contract assertion base plus"

NATIVE = _shape("native", "kind", read_native)
ANSWER = _shape("GSM8K row", "question answer", _answer)
COLUMNS = _shape("columns", "input output", read_columns, f"{FUNCTION_NAMES} type")
"""Where they are lists: an instruction and its answer have these names too."""
SHAPES = (
    NATIVE,
    _shape("Skywork-OR1 suite", "test_code entry_point", read_skywork_suite, "import_prefix"),
    _shape("Skywork-OR1 assertions", "assert_case", read_assert_cases, "import_prefix entry_point"),
    _shape("rllm functional", "functional", read_functional),
    _shape(
        "HumanEval-pro, MBPP-pro", "test_code new_problem", read_problem_suite, "", "raw_problem"
    ),
    _shape(
        "MBPP",
        "test_list",
        read_mbpp,
        "test_imports test_setup_code entry_point test labels",
        f"challenge_test_list {_EVALPLUS}",
    ),
    _shape("VerilogEval", "test code_preface", read_verilog_eval),
    _shape("SandboxFusion", "test labels", read_sandbox_fusion, "content language"),
    _shape("MultiPL-E", "tests prompt language", read_multipl_e, "", "stop_tokens doctests"),
    _shape(
        "HumanEval-X",
        "test declaration",
        read_humaneval_x,
        "task_id prompt test_setup entry_point",
        "example_test",
    ),
    _shape("MBXP", "test entry_point language", read_function_suite, "prompt"),
    _shape(
        "HumanEval, LeetCodeDataset, ODEX, BigCodeBench",
        "test entry_point",
        read_check_suite,
        "prompt code_prompt test_start libs library",
        f"given_tests input_output test_case_cnt example_test {_EVALPLUS}",
    ),
    _shape(
        "EvalPlus",
        "base_input entry_point canonical_solution",
        read_evalplus,
        "plus_input atol prompt",
        "contract assertion test_setup",
    ),
    _shape("pairs: APPS, TACO, PRIME, Skywork-OR1", "inputs outputs", read_pairs, FUNCTION_NAMES),
    _shape(
        "LiveCodeBench",
        "private_test_cases",
        read_livecodebench,
        "public_test_cases metadata starter_code",
    ),
    _shape(
        "LiveCodeBench, public cases only",
        "public_test_cases",
        read_livecodebench,
        "metadata starter_code",
    ),
    _shape("APPS and TACO rows", "input_output", read_packed_pairs),
    _shape("NeMo-Gym, OpenCodeInstruct", "unit_tests", read_unit_tests, "", "input output"),
    _shape(
        "open-r1/codeforces",
        "official_tests",
        read_codeforces,
        "examples",
        "official_tests_complete generated_tests testset_size",
    ),
    _shape(
        "CodeContests",
        "public_tests private_tests",
        read_codecontests,
        "generated_tests",
    ),
    _shape("IOI", "tests subtask", read_ioi, "", "grader_files evaluator test_names score checker"),
    _shape(
        "test_cases: SYNTHETIC-1, INTELLECT, AceCode, CodeContests+, ScaleBox",
        "test_cases",
        read_test_cases,
        f"{FUNCTION_NAMES} metadata",
        "correct_submissions incorrect_submissions validator generator generator_cmd",
    ),
    _shape("CodeIO", "ios funcname", read_codeio),
    _shape("CruxEval", "code input output", read_cruxeval),
    _shape(
        "KodCode, ClassEval and other modules of tests",
        "test",
        read_test,
        "test_info class_name name import_statement setup_code test_setup",
        "test_classes challenge_test_list example_test test_entry_point",
    ),
    _shape(
        "the same as `test_code`", "test_code", read_test_module, "test_info entry_point setup_code"
    ),
    _shape(
        "DeepCoder, and modules as `tests`",
        "tests",
        read_tests,
        f"{FUNCTION_NAMES} name setup_code metadata starter_code",
    ),
    _shape("the same as `testcases`", "testcases", read_testcases, f"{FUNCTION_NAMES} setup_code"),
    _shape("xCodeEval", "hidden_unit_tests", read_hidden_unit_tests),
    _shape(
        "columns under other names", "test_inputs test_outputs", read_named_columns, FUNCTION_NAMES
    ),
    _shape(
        "columns, expected_outputs", "inputs expected_outputs", read_named_columns, FUNCTION_NAMES
    ),
    COLUMNS,
    ANSWER,
)
"""The first whose `tells` are all there reads."""

WRAPPERS = (
    "verification_info",
    "verifier_metadata",
    "reward_model",
    "reward_spec",
    "provided_data",
    "ground_truth",
    "label",
)
"""Fields that hold a ground truth of any shape, beside what says nothing of it."""

_READ_WITH_ANY = row_limits.FIELDS | input_files.FIELDS | PROGRAMS
_OF_JUDGING = (
    *("test", "check", "judge", "limit", "lang", "interact", "assert", "grader", "timeout"),
    *("toleranc", "atol", "evaluat", "scor", "verif", "expected", "output", "input"),
)
"""What a word in the name of such a field begins with."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_PASSED_OVER_BY_ALL = frozenset(
    """input_format output_format input_spec output_spec input_specification output_specification
    sample_input sample_output sample_inputs sample_outputs test_name contest_name
    language_id natural_language input_text output_text sandbox_output expected_time_complexity
    expected_auxiliary_space style
    score scores judgement judgment llm_judgement tests_execution_status average_test_score
    test_case_type""".split()  # noqa: SIM905 - to be read
)
"""Parts of a problem's statement, what others said of some program, and the like."""


_MAY_BE_EMPTY = ("test", "tests", "test_code", "answer")


def shape_of(row: Row) -> Shape | None:
    """The shape that `row` has, told from the fields that are there, and neither null nor an empty
    suite or answer, as rows of some tables have beside what they are judged by."""
    empty = {key for key in _MAY_BE_EMPTY if row.get(key) == ""}
    for shape in SHAPES:
        if shape is COLUMNS and not isinstance(row.get("input"), list):
            continue
        if all(row.get(key) is not None and key not in empty for key in shape.tells):
            return shape
    return None


def read_row(row: Row, shape: Shape) -> GroundTruth:
    """The ground truth of a row of `shape`. Raises GroundTruthError."""
    if shape is NATIVE or shape is ANSWER:
        truth = shape.read(row)
        is_told = not isinstance(truth, StdinTruth) or row.get("checker") is not None
        return truth if is_told else with_statement_of({}, truth)
    _refuse_unread(row, shape)
    truth = input_files.with_files_of(row, with_programs_of(row, shape.read(row)))
    truth = with_statement_of(row, truth)
    return row_limits.with_limits_of(row, truth)


def _refuse_unread(row: Row, shape: Shape) -> None:
    known = shape.tells | shape.also | shape.over | _READ_WITH_ANY | _PASSED_OVER_BY_ALL
    for key, value in row.items():
        if key.lower().replace(" ", "_") in known or value in (None, "", [], {}, False):
            continue
        words = [word.lower() for word in _WORD.findall(key)]
        if any(word.startswith(_OF_JUDGING) for word in words):
            raise fields.fail(
                f"its field `{key[:40]}` may be about how it is judged, and is not read in this "
                f"shape ({shape.name}); leave it out, or set it to null."
            )
