"""examples/grpo_trl learns: TRL's GRPOTrainer over a real service, math and code."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.trainers.conftest import CLIENT, Service

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

EXAMPLE = Path(__file__).parents[2] / "examples/grpo_trl/train.py"
STEPS = 12


def test_the_mean_reward_rises(trainers_python: Path, service: Service) -> None:
    variables = {"PYTHONPATH": str(CLIENT), "VERIFIER_URL": service.url, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [trainers_python, EXAMPLE, "--steps", str(STEPS)],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = re.findall(r"^ +\d+ +(\d\.\d\d) ", done.stdout, re.MULTILINE)
    rewards = list(map(float, lines))
    assert len(rewards) == STEPS
    assert sum(rewards[-3:]) > 2 * sum(rewards[:3])
    assert re.search(r"^\d+% of \d+\.\d s were spent waiting", done.stdout, re.MULTILINE)
