"""The local jail: Linux namespaces, for machines without Docker. Never falls back to less."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import secrets
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from sandbox import agent
from sandbox.errors import JailFault, JailUnavailable
from sandbox.jails import control_group, host_files, namespaces
from sandbox.jails.group_limits import require_in_force
from sandbox.languages import PYTHON
from sandbox.libraries import preloading
from sandbox.runs.warm_jail import WarmJail

SCRATCH_OPTIONS = "mode=1777,size=64m,nr_inodes=32k"
_RANGE = 1 << 16


def open_local_jail(variant: str = PYTHON) -> WarmJail:
    """Start one. Raises JailUnavailable where this machine does not allow it, with the reason."""
    if platform.system() != "Linux":
        raise JailUnavailable("the local jail needs Linux namespaces; use --sandbox docker")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    as_root = os.geteuid() == 0
    if not as_root:
        # All runs are of this user, for whom alone the kernel counts descriptors on their way: what
        # they park in their sockets must not keep ours from being sent (sandbox.agent.confine).
        _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    group, no_group = _make_group()
    plan = json.dumps(_plan(theirs.fileno(), as_root, variant, group))
    with theirs, open(os.memfd_create("complaints"), "rb") as complaints:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-S", namespaces.__file__, plan],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        theirs.close()

        def shut_down() -> None:
            process.kill()
            process.communicate()
            if group is not None:
                control_group.remove_group(group)

        try:
            if as_root:
                _map_range(process)
            link = WarmJail(ours, shut_down, no_group)
        except (JailFault, OSError) as fault:
            ours.close()
            process.communicate()
            shut_down()
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip().splitlines() or [str(fault)]
            raise JailUnavailable(
                f"the kernel does not allow the local jail here ({said[-1]}): allow unprivileged "
                "user namespaces (kernel.apparmor_restrict_unprivileged_userns=0, "
                "user.max_user_namespaces>0) or use --sandbox docker"
            ) from fault
    if group is not None:
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(link.close)
            require_in_force(link.cgroup)
            on_failure.pop_all()
    return link


def _make_group() -> tuple[Path | None, str]:
    """The jail's own control group, or why there is none."""
    try:
        return control_group.make_group(), ""
    except control_group.NotDelegated as reason:
        return None, str(reason)


def _plan(descriptor: int, as_root: bool, variant: str, group: Path | None) -> dict[str, object]:
    shown = host_files.shown(variant)
    home = namespaces.AGENT_HOME
    read_only = [(tree, tree) for tree in shown.trees] + list(shown.files)
    read_only.append((str(Path(agent.__file__).parent), f"{home}/agent"))
    packages = host_files.packages(variant)
    read_only += [(path, f"{home}/site/{name}") for name, path in packages.items()]
    if group is not None:
        read_only.append((str(group), "/sys/fs/cgroup"))
    library = host_files.standard_library()
    hidden = [library / name for name in ("site-packages", "dist-packages")]
    return {
        "agent": descriptor,
        "environment": {"PYTHONPATH": home, **agent.ENVIRONMENT, **preloading(variant)},
        "control_group": None if group is None else str(group),
        "root": tempfile.gettempdir(),
        "python": str(host_files.python()),
        "read_only": read_only,
        "links": shown.links,
        "hidden": [str(folder) for folder in hidden if folder.is_dir()],
        "scratch_options": SCRATCH_OPTIONS,
        "map_by_parent": as_root,
    }


def _map_range(process: subprocess.Popen[bytes]) -> None:
    """Map 65,536 ids of nobody's, at a random place so that no two jails share one."""
    assert process.stdin is not None
    assert process.stdout is not None
    if process.stdout.readline() != b"mapped?\n":
        raise JailFault("the jail did not start")
    first = (1 << 24) + secrets.randbelow((1 << 14) - (1 << 9)) * _RANGE
    for kind in ("gid_map", "uid_map"):
        Path(f"/proc/{process.pid}/{kind}").write_text(f"0 {first} {_RANGE}", encoding="ascii")
    process.stdin.write(b"\n")
    process.stdin.flush()
