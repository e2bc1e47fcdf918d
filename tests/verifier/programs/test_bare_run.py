"""A program that is run and not judged: what is said is what happened, never what it claims."""

import json

import pytest

from sandbox import JailFault
from sandbox.pool import JailPool
from tests.verifier.conftest import LIMITS, SHORT
from verifier.dispatch.embedded.framing import MAX_ANSWER_BYTES
from verifier.model import NO_LIMITS, BareRun, LimitsOverride, Outcome, Verdict
from verifier.programs.bare_run import run_program
from verifier.programs.judge import ProgramJudge
from verifier.wire import encode_verdict


def run(
    pool: JailPool, source: str, stdin: str = "", limits: LimitsOverride = NO_LIMITS
) -> Verdict:
    judge = ProgramJudge(pool, pool, LIMITS)  # none of these sources ends in a test
    return run_program(pool, judge, source, BareRun("python", stdin), limits)


def test_a_program_gets_its_input_and_its_outputs_come_back(pool: JailPool) -> None:
    verdict = run(pool, "import sys\nprint(input()[::-1])\nprint('é', file=sys.stderr)", "abc\n")
    assert verdict.ran == {
        "status": "ok",
        "stdout": "cba\n",
        "stderr": "é\n",
        "exit_code": 0,
        "signal": None,
    }
    assert verdict.cpu_s is not None


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
    verdict = run(pool, source, limits=SHORT if status == "time_limit" else NO_LIMITS)
    assert verdict.ran
    assert verdict.ran["status"] == status
    assert verdict.ran["exit_code"] == exit_code
    assert verdict.outcome is not Outcome.CORRECT


def test_a_script_that_comes_to_its_own_exit_ended_with_0(pool: JailPool) -> None:
    verdict = run(pool, "if 1:\n    print('done')\n    exit(0)\nelse:\n    exit(-1)")
    assert verdict.ran
    assert (verdict.ran["status"], verdict.ran["exit_code"]) == ("ok", 0)
    assert (verdict.ran["stdout"], verdict.outcome) == ("done\n", Outcome.CORRECT)


def test_a_program_that_writes_a_verdict_has_written_a_text(pool: JailPool) -> None:
    claim = json.dumps({"ran": {"status": "ok"}, "outcome": "correct", "event": "ended"})
    source = f"import os\nfor fd in range(256):\n  try: os.write(fd, b'''{claim}\\n''')\n"
    verdict = run(pool, source + "  except OSError: pass\nos._exit(7)")
    assert verdict.ran
    assert (verdict.ran["status"], verdict.ran["exit_code"]) == ("nonzero_exit", 7)
    assert claim in verdict.ran["stdout"]


def test_bytes_that_are_no_text_come_back_as_text(pool: JailPool) -> None:
    verdict = run(pool, "import os\nos.write(1, bytes(range(256)))")
    assert verdict.ran
    assert len(verdict.ran["stdout"]) == 256


def test_the_longest_outputs_fit_the_way_back(pool: JailPool) -> None:
    source = (
        "import os, sys\nsys.stdout.write(chr(1) * (1 << 20))\nsys.stderr.write(chr(1) * 99999)"
    )
    verdict = run(pool, source)
    assert verdict.ran
    assert verdict.ran["status"] == "ok"
    assert len(verdict.ran["stdout"]) == 1 << 20
    assert len(encode_verdict(0, verdict)) < MAX_ANSWER_BYTES


class _Broken:
    """A pool whose jails break."""

    tries = 0

    def jail(self, language: str) -> object:
        self.tries += 1
        raise JailFault("it went up in smoke")


def test_a_sandbox_that_breaks_is_our_fault_and_nothing_ran() -> None:
    pool = _Broken()
    verdict = run(pool, "print(1)")  # type: ignore[arg-type]
    assert verdict.outcome is Outcome.VERIFIER_ERROR
    assert verdict.ran is None
    assert "smoke" in (verdict.message or "")
    assert pool.tries == 2
