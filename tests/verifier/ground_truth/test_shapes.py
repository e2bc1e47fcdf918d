"""Rows of public data sets as they stand: each shape is read, and what is not read is refused.

The examples are our own, in the shapes of the data sets; docs/ground-truths.md has one of each.
"""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from verifier.ground_truth import GroundTruthError, kind_of, read_ground_truth
from verifier.ground_truth.shapes import NATIVE, SHAPES, shape_of
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

ADD = (StdinCase("1 2", "3"), StdinCase("3 4", "7"))
CASES = [{"input": case.input, "output": case.output} for case in ADD]
COLUMNS = {"input": ["1 2", "3 4"], "output": ["3", "7"]}
EMPTY: dict[str, list[str]] = {"input": [], "output": []}

PRINTS_SUMS: dict[str, Any] = {
    "xCodeEval": {
        "hidden_unit_tests": [{"input": case.input, "output": [case.output]} for case in ADD]
    },
    "LiveCodeBench's lighter rows": {"test": json.dumps(CASES)},
    "`testcases`": {"testcases": CASES},
    "columns alone": COLUMNS,
    "SkyRL": {"reward_spec": {"ground_truth": json.dumps(CASES)}},
    "what Python's `str` made of cases": {"tests": str(CASES)},
    "names with humps": {"testCases": CASES, "timeLimit": None},
    "other names of a case's parts": {
        "tests": [{"in": case.input, "expectedOutput": case.output} for case in ADD]
    },
    "pairs of input and output": {"test_cases": [[case.input, case.output] for case in ADD]},
    "a case a line": {"tests": "\n".join(map(json.dumps, CASES))},
    "columns called test_inputs": {
        "test_inputs": COLUMNS["input"],
        "test_outputs": COLUMNS["output"],
    },
    "columns called expected_outputs": {
        "inputs": COLUMNS["input"],
        "expected_outputs": COLUMNS["output"],
    },
    "open-instruct's list of one text": [json.dumps(CASES)],
    "INTELLECT-3": {
        "question": "Add.",
        "answer": "",
        "info": json.dumps({"tests": json.dumps(CASES), "source": "taco"}),
    },
    "what others said of a program": {"test_cases": CASES, "score": 0.5, "judgement": "right"},
    "another name of the output": [
        {"input": case.input, "expected_output": case.output} for case in ADD
    ],
    "open-instruct": CASES,
    "DeepCoder's livecodebench": [
        {**case, "testtype": "stdin", "metadata": {"func_name": None}} for case in CASES
    ],
    "DeepCoder's primeintellect": [
        {**case, "type": "stdin_stdout", "fn_name": None} for case in CASES
    ],
    "SYNTHETIC-1": {"language": "python", "test_cases": CASES},
    "INTELLECT-2": {"verification_info": json.dumps({"language": "python", "test_cases": CASES})},
    "open-r1": {"prompt": "Add.", "verification_info": {"language": "python", "test_cases": CASES}},
    "verl's reward_model": {
        "reward_model": {"style": "rule", "ground_truth": json.dumps({"test_cases": CASES})}
    },
    "ScaleBox": {"test_cases": {"type": "stdin_stdout", **COLUMNS, "fn_name": None}},
    "NeMo-Gym": {"unit_tests": {"inputs": COLUMNS["input"], "outputs": COLUMNS["output"]}},
    "NeMo-Gym, nested": {
        "verifier_metadata": {
            "unit_tests": {"inputs": COLUMNS["input"], "outputs": COLUMNS["output"]}
        }
    },
    "CodeContests": {
        "public_tests": {"input": ["1 2"], "output": ["3"]},
        "private_tests": {"input": ["3 4"], "output": ["7"]},
        "generated_tests": EMPTY,
        "cf_rating": 800,
    },
    "CodeContests+": {"test_cases": CASES, "checker": None, "validator": "int main() {}"},
    "open-r1/codeforces": {
        "examples": CASES[:1],
        "official_tests": CASES[1:],
        "input_mode": "stdio",
        "generated_checker": None,
        "input_format": "Two numbers.",
    },
    "SandboxFusion": {
        "test": json.dumps(
            [{"input": {"stdin": c.input}, "output": {"stdout": c.output}} for c in ADD]
        ),
        "labels": '{"execution_language": "python"}',
    },
    "DeepCoder, a row": {"problem": "Add.", "tests": json.dumps(CASES), "contest_id": "7"},
    "PRIME": json.dumps({"inputs": COLUMNS["input"], "outputs": COLUMNS["output"]}),
    "text that Python made of a list": str(CASES),
}


