"""The exit that a script ends with is told from one on the way there."""

import subprocess
import sys

import pytest

from verifier.programs.own_end import with_own_code

HARNESS = "import sys\nif {}:\n    print('é'); sys.exit(-1)\nelse:\n    sys.exit(0)\n"


def ended(source: str) -> int:
    return subprocess.run([sys.executable, "-c", source], check=False).returncode


@pytest.mark.parametrize("source", [HARNESS.format("False"), "import sys; sys.exit(0)", "exit(0)"])
def test_a_script_that_comes_to_its_end_has_our_code(source: str) -> None:
    found = with_own_code(source)
    assert found is not None
    assert ended(found[0]) == found[1] != 0


def test_other_ends_stay_as_they_are() -> None:
    for end in ("import os; os._exit(0)\n", "raise SystemExit(0)\n"):
        found = with_own_code(end + HARNESS.format("False"))
        assert found is not None
        assert ended(found[0]) == 0
    failing = with_own_code(HARNESS.format("True"))
    assert failing is not None
    assert ended(failing[0]) == 255


@pytest.mark.parametrize(
    "source",
    [
        "print(1)",
        "",
        "import sys\nif x:\n    sys.exit(0)\n",
        "sys.exit(1)",
        "f(",
        "try:\n    sys.exit(0)\nexcept SystemExit:\n    pass",
        "(" * 10_000,
    ],
)
def test_sources_with_another_end_are_not_changed(source: str) -> None:
    assert with_own_code(source) is None
