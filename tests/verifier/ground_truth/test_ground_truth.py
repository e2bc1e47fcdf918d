"""Every shape of a ground truth is read as it stands, and as a JSON string of it."""

import base64
import gzip
import json
import pickle
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verifier.ground_truth import GroundTruthError, kind_of, read_ground_truth
from verifier.model import (
    AssertTruth,
    CallCase,
    CallTruth,
    Checker,
    Kind,
    LimitsOverride,
    MathTruth,
    StdinCase,
    StdinTruth,
)

STDIN = {"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7\n"]}
NUMBERS = Checker("numbers")
STDIN_CASES = (StdinCase("1 2\n", "3\n"), StdinCase("3 4\n", "7\n"))


def rows(path: Path) -> list[dict[str, Any]]:
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line) for line in content.splitlines()]


def compressed(cases: list[dict[str, str]]) -> str:
    """As LiveCodeBench packs its private test cases."""
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(cases)))).decode()


MATH = {
    "a string": ("42", ("42",)),
    "any one of several": (["1/2", "0.5"], ("1/2", "0.5")),
    "native": ({"kind": "math", "answers": ["1/2", "0.5"]}, ("1/2", "0.5")),
    "native, with numbers": ({"kind": "math", "answers": [3, 0.5]}, ("3", "0.5")),
    "an integer": (7, ("7",)),
    "a float in scientific notation": (1e-7, ("0.0000001",)),
    "GSM8K": ("She sells 9 eggs.\n9 * 2 = <<9*2=18>>18\n#### 18", ("18",)),
    "GSM8K with thousands": ("So it is\n#### 1,080,000", ("1080000",)),
    "GSM8K with a currency": ("So it is\n#### $1,080", ("$1080",)),
    "a GSM8K row": ({"question": "How many?", "answer": "Eight.\n#### 8"}, ("8",)),
    "an interval, not two answers": ("[1,2]", ("[1,2]",)),
    "a pair of numbers, not two answers": ("(1, 2)", ("(1, 2)",)),
    "a set, not an object": ("{1,2}", ("{1,2}",)),
    "LaTeX in braces": ("{\\frac{1}{2}}", ("{\\frac{1}{2}}",)),
    "surrounding space": ("  42\n", ("42",)),
}


@pytest.mark.parametrize(("raw", "answers"), MATH.values(), ids=MATH)
def test_reference_answers(raw: object, answers: tuple[str, ...]) -> None:
    assert read_ground_truth(raw) == MathTruth(answers)
    assert kind_of(raw) is Kind.MATH


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ('["1/2", "0.5"]', ("1/2", "0.5")),
        ('"42"', ("42",)),
        ('{"kind": "math", "answers": ["42"]}', ("42",)),
        ("42", ("42",)),
    ],
)
def test_reference_answers_as_json_text(text: str, answers: tuple[str, ...]) -> None:
    assert read_ground_truth(text) == MathTruth(answers)
    assert kind_of(text) is Kind.MATH


