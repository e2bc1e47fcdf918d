"""A client's own way to find a program, run in a jail with the completion as its input."""

import inspect
import json

import pytest

from sandbox import Program, Status
from sandbox.pool import JailPool
from tests.verifier.conftest import LIMITS
from verifier.programs import extraction_logic

LOGIC = """
before, _, behind = completion.partition("*/")
submit_code_blocks([CodeBlock(priority=1, code="no"), CodeBlock(2, behind, language="cpp")])
submit_code_blocks([CodeBlock(priority=0, code=before)])
print("said on the way")
"""


@pytest.mark.parametrize(
    ("logic", "found"),
    [(LOGIC, "\nint x = 'é';"), ("submit_code_blocks([])", None), ("completion[0", ValueError)],
)
def test_the_block_of_the_highest_priority_is_the_program(
    pool: JailPool, logic: str, found: str | type[Exception] | None
) -> None:
    source = f"{inspect.getsource(extraction_logic)}\nfind({logic!r})\n"
    with pool.jail() as jail, jail.load(Program(source), LIMITS) as script:
        result = script.run("why */\nint x = 'é';".encode())
    if found is ValueError:
        assert result.status is Status.NONZERO_EXIT
        assert b"custom_extract_logic" in result.stderr
    else:
        assert json.loads(result.stdout.rpartition(b"\n\n")[2]) == found
