"""Programs run with nothing around them: the floor of what judging can cost, and what peers do."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import CodeType
from typing import Any

from benchmarks.beside.workloads import LIMIT_S, Row

ASLEEP_S = 3 * LIMIT_S
"""What is neither done nor over its CPU time by then is killed."""


def own_cpu_s(rows: Sequence[Row]) -> float:
    """CPU seconds of the programs among these run bare, of equal ones once: each is compiled once
    and runs its tests up to the first that fails, in a fork of a warm interpreter each."""
    distinct = {(row.program, row.suite, row.cases): row for row in rows if row.program}
    return sum(map(_own_cpu_s, distinct.values()))


def _own_cpu_s(row: Row) -> float:
    assert row.program is not None
    if row.framework:
        return 0.0  # what of it is the program's own, and what the framework's, cannot be told
    try:
        code = compile(f"{row.program}\n{row.suite or ''}", "main.py", "exec")
    except SyntaxError:
        return 0.0
    total_s = 0.0
    for given, expected in row.cases or (("", ""),):
        used_s, status, printed = run(code, given)
        total_s += used_s
        if status or (row.cases and printed.split() != expected.split()):
            break
    return total_s


def run(code: CodeType, given: str) -> tuple[float, int, str]:
    """CPU seconds, exit status and output of a fork that runs this."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout:
        stdin.write(given.encode())
        stdin.seek(0)
        pid = os.fork()
        if pid == 0:
            _become(code, stdin.fileno(), stdout.fileno())
        with contextlib.closing(_Handle(pid)) as handle:
            if not select.select([handle], [], [], ASLEEP_S)[0]:
                os.kill(pid, signal.SIGKILL)
        _, status, used = os.wait4(pid, 0)
        stdout.seek(0)
        return used.ru_utime + used.ru_stime, status, stdout.read(1 << 24).decode(errors="replace")


class _Handle:
    """A descriptor that is readable when the process has ended."""

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)

    def fileno(self) -> int:
        return self._descriptor

    def close(self) -> None:
        os.close(self._descriptor)


def _become(code: CodeType, stdin: int, stdout: int) -> None:
    status = 1
    try:
        seconds = int(LIMIT_S)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        for target, source in ((0, stdin), (1, stdout), (2, os.open(os.devnull, os.O_WRONLY))):
            os.dup2(source, target)
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115 - as long as the process
        exec(code, {"__name__": "__main__"})  # noqa: S102 - what is measured
        sys.stdout.flush()
        status = 0
    except SystemExit as request:
        sys.stdout.flush()
        status = request.code if isinstance(request.code, int) else int(request.code is not None)
    except BaseException:  # noqa: BLE001 - the program's, whatever it is
        status = 1
    finally:
        os._exit(status & 0xFF)


def in_process(row: Row) -> bool:
    """Whether the program passes, by LiveCodeBench's way: a fork in which program and tests share
    an interpreter, standard streams are replaced, and an alarm is the limit."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            signal.signal(signal.SIGALRM, _alarm)
            os.write(sender, b"1" if _passes(row) else b"0")
        os._exit(0)
    os.close(sender)
    with open(receiver, "rb") as answer:
        limit_s = LIMIT_S * (1 + max(1, len(row.cases)))
        ready = select.select([answer], [], [], limit_s)[0]
        if not ready:
            os.kill(pid, signal.SIGKILL)
        found = answer.read()
    os.waitpid(pid, 0)
    return found == b"1"


def _passes(row: Row) -> bool:
    code = compile(f"{row.program}\n{row.suite or ''}", "main.py", "exec")
    for given, expected in row.cases or (("", ""),):
        printed = io.StringIO()
        sys.stdin, sys.stdout = io.StringIO(given), printed
        sys.stdin.buffer = io.BytesIO(given.encode())  # type: ignore[misc]
        signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
        with contextlib.suppress(SystemExit):
            exec(code, {"__name__": "__main__"})  # noqa: S102 - what this way does
        signal.setitimer(signal.ITIMER_REAL, 0)
        if row.cases and _lines(printed.getvalue()) != _lines(expected):
            return False
    return True


def _alarm(*_: Any) -> None:
    raise TimeoutError


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def now() -> tuple[float, float]:
    """By the clock, and by the CPU time of the whole machine, which has nothing else to do.

    What a jail's processes have used is in nobody's account once it is replaced: they end with
    their pid namespace. A sum over a process and everything below it would leave that out."""
    user, nice, system, _idle, _waiting, irq, softirq = map(
        int, Path("/proc/stat").read_text().split(maxsplit=8)[1:8]
    )
    busy_s = (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
    return time.perf_counter(), busy_s
