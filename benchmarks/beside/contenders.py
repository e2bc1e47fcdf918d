"""Who judges: this verifier by each of its ways, the usual ways in their minimal forms, and
services of others by their address."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import httpx2

from benchmarks.beside import bare
from benchmarks.beside.workloads import LIMIT_S, Row
from benchmarks.redis.stack import running
from verifier.dispatch.redis_backend.worker_side.supervisor import WORKER_COMMAND
from verifier_client import Client

CORES = len(os.sched_getaffinity(0))
OURS, OVER_REDIS = "ours", "ours, over Redis"
Rewards = list[bool | None]


@dataclass(frozen=True)
class Contender:
    """`judge` says of each row whether it is right, None where that was not judged."""

    name: str
    judge: Callable[[Sequence[Row]], Rewards]
    takes: Callable[[Row], bool]
    one_by_one: bool = False
    """Each rollout in a request of its own: a part of them is enough for a rate."""


@contextmanager
def ours(sandbox: str) -> Iterator[list[Contender]]:
    """Services of ours with a worker for each core, ready: embedded, and over Redis."""
    with ExitStack() as exits:
        stack = exits.enter_context(running())
        alone = ["--workers", str(CORES), "--sandbox", sandbox]
        embedded, asked_often = stack.serve(*alone), stack.serve(*alone)
        stack.start_workers(CORES, WORKER_COMMAND, sandbox)
        over_redis = stack.serve("--redis", stack.url)

        def scored(url: str) -> Callable[[Sequence[Row]], Rewards]:
            client = exits.enter_context(Client(url, patience_s=120))
            client.score([{"completion": "\\boxed{1}", "ground_truth": "1"}])  # when it is ready
            return _scored_by(client)

        often = _each(exits, 16, _alone(scored(asked_often)))
        contenders = [
            Contender(OURS, scored(embedded), lambda _: True),
            Contender(OVER_REDIS, scored(over_redis), lambda _: True),
            Contender("ours, one a request", often, lambda _: True, one_by_one=True),
        ]
        yield contenders


def _scored_by(client: Client) -> Callable[[Sequence[Row]], Rewards]:
    def judge(rows: Sequence[Row]) -> Rewards:
        sent = [{"completion": row.completion, "ground_truth": row.ground_truth} for row in rows]
        return [None if reward is None else reward == 1 for reward in client.score(sent).rewards]

    return judge


def _alone(judge: Callable[[Sequence[Row]], Rewards]) -> Callable[[Row], bool | None]:
    return lambda row: judge([row])[0]


@contextmanager
def minimal() -> Iterator[list[Contender]]:
    """What others do, in few lines and without their overhead."""
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        of_tests = _each(exits, CORES, lambda row: _by_subprocess(row, folder))
        of_answers = _each(exits, CORES, _by_math_verify, _processes)

        def usual(rows: Sequence[Row]) -> Rewards:
            programs = iter(of_tests([row for row in rows if row.program is not None]))
            answers = iter(of_answers([row for row in rows if row.program is None]))
            return [next(answers if row.program is None else programs) for row in rows]

        in_process = _each(exits, CORES, bare.in_process, _processes)
        yield [
            Contender("subprocess per test, math-verify", usual, lambda _: True),
            Contender("in-process exec", in_process, _is_plain),
        ]


def _is_plain(row: Row) -> bool:
    return row.program is not None and row.framework is None


def _processes(count: int) -> Executor:
    return ProcessPoolExecutor(count, get_context("forkserver"))


def _each(
    exits: ExitStack,
    at_once: int,
    judge: Callable[[Row], bool | None],
    pool: Callable[[int], Executor] = ThreadPoolExecutor,
) -> Callable[[Sequence[Row]], Rewards]:
    executor = exits.enter_context(pool(at_once))
    return lambda rows: list(executor.map(judge, rows))


def _by_subprocess(row: Row, folder: Path) -> bool:
    """Judged by output, or by the exit status of a script with the tests at its end."""
    own = Path(tempfile.mkdtemp(dir=folder))
    source = own / ("solution.py" if row.framework else "main.py")
    source.write_text(f"{row.program}\n{'' if row.framework else row.suite or ''}")
    command = [sys.executable, str(source)]
    if row.framework:
        (own / "test_solution.py").write_text(row.suite or "")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(own),
        ]
    for given, expected in row.cases or (("", ""),):
        try:
            ended = subprocess.run(
                command,
                input=given,
                capture_output=True,
                text=True,
                cwd=own,
                timeout=30 * LIMIT_S,
                check=False,
            )
        except (subprocess.TimeoutExpired, UnicodeDecodeError):
            return False
        if ended.returncode or (row.cases and _lines(ended.stdout) != _lines(expected)):
            return False
    return True


def _by_math_verify(row: Row) -> bool:
    from math_verify import parse, verify  # noqa: PLC0415 - in its own process alone

    return bool(verify(parse(f"${row.ground_truth}$"), parse(row.completion)))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


@contextmanager
def sandbox_fusion(url: str) -> Iterator[list[Contender]]:
    """A service that speaks SandboxFusion's `/run_code`: a request a test, up to one that fails."""
    with ExitStack() as exits, httpx2.Client(base_url=url, timeout=60) as client:

        def judge(row: Row) -> bool:
            code = f"{row.program}\n{row.suite or ''}"
            for given, expected in row.cases or (("", ""),):
                asked = {"code": code, "language": "python", "stdin": given, "run_timeout": LIMIT_S}
                answer = client.post("/run_code", json=asked).json()
                printed = (answer.get("run_result") or {}).get("stdout") or ""
                if answer["status"] != "Success" or (
                    row.cases and _lines(printed) != _lines(expected)
                ):
                    return False
            return True

        yield [Contender("SandboxFusion, /run_code", _each(exits, 4 * CORES, judge), _is_plain)]


@contextmanager
def scalebox(url: str) -> Iterator[list[Contender]]:
    """A service that speaks ScaleBox's `/common_evaluate_batch`."""
    with ExitStack() as exits, httpx2.Client(base_url=url, timeout=600) as client:

        def judge(row: Row) -> bool:
            columns = [list(column) for column in zip(*row.cases, strict=True)]
            cases = {"type": "stdin_stdout", "input": columns[0], "output": columns[1]}
            config = {
                "language": "python",
                "run_timeout": LIMIT_S,
                "provided_data": {"test_cases": cases},
                "extra": {"run_all_cases": False},
            }
            sent = {"completion": row.completion, "config": config}
            return bool(client.post("/common_evaluate_batch", json=sent).json().get("accepted"))

        yield [Contender("ScaleBox", _each(exits, 4 * CORES, judge), lambda row: bool(row.cases))]
