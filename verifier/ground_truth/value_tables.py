"""Reads calls with values: CodeIO's `ios`, CruxEval's one call, EvalPlus' inputs and reference."""

from __future__ import annotations

from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.ground_truth.suites import suite
from verifier.model import AssertTruth, CallCase, CallTruth, Checker

_COMPARE_TO_REFERENCE = """
def _reference():
    names = {{}}
    exec({source!r}, names)
    return names[{name!r}]


def _outputs(inputs):
    import copy
    reference = _reference()
    return [reference(*copy.deepcopy(given)) for given in inputs]


def _is_close(one, other, tolerance):
    if isinstance(one, float) or isinstance(other, float):
        if isinstance(one, (int, float)) and isinstance(other, (int, float)):
            return one == other or abs(one - other) <= tolerance + 1e-7 * abs(other)
        return False
    if isinstance(one, (list, tuple)) and type(one) is type(other):
        pairs = zip(one, other)
        return len(one) == len(other) and all(_is_close(a, b, tolerance) for a, b in pairs)
    return one == other


def check(candidate):
    inputs = {inputs!r}
    for given, expected in zip(inputs, _outputs(inputs)):
        assert _is_close(candidate(*given), expected, {tolerance!r})
"""
"""Floats within EvalPlus' tolerance, which is a millionth where the row says none."""


def read_codeio(row: Row) -> CallTruth:
    """CodeIO: `{"funcname", "ios": [{"input": {...}, "output": ...}]}`, arguments by name."""
    return CallTruth(
        entry_point=fields.entry_point(row, "funcname"),
        cases=tuple(_case(pair) for pair in fields.required_list(row, "ios")),
        checker=Checker("numbers"),
        json_shaped=True,
    )


def _case(raw: Any) -> CallCase:
    pair = fields.required_object(raw, "Each of `ios`")
    given = fields.required_object(pair.get("input"), "`input`")
    if "output" not in pair:
        raise fields.fail("one of `ios` has no `output`.")
    return CallCase(pair["output"], (), dict(given))


def read_cruxeval(row: Row) -> AssertTruth:
    """CruxEval: `{"code", "input", "output"}`, one call of `f` as Python source."""
    given, expected = fields.required_text(row, "input"), fields.required_text(row, "output")
    return suite("f", f"assert f({given}) == {expected}\n")


def read_evalplus(row: Row) -> AssertTruth:
    """EvalPlus' own: `{"entry_point", "base_input", "plus_input", "canonical_solution", "atol"}`.

    The reference runs beside the tests, before the candidate is first called."""
    entry_point = fields.entry_point(row)
    prompt = fields.required_text(row, "prompt") if row.get("prompt") else ""
    solution = fields.required_text(row, "canonical_solution")
    inputs = [
        list(given)
        for key in ("base_input", "plus_input")
        for given in (fields.required_list(row, key) if row.get(key) else [])
        if isinstance(given, list | tuple)
    ]
    if not inputs:
        raise fields.fail("it holds no inputs.")
    test = _COMPARE_TO_REFERENCE.format(
        source=f"{prompt}\n{solution}"
        if prompt.lstrip().startswith(("def", "from", "import"))
        else solution,
        name=entry_point,
        inputs=inputs,
        tolerance=row.get("atol") or 1e-6,
    )
    return suite(entry_point, test)
