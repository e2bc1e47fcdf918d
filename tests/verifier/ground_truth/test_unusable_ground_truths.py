"""What cannot be used is told in a sentence: never an exception of another kind, never a reward."""

import base64
import contextlib
import json
import pickle
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import GroundTruthError
from verifier.ground_truth import kind_of, read_ground_truth
from verifier.ground_truth.modules_of_tests import CODE
from verifier.model import Kind, MathTruth

CALL = {"kind": "call", "entry_point": "f", "cases": [{"args": [1], "expected": 1}]}
STDIN = {"kind": "stdin", "cases": [{"input": "1", "output": "1"}]}
ASSERT = {"kind": "assert", "entry_point": "f", "test": "assert f(1) == 1"}
DEEP = "[" * 100_000 + "]" * 100_000


def packed(content: bytes) -> dict[str, str]:
    return {"private_test_cases": base64.b64encode(zlib.compress(content)).decode()}


class Exploit:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was executed",))


UNUSABLE: dict[str, tuple[object, str]] = {
    "nothing": (None, "an answer must be a string or a number"),
    "an empty text": ("", "empty"),
    "blank": (" \n", "empty"),
    "an empty list": ([], "the list of answers is empty"),
    "true": (True, "true or false"),
    "a list with an object": ([{"a": 1}], "unknown field `a`"),
    "text of a list with an object": ('[{"a": 1}]', "unknown field `a`"),
    "not a number": (float("nan"), "finite"),
    "infinite": (float("inf"), "finite"),
    "an answer of too many digits": (10**5000, "out of range"),
    "an empty object": ({}, "no known shape"),
    "unknown fields": ({"foo": 1, "bar": 2}, "`foo`, `bar`"),
    "an unknown kind": ({"kind": "sql"}, "`kind` must be one of math, stdin, call, assert"),
    "a kind that is no text": ({"kind": ["math"]}, "`kind` must be one of"),
    "math without answers": ({"kind": "math"}, "`answers` must be a list"),
    "math with no answer": ({"kind": "math", "answers": []}, "`answers` is empty"),
    "math with an empty answer": ({"kind": "math", "answers": [" "]}, "empty"),
    "a misspelt field": ({**STDIN, "limit": {}}, "unknown field `limit`"),
    "a misspelt field of a case": (
        {"kind": "stdin", "cases": [{"in": "", "output": ""}]},
        "unknown field `in`",
    ),
    "stdin without cases": ({"kind": "stdin", "cases": []}, "`cases` is empty"),
    "stdin with cases as an object": ({"kind": "stdin", "cases": {}}, "must be a list"),
    "a case without output": ({"kind": "stdin", "cases": [{"input": "1"}]}, "`output` must be"),
    "a case that is a list": ({"kind": "stdin", "cases": [["1", "1"]]}, "must be an object"),
    "an unknown checker": ({**STDIN, "checker": "fuzzy"}, "`checker` must be one of"),
    "a checker that is no text": ({**STDIN, "checker": ["exact"]}, "`checker` must be one of"),
    "a tolerance without float": (
        {**STDIN, "checker": "exact", "tolerance": 1},
        "numbers, case_insensitive, float only",
    ),
    "a number of cases that is none": ({**STDIN, "run_cases": 0}, "`run_cases` must be"),
    "cases of assertions": ({**ASSERT, "run_cases": "all"}, "unknown field `run_cases`"),
    "a process per call of no truth": (
        {**CALL, "limits": {"process_per_call": 1}},
        "`limits.process_per_call` must be true or false",
    ),
    "a tolerance of nothing": ({**STDIN, "tolerance": 0}, "positive number"),
    "an unknown language": ({**STDIN, "language": "cobol"}, "`language` must be one of"),
    "a language that is no text": ({**STDIN, "language": ["c"]}, "`language` must be one of"),
    "calls of a language that is none": ({**CALL, "language": "sql"}, "`language` must be one of"),
    "an unknown limit": ({**STDIN, "limits": {"cpu": 1}}, "unknown field `cpu`"),
    "a negative limit": ({**STDIN, "limits": {"cpu_s": -1}}, "positive number"),
    "a limit that is true": ({**STDIN, "limits": {"cpu_s": True}}, "positive number"),
    "a huge limit": ({**STDIN, "limits": {"memory_mb": 10**400}}, "positive number"),
    "a limit over the cap": ({**STDIN, "limits": {"cpu_s": 1e6}}, "at most 600"),
    "memory of no byte": ({**STDIN, "limits": {"memory_mb": 1e-300}}, "at least 1"),
    "time that is none": ({**STDIN, "limits": {"cpu_s": 1e-9}}, "at least 0.001"),
    "output of no byte": ({**STDIN, "limits": {"output_kb": 1e-5}}, "at least 0.001"),
    "limits as a list": ({**STDIN, "limits": []}, "`limits` must be an object"),
    "call without an entry point": (
        {"kind": "call", "cases": [{"expected": 1}]},
        "`entry_point` must be a string",
    ),
    "an entry point that is code": ({**CALL, "entry_point": "f(); g"}, "must be a name"),
    "an entry point that is a keyword": ({**CALL, "entry_point": "class"}, "must be a name"),
    "a method of no name": ({**CALL, "entry_point": "Solution()."}, "must be a name"),
    "a case without an expected value": (
        {"kind": "call", "entry_point": "f", "cases": [{"args": [1]}]},
        "no `expected` value",
    ),
    "arguments that are no list": (
        {"kind": "call", "entry_point": "f", "cases": [{"args": "ab", "expected": 1}]},
        "`args` must be a list",
    ),
    "assertions with a checker": ({**ASSERT, "checker": "tokens"}, "no meaning for assertions"),
    "a suite that is no Python": ({**ASSERT, "test": "assert f(1) =="}, "is not Python"),
    "a suite with a null byte": ({**ASSERT, "test": "assert f(1) == 1\0"}, "is not Python"),
    "a suite nested too deeply": ({**ASSERT, "test": "x = " + "(" * 5000 + ")" * 5000}, "Python"),
    "a set-up that is no Python": ({**ASSERT, "setup": "Write a function."}, "set-up code"),
    "a suite without an assertion": ({**ASSERT, "test": "f(1)"}, "no assertion"),
    "a suite that asserts the obvious": ({**ASSERT, "test": "assert True"}, "no assertion"),
    "an empty suite": ({**ASSERT, "test": ""}, "no assertion"),
    "a lone surrogate in a suite": ({**ASSERT, "test": "assert f('\ud800')"}, "lone surrogate"),
    "a lone surrogate in an input": (
        {"kind": "stdin", "cases": [{"input": "\ud800", "output": ""}]},
        "lone surrogate",
    ),
    "a lone surrogate in an answer": ("\udfff", "lone surrogate"),
    "no assertions at all": ({"assert_case": []}, "`assert_case` is empty"),
    "assertions that are no texts": ({"test_list": [1, 2]}, "strings only"),
    "assertions that call different things": (
        {"test_list": ["assert f(1) == 1", "assert g(1) == 1"]},
        "no function is called by every one",
    ),
    "assertions that call nothing": (
        {"test_list": ["assert 1 == 1"]},
        "no function is called by every one",
    ),
    "assertions that share no call": (
        {"test_list": ["assert f(1) == 1", "assert g(1) == 1"]},
        "no function is called by every one",
    ),
    "assertions that are no Python": ({"test_list": ["assert f(1 = 1"]}, "is not Python"),
    "pairs of different lengths": ({"inputs": ["1"], "outputs": ["1", "2"]}, "1 `inputs` but 2"),
    "no pairs": ({"inputs": [], "outputs": []}, "`inputs` is empty"),
    "an input that is an object": ({"inputs": [{}], "outputs": ["1"]}, "must be a string"),
    "an output that is null": ({"inputs": ["1"], "outputs": [None]}, "must be a string"),
    "arguments without a list": (
        {"fn_name": "f", "inputs": [1], "outputs": [1]},
        "must be a list of arguments",
    ),
    "arguments that are no JSON": (
        {"fn_name": "f", "inputs": ["abc"], "outputs": ["1"]},
        "an argument is neither JSON nor",
    ),
    "a function name that is no name": (
        {"fn_name": "a b", "inputs": [[1]], "outputs": [1]},
        "`fn_name` must be a name",
    ),
    "packed pairs that are no JSON": ({"input_output": "{"}, "`input_output` is not JSON"),
    "packed pairs that are a list": ({"input_output": "[]"}, "`input_output` must be an object"),
    "packed pairs without inputs": ({"input_output": {"outputs": ["1"]}}, "`inputs` must be"),
    "packed pairs nested too deeply": ({"input_output": DEEP}, "`input_output` is not JSON"),
    "no private cases": ({"private_test_cases": ""}, "holds no test cases"),
    "private cases that are no base64": ({"private_test_cases": "%%%"}, "neither JSON nor"),
    "private cases that are not compressed": ({"private_test_cases": "aGVsbG8="}, "neither JSON"),
    "private cases that are cut off": (
        {"private_test_cases": packed(pickle.dumps("[]"))["private_test_cases"][:12]},
        "neither JSON nor",
    ),
    "a pickle that would run code": (packed(pickle.dumps(Exploit())), "more than plain data"),
    "a pickle of a list": (packed(pickle.dumps(["[]"])), "more than a string"),
    "a pickle of two strings": (packed(pickle.dumps(("[]", "[]"))), "more than a string"),
    "an empty pickle": (packed(b"."), "holds no value"),
    "cases of an unknown type": (
        {"public_test_cases": [{"input": "", "output": "", "testtype": "gui"}]},
        "`testtype` must be",
    ),
    "cases of two types": (
        {
            "public_test_cases": [
                {"input": "", "output": "", "testtype": "stdin"},
                {"input": "", "output": "", "testtype": "functional"},
            ]
        },
        "`testtype` must be",
    ),
    "a type of case that is a list": (
        {"public_test_cases": [{"input": "", "output": "", "testtype": ["stdin"]}]},
        "`testtype` must be",
    ),
    "functional cases without a name": (
        {"public_test_cases": [{"input": "1", "output": "1", "testtype": "functional"}]},
        "`metadata.func_name` is missing",
    ),
    "metadata that is no JSON": (
        {
            "public_test_cases": [{"input": "1", "output": "1", "testtype": "functional"}],
            "metadata": "func_name",
        },
        "`metadata` is not JSON",
    ),
    "text of an unknown object": ('{"foo": 1}', "no known shape"),
    "text of an object that is cut off": ('{"kind": "stdin", "cases": [', "begins like JSON"),
    "text of a Python dict that is cut off": ("{'inputs': ['1'], 'outp", "begins like a list"),
    "text of a list that is cut off": ('["1/2", ', "begins like JSON"),
    "text with an integer of too many digits": (
        f'{{"kind": "math", "answers": [{"9" * 5000}]}}',
        "out of range",
    ),
    "text nested too deeply": (f'{{"kind": {DEEP}}}', "nested too deeply"),
    "keys that are no texts": ({1: 2}, "must be an object"),
}


