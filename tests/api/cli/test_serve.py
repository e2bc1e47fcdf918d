"""`verifier serve` from its start to its end."""

import re
import signal
import socket
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.api.cli.conftest import Run, Start

BATCH = {"rollouts": [{"completion": "\\boxed{2}", "ground_truth": "2"}]}
SLOW = {
    "rollouts": [
        {
            "completion": "```python\nimport time; time.sleep(1); print(1)\n```",
            "ground_truth": {"kind": "stdin", "cases": [{"input": "", "output": "1"}]},
        }
    ]
}


def serving(start: Start, *arguments: str, **variables: str) -> tuple["subprocess.Popen[str]", str]:
    """The process and its address, once it listens."""
    process = start("serve", "--port", "0", "--workers", "1", *arguments, **variables)
    assert process.stderr
    for line in process.stderr:
        if found := re.search(r"serving on (http://\S+)", line):
            return process, found[1]
    raise AssertionError("it ended before it served")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_judges_until_it_is_told_to_stop_and_ends_in_order(
    start: Start, stop: signal.Signals
) -> None:
    process, address = serving(start)
    answer = httpx2.post(f"{address}/v1/score", json=BATCH, timeout=600)
    assert answer.json()["rewards"] == [1.0]
    assert httpx2.get(f"{address}/readyz", timeout=600).status_code == 200
    process.send_signal(stop)
    output, errors = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in output + errors


def test_what_is_under_way_when_it_is_told_to_stop_is_answered(start: Start) -> None:
    process, address = serving(start, "--sandbox", "local")
    httpx2.post(f"{address}/v1/score", json=BATCH, timeout=600)
    lines = {"Accept": "application/x-ndjson"}
    request = httpx2.stream("POST", f"{address}/v1/score", json=SLOW, headers=lines, timeout=600)
    with request as response:  # it has begun to answer
        process.send_signal(signal.SIGTERM)
        assert '"reward": 1.0' in response.read().decode()
    assert process.wait() == 0


def test_keys_from_the_environment_are_asked_for(start: Start) -> None:
    _, address = serving(start, "--host", "0.0.0.0", VERIFIER_API_KEYS="secret")
    address = address.replace("0.0.0.0", "127.0.0.1")
    assert httpx2.post(f"{address}/v1/score", json=BATCH, timeout=600).status_code == 401
    headers = {"Authorization": "Bearer secret"}
    answer = httpx2.post(f"{address}/v1/score", json=BATCH, headers=headers, timeout=600)
    assert answer.json()["rewards"] == [1.0]


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (["--host", "0.0.0.0"], {}, "--allow-unauthenticated"),
        (["--host", "no.such.host.invalid"], {"VERIFIER_API_KEYS": "x"}, "Choose another --host"),
        (["--port", "99999"], {}, "--port cannot be used"),
        (["--workers", "0"], {}, "--workers cannot be used"),
        (["--sandbox", "none"], {}, "--sandbox"),
        ([], {"VERIFIER_PORT": "x"}, "VERIFIER_PORT cannot be used"),
        ([], {"VERIFIER_API_KEYS_FILE": "/no/such/file"}, "/no/such/file cannot be read"),
        ([], {"VERIFIER_MAX_ROLLOUTS": "1000000"}, "max_queued_rollouts must be at least"),
    ],
)
def test_what_it_cannot_serve_with_is_told_in_a_sentence(
    run: Run, arguments: list[str], variables: dict[str, str], says: str
) -> None:
    found = run("serve", *arguments, **variables)
    assert found.returncode == 2
    assert says in found.stderr


def test_systemd_is_told_that_it_is_ready_alive_and_about_to_end(
    start: Start, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(600)
        process, _ = serving(start, NOTIFY_SOCKET=str(tmp_path / "notify"))
        assert [heard.recv(64) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        process.terminate()
        while heard.recv(64) != b"STOPPING=1":
            pass


def test_a_port_in_use_is_told_in_a_sentence(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = run("serve", "--port", taken.getsockname()[1])
    assert found.returncode == 2
    assert "Address already in use" in found.stderr


def test_a_number_of_verdicts_that_is_none_is_told_in_a_sentence(run: Run) -> None:
    found = run("serve", VERIFIER_REMEMBERED_VERDICTS="many")
    assert found.returncode == 2
    assert "VERIFIER_REMEMBERED_VERDICTS must be a number of verdicts" in found.stderr


def test_a_folder_of_problems_that_cannot_be_used_is_told_in_a_sentence(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    found = run("serve", VERIFIER_PROBLEMS_DIR=str(tmp_path / "file"))
    assert found.returncode == 2
    assert "VERIFIER_PROBLEMS_DIR cannot be used" in found.stderr
