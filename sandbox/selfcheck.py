"""What every jail promises, as small programs that show whether the promise is kept here.

A pool runs them before it hands out its first jail and refuses where one fails; `verifier doctor`
prints them; the conformance tests run them against every jail.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, field

from sandbox.errors import JailFault, JailUnavailable
from sandbox.jail import Jail
from sandbox.model import MIB, Limits, Program, RunResult, Status

_LIMITS = Limits(cpu_s=5.0, wall_s=5.0, memory_bytes=128 * MIB, output_bytes=MIB)
DOES_NOT_ISOLATE = "this jail does not isolate here"
_KEYCTL = 250 if platform.machine() == "x86_64" else 219
_SHORT = Limits(cpu_s=0.1, wall_s=0.1, memory_bytes=128 * MIB, output_bytes=MIB)


@dataclass(frozen=True, slots=True)
class Check:
    """A promise, a program that puts it to the test, and what must come of it."""

    promise: str
    source: str
    status: Status = Status.OK
    stdout: bytes = b"refused\n"
    limits: Limits = field(default=_LIMITS)

    def kept_by(self, result: RunResult) -> bool:
        """Whether this result shows the promise kept."""
        if result.status is not self.status:
            return False
        return self.status is not Status.OK or result.stdout == self.stdout


def _refused(attempt: str, errors: str = "OSError") -> str:
    """A program that prints `refused` where its attempt raises one of `errors`, else `allowed`."""
    body = "\n".join(f"    {line}" for line in attempt.splitlines())
    return f"try:\n{body}\n    print('allowed')\nexcept ({errors}):\n    print('refused')\n"


def _without_effect(attempt: str) -> str:
    """A program that prints `refused` where its attempt fails, or lets the program go on: had it
    killed the agent, nothing of the jail would be there to print anything."""
    return _refused(f"{attempt}\nraise OSError('nothing happened')")


def _system_call(name: str, arguments: str) -> str:
    return (
        "import ctypes, sys\n"
        f"result = ctypes.CDLL(None, use_errno=True).{name}({arguments})\n"
        "print('refused' if result == -1 else 'allowed')"
    )


_LOOPBACK = """
import socket
with socket.create_server(("127.0.0.1", 8000)) as server:
    with socket.create_connection(server.getsockname(), 5) as client:
        server.accept()[0].sendall(b"heard")
        print(client.recv(5).decode())
"""

CHECKS: tuple[Check, ...] = (
    Check("a program runs", "print(input()[::-1])", stdout=b"ok\n"),
    Check("no network", _refused("import socket\nsocket.create_connection(('127.0.0.1', 80), 1)")),
    Check(
        "no sockets that reach beyond it",
        _refused("import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
    ),
    Check("a loopback of its own", _LOOPBACK, stdout=b"heard\n"),
    Check("a file system of its own, read-only", _refused("open('/etc/passwd', 'a')")),
    Check("system files cannot be written", _refused("open('/usr/x', 'w')")),
    Check(
        "no privileges",
        "status = dict(l.split(':', 1) for l in open('/proc/self/status'))\n"
        "caps = [int(status[c], 16) for c in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')]\n"
        "print('refused' if not any(caps) and int(status['NoNewPrivs']) == 1\n"
        "      and int(status['Seccomp']) == 2 else 'allowed')",
    ),
    Check("the agent cannot be read", _refused("open('/proc/1/mem', 'rb')")),
    Check("the agent cannot be killed", _without_effect("import os\nos.kill(1, 9)")),
    Check("no tracing", _system_call("ptrace", "16, 1, 0, 0")),
    Check("no new namespaces", _system_call("unshare", "0x10000000")),
    Check("no mounts", _system_call("mount", "b'none', b'/tmp', b'tmpfs', 0, b''")),
    Check("no shared memory that stays", _system_call("shmget", "77, 4096, 0o1600")),
    Check("no message queues that stay", _system_call("mq_open", "b'/q', 0o102, 0o600, None")),
    Check("no memory that nobody counts", _system_call("memfd_create", "b'm', 0")),
    Check("no shared memory that nobody counts", _refused("import mmap\nmmap.mmap(-1, 4096)")),
    Check(
        "nor by the name of /dev/zero",
        _refused("import mmap\nmmap.mmap(open('/dev/zero', 'rb+', 0).fileno(), 4096)"),
    ),
    Check("no keyrings", _system_call("syscall", f"ctypes.c_long({_KEYCTL}), 0, -3, 0, 0, 0")),
    Check("CPU time is limited", "while True: pass", Status.TIME_LIMIT, limits=_SHORT),
    Check("sleep is limited", "import time; time.sleep(60)", Status.TIME_LIMIT, limits=_SHORT),
    Check("memory is limited", "x = bytearray(1 << 30)", Status.MEMORY_LIMIT),
    Check("output is limited", "while True: print('x' * 4096)", Status.OUTPUT_LIMIT),
    Check(
        "processes are limited",
        _refused("import os, time\nfor _ in range(500):\n    if os.fork() == 0: time.sleep(60)"),
    ),
    Check(
        "files are limited",
        _refused("f = open('/tmp/f', 'wb')\nfor _ in range(200): f.write(bytes(1 << 20))"),
    ),
    Check("a program can leave files", "open('/tmp/left', 'w').write('x'); print('refused')"),
    Check("and the next finds none", _refused("open('/tmp/left')")),
)  # fmt: skip


def broken_promises(jail: Jail) -> list[str]:
    """The promises that this jail does not keep on this machine."""
    broken = []
    for check in CHECKS:
        with jail.load(Program(check.source), check.limits) as script:
            result = script.run(b"ko\n")
        if not check.kept_by(result):
            broken.append(
                f"{check.promise} ({result.status}: {result.stdout[:80]!r} {result.message})"
            )
    return broken


def require_promises(jail: Jail) -> None:
    """Raises JailUnavailable where the jail keeps less than it must."""
    try:
        broken = broken_promises(jail)
    except JailFault as fault:
        raise JailUnavailable(f"this jail broke while it was tried: {fault}") from fault
    if broken:
        raise JailUnavailable(f"{DOES_NOT_ISOLATE}: {'; '.join(broken)}")
