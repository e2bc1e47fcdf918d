"""A command imports its own module and no other's."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from api.cli import app

LOADED = """
import sys
from api.cli import app
app(["drain", "--help"], standalone_mode=False)
print(*sorted(name for name in sys.modules if name.startswith("api.")), file=sys.stderr)
"""


def test_a_command_does_not_wait_for_what_others_import() -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = ran.stderr.split()
    assert "api.cli.drain" in loaded
    assert not {"api.app", "api.cli.serve", "api.cli.score"} & set(loaded)


@pytest.mark.parametrize("arguments", [["wroker"], ["sandbox", "biuld"]])
def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(arguments: list[str]) -> None:
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 2
    assert f"Did you mean {'worker' if len(arguments) == 1 else 'build'!r}?" in ended.output
