"""Registered ground truths that outlast the service, whatever became of their folder meanwhile."""

import hashlib
import json
import logging
import signal
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.errors import Refusal
from api.problems.folder import ProblemFolder
from api.problems.registry import ProblemRegistry, stored_name
from tests.api.cli.conftest import Start, start  # noqa: F401 - a fixture
from tests.api.cli.test_serve import serving

NESTED = json.loads("[" * 199 + "]" * 199)


OWNER = hashlib.sha256(b"key").digest()


def file_of(name: str) -> str:
    return f"{hashlib.sha256(stored_name(OWNER, name).encode()).hexdigest()}.json"


def registry(folder: Path, max_problems: int = 10, max_bytes: int = 10_000) -> ProblemRegistry:
    return ProblemRegistry(max_problems, max_bytes, ProblemFolder(folder))


def test_a_service_started_again_knows_what_was_registered(
    start: Start,  # noqa: F811
    tmp_path: Path,
) -> None:
    folder = {"VERIFIER_PROBLEMS_DIR": str(tmp_path / "new" / "problems")}
    process, address = serving(start, **folder)
    registered = httpx2.put(f"{address}/v1/problems/two/sum", json=["2"])
    assert registered.status_code == 201
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, address = serving(start, **folder)
    assert httpx2.get(f"{address}/v1/problems/two/sum", timeout=600).json() == registered.json()
    body = {"rollouts": [{"completion": "\\boxed{2}", "problem": "two/sum"}]}
    assert httpx2.post(f"{address}/v1/score", json=body, timeout=600).json()["rewards"] == [1.0]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\b", "..", "é" * 256])
def test_a_name_chooses_no_path(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "problems"
    entry, _ = registry(folder).put(OWNER, name, "1")
    assert [path.name for path in tmp_path.rglob("*")] == [
        "problems",
        file_of(name),
    ]
    assert registry(folder).get(OWNER, name) == entry


@given(truth=st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_a_ground_truth_is_read_as_it_was_registered(
    tmp_path_factory: pytest.TempPathFactory, truth: object
) -> None:
    folder = tmp_path_factory.mktemp("problems")
    entry, _ = registry(folder).put(OWNER, "p", truth)
    assert registry(folder).get(OWNER, "p") == entry


def test_the_last_one_of_a_name_is_kept_and_the_deepest_that_is_accepted(tmp_path: Path) -> None:
    one = registry(tmp_path)
    one.put(OWNER, "p", {"b": "\ud800", "a": 1})
    one.put(OWNER, "p", NESTED)
    again = registry(tmp_path).get(OWNER, "p")
    assert again
    assert json.loads(again.ground_truth.text) == NESTED


def test_what_is_damaged_is_left_out_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = registry(tmp_path)
    for name in ("whole", "cut", "moved"):
        one.put(OWNER, name, "1")
    cut, moved, whole = (tmp_path / file_of(name) for name in ("cut", "moved", "whole"))
    cut.write_bytes(cut.read_bytes()[:-1])
    moved.rename(moved.with_name(f"{'0' * 64}.json"))
    (tmp_path / f"{'1' * 64}.json").mkdir()
    (tmp_path / f"{'2' * 64}.json").symlink_to(whole)
    (tmp_path / f"{'3' * 64}.json").write_bytes(b"[]\n\xff")
    (tmp_path / f"{'4' * 64}.json").write_bytes(b" " * 100_000)
    (tmp_path / f"{'5' * 64}.new").write_bytes(b"half")
    with caplog.at_level(logging.WARNING):
        again = registry(tmp_path)
    assert again.get(OWNER, "whole")
    assert not any(again.get(OWNER, name) for name in ("cut", "moved"))
    assert len(caplog.records) == 6


def test_the_bounds_hold_for_what_is_found_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = registry(tmp_path)
    for name in "abcd":
        one.put(OWNER, name, "x" * 100)
    smaller = registry(tmp_path, max_problems=2)
    assert sum(smaller.get(OWNER, name) is not None for name in "abcd") == 2
    assert "registry is full" in caplog.text


def test_what_cannot_be_written_is_not_registered(tmp_path: Path) -> None:
    folder = tmp_path / "problems"
    one = registry(folder)
    folder.rmdir()
    with pytest.raises(Refusal, match="cannot be stored") as refusal:
        one.put(OWNER, "p", "1")
    assert refusal.value.status == 507
    assert one.get(OWNER, "p") is None
