"""A control group for each local jail, out of the one that this process was given to divide.

Version 2 only. Version 1 has no delegation that the kernel stands for, and systemd gave it up.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import select
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.jails import owner
from sandbox.jails.group_limits import PIDS, memory_bytes

ROOT = Path("/sys/fs/cgroup")
HOW = (
    "start it in a unit with Delegate=yes, or by "
    f"`systemd-run {'--user ' if os.geteuid() else ''}--scope -p Delegate=yes verifier ...`"
)
_OURS = "verifier-workers"
"""Where processes go that were in the group: one that is divided may hold none itself."""
_JAIL = "verifier-jail."
_CONTROLLERS = ("memory", "pids")
_MARKS = ("trusted.delegate", "user.delegate")
"""Attributes by which the machine's systemd says so; before version 251 only root sees one."""
_ANSWER_LIMIT_S = 5.0
_DIVIDE_ATTEMPTS = 20
_REMOVE_LIMIT_S = 10.0


class NotDelegated(SandboxError):
    """There is no group to divide; the text says why, and what to do."""


def make_group() -> Path:
    """A new one with the limits of a jail. Raises NotDelegated, or JailUnavailable where its
    limits cannot be what was asked for."""
    limits = {"memory.max": memory_bytes(), "memory.swap.max": 0, "pids.max": PIDS}
    parent = _delegated()
    try:
        _divide(parent)
        _reap_orphans(parent)
        return _make(parent, limits)
    except OSError as error:
        raise NotDelegated(f"{parent} cannot be divided ({error}); {HOW}") from error


def remove_group(group: Path) -> None:
    """End what may still be in it, and remove it; one that stays is found by a later worker."""
    patience_ends = time.monotonic() + _REMOVE_LIMIT_S
    with contextlib.suppress(OSError), open(group / "cgroup.events", "rb") as events:
        with contextlib.suppress(FileNotFoundError):  # before Linux 5.14
            _write(group / "cgroup.kill", "1")
        changes = select.poll()
        changes.register(events, select.POLLPRI)
        while _is_populated(events.fileno()) and time.monotonic() < patience_ends:
            changes.poll(1000)
    with contextlib.suppress(OSError):
        group.rmdir()


def _delegated() -> Path:
    """The group that is this process's to divide. Raises NotDelegated."""
    if not (ROOT / "cgroup.controllers").exists():
        raise NotDelegated("control groups of version 2 are not mounted here")
    memberships = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    own = next(line.removeprefix("0::/") for line in memberships if line.startswith("0::/"))
    group = ROOT / own
    if group.name == _OURS:
        group = group.parent
    if not _is_given(group):
        raise NotDelegated(f"{group} is not this worker's to divide; {HOW}")
    offered = (group / "cgroup.controllers").read_text(encoding="ascii").split()
    if missing := [name for name in _CONTROLLERS if name not in offered]:
        raise NotDelegated(f"{group} came without the controllers for {' and '.join(missing)}")
    return group


def _is_given(group: Path) -> bool:
    """Whether somebody gave it to us. That we *may* write to it says nothing: systemd takes the
    controllers of what it did not give away back, and the limits with them."""
    if not os.access(group / "cgroup.procs", os.W_OK):
        return False
    for mark in _MARKS:
        with contextlib.suppress(OSError):
            if os.getxattr(group, mark) == b"1":
                return True
    user = os.geteuid()
    if user == 0 or group.stat().st_uid != user:
        return False
    return group.parent.stat().st_uid != user or _is_given_by_users_manager(group.name)


def _is_given_by_users_manager(unit: str) -> bool:
    """A user's systemd leaves no mark, but can be asked."""
    command = ["systemctl", "--user", "show", "--property=Delegate", "--value", unit]
    try:
        said = subprocess.run(command, capture_output=True, timeout=_ANSWER_LIMIT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.stdout.strip() == b"yes"


def _divide(group: Path) -> None:
    """Give its children their own share of memory and processes; safe beside others that do so."""
    ours = group / _OURS
    ours.mkdir(exist_ok=True)
    wanted = " ".join(f"+{name}" for name in _CONTROLLERS)
    for attempts_left in reversed(range(_DIVIDE_ATTEMPTS)):
        for process in (group / "cgroup.procs").read_text(encoding="ascii").split():
            with contextlib.suppress(ProcessLookupError):
                _write(ours / "cgroup.procs", process)
        try:
            _write(group / "cgroup.subtree_control", wanted)
        except OSError as error:
            # A process that was born meanwhile is in the way.
            if error.errno != errno.EBUSY or not attempts_left:
                raise
        else:
            return


def _make(parent: Path, limits: Mapping[str, int]) -> Path:
    name = f"{_JAIL}{owner.name().replace('/', ':')}.{secrets.token_hex(4)}"
    group = parent / name
    group.mkdir()
    try:
        for file, limit in limits.items():
            # A kernel without swap has no limit for it.
            with contextlib.suppress(FileNotFoundError):
                _write(group / file, str(limit))
    except OSError:
        group.rmdir()
        raise
    return group


def _reap_orphans(parent: Path) -> None:
    """Remove the groups of workers that are gone, which could not do it themselves."""
    for group in parent.glob(f"{_JAIL}*"):
        name = group.name.removeprefix(_JAIL).rpartition(".")[0]
        if owner.is_gone(name.replace(":", "/")):
            remove_group(group)


def _is_populated(events: int) -> bool:
    return b"populated 1" in os.pread(events, 4096, 0)


def _write(file: Path, text: str) -> None:
    """In one call, and never making a file."""
    descriptor = os.open(file, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
