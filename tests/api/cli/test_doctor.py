"""`verifier doctor`, and what every command has in common."""

import re

import pytest

from api.cli.terminal import ExitCode
from sandbox import JailUnavailable
from sandbox.libraries import ORDINARY
from sandbox.pool import OPENERS, examine
from sandbox.selfcheck import CHECKS
from tests.api.cli.conftest import Run


def works(kind: str) -> bool:
    try:
        return not examine(kind).broken
    except JailUnavailable:
        return False


def test_it_tells_of_each_jail_what_was_found(run: Run) -> None:
    found = run("doctor")
    usable = [kind for kind in OPENERS if works(kind)]
    assert found.returncode == (0 if usable else 1)
    for kind in OPENERS:
        (line,) = [line for line in found.stdout.splitlines() if f"{kind} jail" in line][:1]
        assert line.startswith("ok") == (kind in usable)
    if usable:
        imported = re.findall(r"Python imports ([^;]*)", " ".join(found.stdout.split()))
        assert len(imported) == len(usable)
        assert all(set(ORDINARY.values()) <= set(re.split("[, ]+", each)) for each in imported)
        for check in CHECKS:
            assert check.promise in found.stdout


def test_it_says_what_is_missing_and_how_to_get_it(run: Run) -> None:
    found = run("doctor", DOCKER_HOST="unix:///nowhere.sock")
    assert "no Docker daemon answers" in found.stdout
    assert "start one" in found.stdout


@pytest.mark.parametrize(
    "command", ["", "serve", "worker", "score", "report", "doctor", "sandbox", "sandbox build"]
)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    found = run(*command.split(), "--help")
    assert found.returncode == 0
    assert "Usage: verifier" in found.stdout


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["serve", "--nonsense"], ["score"], ["report"]]
)
def test_arguments_that_cannot_be_used_exit_with_2(run: Run, arguments: list[str]) -> None:
    found = run(*arguments)
    assert found.returncode == 2
    assert "Usage" in found.stderr


def test_a_build_without_docker_is_refused_in_a_sentence(run: Run) -> None:
    found = run("sandbox", "build", DOCKER_HOST="unix:///nowhere.sock")
    assert found.returncode == 2
    assert "verifier doctor" in found.stderr


def test_there_are_three_images_to_build_and_no_fourth(run: Run) -> None:
    found = run("sandbox", "build", "--variant", "cobol")
    assert found.returncode == ExitCode.UNUSABLE
    assert "choose of python, science, languages" in found.stderr
