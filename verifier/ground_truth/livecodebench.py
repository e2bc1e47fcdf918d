"""Reads LiveCodeBench's test cases, the compressed private ones included, without unpickling."""

from __future__ import annotations

import re
from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.ground_truth.leetcode import LEETCODE_IMPORTS
from verifier.ground_truth.pairs import functional_case, stdin_truth
from verifier.ground_truth.plain_pickles import read_plain, unpacked
from verifier.model import CallTruth, GroundTruth, StdinCase

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""The largest suites unpack to some 300 MB; a bomb to anything."""

_METHOD = re.compile(r"^\s+def\s+(\w+)\s*\(\s*self\b", re.MULTILINE)


def read_livecodebench(row: Row) -> GroundTruth:
    """The suite of a row with `public_test_cases` and/or `private_test_cases`."""
    cases = [
        fields.required_object(case, "Each test case")
        for key in ("public_test_cases", "private_test_cases")
        for case in _unpack(row.get(key), key)
    ]
    if not cases:
        raise fields.fail("it holds no test cases.")
    kinds = {str(case.get("testtype") or "stdin") for case in cases}
    if kinds == {"stdin"}:
        return stdin_truth(
            StdinCase(fields.required_text(c, "input"), fields.required_text(c, "output"))
            for c in cases
        )
    if kinds == {"functional"}:
        texts = (fields.required_text(case, key) for case in cases for key in ("input", "output"))
        fields.refuse_too_many(texts, "what the test cases hold")
        return CallTruth(
            entry_point=f"Solution().{_method_name(row)}",
            cases=tuple(
                functional_case(fields.required_text(c, "input"), fields.required_text(c, "output"))
                for c in cases
            ),
            setup=LEETCODE_IMPORTS,
            json_shaped=True,
        )
    raise fields.fail("`testtype` must be `stdin` or `functional`, the same for every case.")


def _method_name(row: Row) -> str:
    metadata = row.get("metadata") or {}
    if isinstance(metadata, str):
        metadata = fields.parse_json(metadata, "`metadata`")
    metadata = fields.required_object(metadata, "`metadata`")
    if metadata.get("func_name"):
        return fields.entry_point(metadata, "func_name")
    found = _METHOD.search(fields.optional_text(row, "starter_code"))
    if not found:
        raise fields.fail("`metadata.func_name` is missing, and no `starter_code` tells it.")
    return found[1]


def _unpack(raw: Any, key: str) -> list[Any]:
    if raw is None or raw == "":
        return []
    if isinstance(raw, str):
        text = raw if raw.lstrip().startswith("[") else _decompress(raw, key)
        raw = fields.parse_json(text, f"`{key}`")
    if not isinstance(raw, list):
        raise fields.fail(f"`{key}` must be a list of test cases, or one compressed.")
    return raw


def _decompress(text: str, key: str) -> str:
    """base64(zlib(pickle(str))), read so that nothing in it can run or swell."""
    try:
        held = read_plain(unpacked(text, MAX_UNPACKED_BYTES))
        if not isinstance(held, str):
            raise ValueError("the pickle holds more than a string")  # noqa: TRY004
    except ValueError as error:
        raise fields.fail(f"`{key}` is neither JSON nor compressed test cases ({error}).") from None
    return held
