"""The control: programs that tamper earn nothing here, and do where runs share what they are."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox import LANGUAGES
from sandbox.jails.docker_daemon import connect
from tests.languages.conftest import EXAMPLES
from tests.languages.test_languages import FRAMEWORKS

WEAK_JUDGE = (Path(__file__).parent / "weak_judge.py").read_text(encoding="utf-8")
IMAGE = "verifier-sandbox:languages"
MEMORY_MIB = 1024
SOURCES = {(example.language, example.name): example.source for example in EXAMPLES}


def _judge(language: str, sources: list[str]) -> list[list[Any]]:
    """What the weak judge says of these programs: their two runs' outputs and rewards.

    In a container that has no network and little memory, and is the programs' own otherwise."""
    tasks = json.dumps([_task(language, source) for source in sources])
    with contextlib.closing(connect()) as daemon:
        said = daemon.containers.run(
            IMAGE,
            entrypoint=["python3", "-c", WEAK_JUDGE, tasks],
            user="1000:1000",
            environment={"HOME": "/tmp"},
            network_mode="none",
            cap_drop=["ALL"],
            mem_limit=f"{2 * MEMORY_MIB}m",
            pids_limit=256,
            tmpfs={"/tmp": "mode=1777,exec", "/dev/shm": "mode=1777"},
            remove=True,
        )
    return [json.loads(line) for line in said.splitlines()]


def _task(language: str, source: str) -> dict[str, Any]:
    about = LANGUAGES[language]

    def filled(text: str) -> str:
        text = text.replace("{name}", about.name_of(source))
        return text.replace("{memory_mib}", str(MEMORY_MIB // 4))

    return {
        "source": source,
        "file": filled(about.file),
        "product": about.product,
        "compile": [filled(part) for part in about.compile],
        "run": [filled(part) for part in about.run],
        "environment": dict(about.environment),
    }


@pytest.mark.docker
@pytest.mark.usefixtures("docker_available")
@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"python"} - FRAMEWORKS))
def test_tampering_forges_a_reward_on_a_weak_judge_and_meets_the_next_run(language: str) -> None:
    failing, tampering = _judge(
        language, [SOURCES[language, "fails"], SOURCES[language, "tampers"]]
    )
    assert tampering[0] == ["clean", 1.0], "it can tell success"
    assert [reward for _, reward in failing] == [0.0, 0.0], "from failure"
    assert tampering[1][0] != "clean"
