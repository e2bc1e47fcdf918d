"""A limit decides on a run's status before its signal, and a signal before its exit code."""

import pytest

from sandbox.model import Status
from sandbox.runs.ending import Ending, message_for

ENDED = {"cpu_s": 0.1, "slept_s": 0.0, "peak_memory_bytes": 1}


@pytest.mark.parametrize(
    ("exit_code", "signal", "limit", "status"),
    [
        (0, None, None, Status.OK),
        (3, None, None, Status.NONZERO_EXIT),
        (None, 11, None, Status.SIGNALLED),
        (None, 9, "time", Status.TIME_LIMIT),
        (None, 9, "asleep", Status.TIME_LIMIT),
        (None, 9, "memory", Status.MEMORY_LIMIT),
        (None, 9, "killed", Status.SIGNALLED),
        (0, None, "memory", Status.MEMORY_LIMIT),
    ],
)
def test_status(
    exit_code: int | None, signal: int | None, limit: str | None, status: Status
) -> None:
    told = {"exit_code": exit_code, "signal": signal, "limit": limit, "more": 1, **ENDED}
    assert Ending.read(told).status is status


def test_a_message_is_the_programs_last_line_or_names_the_limit() -> None:
    trace = b"Traceback:\n  line 1\nValueError: \xff no\n\n"
    assert message_for(Status.NONZERO_EXIT, trace) == "ValueError: \N{REPLACEMENT CHARACTER} no"
    assert message_for(Status.NONZERO_EXIT) == ""
    assert "CPU time" in message_for(Status.TIME_LIMIT, trace)
    assert message_for(Status.OK, trace) == ""
