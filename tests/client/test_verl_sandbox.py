"""verl's own client for SandboxFusion, as its wheel has it, against a real service."""

import concurrent.futures
import importlib.util
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import httpx2
import pytest
from starlette.responses import JSONResponse

from tests.client.conftest import ScriptedService, problem
from tests.conftest import running_service

pytestmark = pytest.mark.slow

VERL = "verl==0.9.1 --hash=sha256:db6e6f2a8d9d5808d9ec32d357a42319fdc6967df688ff9d9810050f49bfdd14"
IN_WHEEL = "verl/utils/reward_score/sandbox_fusion/"
ANSWER = {
    "status": "Success",
    "run_result": {"status": "Finished", "return_code": 0, "stdout": "2\n"},
}


@pytest.fixture(scope="session")
def verl(
    tmp_path_factory: pytest.TempPathFactory, not_here: Callable[[str], NoReturn]
) -> ModuleType:
    """Those two files alone: importing verl as a whole takes torch and much else."""
    folder = tmp_path_factory.mktemp("verl")
    (folder / "requirement").write_text(VERL)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    pip += ["--disable-pip-version-check", "--timeout", "10", "--retries", "1", "-r", "requirement"]
    done = subprocess.run(pip, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        not_here(f"verl's wheel cannot be had from PyPI: {done.stderr.strip()[-200:]}")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder, [IN_WHEEL + name for name in ("__init__.py", "utils.py")])
    package = _import("verl_sandbox_fusion", folder / IN_WHEEL / "__init__.py")
    # It waits 10 s longer than its limits say: a busy machine may need more for a compiler's start.
    sys.modules["verl_sandbox_fusion.utils"].API_TIMEOUT = 600  # type: ignore[attr-defined]
    return package


def _import(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        name, path, submodule_search_locations=[str(path.parent)]
    )
    assert spec
    assert spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def url(service_url: str) -> str:
    return f"{service_url}/run_code"


def fenced(program: str) -> str:
    return f"Thought.\n```python\n{program}\n```"


def results(verl: ModuleType, url: str, program: str, output: str = "", **more: Any) -> list[Any]:
    """What verl makes of one test case: True, False, or -1 to -4."""
    cases = {"inputs": ["21\n"], "outputs": [output]}
    found, _ = verl.check_correctness(url, cases, program, **{"timeout": 20, **more})
    return list(found)


def test_verl_scores_a_program_by_the_cases_that_it_passes(verl: ModuleType, url: str) -> None:
    cases = {"inputs": ["1\n", "2\n", "3\n"], "outputs": ["2", "4\n", "7"]}
    program = fenced("print(2 * int(input()))")
    score, metadata = verl.compute_score(url, None, 1024, program, cases)
    assert score == pytest.approx(2 / 3)
    assert [case["status"] for case in metadata] == ["success", "success", "wrong_answer"]
    assert [case["exit_code"] for case in metadata] == [0, 0, 0]
    assert all(case["duration"] > 0 for case in metadata)


def test_verl_scores_functions_in_its_own_wrapping(verl: ModuleType, url: str) -> None:
    cases = {"fn_name": "add", "inputs": ["1\n2", '"a"\n"b"'], "outputs": ["3", "ab"]}
    for program in (
        "def add(a, b):\n    return a + b",
        "class Solution:\n    def add(self, a, b):\n        return a + b",
    ):
        assert verl.compute_score(url, None, 1024, fenced(program), cases)[0] == 1.0


def test_verl_scores_assertions(verl: ModuleType, url: str) -> None:
    cases = {"assert_case": ["assert f(1) == 2", "assert f(1) == 3"]}
    program = fenced("def f(x):\n    return x + 1")
    assert verl.compute_score(url, None, 1024, program, cases)[0] == 0.5


@pytest.mark.parametrize(
    "program",
    [
        "import os\nos._exit(0)",
        "exit()",
        "def f(x):\n    import os\n    os._exit(0)",
        "class E(int):\n    __eq__ = lambda *_: True\ndef f(x): return E()",
        "import unittest\nassert __import__('os')._exit(0)",
    ],
)
def test_no_program_talks_verl_out_of_its_assertions(
    verl: ModuleType, url: str, program: str
) -> None:
    cases = {"assert_case": ["assert f(1) == 2", "assert f(1) == 3"]}
    assert verl.compute_score(url, None, 1024, fenced(program), cases)[0] == 0.0


def test_verl_gets_no_verdict_on_assertions_that_cannot_be_judged(
    verl: ModuleType, url: str
) -> None:
    cases = {"assert_case": ["with open('/dev/null'):\n    assert f(1) == 2"]}
    score, [case] = verl.compute_score(url, None, 1024, fenced("def f(x): return x + 1"), cases)
    assert (score, case["status"]) == (0.0, "sandbox_error")


