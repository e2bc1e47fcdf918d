"""Functions and suites in other languages, as far as they are texts; tests/languages runs them."""

from typing import Any

import pytest

from sandbox import LANGUAGES
from verifier.errors import GroundTruthError
from verifier.ground_truth import read_ground_truth
from verifier.model import AssertTruth, CallCase, CallTruth, StdinCase
from verifier.programs.drivers import LANGUAGES_OF_CALLS, as_stdin, value_printed
from verifier.programs.drivers.suites import _program, twins


def calls(language: str, *cases: CallCase) -> CallTruth:
    return CallTruth(entry_point="f", cases=cases, language=language)


@pytest.mark.parametrize("language", sorted(LANGUAGES_OF_CALLS))
def test_expected_values_never_stand_in_the_program(language: str) -> None:
    assert language in LANGUAGES
    truth = calls(language, CallCase(98765, (1,)), CallCase(43210, (2,)))
    stdin, program = as_stdin(truth, "THE PROGRAM")
    assert "THE PROGRAM" in program
    assert not {"98765", "43210", "CASES", "NAME", "SOURCE"} & set(
        program.replace("(", " ").split()
    )
    assert "98765" not in program
    assert [case.input for case in stdin.cases] == ["0\n", "1\n"]


def test_what_a_language_cannot_write_spoils_the_ground_truth_and_no_candidate() -> None:
    for language, value in (
        ("go", [1]),
        ("lua", {"a": 1}),
        ("java", {"a": 1}),
        ("php", float("inf")),
    ):
        with pytest.raises(GroundTruthError, match="are not written in this language"):
            as_stdin(calls(language, CallCase(1, (value,))), "")
    with pytest.raises(GroundTruthError, match="arguments by name"):
        as_stdin(calls("php", CallCase(1, (), {"a": 1})), "")


@pytest.mark.parametrize(
    ("expected", "output", "is_right"),
    [
        (3, b"3\n", True),
        (3, b"debugging\n3", True),
        (3, b"3\nbye", False),
        (3, b"", False),
        (0.1, b"0.1", True),
        (0.1, b"0.10000000000000001", True),
        (0.1, b"0.2", False),
        (True, b"true", True),
        (True, b"1", False),
        (1, b"true", False),
        ("a", b'"a"', True),
        ("a", b"a", True),
        ([1, [2]], b"[1, [2]]", True),
        ([1, 2], b"[1]", False),
        (None, b"null", True),
        (3, b"[" * 100_000, False),
        (3, b"\xff\xfe", False),
    ],
)
def test_the_last_line_is_the_value(expected: Any, output: bytes, is_right: bool) -> None:
    (case,) = as_stdin(calls("php", CallCase(expected, ())), "")[0].cases
    assert value_printed(case, output) is is_right


@pytest.mark.parametrize(
    ("test", "last"),
    [
        ("assert(f(1) == 2);\n", "assert(f(1) == 3);\n"),
        ("assert(f((2)) == (false));", "assert(f((2)) == (true));"),
        ("assert.deepEqual(f(1),2.5);", "assert.deepEqual(f(1),3.5);"),
        ('lu.assertEquals(f("a"), "b")', 'lu.assertEquals(f("a"), "~")'),
        ("if (f(1) !== 7) { throw new Exception('Test 1'); }", None),
        (
            "require('assert').ok(1);\nassert(f() == 2l)",
            "require('assert').ok(1);\nassert(f() == 3l)",
        ),
        ("if (all.contains(false)) {\n throw e;", "if (all.contains(true)) {\n throw e;"),
        ("(check-within (f 2) #f 0.001)", "(check-within (f 2) #f 1.001)"),
        ('    [[ $(candidate "2") = "10" ]]', '    [[ $(candidate "2") = "10x" ]]'),
    ],
)
def test_a_twin_has_another_literal_of_an_assertion(test: str, last: str | None) -> None:
    changed = next(twins(test))
    assert changed == (last or test.replace("7", "8"))


def test_nothing_but_assertions_is_changed() -> None:
    test = "const assert = require('node:assert');\nprocess.exit(3);\nthrow new Error('2');\n"
    assert list(twins(test)) == []
    assert list(twins("# before 1 == 2\n# <INSERT>\nassert f() == 5")) == [
        "# before 1 == 2\n# <INSERT>\nassert f() == 6"
    ]


