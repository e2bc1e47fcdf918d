"""Cleans up after a run: kills the processes it left running, removes the files it wrote."""

import contextlib
import fcntl
import os
import resource
import select
import signal
from collections.abc import Iterator

from . import confine

WRITABLE = (confine.SCRATCH, confine.SHARED_MEMORY, confine.SHELF)
WIPE_LIMIT_S = 30.0
"""Of wall time, on however busy a machine: what there can be takes a fraction of a second."""
WAIT_ALL = 0x40000000
"""__WALL: also children that are the zygote's making, or that a run made its siblings."""
_MAX_CHILDREN_BYTES = 64
"""Of the list of children: enough to see that it is not the one at rest."""
_SET_FLAGS = 0x40086602
"""FS_IOC_SETFLAGS: ioctl_iflags(2)."""


class Leftovers:
    """Those of one run after the other. Belongs to process 1: whatever a run started is its child
    as soon as nothing that the run started is in between."""

    def __init__(self, forker: int) -> None:
        """`forker` is the process that forks: this one, or its only child that is no run's."""
        self._at_rest = b"" if forker == os.getpid() else b"%d " % forker
        for place in WRITABLE:
            os.chmod(place, 0o1777)  # noqa: S103 - however it was mounted
        self._empty = {
            os.open(place, os.O_PATH | os.O_DIRECTORY): _size_if_empty(place) for place in WRITABLE
        }
        """The writable places, each with its size when nothing is in it; None where that tells
        nothing."""
        self._children: int | None = None
        """A list of this process's children, where the kernel gives one."""
        with contextlib.suppress(FileNotFoundError):
            self._children = os.open("/proc/thread-self/children", os.O_RDONLY)

    def end_processes(
        self, first: resource.struct_rusage, uid: int | None
    ) -> tuple[float, float, int]:
        """Kill and wait for whatever the run left running, after its first process has ended.

        Returns the CPU seconds, those of them in the kernel, and the largest process's peak memory
        in bytes, of the whole tree."""
        cpu_s, kernel_s, peak_kib = 0.0, 0.0, 0
        for used in (first, *self._end_rest(uid)):
            cpu_s += used.ru_utime + used.ru_stime
            kernel_s += used.ru_stime
            peak_kib = max(peak_kib, used.ru_maxrss)
        return cpu_s, kernel_s, peak_kib * 1024

    def _end_rest(self, uid: int | None) -> Iterator[resource.struct_rusage]:
        """What each had used. As long as any is left, there is one to wait for."""
        while self._is_any_left(uid):
            _kill_all(uid)
            yield os.wait4(-1, WAIT_ALL)[2]

    def _is_any_left(self, uid: int | None) -> bool:
        """Whether there is any process of the run, one that ended and was not waited for too."""
        if self._children is not None:
            return os.pread(self._children, _MAX_CHILDREN_BYTES, 0) != self._at_rest
        try:
            if uid is None:
                os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            else:
                os.getpriority(os.PRIO_USER, uid)  # the kernel looks at every thread of the machine
        except (ChildProcessError, ProcessLookupError):
            return False
        return True

    def remove_files(self, uid: int | None) -> tuple[bool, float]:
        """Empty the writable places: whether nothing remains, and the CPU seconds it took."""
        if uid is None:
            for place in WRITABLE:
                _restore(place)
        if all(os.fstat(place).st_size == size for place, size in self._empty.items()):
            return True, 0.0
        places = [place for place in WRITABLE if os.listdir(place)]
        if not places:
            return True, 0.0
        wiper = os.fork()
        if wiper == 0:
            # As the run's own uid, which owns all of it; a jail that cannot be wiped is given up.
            with contextlib.suppress(BaseException):
                if uid is not None:
                    confine.become(uid)
                for place in places:
                    _remove_content(place)
            os._exit(0)
        pidfd = os.pidfd_open(wiper)
        if not select.select([pidfd], [], [], WIPE_LIMIT_S)[0]:
            os.kill(wiper, signal.SIGKILL)
        os.close(pidfd)
        used = os.wait4(wiper, 0)[2]
        return not any(os.listdir(place) for place in places), used.ru_utime + used.ru_stime


def _size_if_empty(place: str) -> int | None:
    """Of a folder whose size counts what is in it, as that of a tmpfs does; tried with a file."""
    size = os.stat(place).st_size
    name = f"{place}/counted"
    os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0))
    size_with_one = os.stat(place).st_size
    os.unlink(name)
    tells = os.stat(place).st_size == size != size_with_one
    return size if tells and not os.listdir(place) else None


def _kill_all(uid: int | None) -> None:
    """Kill every process of this uid, or every one that this process may signal, but itself. None
    gets away by forking."""
    if uid is not None:
        os.setresuid(uid, uid, 0)
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    if uid is not None:
        os.setresuid(0, 0, 0)


def _restore(place: str) -> None:
    """Undo what only its owner can do to a writable place: a run that shares the agent's uid."""
    os.chmod(place, 0o1777)  # noqa: S103 - as it was mounted
    for name in os.listxattr(place):
        os.removexattr(place, name)
    os.utime(place, (0, 0))
    folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    with contextlib.suppress(OSError):  # older kernels know of no flags here
        fcntl.ioctl(folder, _SET_FLAGS, bytes(8))
    os.close(folder)


def _remove_content(place: str) -> None:
    """However deep it is: a path of all its folders could be too long, and a recursion too deep."""
    os.chdir(place)
    folders = [_remove_files_here()]
    while folders:
        if folders[-1]:
            inner = folders[-1][-1]
            os.chmod(inner, 0o700)
            os.chdir(inner)
            folders.append(_remove_files_here())
        else:
            folders.pop()
            if folders:
                os.chdir("..")
                os.rmdir(folders[-1].pop())


def _remove_files_here() -> list[str]:
    """Returns the folders that are left."""
    folders = []
    for entry in os.scandir("."):
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        else:
            os.unlink(entry.name)
    return folders
