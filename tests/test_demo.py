"""`make demo` shows what it promises, and leaves nothing running."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

DEMO = Path(__file__).parents[1] / "examples" / "demo.py"


def test_the_demo_shows_every_verdict_it_promises(not_here: Callable[[str], NoReturn]) -> None:
    shown = subprocess.run([sys.executable, DEMO], capture_output=True, text=True, check=False)
    if shown.returncode == 2:
        not_here(shown.stdout)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "23 rollouts in" in shown.stdout
    assert "1 could not be judged." in shown.stdout
    assert "Scoring rollouts" in shown.stdout


def test_where_the_service_does_not_start_the_demo_says_why() -> None:
    environment = {"VERIFIER_SANDBOX": "nonsense", "PATH": "/usr/bin:/bin"}
    shown = subprocess.run(
        [sys.executable, DEMO], capture_output=True, text=True, check=False, env=environment
    )
    assert shown.returncode == 2
    assert "The service ended with code" in shown.stdout
    assert "Traceback" not in shown.stdout + shown.stderr