CPP = {
    "prompt": "#include<assert.h>\nlong f(long n) {\n",
    "tests": "}\nint main() { assert(f(1) == 2); }\n",
}
ROW = {"name": "mbpp_1_f", "language": "cpp", "doctests": "", "stop_tokens": ["\n}"], **CPP}


@pytest.mark.parametrize("source", ["long f(long n) {\n  return n + 1;\n}\n", "  return n + 1;\n"])
def test_a_program_and_its_suite_close_the_same_braces(source: str) -> None:
    truth = read_ground_truth(ROW)
    assert isinstance(truth, AssertTruth)
    program = _program(truth, source, truth.test).source
    assert program.count("long f(long n)") == 1
    assert program.count("{") == program.count("}")
    assert "#include<assert.h>" in program


@pytest.mark.parametrize(
    ("row", "language"),
    [
        ({**ROW, "language": "go"}, "go_test"),
        ({**ROW, "language": "d"}, "d_ut"),
        ({"task_id": "CPP/1", "test": "t", "declaration": "d", "prompt": "p"}, "cpp"),
        ({"test": "#undef NDEBUG\nint main(){ assert(f() == 1); }", "declaration": "d"}, "cpp"),
        ({"test": "public static void main(String[] a) {}", "declaration": "d"}, "java"),
        ({"test": "console.assert(f() === 1)", "declaration": "d"}, "javascript"),
        ({"test": "func TestF(t *testing.T) { }", "declaration": "d"}, "go_test"),
        (
            {
                "task_id": "MBJP/1",
                "test": "t",
                "entry_point": "f",
                "language": "java",
                "prompt": "p",
            },
            "java",
        ),
        ({"test": {"code": "t"}, "labels": {"execution_language": "php"}}, "php"),
        ({"kind": "assert", "language": "ruby", "test": "t"}, "ruby"),
    ],
)
def test_rows_of_suites_in_other_languages(row: dict[str, Any], language: str) -> None:
    truth = read_ground_truth(row)
    assert isinstance(truth, AssertTruth)
    assert truth.language == language


def test_a_library_of_a_suite_that_no_image_has_is_said() -> None:
    """MBXP's suites in C# compare objects with one: nobody's program compiles with these."""
    test = "using System.Linq;\nusing KellermanSoftware.CompareNetObjects;\n"
    row = {"kind": "assert", "language": "csharp", "test": test}
    with pytest.raises(GroundTruthError, match="`KellermanSoftware`, which no sandbox here has"):
        read_ground_truth(row)
    own = {**row, "test": f"{test}namespace KellermanSoftware.CompareNetObjects {{}}"}
    assert isinstance(read_ground_truth(own), AssertTruth)


def test_a_language_without_a_toolchain_is_said() -> None:
    with pytest.raises(GroundTruthError, match="`language` must be one of"):
        read_ground_truth({**ROW, "language": "swift"})
    assert as_stdin(calls("php", CallCase(1, ())), "")[0].cases == (StdinCase("0\n", "1"),)


GO = {
    "task_id": "Go/5",
    "prompt": 'import "math"\n\nfunc F(n int) int {\n',
    "declaration": "func F(n int) int {\n",
    "test": "func TestF(t *testing.T) {\n    a := assert.New(t)\n    a.Equal(2, F(1)) }\n",
}
GO_WHOLE = (
    'package x\nimport (\n  "fmt"\n  "os"\n)\nfunc F(n int) int { fmt.Println(); return n }\n'
)


@pytest.mark.parametrize("source", ["  return int(math.Abs(2))\n}\n", GO_WHOLE])
def test_a_go_suite_is_one_package_with_the_imports_that_it_uses(source: str) -> None:
    truth = read_ground_truth(GO)
    assert isinstance(truth, AssertTruth)
    assert truth.language == "go_test"
    text = _program(truth, source, truth.test).source
    assert (text.count("package"), text.count("func F("), text.count("{")) == (1, 1, 2)
    imported = {line.split('"')[1] for line in text.splitlines() if line.startswith("import")}
    mine = "fmt" if "fmt" in source else "math"
    assert imported == {"testing", "github.com/stretchr/testify/assert", mine}


def test_what_needs_crates_is_no_ground_truth_here() -> None:
    with pytest.raises(GroundTruthError, match="crates rand, regex and md5"):
        read_ground_truth({**GO, "task_id": "Rust/5"})
