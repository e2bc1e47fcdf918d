"""A local jail whose worker was given a control group to divide has one of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.jails import control_group
from sandbox.jails.control_group import NotDelegated, make_group

ROOT = Path(__file__).parents[3]
Start = Callable[[str], "subprocess.Popen[str]"]
PREAMBLE = """
import os, sys, time
from pathlib import Path
from sandbox import Limits, Program, Status
from sandbox.jails.local import open_local_jail
from sandbox.model import MIB

def groups():
    own = Path("/proc/self/cgroup").read_text().strip().removeprefix("0::/")
    return sorted(map(str, Path("/sys/fs/cgroup", own).parent.glob("verifier-jail.*")))

def run(jail, source, limits=Limits(cpu_s=10, wall_s=10, memory_bytes=256 * MIB)):
    with jail.load(Program(source), limits) as script:
        return script.run(b"")
"""


@pytest.fixture
def start() -> Start:
    """Starts a worker, whose code is given, in a scope of its own with Delegate=yes. Skipped where
    the machine cannot, in CI too: it is often a container without systemd."""
    if not (control_group.ROOT / "cgroup.controllers").exists():
        pytest.skip("needs control groups of version 2")
    manager = [] if os.geteuid() == 0 else ["--user"]
    delegate = ["systemd-run", *manager, "--quiet", "--scope", "-p", "Delegate=yes"]
    if not shutil.which("systemd-run") or subprocess.call([*delegate, "true"]):
        pytest.skip("needs a systemd that delegates a control group")

    def start(code: str) -> subprocess.Popen[str]:
        command = [*delegate, sys.executable, "-c", PREAMBLE + textwrap.dedent(code)]
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    return start


def _said_by(worker: subprocess.Popen[str]) -> list[str]:
    stdout, _ = worker.communicate()
    return stdout.splitlines()


def test_its_limits_are_those_of_a_jail_and_it_goes_with_the_jail(start: Start) -> None:
    worker = start("""
        jail = open_local_jail()
        group, = groups()
        for file in ("memory.max", "memory.swap.max", "pids.max"):
            place = Path(group, file)
            print(place.read_text().strip() if place.exists() else 0)
        print([text for text in jail.lacking() if "control group" in text])
        jail.close()
        print(groups())
        """)
    assert _said_by(worker) == [str(2 << 30), "0", "256", "[]", "[]"]


def test_a_run_sees_its_own_group_and_cannot_change_it(start: Start) -> None:
    worker = start("""
        print(run(open_local_jail(), '''
        import os
        print(open("/proc/self/cgroup").read().strip())
        print(open("/sys/fs/cgroup/pids.max").read().strip(), os.path.ismount("/sys/fs/cgroup"))
        for file in ("memory.max", "pids.max", "cgroup.procs", "cgroup.kill"):
            try: open("/sys/fs/cgroup/" + file, "w").write("1")
            except OSError as error: print(error.errno in (1, 13, 30))
        try: os.mkdir("/sys/fs/cgroup/x")
        except OSError: print("refused")
        '''.replace(chr(10) + " " * 8, chr(10))).stdout.decode())
        """)
    assert _said_by(worker)[:7] == ["0::/", "256 True", "True", "True", "True", "True", "refused"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_memory_that_no_process_has_counts_and_ends_the_run_alone(start: Start) -> None:
    """What is on its way through sockets: these would hold some 3 GiB."""
    worker = start("""
        jail = open_local_jail()
        result = run(jail, '''if 1:
            import os, socket, time
            for _ in range(60):
                if os.fork() == 0:
                    pairs = [socket.socketpair() for _ in range(120)]
                    for end in sum(pairs, ()):
                        end.setblocking(False)
                        try:
                            while True: end.send(bytes(1 << 16))
                        except BlockingIOError: pass
                    time.sleep(60)
            while True: time.sleep(1)
        ''', Limits(cpu_s=200, wall_s=60, memory_bytes=200 * MIB))
        print(result.status.name, jail.healthy)
        print(run(jail, "print('next')").stdout.decode().strip())
        """)
    assert _said_by(worker) == ["MEMORY_LIMIT True", "next"]


def test_a_memory_bomb_of_many_processes_kills_neither_agent_nor_worker(start: Start) -> None:
    worker = start("""
        jail = open_local_jail()
        bomb = "import os\\nfor _ in range(5): os.fork()\\nx = []\\nwhile True: x.append(b'x' * MB)"
        bomb = bomb.replace("MB", str(1 << 20))
        result = run(jail, bomb, Limits(cpu_s=60, wall_s=60, memory_bytes=1600 * MIB))
        print(result.status.name, jail.healthy)
        print(run(jail, "print('next')").stdout.decode().strip())
        """)
    assert _said_by(worker) == ["MEMORY_LIMIT True", "next"]


def test_what_a_killed_worker_leaves_is_removed_by_the_next(start: Start) -> None:
    """Both are in one scope, which a supervisor of workers keeps alive."""
    worker = start("""
        import signal
        lost = os.fork()
        if lost == 0:
            jail = open_local_jail()
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(lost, 0)
        before = groups()
        jail = open_local_jail()
        print(len(before), len(groups()), before == groups())
        jail.close()
        print(groups())
        """)
    assert _said_by(worker) == ["1 1 False", "[]"]


def test_workers_that_start_at_once_divide_one_group(start: Start) -> None:
    worker = start("""
        children = []
        for _ in range(4):
            child = os.fork()
            if child == 0:
                jail = open_local_jail()
                fine = run(jail, "print(1)").stdout == b"1\\n" and jail.cgroup["pids"] == 256
                jail.close()
                os._exit(0 if fine else 1)
            children.append(child)
        print([os.waitpid(child, 0)[1] for child in children], groups())
        """)
    assert _said_by(worker) == ["[0, 0, 0, 0] []"]


def test_limits_that_are_not_in_force_are_found(start: Start) -> None:
    worker = start("""
        from sandbox import JailUnavailable, control_group
        control_group.PIDS = 512
        try:
            open_local_jail()
        except JailUnavailable as refusal:
            print(refusal)
        print(groups())
        """)
    assert _said_by(worker) == ["the jail's limits are not in force: pids 512", "[]"]


def test_a_group_that_nobody_gave_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write to every group, and is told how to be given one."""
    own = next(
        line.removeprefix("0::/")
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        if line.startswith("0::/")
    )
    (tmp_path / own).mkdir(parents=True, exist_ok=True)
    for file in ("cgroup.controllers", f"{own}/cgroup.controllers", f"{own}/cgroup.procs"):
        (tmp_path / file).write_text("memory pids", encoding="ascii")
    monkeypatch.setattr(control_group, "ROOT", tmp_path)
    monkeypatch.setattr(control_group, "_is_given_by_users_manager", lambda unit: False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(NotDelegated, match="Delegate=yes"):
        make_group()
    assert not list(tmp_path.rglob("verifier-*"))


def test_version_1_is_said_to_be_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_group, "ROOT", tmp_path)
    with pytest.raises(NotDelegated, match="version 2"):
        make_group()
