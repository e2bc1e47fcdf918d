"""Reads the control group around this jail from inside: its limits, its use, its kills.

Where nothing can be seen every question is answered with None, and the worker decides what that
means for the jail at hand.
"""

import contextlib
import os

_ROOT = "/sys/fs/cgroup"
# question: where version 2 answers it, and where version 1 does; of the latter the CPU controller
# counts nanoseconds, version 2 microseconds.
_MEMORY_LIMIT = ("memory.max", "memory/memory.limit_in_bytes")
_SWAP_LIMIT = ("memory.swap.max", "memory/memory.memsw.limit_in_bytes")
_PIDS_LIMIT = ("pids.max", "pids/pids.max")
_CPU_LIMIT_2, _CPU_LIMIT_1 = ("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")
_MEMORY_USED = ("memory.current", "memory/memory.usage_in_bytes")
_FILES_READ = {
    "memory.stat": ("active_file ", "inactive_file "),
    "memory/memory.stat": ("total_active_file ", "total_inactive_file "),
}
_KILLS = ("memory.events", "memory/memory.oom_control")


class Cgroup:
    """This jail's control group."""

    def __init__(self) -> None:
        self.memory_limit = _number(_MEMORY_LIMIT)
        self.pids_limit = _number(_PIDS_LIMIT)
        self._kills = self._count_kills()

    def limits(self) -> dict[str, int | None]:
        """What the worker must know to see that the limits it asked for are in force."""
        swap = _number(_SWAP_LIMIT)
        if swap is not None and _is_version_2():
            swap += self.memory_limit or 0
        return {
            "memory": self.memory_limit,
            "memory_and_swap": swap,
            "pids": self.pids_limit,
            "milli_cpus": _milli_cpus(),
        }

    def memory_used(self) -> int | None:
        """Bytes, with what no process's own count shows: files in memory, pipes, kernel objects.

        Without what was only read from disk (a toolchain is large) and goes as soon as memory is
        short: it stays from one run to the next, which must not pay for it."""
        used = _number(_MEMORY_USED)
        if used is None:
            return None
        read = (_field(place, name) for place, names in _FILES_READ.items() for name in names)
        return used - sum(count or 0 for count in read)

    def cpu_s(self) -> float | None:
        """CPU seconds of every process that ever was in it, however it ended."""
        if nanoseconds := _number(("", "cpuacct/cpuacct.usage")):
            return nanoseconds / 1e9
        microseconds = _field("cpu.stat", "usage_usec ")
        return None if microseconds is None else microseconds / 1e6

    def killed_one(self) -> bool:
        """Whether the kernel, out of memory, killed a process in here since the last question."""
        before, self._kills = self._kills, self._count_kills()
        return self._kills > before

    def _count_kills(self) -> int:
        return next(
            (count for place in _KILLS if (count := _field(place, "oom_kill ")) is not None), 0
        )


def _milli_cpus() -> int | None:
    """Thousandths of a CPU that all processes in here may use together."""
    with contextlib.suppress(OSError, ValueError):
        texts = []
        for place in _CPU_LIMIT_2 if _is_version_2() else _CPU_LIMIT_1:
            with open(f"{_ROOT}/{place}", encoding="ascii") as file:
                texts += file.read().split()
        quota, period = map(int, texts)
        return quota * 1000 // period if quota > 0 else None
    return None


def _is_version_2() -> bool:
    return os.path.exists(f"{_ROOT}/cgroup.controllers")


def _number(places: tuple[str, str]) -> int | None:
    place = places[0] if _is_version_2() else places[1]
    with contextlib.suppress(OSError, ValueError), open(f"{_ROOT}/{place}", "rb") as file:
        return int(file.read())
    return None


def _field(place: str, name: str) -> int | None:
    with (
        contextlib.suppress(OSError, ValueError),
        open(f"{_ROOT}/{place}", encoding="ascii") as file,
    ):
        for line in file:
            if line.startswith(name):
                return int(line.removeprefix(name))
    return None
