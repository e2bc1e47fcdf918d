"""The local jail of a user who is nobody: one uid for all, and still everything it promises."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534
PROBE = """
import json, sys
from sandbox import JailUnavailable, Limits, Program
from sandbox.model import MIB
from sandbox.pool import OPENERS
from sandbox.selfcheck import broken_promises
from tests.conformance.programs import read_examples

try:
    jail = OPENERS["local"]()
except JailUnavailable as refusal:
    print(json.dumps({"refusal": str(refusal)}))
    sys.exit()
limits = Limits(cpu_s=1.0, wall_s=1.0, memory_bytes=256 * MIB, output_bytes=MIB)
wrong = [f"promise: {promise}" for promise in broken_promises(jail)]
for example in read_examples():
    if example.name == "candidate_packages":
        continue  # come with the service's own environment, whose interpreter nobody may start
    with jail.load(Program(example.source), limits) as script:
        result = script.run(example.stdin)
    if result.status not in example.statuses:
        wrong.append(f"{example.name}: {result.status}")
    elif example.stdout is not None and result.stdout != example.stdout:
        wrong.append(f"{example.name}: {result.stdout[:200]!r}")
    with jail.load(Program("print('next')"), limits) as script:
        after = script.run(b"")
    if after.stdout != b"next\\n" or not jail.reusable:
        wrong.append(f"after {example.name}: {after}")
        break
lacking = jail.lacking()
jail.close()
print(json.dumps({"wrong": wrong, "lacking": lacking}))
"""


@pytest.fixture
def readable_by_nobody() -> Iterator[Path]:
    """A copy of the code where everybody can read it."""
    folder = Path(tempfile.mkdtemp())
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "sandbox", folder / "sandbox", ignore=ignored)
    shutil.copytree(ROOT / "tests/conformance", folder / "tests/conformance", ignore=ignored)
    for place, _, files in os.walk(folder):
        os.chmod(place, 0o755)
        for file in files:
            os.chmod(f"{place}/{file}", 0o644)
    yield folder
    shutil.rmtree(folder)


def _interpreter() -> str | None:
    """One that nobody may start: Debian's own, where the environment's is in somebody's home."""
    for path in (sys.executable, "/usr/bin/python3"):
        command = [path, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            if subprocess.call(command, user=NOBODY, group=NOBODY, cwd="/") == 0:
                return path
        except OSError:
            continue
    return None


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nobody_has_a_jail_that_keeps_every_promise(
    readable_by_nobody: Path, not_here: Callable[[str], NoReturn]
) -> None:
    if os.geteuid() != 0:
        not_here("only root can become nobody")
    interpreter = _interpreter()
    if interpreter is None:
        not_here("no Python 3.11 or newer that everybody may start")
    ended = subprocess.run(
        [interpreter, "-c", PROBE],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd=readable_by_nobody,
        env={"PYTHONPATH": str(readable_by_nobody), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout, ended.stderr
    report = json.loads(ended.stdout)
    if "refusal" in report:
        not_here(report["refusal"])
    assert report["wrong"] == []
    assert "runs share one uid with the agent" in report["lacking"]