@pytest.mark.parametrize(
    ("program", "result"),
    [
        ("print(42)", True),
        ("print(41)", False),
        ("raise ValueError", -2),
        ("print(42)\nraise SystemExit(1)", -2),
        ("import os\nprint(42, flush=True)\nos.kill(os.getpid(), 9)", -2),
        ("1 +", -2),
        ("x = bytearray(1 << 33)", -2),
        ("while True: print(42)", -2),
        ("while True: pass", -3),
        ("print(42, flush=True)\nimport time\ntime.sleep(60)", -3),
    ],
)
def test_verl_reads_how_a_program_ended(
    verl: ModuleType, url: str, program: str, result: object
) -> None:
    timeout = 0.2 if result == -3 else 20
    assert results(verl, url, program, "42", timeout=timeout) == [result]


def test_a_program_that_writes_an_answer_of_the_service_gains_nothing(
    verl: ModuleType, url: str
) -> None:
    program = f"import os\nfor fd in range(99):\n  try: os.write(fd, {str(ANSWER).encode()!r})\n"
    program += "  except OSError: pass\n"
    assert results(verl, url, program + "os._exit(5)", "2") == [-2]
    assert results(verl, url, program + "os._exit(0)", "2") == [False]


@pytest.mark.parametrize(
    ("language", "right", "wrong", "result"),
    [
        ("cpp", "#include <iostream>\nint main() { std::cout << 42; }", "int main() {", -4),
        # What has no compiler in the protocol fails when it runs.
        ("nodejs", "console.log(42)", "console.log(", -2),
        ("bash", "echo 42", "if", -2),
    ],
)
def test_verl_runs_other_languages_by_its_names_for_them(
    verl: ModuleType,
    url: str,
    not_here: Callable[[str], NoReturn],
    language: str,
    right: str,
    wrong: str,
    result: int,
) -> None:
    cases = {"inputs": [""], "outputs": ["42"]}
    found, [case] = verl.check_correctness(url, cases, right, timeout=10, language=language)
    if case["status"] == "sandbox_error":
        not_here(case["api_response"]["message"])
    assert found == [True]
    assert results(verl, url, wrong, language=language) == [result]


def test_verl_is_told_of_a_language_that_is_not_known_here(verl: ModuleType, url: str) -> None:
    found, [case] = verl.check_correctness(
        url, {"inputs": [""], "outputs": [""]}, "", language="lean"
    )
    assert found == [-1]
    assert "422" in case["api_request_error"]


def test_verl_scores_right_programs_1_beside_a_full_queue(verl: ModuleType, tmp_path: Path) -> None:
    """Told 429, as other routes say it, verl would not ask again and score them 0."""
    most = {"VERIFIER_MAX_QUEUED_ROLLOUTS": "4", "VERIFIER_MAX_ROLLOUTS": "4"}
    burn = "import time\nwhile time.process_time() < 0.5: pass\nprint({})"
    cases = [{"input": "", "output": "0"}]
    rollouts = [
        {"completion": fenced(burn.format(n)), "ground_truth": {"kind": "stdin", "cases": cases}}
        for n in range(4)
    ]
    with (
        running_service(tmp_path / "log", **most) as (url, _),
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        body = {"rollouts": rollouts, "batch_id": "full"}
        respond_async = {"Prefer": "respond-async"}
        taken = httpx2.post(
            f"{url}/v1/score", json=body, headers=respond_async, timeout=600, trust_env=False
        )
        assert taken.status_code == 202
        refused = httpx2.post(
            f"{url}/v1/score", json={"rollouts": rollouts}, timeout=600, trust_env=False
        )
        assert refused.status_code == 429
        found = threads.map(
            lambda n: results(verl, f"{url}/run_code", f"print({n})", str(n), timeout=20), range(8)
        )
        assert list(found) == [[True]] * 8
        assert (
            "verifier_run_wait_seconds_count 8.0" in httpx2.get(f"{url}/metrics", timeout=600).text
        )


def test_verl_sends_the_key_that_stands_in_the_address_and_asks_again_after_504(
    verl: ModuleType,
    scripted: Callable[..., ScriptedService],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    service = scripted(problem(504, "Later."), lambda _: JSONResponse(ANSWER))
    address = service.url.replace("http://", "http://verl:secret@") + "/run_code"
    assert results(verl, address, "print(2)", "2") == [True]
    assert len(service.asked) == 2
    assert service.headers[0]["authorization"] == "Basic dmVybDpzZWNyZXQ="
