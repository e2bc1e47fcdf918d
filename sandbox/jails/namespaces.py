"""Builds the local jail: enters new namespaces and becomes the agent in them.

Run as a program of its own, `python -S -m`-free and standard library only, because a process must
be single-threaded to leave its user namespace: `python namespaces.py '<JSON of a plan>'`.
It writes one line to descriptor `report`: `mapped?` when the parent must write the uid map (only
with `map_by_parent`), nothing else. Errors end it with a sentence on standard error.
"""

import ctypes
import fcntl
import json
import os
import resource
import socket
import stat
import struct
import sys
from pathlib import Path

AGENT_HOME = "/opt/verifier"
_NEW_NAMESPACES = 0x10000000 | 0x20000000 | 0x00020000 | 0x40000000 | 0x08000000 | 0x04000000
"""CLONE_NEWUSER, NEWPID, NEWNS, NEWNET, NEWIPC, NEWUTS."""
_NEW_CGROUP_NAMESPACE = 0x02000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    4096,
    16384,
    1 << 18,
)
_NOATIME, _NODIRATIME, _RELATIME = 1024, 2048, 1 << 21
_DETACH = 2
_DEVICES = {name: name for name in ("null", "full", "random", "urandom")} | {"zero": "full"}
"""Ours, and the host's that it is: sandbox.agent.seccomp says why zeros come from /dev/full."""
_KEPT_CAPABILITIES = {5, 6, 7, 19}
"""KILL, SETGID, SETUID and SYS_PTRACE, without which /proc of runs could not be read."""
_CAPABILITIES = 41
_THREAD_STACK_BYTES = 8 * 1024 * 1024
"""The C library gives new threads a stack of the limit in force at exec; runs raise it later for
their main thread alone."""

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Never returns: this process waits for the jail's end, its child becomes the agent."""
    plan = json.loads(sys.argv[1])
    # Whatever happens to the worker, its jails go with it.
    _call("prctl", 1, 9, 0, 0, 0)
    identity = (os.getuid(), os.getgid())
    _call("unshare", _NEW_NAMESPACES)
    _map_ids(plan, *identity)
    os.umask(0o022)  # what is laid out in here is for other users too, whatever holds outside
    init = os.fork()  # the first process of the new pid namespace
    if init:
        os.close(plan["agent"])
        os.waitpid(init, 0)
        os._exit(0)
    if plan["control_group"]:
        Path(plan["control_group"], "cgroup.procs").write_text("0", encoding="ascii")
    # From here on /proc does not tell where in the host's groups this is.
    _call("unshare", _NEW_CGROUP_NAMESPACE)
    _furnish(plan)
    _bring_loopback_up()
    socket.sethostname("sandbox")
    _keep_few_capabilities()
    _, most_stack = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (_THREAD_STACK_BYTES, most_stack))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.set_inheritable(plan["agent"], True)
    os.execve(plan["python"], _agent_command(plan), plan["environment"])  # noqa: S606


def _agent_command(plan: dict) -> list[str]:  # type: ignore[type-arg]
    agent = ["-m", "agent", "--fd", str(plan["agent"])]
    return [plan["python"], "-S", "-s", "-B", "-P", *agent]


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name} refused: {os.strerror(error)}")


def _map_ids(plan: dict, uid: int, gid: int) -> None:  # type: ignore[type-arg]
    """Give this process's ids a meaning in its new user namespace."""
    if plan["map_by_parent"]:
        # Only a privileged process of the namespace outside may map a range.
        os.write(1, b"mapped?\n")
        os.read(0, 1)
        return
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1", encoding="utf-8")


def _mount(source: str, target: Path, kind: str, flags: int, options: str = "") -> None:
    arguments = (source.encode(), str(target).encode(), kind.encode(), flags, options.encode())
    if _libc.mount(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"mounting {kind or source} on {target}: {os.strerror(error)}")