@pytest.mark.parametrize(("raw", "part"), UNUSABLE.values(), ids=UNUSABLE)
def test_the_sentence_says_what_is_wrong(raw: object, part: str) -> None:
    with pytest.raises(GroundTruthError) as error:
        read_ground_truth(raw)
    sentence = str(error.value)
    assert part in sentence
    assert sentence.startswith("The ground truth cannot be used: ")
    assert sentence.endswith(".")
    assert len(sentence) < 400


def test_nested_too_deeply_as_a_value() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(GroundTruthError):
        read_ground_truth(nested)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FIELDS = [
    *("kind", "answers", "cases", "input", "output", "args", "kwargs", "expected", "entry_point"),
    *("test", "setup", "limits", "cpu_s", "checker", "tolerance", "language", "import_prefix"),
    *("test_code", "inputs", "outputs", "fn_name", "assert_case", "input_output", "metadata"),
    *("public_test_cases", "private_test_cases", "func_name", "starter_code", "testtype"),
    *("test_list", "test_setup_code", "test_imports", "prompt", "question", "answer"),
]
WORDS = ["math", "stdin", "call", "assert", "f", "Solution().f", "float", "exact", "python", "1"]
texts = st.sampled_from([*WORDS, "assert f(1) == 2", "[]", "{}", '["1"]', "def check(c): pass"])


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6) | st.lists(inner, max_size=3)


shaped = st.recursive(texts | scalars, objects, max_leaves=20)


def read_or_refuse(raw: object) -> None:
    kind = kind_of(raw)
    with contextlib.suppress(GroundTruthError):
        found = read_ground_truth(raw)
        if kind is Kind.MATH or not isinstance(found, MathTruth):
            assert isinstance(found, MathTruth) == (kind is Kind.MATH)
        else:  # a word of Python's alone is no test; whoever has a sandbox judges answers too
            assert any(CODE.search(str(answer)) for answer in found.answers)


@given(json_values | shaped)
def test_any_json_value_is_read_or_refused(raw: object) -> None:
    read_or_refuse(raw)


@given(shaped)
def test_any_json_text_is_read_or_refused(raw: object) -> None:
    read_or_refuse(json.dumps(raw))


@given(st.text() | st.text(alphabet='{}[]":,\\0123456789 \ud800'))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refuse(text)


@given(st.binary(max_size=200), st.booleans())
def test_any_packed_bytes_are_read_or_refused(content: bytes, as_pickle: bool) -> None:
    read_or_refuse(packed(b"\x80\x04" + content if as_pickle else content))
