"""Two releases at one Redis: neither misreads the other, and who cannot be served is told so."""

import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError

import pytest

from tests.faults.test_processes import Processes, score, status
from tests.verifier.dispatch.servers import ROOT, RedisServer, wait_until
from verifier.dispatch.redis_backend import names

pytestmark = [pytest.mark.redis, pytest.mark.slow]

NAMES = "verifier/dispatch/redis_backend/names.py"
RUN = "import sys; sys.argv[0] = 'verifier'; from api.cli import main; main()"
ROWS = [
    {"completion": f"It is \\boxed{{{number % 3}}}.", "ground_truth": "1"} for number in range(50)
]
REWARDS = [float(number % 3 == 1) for number in range(50)]


class Previous(NamedTuple):
    """The last commit whose format in Redis is another."""

    folder: Path
    format: int


@pytest.fixture(scope="session")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Previous:
    """Its packages, as its wheels have them."""
    folder = tmp_path_factory.mktemp("previous")
    formats = {commit: format_at(commit) for commit in git("log", "--format=%H", NAMES).split()}
    others = [commit for commit, at in formats.items() if at not in {names.FORMAT, None}]
    if not others:
        pytest.skip("this copy has no history, so no release of another format; clone all of it")
    commit = others[0]
    archive = folder / "source.tar"
    git("archive", "--output", str(archive), commit)
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "source", filter="data")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    projects = [folder / "source", folder / "source/client"]
    subprocess.run([*command, "--wheel-dir", folder, *projects], check=True)
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as packages:
            packages.extractall(folder / "installed")
    return Previous(folder / "installed", formats[commit] or 0)


def format_at(commit: str) -> int | None:
    found = re.search(r"^FORMAT = (\d+)$", git("show", f"{commit}:{NAMES}"), re.MULTILINE)
    return int(found[1]) if found else None


def git(*arguments: str) -> str:
    """What it prints; nothing where there is no git or no repository."""
    if not shutil.which("git"):
        return ""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


class Release(Processes):
    """The commands of one release."""

    def __init__(self, server: RedisServer, folder: Path, logs: Path) -> None:
        super().__init__(server, logs)
        self.command = (sys.executable, "-c", RUN)
        self.folder = folder
        self.environment |= {"PYTHONPATH": str(folder), "VERIFIER_KEEP_RESULTS_S": "60"}

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", "--kinds", "math", "--processes", "1")


@pytest.fixture
def new(server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    release = Release(server, ROOT, tmp_path_factory.mktemp("new"))
    yield release
    release.end()


@pytest.fixture
def old(
    server: RedisServer, previous: Previous, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Release]:
    release = Release(server, previous.folder, tmp_path_factory.mktemp("old"))
    yield release
    release.end()


def answer_of(address: str, batch_id: str) -> Any:
    """The answer, or the sentence of a 503."""
    try:
        return score(address, ROWS, batch_id)["rewards"]
    except HTTPError as refusal:
        with refusal:
            said = refusal.read().decode()
            return said if refusal.status == 503 and refusal.headers["Retry-After"] else None


def test_an_old_service_refuses_what_only_new_workers_could_judge(
    server: RedisServer, old: Release, new: Release
) -> None:
    new.worker()
    wait_until(lambda: server.workers() == 1, "the worker is ready")
    _, address = old.serve()
    assert status(f"{address}/readyz") == 503
    assert "No worker" in answer_of(address, "step-1")


def test_a_new_service_refuses_what_only_old_workers_could_judge_and_says_why(
    server: RedisServer, old: Release, new: Release, previous: Previous
) -> None:
    old.worker()
    client = server.client()
    wait_until(lambda: bool(client.zscore(names.FORMATS, previous.format)), "the worker is ready")
    _, address = new.serve()
    assert status(f"{address}/readyz") == 503
    assert f"have format {previous.format}" in answer_of(address, "step-1")


def test_workers_from_before_formats_had_a_number_are_seen(
    server: RedisServer, new: Release
) -> None:
    server.client().zadd(names.WORKERS_OF_FORMAT_1, {"a worker": time.time() + 600})
    _, address = new.serve()
    assert "have format 1" in answer_of(address, "step-1")


@pytest.mark.parametrize("begun_with", ["workers", "service"])
def test_a_release_rolls_out_and_back_and_nothing_is_judged_wrongly(
    server: RedisServer, old: Release, new: Release, begun_with: str
) -> None:
    """Batches go to whichever service answers, as behind a load balancer."""
    addresses: list[str] = []
    judged = 0

    def send() -> None:
        """One batch; a 503 sends it to the next service, as a client would."""
        nonlocal judged
        judged += 1
        answers = [answer_of(address, f"step-{judged}") for address in [*addresses]]
        assert REWARDS in answers
        assert all(answer == REWARDS or isinstance(answer, str) for answer in answers)

    def roll_out(release: Release) -> list[subprocess.Popen[bytes]]:
        started = []
        for part in sorted(["workers", "service"], reverse=begun_with == "workers"):
            if part == "workers":
                started.append(release.worker())
            else:
                process, address = release.serve()
                started.append(process)
                addresses.append(address)
            if judged:
                send()
        wait_until(lambda: status(f"{addresses[-1]}/readyz") == 200, "it is ready")
        send()
        return started

    running = roll_out(old)
    for release in (new, old):
        replacement = roll_out(release)
        addresses.pop(0)
        for process in running:
            process.terminate()
            send()
            assert process.wait() == 0
        running = replacement
        send()
