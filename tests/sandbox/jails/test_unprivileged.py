"""The local jail of a user who is nobody: one uid for all, and still everything it promises."""

import json
import subprocess
from collections.abc import Callable
from typing import NoReturn

import pytest

from tests.nobody import NobodyUnavailable, home_with

PROBE = """
import json, sys
from dataclasses import replace
from pathlib import Path
from sandbox import JailUnavailable, Limits, Program, Status
from sandbox.model import MIB
from sandbox.pool import OPENERS
from sandbox.selfcheck import broken_promises
from tests.examples import read_examples

try:
    jail = OPENERS["local"]()
except JailUnavailable as refusal:
    print(json.dumps({"refusal": str(refusal)}))
    sys.exit()
ample = Limits(cpu_s=20.0, wall_s=20.0, memory_bytes=256 * MIB, output_bytes=MIB)
short = replace(ample, cpu_s=0.3, wall_s=0.3)
wrong = [f"promise: {promise}" for promise in broken_promises(jail)]
for example in read_examples(Path("tests/conformance/programs").glob("*.py")):
    limits = short if Status.TIME_LIMIT in example.statuses else ample
    with jail.load(Program(example.source), limits) as script:
        result = script.run(example.stdin)
    if result.status not in example.statuses:
        wrong.append(f"{example.name}: {result.status}")
    elif example.stdout is not None and result.stdout != example.stdout:
        wrong.append(f"{example.name}: {result.stdout[:200]!r}")
    with jail.load(Program("print('next')"), ample) as script:
        after = script.run(b"")
    if after.stdout != b"next\\n" or not jail.reusable:
        wrong.append(f"after {example.name}: {after}")
        break
lacking = jail.lacking()
jail.close()
print(json.dumps({"wrong": wrong, "lacking": lacking}))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nobody_has_a_jail_that_keeps_every_promise(not_here: Callable[[str], NoReturn]) -> None:
    try:
        with home_with("sandbox", "tests/conformance", "tests/examples.py") as home:
            started = home.start(["-c", PROBE], {}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            stdout, stderr = started.communicate()
    except NobodyUnavailable as refusal:
        not_here(str(refusal))
    assert stdout, stderr
    report = json.loads(stdout)
    if "refusal" in report:
        not_here(report["refusal"])
    assert report["wrong"] == []
    assert "runs share one uid with the agent" in report["lacking"]
