"""Files travel with a run, and what it leaves in their place is taken for nothing but files."""

import base64
import json
import os

import pytest

from sandbox.model import Program
from sandbox.runs.luggage import packed

ONE = base64.b64encode(b"one").decode()


def test_a_program_without_files_has_none() -> None:
    with packed(Program("pass")) as luggage:
        assert (luggage.descriptors, luggage.mode("script")) == ((), "script")
        assert luggage.fetched() == {}


def test_files_are_given_and_those_asked_for_are_fetched() -> None:
    program = Program("pass", files={"in": ONE}, fetch=("out", "missing"))
    with packed(program) as luggage:
        given, memory = luggage.descriptors
        assert json.loads(os.pread(given, 1000, 0)) == {
            "files": {"in": ONE},
            "fetch": ["out", "missing"],
        }
        os.pwrite(memory, json.dumps({"out": ONE, "unasked": ONE}).encode(), 0)
        assert luggage.mode("script") == "script with files"
        assert luggage.fetched() == {"out": ONE}


@pytest.mark.parametrize("left", [b"", b"[", b"[1]", b'{"out": 1}', b'{"out": "no base64!"}'])
def test_what_is_no_file_is_not_fetched(left: bytes) -> None:
    with packed(Program("pass", fetch=("out",))) as luggage:
        os.pwrite(luggage.descriptors[1], left, 0)
        assert luggage.fetched() == {}