UP_TEST = base64.b64encode(
    b"import unittest\nfrom up import up\nclass UpTest(unittest.TestCase):\n"
    b"    def test_up(self):\n        self.assertEqual(up(1), 2)\n"
).decode()
ODD_ROWS: dict[str, Any] = {
    "lists and objects as texts": {"test_list": '["assert f(1) == 1"]', "test_setup_code": None},
    "an empty assertion": ["assert f(1) == 1", ""],
    "metadata as text": [
        {"input": "1", "output": "1", "type": "functional", "metadata": '{"func_name": "f"}'}
    ],
    "cases where columns are expected": {
        "public_tests": [{"input": "1", "output": "1"}],
        "private_tests": [],
    },
    "an empty suite beside inputs": {
        "entry_point": "f",
        "test": "",
        "prompt": "def f(x):\n",
        "canonical_solution": "    return x\n",
        "base_input": "[[1]]",
        "plus_input": [[2]],
    },
    "HumanEval-X in Python": {
        "task_id": "Python/0",
        "prompt": "def f(x):\n",
        "declaration": "def f(x):\n",
        "test": "def check(f):\n    assert f(1) == 1\n\ncheck(f)\n",
    },
    "OpenCodeInstruct": {
        "input": "Write f.",
        "unit_tests": '["assert f(1) == 1"]',
        "average_test_score": "1.0",
    },
    "assertions as a text": {"unit_tests": "assert f(1) == 1\nassert f(2) == 2"},
    "assertions, text in a list": ['["assert f(1) == 1"]'],
    "a call's cases as text": {"funcname": "f", "ios": '[{"input": {"x": 1}, "output": 1}]'},
}


@pytest.mark.parametrize("row", ODD_ROWS.values(), ids=ODD_ROWS)
def test_rows_are_read_however_a_table_packs_them(row: Any) -> None:
    truth = read_ground_truth(row)
    assert isinstance(truth, StdinTruth) or truth.entry_point == "f"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Python 3", "python"),
        ("PyPy 3.10 (7.3)", "python"),
        ("GNU C++17", "cpp"),
        ("C++20 (GCC 13-64)", "cpp"),
        ("Java 8", "java"),
        ("PyPy 3-64", "python"),
        ("GNU G++17 7.3.0", "cpp"),
        ("Node.js", "javascript"),
        ("GNU C11", "c"),
        ("en", "any"),  # the statement's
    ],
)
def test_languages_are_known_by_their_versions_too(said: str, name: str) -> None:
    truth = read_ground_truth({"inputs": ["1"], "outputs": ["1"], "language": said})
    assert isinstance(truth, StdinTruth)
    assert truth.language == name


@pytest.mark.parametrize("raw", PRINTS_SUMS.values(), ids=PRINTS_SUMS)
def test_cases_of_a_program(raw: Any) -> None:
    read = read_ground_truth(raw)
    assert isinstance(read, StdinTruth)
    # Which language it is to be solved in, some shapes say, others do not.
    truth = StdinTruth(cases=ADD, checker=Checker("numbers"), language=read.language)
    assert read == truth
    assert read.language in {"python", "any"}
    assert kind_of(raw) is Kind.CODE
    if not isinstance(raw, str):
        assert read_ground_truth(json.dumps(raw)) == truth
        assert kind_of(json.dumps(raw)) is Kind.CODE


