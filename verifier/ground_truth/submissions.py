"""Makes native ground truths of what ScaleBox and SandboxFusion are sent: `provided_data` and more.

ScaleBox's test cases are columns or a list, of standard input, calls or assertions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row

CALL_SETUP = "from typing import *\nimport collections, heapq, itertools, math, re, string\n"
"""What LeetCode's starter code takes for granted."""
_CALL = re.compile(r"f\((.*)\)", re.DOTALL)
_JUDGES = ("python", "cpp")
"""What special judges are written in."""
_NO_CODE = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/|\"\"\".*?\"\"\"|'''.*?''')*+", re.DOTALL)
"""Blank lines and comments, of Python and of Java: what is one there begins no line here."""


def evaluated(provided: Row, language: str, extra: Row) -> dict[str, Any]:
    """The ground truth, as JSON, of a request to ScaleBox's `/common_evaluate_batch`, or of one to
    `/common_evaluate`, whose cases are a list. Raises GroundTruthError."""
    cases = provided.get("test_cases")
    if cases is None:
        return _of_stdin(_of_list(provided), language, extra)
    if isinstance(cases, Mapping):
        if cases.get("type") == "assert":
            return _of_assertions(cases, language)
        columns = cases
    else:
        columns = _columns(fields.required_list(provided, "test_cases"))
    is_call = columns.get("type") == "function_call" or bool(columns.get("fn_name"))
    return (_of_calls if is_call else _of_stdin)(columns, language, extra)


def predicted(completion: str, row: Row, mode: str) -> tuple[str, dict[str, Any]]:
    """The program that a prediction of CruxEval's comes to, and its ground truth.

    `mode` is what is predicted of the row's function, its `input` or its `output`: between answer
    tags as an assertion, or alone. It is read as a value, never run: what would compute it is none.
    Raises GroundTruthError."""
    code, given, output = (fields.required_text(row, key) for key in ("code", "input", "output"))
    said = completion.partition("# done")[0].partition("[/ANSWER]")[0].rpartition("[ANSWER]")[2]
    called, _, value = said.strip().removeprefix("assert").rpartition("==")
    if mode == "output":
        program = f"def f(*_):\n    import ast\n    return ast.literal_eval({value.strip()!r})"
        return _fenced(program), _asserted("f", f"f({given}) == {output}")
    found = _CALL.fullmatch((called or value).strip())
    arguments = f"({found[1] if found else called or value},)"
    call = f"f(*ast.literal_eval({arguments!r}))"
    program = f"{code}\n\ndef _called():\n    import ast\n    return {call}"
    return _fenced(program), _asserted("_called", f"_called() == {output}")


def continued(completion: str, row: Row) -> tuple[str, dict[str, Any]]:
    """The program that says the first line of a completion that is no comment, word by word, and
    its ground truth: they are those of RepoBench's `next_line`. Raises GroundTruthError."""
    expected = fields.required_text(row, "next_line").split()
    comments = _NO_CODE.match(completion)
    line = completion[comments.end() if comments else 0 :].partition("\n")[0]
    program = f"def line():\n    return {line.split()!r}"
    return _fenced(program), _asserted("line", f"line() == {expected!r}")


def _fenced(program: str) -> str:
    return f"```python\n{program}\n```"


def _asserted(entry_point: str, claim: str) -> dict[str, Any]:
    return {"kind": "assert", "entry_point": entry_point, "test": f"assert {claim}\n"}


def _columns(rows: Sequence[Any]) -> dict[str, Any]:
    cases = [fields.required_object(row, "Each test case") for row in rows]
    names = {name for case in cases if (name := case.get("fn_name"))}
    if len(names) > 1:
        raise fields.fail("`fn_name` must be the same for every case.")
    return {
        "type": next((case["type"] for case in cases if case.get("type")), None),
        "fn_name": names.pop() if names else None,
        "input": [case.get("input") for case in cases],
        "output": [case.get("output") for case in cases],
    }


def _of_list(provided: Row) -> dict[str, Any]:
    """`{"test": [{"input": {"stdin"}, "output": {"stdout"}}]}`."""
    cases = [
        fields.required_object(case, "Each of `test`")
        for case in fields.required_list(provided, "test")
    ]
    ends = {"input": "stdin", "output": "stdout"}
    return {
        key: [fields.required_object(case.get(key), f"`{key}`").get(name) for case in cases]
        for key, name in ends.items()
    }


def _pairs(columns: Row) -> list[tuple[Any, Any]]:
    inputs, outputs = (fields.required_list(columns, key) for key in ("input", "output"))
    if len(inputs) != len(outputs):
        raise fields.fail("`input` and `output` must have equally many entries.")
    return list(zip(inputs, outputs, strict=True))


def _cases_to_run(extra: Row) -> dict[str, Any]:
    return {"run_cases": "all"} if extra.get("run_all_cases") else {}


def _of_stdin(columns: Row, language: str, extra: Row) -> dict[str, Any]:
    cases = [
        {"input": fields.optional_text({"input": given}, "input"), "output": expected}
        for given, expected in _pairs(columns)
    ]
    truth = {"kind": "stdin", "cases": cases, "language": language, **_cases_to_run(extra)}
    judge = extra.get("special_judge_program")
    if judge is None:
        return {**truth, "checker": "numbers"}
    named = extra.get("special_judge_language") or "python"
    language_of_judge = fields.language({"language": named})
    if language_of_judge not in _JUDGES:
        raise fields.fail("`special_judge_program` must be in Python or C++.")
    source = fields.required_text(extra, "special_judge_program")
    told = {"style": "files", "language": language_of_judge, "source": source}
    return {**truth, "checker": {"kind": "program", **told}}


def _of_calls(columns: Row, language: str, extra: Row) -> dict[str, Any]:
    from_json = columns.get("json_input") is True
    cases = [_call(given, expected, from_json=from_json) for given, expected in _pairs(columns)]
    return {
        "kind": "call",
        "entry_point": columns.get("fn_name"),
        "cases": cases,
        "language": language,
        **({"setup": CALL_SETUP} if language == "python" else {}),
        **_cases_to_run(extra),
    }


def _call(given: Any, expected: Any, *, from_json: bool) -> dict[str, Any]:
    """Arguments are a list and the value is the one member of another; `from_json`: both are texts
    of JSON, with an argument on each line."""
    if from_json and isinstance(given, str):
        try:
            arguments = [json.loads(line) for line in given.split("\n")]
            return {"args": arguments, "expected": json.loads(expected)}
        except (TypeError, ValueError):
            raise fields.fail("with `json_input` each line of `input` must be JSON.") from None
    is_wrapped = isinstance(expected, list) and len(expected) == 1
    arguments = given if isinstance(given, list) else [given]
    return {"args": arguments, "expected": expected[0] if is_wrapped else expected}


def _of_assertions(cases: Row, language: str) -> dict[str, Any]:
    test = cases.get("tests") if cases.get("test") is None else cases["test"]
    truth = {"kind": "assert", "test": test, "language": language}
    return {**truth, "entry_point": cases["entry_point"]} if cases.get("entry_point") else truth
