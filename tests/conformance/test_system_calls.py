"""Every number of a system call, tried from inside of a run: what is not allowed is not there."""

import ast
import errno
import platform
import signal
from collections.abc import Mapping
from typing import Any

from sandbox import Limits, Program, RunResult, Status
from sandbox.agent import seccomp
from sandbox.agent.system_calls import ALLOWED, NEWEST
from sandbox.model import MIB
from sandbox.pool import JailPool

COLUMN = ["x86_64", "aarch64"].index(platform.machine())
LIMITS = Limits(cpu_s=60.0, wall_s=60.0, memory_bytes=256 * MIB, output_bytes=MIB)
TRY_EACH = """
import ctypes, os
EPERM, ENOSYS = 1, 38
system_call = ctypes.CDLL(None, use_errno=True).syscall
reached = []
for number in {numbers!r}:
    child = os.fork()
    if child == 0:
        # Nothing that is there can do harm with these, to this process least of all.
        result = system_call(ctypes.c_long(number), *map(ctypes.c_long, [-1] * 6))
        os._exit(ctypes.get_errno() if result == -1 else 255)
    ending = os.waitpid(child, 0)[1]
    if os.waitstatus_to_exitcode(ending) not in (EPERM, ENOSYS):
        reached.append((number, os.waitstatus_to_exitcode(ending)))
print(reached)
"""


KERNELS_OWN = frozenset({335, 336}) if COLUMN == 0 else frozenset()
"""uretprobe and uprobe (x86): Linux 6.14 and later ask no filter about them (kernel/seccomp.c,
seccomp_uprobe_exception). They are for code that the kernel itself puts into a probed program, and
do nothing for others but to kill them (SIGILL) or to say ENXIO."""


def run(pool: JailPool, numbers: list[int | None]) -> RunResult:
    program = Program(TRY_EACH.format(numbers=numbers))
    with pool.jail() as jail, jail.load(program, LIMITS) as script:
        return script.run(b"")


def test_no_number_but_the_allowed_ones_reaches_the_kernel(pool: JailPool) -> None:
    tables: list[Mapping[Any, tuple[int | None, ...]]] = [*ALLOWED.values(), seccomp._FILTERED]
    allowed = {pair[COLUMN] for group in tables for pair in group.values()}
    others: list[int | None] = [number for number in range(NEWEST + 151) if number not in allowed]
    assert len(others) > 200
    result = run(pool, others)
    assert result.status is Status.OK, result
    reached = ast.literal_eval(result.stdout.decode())
    assert {number for number, _ in reached} <= KERNELS_OWN
    assert {ending for _, ending in reached} <= {-signal.SIGILL, errno.ENXIO}


def test_the_same_program_finds_a_number_that_is_reached(pool: JailPool) -> None:
    """The control: `read` of such arguments is another error."""
    read = ALLOWED["files and folders"]["read"][COLUMN]
    assert run(pool, [read]).stdout == f"[({read}, {errno.EBADF})]\n".encode()