CALLS: dict[str, Any] = {
    "a name in each case": [
        {"input": [1, 2], "output": 3, "fn_name": "add", "type": "function_call"}
    ],
    "a name in their metadata": [
        {"input": "1\n2", "output": "3", "testtype": "functional", "metadata": {"func_name": "add"}}
    ],
    "columns": {"test_cases": {"input": [[1, 2]], "output": [3], "fn_name": "add"}},
    "columns alone": {"input": [[1, 2]], "output": [3], "function_name": "add"},
    "another name for the name": {"func_name": "add", "inputs": [[1, 2]], "outputs": [3]},
    "a method's": {"entry_point": "add", "test_cases": [{"input": [1, 2], "expected_output": 3}]},
    "values as Python writes them": {
        "fn_name": "add",
        "inputs": "[[1, 2], ]",
        "outputs": [3],
    },
    "arguments as in a call": {"fn_name": "add", "inputs": ["1, 2"], "outputs": ["3"]},
    "a name beside them": {"fn_name": "add", "test_cases": [{"input": [1, 2], "output": 3}]},
}


@pytest.mark.parametrize("raw", CALLS.values(), ids=CALLS)
def test_cases_of_a_function(raw: Any) -> None:
    truth = read_ground_truth(raw)
    assert isinstance(truth, CallTruth)
    assert (truth.entry_point, truth.cases) == ("add", (CallCase(3, (1, 2)),))


def test_codeio_gives_arguments_by_name() -> None:
    raw = {"funcname": "add", "ios": [{"input": {"a": 1, "b": 2}, "output": 3}]}
    truth = read_ground_truth(raw)
    assert isinstance(truth, CallTruth)
    assert truth.cases == (CallCase(3, (), {"a": 1, "b": 2}),)


def test_arguments_by_name_and_values_as_python_writes_them() -> None:
    by_name = {"fn_name": "Solution.add", "inputs": [{"a": 1, "b": 2}], "outputs": [3]}
    truth = read_ground_truth(by_name)
    assert isinstance(truth, CallTruth)
    assert truth.entry_point == "Solution().add"
    assert truth.cases == (CallCase(3, (), {"a": 1, "b": 2}),)
    in_a_call = {"fn_name": "Solution.add", "inputs": ["a = 1, b = 2"], "outputs": ["3"]}
    assert read_ground_truth(in_a_call) == truth
    written = read_ground_truth({"fn_name": "f", "inputs": ["'a'\nNone"], "outputs": ["True"]})
    assert isinstance(written, CallTruth)
    assert written.cases == (CallCase(True, ("a", None)),)


def test_tests_that_stand_where_an_answer_does_are_no_mathematics() -> None:
    for tests in (
        {"inputs": ["1 2", "3 4"], "outputs": ["3", "7"]},
        [{"input": "1 2", "output": "3"}, {"stdin": "3 4", "stdout": "7"}],
    ):
        for row in ({"question": "Add.", "answer": json.dumps(tests)}, {"label": tests}):
            truth = read_ground_truth(row)
            assert isinstance(truth, StdinTruth)
            assert truth.cases == ADD
            assert kind_of(row) is Kind.CODE
    suite = read_ground_truth({"question": "Add.", "answer": "assert add(1, 2) == 3"})
    assert isinstance(suite, AssertTruth)
    answer = read_ground_truth({"question": "Three?", "answer": "[1, 3]"})
    assert isinstance(answer, MathTruth)