PROGRAMS: dict[str, tuple[dict[str, Any], StdinTruth | CallTruth | AssertTruth]] = {
    "native stdin": (
        {
            "kind": "stdin",
            "cases": [{"input": "1 2\n", "output": "3\n"}, {"output": "7\n"}],
            "checker": "float",
            "tolerance": 0.01,
            "limits": {"cpu_s": 2, "memory_mb": 64, "output_kb": None, "total_cpu_s": 9},
            "language": "Python",
        },
        StdinTruth(
            cases=(StdinCase("1 2\n", "3\n"), StdinCase("", "7\n")),
            checker=Checker("float", 0.01),
            limits=LimitsOverride(cpu_s=2.0, memory_mb=64.0, total_cpu_s=9.0),
        ),
    ),
    "stdin of another language, by one of its names": (
        {"kind": "stdin", "cases": [{"output": "7"}], "language": "C++"},
        StdinTruth(cases=(StdinCase("", "7"),), language="cpp"),
    ),
    "native call": (
        {
            "kind": "call",
            "entry_point": "Solution().twoSum",
            "cases": [
                {"args": [[2, 7], 9], "expected": [0, 1]},
                {"kwargs": {"nums": [], "target": 0}, "expected": None},
            ],
        },
        CallTruth(
            entry_point="Solution().twoSum",
            cases=(
                CallCase([0, 1], ([2, 7], 9)),
                CallCase(None, (), {"nums": [], "target": 0}),
            ),
            json_shaped=True,
        ),
    ),
    "native assert": (
        {
            "kind": "assert",
            "entry_point": "f",
            "test": "def check(candidate):\n    assert candidate(1) == 2\n",
            "setup": "from typing import *",
            "limits": {"wall_s": 3},
        },
        AssertTruth(
            entry_point="f",
            test="def check(candidate):\n    assert candidate(1) == 2\n",
            setup="from typing import *",
            limits=LimitsOverride(wall_s=3.0),
        ),
    ),
    "Skywork-OR1, a suite": (
        {
            "import_prefix": "from typing import *\n",
            "test_code": "def check(candidate):\n    assert candidate(x = 1) == 2\n",
            "entry_point": "Solution().plusOne",
        },
        AssertTruth(
            entry_point="Solution().plusOne",
            test="def check(candidate):\n    assert candidate(x = 1) == 2\n",
            setup="from typing import *\n",
        ),
    ),
    "Skywork-OR1, pairs": (STDIN, StdinTruth(cases=STDIN_CASES, checker=NUMBERS, language="any")),
    "Skywork-OR1, assertions": (
        {"assert_case": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"]},
        AssertTruth(entry_point="add", test="assert add(1, 2) == 3\nassert add(0, 0) == 0\n"),
    ),
    "TACO row, whose pairs are JSON text": (
        {"question": "Add.", "input_output": json.dumps(STDIN), "solutions": "[]"},
        StdinTruth(cases=STDIN_CASES, checker=NUMBERS, language="any"),
    ),
    "APPS, inputs as lists of lines": (
        {"inputs": [["1 2", ""], ["3 4", ""]], "outputs": [["3", ""], ["7", ""]]},
        StdinTruth(cases=STDIN_CASES, checker=NUMBERS, language="any"),
    ),
    "APPS, outputs as numbers": (
        {"inputs": ["1 2\n"], "outputs": [3]},
        StdinTruth(cases=(StdinCase("1 2\n", "3"),), checker=NUMBERS, language="any"),
    ),
    "pairs with a single text each": (
        {"inputs": "1 2\n", "outputs": "3\n"},
        StdinTruth(cases=(StdinCase("1 2\n", "3\n"),), checker=NUMBERS, language="any"),
    ),
    "pairs whose lists are JSON text": (
        {"inputs": json.dumps(STDIN["inputs"]), "outputs": json.dumps(STDIN["outputs"])},
        StdinTruth(cases=STDIN_CASES, checker=NUMBERS, language="any"),
    ),
    "pairs with a null fn_name": (
        {**STDIN, "fn_name": None},
        StdinTruth(cases=STDIN_CASES, checker=NUMBERS, language="any"),
    ),
    "MBPP": (
        {
            "task_id": 11,
            "text": "Write a function to add.",
            "code": "def add(a, b): ...",
            "test_list": ["assert add(1, 2) == 3", "assert set(add(i, 1) for i in (1,)) == {2}"],
            "test_setup_code": "ONE = 1",
            "challenge_test_list": [],
        },
        AssertTruth(
            entry_point="add",
            test="assert add(1, 2) == 3\nassert set(add(i, 1) for i in (1,)) == {2}\n",
            setup="ONE = 1",
        ),
    ),
    "MBPP, sanitized": (
        {
            "prompt": "Write a function to find the area.",
            "test_imports": ["import math"],
            "test_list": ["assert math.isclose(area(2), 12.56, rel_tol=0.01)"],
        },
        AssertTruth(
            entry_point="area",
            test="assert math.isclose(area(2), 12.56, rel_tol=0.01)\n",
            setup="import math",
        ),
    ),
    "LiveCodeBench, public and private": (
        {
            "question_content": "Add.",
            "starter_code": "",
            "metadata": "{}",
            "public_test_cases": json.dumps(
                [{"input": "1 2\n", "output": "3\n", "testtype": "stdin"}]
            ),
            "private_test_cases": compressed(
                [{"input": "3 4\n", "output": "7\n", "testtype": "stdin"}]
            ),
        },
        StdinTruth(cases=STDIN_CASES, checker=NUMBERS, language="any"),
    ),
}


@pytest.mark.parametrize("dumped", range(3), ids=["as it stands", "as JSON", "as JSON of JSON"])
@pytest.mark.parametrize(("raw", "truth"), PROGRAMS.values(), ids=PROGRAMS)
def test_program_shapes(
    raw: dict[str, Any], truth: StdinTruth | CallTruth | AssertTruth, dumped: int
) -> None:
    given: Any = raw
    for _ in range(dumped):
        given = json.dumps(given)
    assert read_ground_truth(given) == truth
    assert kind_of(given) is Kind.CODE


CALLS: dict[str, tuple[dict[str, Any], tuple[CallCase, ...], bool]] = {
    "APPS wraps a returned value": (
        {"fn_name": "f", "inputs": [[1, 2], [3, 4]], "outputs": [[3], [7]]},
        (CallCase([3], (1, 2)), CallCase([7], (3, 4))),
        True,
    ),
    "TACO mostly does not": (
        {"fn_name": "f", "inputs": [["ab"], ["c"]], "outputs": ["ba", ["c"]]},
        (CallCase("ba", ("ab",)), CallCase(["c"], ("c",))),
        False,
    ),
    "LiveCodeBench writes both as JSON text": (
        {"fn_name": "f", "inputs": ['[1, 2]\n"ab"', "[]\nnull"], "outputs": ["3", "[]"]},
        (CallCase(3, ([1, 2], "ab")), CallCase([], ([], None))),
        False,
    ),
    "JSON text of arguments, a plain value expected": (
        {"fn_name": "f", "inputs": ["1\n2"], "outputs": [3]},
        (CallCase(3, (1, 2)),),
        False,
    ),
    "JSON text of both lists": (
        {"fn_name": "f", "inputs": "[[1, 2]]", "outputs": "[[3]]"},
        (CallCase([3], (1, 2)),),
        True,
    ),
}


@pytest.mark.parametrize(("raw", "cases", "maybe_wrapped"), CALLS.values(), ids=CALLS)
def test_pairs_with_a_function_name(
    raw: dict[str, Any], cases: tuple[CallCase, ...], maybe_wrapped: bool
) -> None:
    truth = read_ground_truth(raw)
    assert isinstance(truth, CallTruth)
    assert (truth.entry_point, truth.cases) == ("f", cases)
    assert truth.json_shaped
    assert truth.maybe_wrapped == maybe_wrapped
    assert read_ground_truth(json.dumps(raw)) == truth


FUNCTIONAL = [{"input": '[1, 2]\n"x"', "output": "true", "testtype": "functional"}]


@pytest.mark.parametrize(
    "named",
    [
        {"metadata": json.dumps({"func_name": "isGood"})},
        {"metadata": {"func_name": "isGood"}},
        {"starter_code": "class Solution:\n    def isGood(self, nums: List[int]) -> bool:\n"},
    ],
    ids=["metadata as text", "metadata as an object", "starter code"],
)
def test_livecodebench_functions(named: dict[str, Any]) -> None:
    raw = {**named, "private_test_cases": compressed(FUNCTIONAL)}
    truth = read_ground_truth(raw)
    assert kind_of(raw) is Kind.CODE
    assert isinstance(truth, CallTruth)
    assert truth.entry_point == "Solution().isGood"
    assert truth.cases == (CallCase(True, ([1, 2], "x")),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_livecodebench_cases_of_any_pickle_protocol(protocol: int) -> None:
    cases = [{"input": "1\n", "output": "\u00e9\u2713\n", "testtype": "stdin"}]
    pickled = pickle.dumps(json.dumps(cases, ensure_ascii=False), protocol)
    packed = base64.b64encode(zlib.compress(pickled)).decode()
    truth = read_ground_truth({"private_test_cases": packed})
    assert truth == StdinTruth(
        cases=(StdinCase("1\n", "\u00e9\u2713\n"),), checker=NUMBERS, language="any"
    )


def test_arguments_and_expected_values_may_hold_lone_surrogates() -> None:
    case = {"args": ["\ud800"], "expected": "\udfff"}
    raw = json.dumps({"kind": "call", "entry_point": "f", "cases": [case]})
    truth = read_ground_truth(raw)
    assert isinstance(truth, CallTruth)
    assert truth.cases == (CallCase("\udfff", ("\ud800",)),)


@pytest.mark.parametrize("file", ["code/humaneval.jsonl", "code/leetcode.jsonl.gz"])
def test_rows_of_humaneval_and_leetcodedataset(
    shared_data: Callable[[str], Path], file: str
) -> None:
    for row in rows(shared_data(file)):
        truth = read_ground_truth(row)
        assert truth == AssertTruth(
            entry_point=row["entry_point"], test=row["test"], setup=row["prompt"]
        )
        assert read_ground_truth(json.dumps(row)) == truth


def test_reference_answers_of_eight_benchmarks(shared_data: Callable[[str], Path]) -> None:
    for row in rows(shared_data("math/golds.jsonl")):
        truth = read_ground_truth(row["answer"])
        assert isinstance(truth, MathTruth)
        assert all(truth.answers)


def documented() -> list[tuple[str, str]]:
    """The kind and the example of every row in the table of shapes."""
    text = (Path(__file__).parents[3] / "docs" / "ground-truths.md").read_text(encoding="utf-8")
    table = text.partition("\n## Shapes\n")[2].partition("\n## ")[0]
    cells = [line.split(" | ") for line in table.splitlines() if line.endswith("` |")]
    return [(kind, example.strip("`| ")) for _, kind, example in cells]


@pytest.mark.parametrize(("kind", "example"), documented())
def test_the_documented_examples_are_what_they_are_said_to_be(kind: str, example: str) -> None:
    kinds = {"math": MathTruth, "stdin": StdinTruth, "call": CallTruth, "assert": AssertTruth}
    raw = json.loads(example)
    assert isinstance(read_ground_truth(raw), kinds[kind])
    if not isinstance(raw, str):
        assert read_ground_truth(example) == read_ground_truth(raw)


ONE_COLUMN: list[dict[str, Any]] = [
    {"kind": "math", "answers": ["42"]},
    {"kind": "stdin", "cases": [{"input": "1", "output": "2"}], "checker": "float"},
    {"kind": "stdin", "cases": [{"output": "2"}], "limits": {"cpu_s": 2.0}, "tolerance": 0.5},
    {"kind": "call", "entry_point": "f", "cases": [{"args": [1], "expected": [1]}, {"args": [2]}]},
    {"kind": "assert", "entry_point": "f", "test": "assert f(1) == 1", "setup": "import math"},
    {"inputs": ["1"], "outputs": ["2"]},
    {"fn_name": "f", "inputs": ["1"], "outputs": ["2"]},
    {"test_list": ["assert f(1) == 1"], "test_setup_code": "import math"},
    {"assert_case": ["assert f(1) == 1"]},
    {"prompt": "import math", "test": "def check(c):\n    assert c(1) == 1", "entry_point": "f"},
    {"question": "How many?", "answer": "#### 8"},
    {"public_test_cases": [{"input": "1", "output": "2", "testtype": "stdin"}]},
    {
        "metadata": {"func_name": "f"},
        "private_test_cases": [{"input": "1", "output": "2", "testtype": "functional"}],
    },
]


def filled(rows: list[Any]) -> list[Any]:
    """As rows of one Arrow column come back: every struct has the fields of all of them.

    The same as pyarrow 26's `pa.array(rows).to_pylist()`."""
    structs = [row for row in rows if isinstance(row, dict)]
    lists = [row for row in rows if isinstance(row, list)]
    if structs:
        columns = {key: filled([row.get(key) for row in structs]) for row in structs for key in row}
        values = iter(zip(*columns.values(), strict=True))
        return [dict(zip(columns, next(values), strict=True)) if row else None for row in rows]
    if lists:
        items = iter(filled([item for row in lists for item in row]))
        return [None if row is None else [next(items) for _ in row] for row in rows]
    return rows


@pytest.mark.parametrize("number", range(len(ONE_COLUMN)))
def test_a_null_field_is_an_absent_one(number: int) -> None:
    """Ground truths of all kinds in one column of a table."""
    row = filled(ONE_COLUMN)[number]
    assert len(row) > 15
    plain = ONE_COLUMN[number]
    if plain.get("kind") == "call":
        plain["cases"][1]["expected"] = None  # test data: null is a value there
    assert read_ground_truth(row) == read_ground_truth(plain)
    assert read_ground_truth(json.dumps(row)) == read_ground_truth(plain)
    assert kind_of(row) is kind_of(plain)


def test_a_null_field_that_is_needed_is_missing() -> None:
    for raw in (
        {"kind": "stdin", "cases": [{"input": "1", "output": None}]},
        {"kind": "call", "entry_point": None, "cases": [{"args": [], "expected": 1}]},
        {"kind": None, "answers": None, "cases": None},
    ):
        with pytest.raises(
            GroundTruthError, match=r"null|no known shape has these fields \(none\)"
        ):
            read_ground_truth(raw)
