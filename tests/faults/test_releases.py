"""Two releases at one Redis: neither misreads the other, and who cannot be served is told so."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.faults.test_processes import Processes, score, status
from tests.verifier.dispatch.servers import ROOT, RedisServer, wait_until
from verifier.dispatch.redis_backend import names

pytestmark = [pytest.mark.redis, pytest.mark.slow]

OLD_FORMAT = names.FORMAT + 1
"""That it is the higher one makes no difference: a process only tells whether it is its own."""
RUN = "import sys; sys.argv[0] = 'verifier'; from api.cli import main; main()"
ROWS = [
    {"completion": f"It is \\boxed{{{number % 3}}}.", "ground_truth": "1"} for number in range(50)
]
REWARDS = [float(number % 3 == 1) for number in range(50)]


@pytest.fixture(scope="session")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of another release: this one but for its format in Redis."""
    folder = tmp_path_factory.mktemp("previous")
    for package in ("api", "verifier", "sandbox", "client/verifier_client"):
        shutil.copytree(ROOT / package, folder / Path(package).name)
    module = folder / "verifier/dispatch/redis_backend/names.py"
    line = f"FORMAT = {names.FORMAT}\n"
    text = module.read_text(encoding="utf-8")
    assert line in text
    module.write_text(text.replace(line, f"FORMAT = {OLD_FORMAT}\n"), encoding="utf-8")
    return folder


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
    server: RedisServer, previous: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Release]:
    release = Release(server, previous, tmp_path_factory.mktemp("old"))
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
    server: RedisServer, old: Release, new: Release
) -> None:
    old.worker()
    client = server.client()
    wait_until(lambda: bool(client.zscore(names.FORMATS, OLD_FORMAT)), "the worker is ready")
    _, address = new.serve()
    assert status(f"{address}/readyz") == 503
    assert f"have format {OLD_FORMAT}" in answer_of(address, "step-1")


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