SUITES: dict[str, tuple[Any, str]] = {
    "AceCode and open-instruct": (["assert add(1, 2) == 3", "assert add(0, 0) == 0"], "add"),
    "one text of assertions": ("assert add(1, 2) == 3\nassert add(0, 0) == 0", "add"),
    "an AceCode row": ({"test_cases": ["assert add(1, 2) == 3"]}, "add"),
    "CodeFuse's MBPP": ({"test": ["assert add(1, 2) == 3"], "test_setup": ""}, "add"),
    "a function that Python has too": (["assert sum(1, 2) == 3"], "sum"),
    "rllm": (
        {"functional": "def check(c):\n    assert c(1) == 2\n\n\ncheck(Solution().plusOne)"},
        "Solution().plusOne",
    ),
    "KodCode": (
        {
            "test": "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3\n",
            "test_info": [{"function_name": "add", "parameter_list": "(a, b)"}],
        },
        "add",
    ),
    "a module of tests and nothing else": (
        {"test": "from two_sums import add\ndef test_add():\n    assert add(1, 2) == 3\n"},
        "add",
    ),
    "HumanEval-pro": (
        {
            "test_code": "assert add_all([1, 2]) == 3",
            "new_problem": "# Add them all.import math\ndef add_all(values):\n",
        },
        "add_all",
    ),
    "ODEX": (
        {
            "prompt": "def f_1(a):\n\treturn ",
            "test_start": "\ndef check(candidate):",
            "test": ["\n    assert candidate(1) == 2\n", "\n    assert candidate(2) == 3\n"],
            "entry_point": "f_1",
        },
        "f_1",
    ),
    "CruxEval": ({"code": "def f(a): ...", "input": "1, [2]", "output": "3"}, "f"),
    "SandboxFusion": (
        {
            "test": "def check(candidate):\n    assert candidate(1) == 2\n",
            "labels": '{"entry_point": "up"}',
            "content": "def up(a):\n",
        },
        "up",
    ),
    "Aider": (
        {
            "test": {
                "code": "#<INSERT>\nimport unittest\nunittest.main('up_test')\n",
                "asset": {"up_test.py": UP_TEST},
            },
            "labels": "{}",
        },
        "up",
    ),
    "EvalPlus": (
        {
            "entry_point": "add",
            "prompt": "def add(a, b):\n",
            "canonical_solution": "    return a + b\n",
            "base_input": [[1, 2]],
            "plus_input": [[0, 0]],
            "atol": 0,
            "contract": "assert isinstance(a, int)",
        },
        "add",
    ),
}


@pytest.mark.parametrize(("raw", "entry_point"), SUITES.values(), ids=SUITES)
def test_suites(raw: Any, entry_point: str) -> None:
    truth = read_ground_truth(raw)
    assert isinstance(truth, AssertTruth)
    assert truth.entry_point == entry_point
    assert kind_of(raw) is Kind.CODE
    assert kind_of(raw if isinstance(raw, str) else json.dumps(raw)) is Kind.CODE


def test_tests_that_nothing_calls_are_called() -> None:
    test = """\
from solution import *
import unittest
import pytest

def helper():
    assert False

@pytest.mark.parametrize("a, b", [(1, 2)])
def test_pairs(a, b):
    assert f(a) == b

def test_already_called():
    assert f(1) == 2

test_already_called()

class TestPlain:
    def setup_method(self):
        self.one = 1

    def test_in_a_class(self):
        assert f(self.one) == 2

class Of(unittest.TestCase):
    def test_in_a_case(self):
        self.assertEqual(f(1), 2)

if __name__ == "__main__":
    test_pairs(1, 2)
    unittest.main()
"""
    truth = read_ground_truth({"kind": "assert", "entry_point": "f", "test": test})
    assert isinstance(truth, AssertTruth)
    calls = truth.test.partition("unittest.main()\n")[2].split("\n")
    assert [line for line in calls if line] == [
        "test_pairs()",
        "_test = TestPlain(); _test.setup_method()",
        "_test.test_in_a_class()",
        "Of('test_in_a_case').debug()",
    ]
    assert "from solution" not in truth.test
    assert "import unittest" in truth.setup  # from the standard library, so for both sides
    assert "pytest" not in truth.setup


def test_what_a_suite_imports_comes_behind_what_its_row_does() -> None:
    row = {
        "prompt": "def f(n):\n",
        "test_start": "from datetime import datetime\ndef check(candidate):",
        "test": ["\n    assert candidate(1) < datetime.now()"],
        "entry_point": "f",
        "library": ["datetime", "time"],
    }
    truth = read_ground_truth(row)
    assert isinstance(truth, AssertTruth)
    assert "import datetime\n" not in truth.setup.replace("from datetime import datetime", "")
    assert "import time\n" in truth.setup


def test_mbpp_plus_is_judged_by_its_plus_tests_too() -> None:
    row = {
        "test_list": ["assert f(1) == 2"],
        "test": "for i in range(9):\n    assert f(i) == i + 1",
    }
    truth = read_ground_truth(row)
    assert isinstance(truth, AssertTruth)
    assert truth.test == "assert f(1) == 2\nfor i in range(9):\n    assert f(i) == i + 1"


