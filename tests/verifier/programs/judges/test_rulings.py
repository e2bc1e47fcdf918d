"""What a judging program says is read as its style has it, and what says nothing is no ruling."""

import pytest

from sandbox import RunResult, Status
from verifier.model import JudgingStyle
from verifier.programs.judges.python_driver import BROKE
from verifier.programs.judges.rulings import RIGHT, WRONG, BrokenJudge, Ruling, read_ruling


def ended(code: int | None, stdout: bytes = b"", stderr: bytes = b"") -> RunResult:
    status = Status.OK if code == 0 else Status.NONZERO_EXIT
    return RunResult(status, stdout, stderr, 0.0, 0, exit_code=code)


@pytest.mark.parametrize(
    ("result", "style", "ruling"),
    [
        (ended(0), "testlib", RIGHT),
        (ended(1), "testlib", WRONG),
        (ended(8), "testlib", WRONG),
        (ended(66), "testlib", Ruling(0.5, has_points=True)),
        (ended(7, stderr=b"log\npoints 0.25 well"), "testlib", Ruling(0.25, has_points=True)),
        (ended(7, stderr=b"points 40"), "testlib", Ruling(0.4, has_points=True)),
        (ended(0, b"log\n{\"value\": true}\n"), "check", RIGHT),
        (ended(0, b"{\"value\": null}"), "check", WRONG),
        (ended(0, b"{\"value\": 0.5}"), "check", Ruling(0.5, has_points=True)),
        (ended(0, b"{\"value\": 7}"), "check", RIGHT),
        (ended(0), "files", RIGHT),
        (ended(1), "files", WRONG),
        (ended(BROKE, stderr=b"ValueError: invalid literal"), "check", WRONG),
    ],
)  # fmt: skip
def test_rulings(result: RunResult, style: JudgingStyle, ruling: Ruling) -> None:
    assert read_ruling(result, style) == ruling


@pytest.mark.parametrize(
    ("result", "style", "sentence"),
    [
        (ended(3, stderr=b"no answer file"), "testlib", r"it failed \(no answer file\)"),
        (ended(5), "testlib", "it ended with the exit code 5"),
        (ended(0, b"7"), "check", "before it returned"),
        (ended(0, b"{\"value\": NaN}"), "check", "neither true, false nor a number"),
        (ended(0, b"{\"value\": \"yes\"}"), "check", "neither true, false nor a number"),
        (ended(BROKE, stderr=b"NameError: x"), "check", "it raised NameError"),
        (ended(None), "testlib", "it ended with"),
    ],
)  # fmt: skip
def test_a_program_that_cannot_tell_gives_no_ruling(
    result: RunResult, style: JudgingStyle, sentence: str
) -> None:
    with pytest.raises(BrokenJudge, match=sentence):
        read_ruling(result, style)