def _furnish(plan: dict) -> None:  # type: ignore[type-arg]
    """Make the small world that the agent and its runs see, and make it the root."""
    # Found by the user who started us, who may go where the jail's own root may not, and before
    # anything is mounted over them.
    sources = [os.open(source, os.O_PATH) for source, _ in plan["read_only"]]
    _mount("none", Path("/"), "", _REC | _PRIVATE)
    _mount("tmpfs", Path(plan["root"]), "tmpfs", _NOSUID | _NODEV, "mode=755,size=1m,uid=0,gid=0")
    os.chdir(plan["root"])
    _become_root_of_the_namespace()
    for source, (_, target) in zip(sources, plan["read_only"], strict=True):
        _bind(source, Path(target.lstrip("/")))
    for hidden in plan["hidden"]:
        _mount("tmpfs", Path(hidden.lstrip("/")), "tmpfs", _RDONLY | _NOSUID | _NODEV, "size=4k")
    for link, target in plan["links"]:
        Path(link.lstrip("/")).symlink_to(target)
    devices = Path("dev")
    devices.mkdir()
    for name, device in _DEVICES.items():
        (devices / name).touch()
        _mount(f"/dev/{device}", devices / name, "", _BIND)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        (devices / name).symlink_to(f"/proc/self/fd{target}")
    for place in (Path("tmp"), devices / "shm", Path("mnt")):
        place.mkdir()
        _mount("tmpfs", place, "tmpfs", _NOSUID | _NODEV, plan["scratch_options"])
    Path("proc").mkdir()
    _mount("proc", Path("proc"), "proc", _NOSUID | _NODEV | _NOEXEC, "hidepid=2")
    # A port that a run has used is free at once for the next one.
    Path("proc/sys/net/ipv4/tcp_max_tw_buckets").write_text("0", encoding="utf-8")
    # The settings of these namespaces belong to their root, which runs of a jail of one uid are.
    settings = Path("proc/sys")
    _mount(str(settings), settings, "", _BIND)
    _mount("none", settings, "", _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV | _NOEXEC)
    Path("etc").mkdir(exist_ok=True)
    Path("etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n", encoding="utf-8")
    Path("etc/nsswitch.conf").write_text("hosts: files\n", encoding="utf-8")
    Path("etc/passwd").write_text("candidate:x:1000:1000::/tmp:/bin/false\n", encoding="utf-8")
    pivot_root = {"x86_64": 155, "aarch64": 41}[os.uname().machine]
    _call("syscall", pivot_root, b".", b".")
    _call("umount2", b".", _DETACH)
    _mount("none", Path("/"), "", _REMOUNT | _RDONLY | _NOSUID | _NODEV)
    os.chdir("/")


def _bring_loopback_up() -> None:
    """The one interface of the new network namespace, which leads to itself."""
    set_flags, up = 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh22x", b"lo", up))


def _become_root_of_the_namespace() -> None:
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    # A process that changed its ids may not look at its own /proc/self/fd, unless told so.
    set_dumpable = 4
    _call("prctl", set_dumpable, 1, 0, 0, 0)


def _bind(source: int, target: Path) -> None:
    if stat.S_ISDIR(os.fstat(source).st_mode):
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    _mount(f"/proc/self/fd/{source}", target, "", _BIND | _REC)
    os.close(source)
    # Flags that the host has set on this mount are locked: a remount must repeat them. statvfs
    # has the same numbers as mount for all of them but relatime.
    held = os.statvfs(target).f_flag
    locked = held & (_NOEXEC | _NOATIME | _NODIRATIME) | (_RELATIME if held & os.ST_RELATIME else 0)
    _mount("none", target, "", _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV | locked)


def _keep_few_capabilities() -> None:
    drop_bounding = 24
    for capability in range(_CAPABILITIES):
        if capability not in _KEPT_CAPABILITIES:
            _call("prctl", drop_bounding, capability, 0, 0, 0)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(str(error))