def test_leetcodes_nodes_are_there_for_a_suite_that_brings_none() -> None:
    test = "def check(c):\n    assert is_same_tree(c(tree_node([1])), tree_node([1]))"
    bare = read_ground_truth({"test_code": test, "entry_point": "Solution().grow"})
    assert isinstance(bare, AssertTruth)
    assert "def is_same_tree" in bare.setup
    own = "def tree_node(v): ...\ndef is_same_tree(a, b): ...\n"
    row = {"test_code": test, "entry_point": "Solution().grow", "import_prefix": own}
    brought = read_ground_truth(row)
    assert isinstance(brought, AssertTruth)
    assert brought.setup == own


NEVER_MATHEMATICS = [
    '[{"input": "1", "output": "1"}]',
    "assert add(1, 2) == 3",
    '["assert add(1, 2) == 3"]',
    "['assert add(1, 2) == 3']",
    "def test_add():\n    assert add(1, 2) == 3",
]


@pytest.mark.parametrize("text", NEVER_MATHEMATICS)
def test_code_is_never_mathematics(text: str) -> None:
    assert kind_of(text) is Kind.CODE
    assert not type(read_ground_truth(text)).__name__.startswith("Math")


@pytest.mark.parametrize(
    "text", ["assert the claim: x = 3", "[1, 2]", "[[1, 2], [3, 4]]", "[a, b]"]
)
def test_and_mathematics_is_no_code(text: str) -> None:
    assert type(read_ground_truth(text)).__name__ == "MathTruth"


LIMITS: dict[str, tuple[dict[str, Any], LimitsOverride]] = {
    "open-r1/codeforces": (
        {"time_limit": 2.0, "memory_limit": 256.0},
        LimitsOverride(cpu_s=2.0, wall_s=10.0, memory_mb=256.0),
    ),
    "TACO": (
        {"time_limit": "1.5 seconds", "memory_limit": "256.0 megabytes"},
        LimitsOverride(cpu_s=1.5, wall_s=10.0, memory_mb=256.0),
    ),
    "CodeContests": (
        {"time_limit": {"seconds": 2, "nanos": 500_000_000}, "memory_limit_bytes": 268_435_456},
        LimitsOverride(cpu_s=2.5, wall_s=10.0, memory_mb=256.0),
    ),
    "CodeContests+, in milliseconds": (
        {"time_limit": 3000, "memory_limit": 262_144},
        LimitsOverride(cpu_s=3.0, wall_s=10.0, memory_mb=256.0),
    ),
    "in words": ({"time_limit": "1000 ms"}, LimitsOverride(cpu_s=1.0, wall_s=10.0)),
    "long ones": ({"time_limit": "20 s"}, LimitsOverride(cpu_s=20.0, wall_s=20.0)),
    "none": ({"time_limit": None, "memory_limit": 0}, LimitsOverride()),
}


@pytest.mark.parametrize(("limits", "override"), LIMITS.values(), ids=LIMITS)
def test_limits_of_rows_hold(limits: dict[str, Any], override: LimitsOverride) -> None:
    truth = read_ground_truth({"inputs": ["1"], "outputs": ["1"], **limits})
    assert isinstance(truth, StdinTruth)
    assert truth.limits == override


def test_languages_of_rows_hold() -> None:
    truth = read_ground_truth({"inputs": ["1"], "outputs": ["1"], "language": "C++"})
    assert isinstance(truth, StdinTruth)
    assert truth.language == "cpp"


