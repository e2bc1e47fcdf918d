"""A program that is run and not judged: what is said is what happened, never what it claims."""

import json

import pytest

from sandbox import JailFault, Status
from sandbox.pool import JailPool
from tests.verifier.conftest import LIMITS, SHORT
from verifier.dispatch.embedded.framing import MAX_ANSWER_BYTES
from verifier.model import NO_LIMITS, LimitsOverride, Outcome, Ran, Result, Run, Verdict
from verifier.programs.bare_run import run_program
from verifier.programs.judge import ProgramJudge
from verifier.wire import encode_result


def run(pool: JailPool, source: str, stdin: str = "", limits: LimitsOverride = NO_LIMITS) -> Result:
    judge = ProgramJudge(pool, pool, LIMITS)  # none of these sources ends in a test
    return run_program(
        pool, judge, Run(source=source, language="python", stdin=stdin, limits=limits)
    )


def ran(pool: JailPool, source: str, stdin: str = "", limits: LimitsOverride = NO_LIMITS) -> Ran:
    result = run(pool, source, stdin, limits)
    assert isinstance(result, Ran), result
    return result


def test_a_program_gets_its_input_and_its_outputs_come_back(pool: JailPool) -> None:
    found = ran(pool, "import sys\nprint(input()[::-1])\nprint('é', file=sys.stderr)", "abc\n")
    assert found == Ran(
        status=Status.OK, stdout="cba\n", stderr="é\n", cpu_s=found.cpu_s, exit_code=0
    )
    assert found.cpu_s > 0


@pytest.mark.parametrize(
    ("source", "status", "exit_code"),
    [
        ("print(1)\nraise SystemExit(3)", "nonzero_exit", 3),
        ("exec('import os; os._exit(0)')\nexit(0)", "nonzero_exit", 1),
        ("if 1:\n    exit(-1)\nelse:\n    exit(0)", "nonzero_exit", 255),
        ("1 +", "compile_error", 1),
        ("import os\nos.kill(os.getpid(), 11)", "signalled", None),
        ("while True: pass", "time_limit", None),
        ("import time\ntime.sleep(60)", "time_limit", None),
        ("x = bytearray(1 << 30)\nx[::4096] = b'1' * (1 << 18)", "memory_limit", 1),
        ("while True: print('x' * 9999)", "output_limit", None),
    ],
)
def test_how_it_ended_is_seen_from_outside(
    pool: JailPool, source: str, status: str, exit_code: int | None
) -> None:
    found = ran(pool, source, limits=SHORT if status == "time_limit" else NO_LIMITS)
    assert (found.status, found.exit_code) == (status, exit_code)


def test_a_script_that_comes_to_its_own_exit_ended_with_0(pool: JailPool) -> None:
    found = ran(pool, "if 1:\n    print('done')\n    exit(0)\nelse:\n    exit(-1)")
    assert (found.status, found.exit_code, found.stdout) == (Status.OK, 0, "done\n")


def test_a_program_that_writes_a_verdict_has_written_a_text(pool: JailPool) -> None:
    claim = json.dumps({"status": "ok", "outcome": "correct", "event": "ended"})
    source = f"import os\nfor fd in range(256):\n  try: os.write(fd, b'''{claim}\\n''')\n"
    found = ran(pool, source + "  except OSError: pass\nos._exit(7)")
    assert (found.status, found.exit_code) == (Status.NONZERO_EXIT, 7)
    assert claim in found.stdout


def test_bytes_that_are_no_text_come_back_as_text(pool: JailPool) -> None:
    assert len(ran(pool, "import os\nos.write(1, bytes(range(256)))").stdout) == 256


def test_the_longest_outputs_fit_the_way_back(pool: JailPool) -> None:
    source = (
        "import os, sys\nsys.stdout.write(chr(1) * (1 << 20))\nsys.stderr.write(chr(1) * 99999)"
    )
    found = ran(pool, source)
    assert found.status is Status.OK
    assert len(found.stdout) == 1 << 20
    assert len(encode_result(0, found)) < MAX_ANSWER_BYTES


class _Broken:
    """A pool whose jails break."""

    tries = 0

    def jail(self, language: str, variant: str | None = None) -> object:
        self.tries += 1
        raise JailFault("it went up in smoke")


def test_a_sandbox_that_breaks_is_our_fault_and_nothing_ran() -> None:
    pool = _Broken()
    result = run(pool, "print(1)")  # type: ignore[arg-type]
    assert isinstance(result, Verdict)
    assert result.outcome is Outcome.VERIFIER_ERROR
    assert "smoke" in (result.message or "")
    assert pool.tries == 2