REFUSED: dict[str, tuple[Any, str]] = {
    "a field about judging": (
        {"inputs": ["1"], "outputs": ["1"], "judge_mode": "any"},
        "judge_mode",
    ),
    "a checker in Java": (
        {
            "kind": "stdin",
            "cases": CASES,
            "checker": {"kind": "program", "language": "java", "source": "class A {}"},
        },
        "must be in python or cpp",
    ),
    "a special judge in Go": (
        {"test_cases": CASES, "special_judge_program": "...", "special_judge_language": "go"},
        "must be in python or cpp",
    ),
    "a checker of calls": (
        {"test_cases": [{"input": [1], "output": 1, "fn_name": "f"}], "checker": "..."},
        "for programs that read and print",
    ),
    "a case with two outputs": ([{"input": "1", "output": "1", "expected": "2"}], "both `output`"),
    "outputs any of which is right": (
        {"hidden_unit_tests": [{"input": "1", "output": ["1", "2"]}]},
        "several outputs",
    ),
    "interaction": ({"test_cases": CASES, "interaction_format": "..."}, "needs an interactor"),
    "a mode of input that is none": (
        {"official_tests": CASES, "input_mode": "socket"},
        "`input_mode` must be",
    ),
    "a file in another folder": (
        {"test_cases": CASES, "input_file": "../input.txt"},
        "`input_file` must be the name of a file",
    ),
    "a language that is not here": (
        {"inputs": ["1"], "outputs": ["1"], "language": "cobol"},
        "`language` must be one of",
    ),
    "an unknown field of a case": ([{"input": "1", "output": "1", "points": 5}], "`points`"),
    "cases of two functions": (
        [{"input": [1], "output": 1, "fn_name": name} for name in ("f", "g")],
        "the same, for every case",
    ),
    "calls of nothing": ([{"input": [1], "output": 1, "type": "function_call"}], "no `fn_name`"),
    "no output at all": ({"inputs": ["1", "2"], "outputs": ["", "\n"]}, "expects no output"),
    "a fixture from elsewhere": (
        {"test": "def test_f(database):\n    assert f(1) == database"},
        "needs the fixture `database`",
    ),
    "files of a test": (
        {"test": {"code": "assert f(1)", "asset": {"../a.txt": "YQ=="}}, "labels": {}},
        "is no file that its test may need",
    ),
    "files of a test in another language": (
        {
            "test": {"code": "assert(f(1))", "asset": {"a.txt": "YQ=="}},
            "labels": {"execution_language": "php"},
        },
        "which only Python finds here",
    ),
    "a time that is none": (
        {"inputs": ["1"], "outputs": ["1"], "time_limit": "soon"},
        "time_limit",
    ),
}


@pytest.mark.parametrize(("raw", "part"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_judged_otherwise_is_refused(raw: Any, part: str) -> None:
    with pytest.raises(GroundTruthError, match=re.escape(part)):
        read_ground_truth(raw)


def test_what_says_nothing_of_judging_is_passed_over() -> None:
    statement = {"difficulty": "easy", "url": "/1", "tags": ["a"], "input_format": "A number."}
    names = {"contest_id": 1, "contestDate": "2024", "latest": True}
    row = {"inputs": ["1"], "outputs": ["1"], **statement, **names}
    assert read_ground_truth(row) == read_ground_truth({"inputs": ["1"], "outputs": ["1"]})


def page() -> str:
    path = Path(__file__).parents[3] / "docs" / "ground-truths.md"
    return path.read_text(encoding="utf-8")


def test_every_shape_has_an_example_on_its_page() -> None:
    table = page().partition("\n## Shapes\n")[2].partition("\n## ")[0]
    examples = [line.split(" | ")[-1].strip("`| ") for line in table.splitlines() if "` |" in line]
    rows = [row for row in map(json.loads, examples) if isinstance(row, dict)]
    shown = {shape.name for row in rows if (shape := shape_of(row))}
    assert shown == {shape.name for shape in SHAPES} - {"IOI"}  # which has no usable example


def test_every_field_that_is_passed_over_is_on_its_page() -> None:
    table = page().partition("\n## Fields that are passed over\n")[2].partition("\n## ")[0]
    documented = {
        name: set(re.findall(r"`(\w+)`", cells))
        for name, cells in re.findall(r"^\| (.+?) \| (.+?) \|", table, re.MULTILINE)
    }
    for shape in SHAPES:
        if shape is not NATIVE and shape.over:
            assert documented.get(shape.name) == set(shape.over), shape.name


def test_rows_of_the_corpora(shared_data: Any) -> None:
    """What an RL service must judge is read as it stands."""
    unread = []
    lines = gzip.decompress(shared_data("code/corpora.jsonl.gz").read_bytes()).splitlines()
    for row in map(json.loads, lines):
        if row["tier"] == 1:
            try:
                assert kind_of(row["ground_truth"]) is Kind.CODE
                read_ground_truth(row["ground_truth"])
            except GroundTruthError as error:
                unread.append((row["id"], str(error)))
    assert not unread
