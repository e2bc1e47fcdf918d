"""What a run has used so far, measured from outside: CPU time, time asleep, memory.

Time asleep is wall time in which no thread of the run was running or waiting for a CPU. A program
that is starved by a busy machine is therefore never asleep, and a sleeper is, at any load.
"""

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from .cgroup import Cgroup

LOOK_INTERVAL_S = 0.05
"""How often a run that takes longer than this is looked at; most runs end before the first look."""
SPARE_MEMORY_BYTES = 1 << 20
"""Beyond its limit. Programs ask for round numbers, and whether one of just the limit is to be had
must not depend on the few pages that an interpreter has in reserve: that differs between jails."""
MEMORY_SHARE = 0.8
"""Of the control group's memory, with all that is in it: above that a run is over its limit, before
the kernel has to choose a process to kill."""
SOON_S = 0.005
"""Between two looks where a run may be asleep past its limit: it could wake up before the next."""
UNCERTAIN_SHARE = 10
"""So many wall limits may pass in which a run may only have seemed to wait for a CPU."""
FILLING_SHARE = 4
"""So many CPU limits a run may use up before it is ended for that, if it spends them on filling its
memory and will have filled it by then. Where a machine's memory has to be fetched from its host
first, a page costs ten times what it does elsewhere, and the time is over before the memory."""
GIVING_BACK_S = 2 * LOOK_INTERVAL_S
"""CPU time that a run has to end in when it was refused more memory: it gives back what it had."""
_KERNEL, _CHILDREN_USER, _CHILDREN_KERNEL = 12, 13, 14
"""Fields of /proc/<process>/stat, counted from the state on."""


class Limits(NamedTuple):
    """Of each test case, and of all of them together: seconds, and bytes."""

    cpu_s: float
    wall_s: float
    total_cpu_s: float
    total_wall_s: float
    memory_bytes: int


@dataclass(frozen=True)
class Sample:
    """The run's use at one moment, summed over its processes."""

    wall_s: float
    cpu_s: float
    kernel_s: float
    """Of the CPU seconds those in the kernel, as far as its processes' parents know."""
    memory_bytes: int
    waiting_s: dict[int, float]
    """Seconds that each thread has spent runnable but without a CPU."""


class Meter:
    """Measures one run and says which limit it exceeds."""

    def __init__(
        self,
        cgroup: Cgroup,
        agents: tuple[int, int],
        limits: Limits,
    ) -> None:
        """`agents` are the processes in the jail that are not the run's: the supervisor, and the
        one that forks."""
        self._cgroup = cgroup
        self._agents = agents
        self._limits = limits
        self._wall_limit_s = min(limits.wall_s, limits.total_wall_s)
        """Of the test case at hand: less than its own where the others have slept long."""
        self._memory_limit = limits.memory_bytes + SPARE_MEMORY_BYTES
        self.has_looked = False
        self._began_s = time.monotonic()
        self._late_s = 0.0
        """What the supervisor had waited for a CPU itself at the first look."""
        self._last = self._marked = Sample(self._began_s, 0.0, 0.0, 0, {})
        self._most_bytes = 0
        """In use at one look, of those since the last mark."""
        self._over_time: Sample | None = None
        """When it was first seen to be over its CPU time."""
        self._asleep_s = self._uncertain_s = 0.0
        self._seems_asleep = False
        """At the last look."""
        self._slept_s = 0.0
        """By the last mark, without the waits for the worker."""
        self._quiet_s = self._busy_s = 0.0
        """Since the last mark: time asleep from one look to the next, with no thread runnable at
        either, so that no wait for a CPU is among it; CPU time and waits for a CPU."""
        self._was_quiet = False
        self._others_cpu_s: float | None = None
        """The control group's CPU time that is not this run's; known from the first look on."""

    def next_look_s(self) -> float:
        """Seconds until the run must be looked at."""
        left_s = self._wall_limit_s - self._asleep_s if self._was_quiet else self._wall_limit_s
        return min(LOOK_INTERVAL_S, max(SOON_S, left_s))

    def exceeded(self) -> str | None:
        """Look at the run: the limit to end it for ("time", "asleep", "memory"), or None."""
        now = self._look()
        if now.memory_bytes > self._memory_limit or self._cgroup_is_full():
            return "memory"
        is_asleep = self._is_asleep()
        if not self._is_over_cpu(now.cpu_s):
            return "asleep" if is_asleep else None
        self._over_time = self._over_time or now
        return None if self._is_filling_memory(now) and not is_asleep else "time"

    @property
    def is_over_time(self) -> bool:
        """Whatever the run still does, it has failed. It goes on, if it does, only to show which
        limit was the one that it ran into."""
        return self._over_time is not None

    def _is_filling_memory(self, now: Sample) -> bool:
        """Whether the test case's CPU time went into memory: most of it was the kernel's, and the
        memory grew, before the time was over and since, so fast that the rest will do for it."""
        used_s = now.cpu_s - self._marked.cpu_s
        if now.kernel_s - self._marked.kernel_s <= used_s / 2:
            return False
        pace = self._memory_limit / (FILLING_SHARE * self._limits.cpu_s)
        over = self._over_time or now
        late_s = now.cpu_s - over.cpu_s - GIVING_BACK_S
        return (
            over.memory_bytes - self._marked.memory_bytes > pace * (over.cpu_s - self._marked.cpu_s)
            and self._most_bytes - over.memory_bytes >= pace * late_s
        )

    def mark(self, awaited_s: float) -> str | None:
        """A new test case begins. Returns the limit that the last one was over, or None.

        `awaited_s` since the last mark the worker itself was asleep, waiting for an answer. What of
        that the run was neither running nor waiting for a CPU it has slept; its waits for a worker
        that is busy or starved are not among it."""
        exceeded = self.exceeded() or ("time" if self.is_over_time else None)
        self._slept_s += max(0.0, min(self._quiet_s, awaited_s - self._busy_s))
        self._quiet_s = self._busy_s = 0.0
        self._wall_limit_s = min(self._limits.wall_s, self._limits.total_wall_s - self._slept_s)
        self._marked = self._last
        self._most_bytes = self._last.memory_bytes
        self.wake()
        if exceeded in (None, "asleep"):
            return "asleep" if self._wall_limit_s < 0 else None
        return exceeded

    @property
    def slept_s(self) -> float:
        """Seconds asleep, as far as seen; since the last mark, waits for the worker too."""
        return self._slept_s + self._quiet_s

    def _is_over_cpu(self, cpu_s: float) -> bool:
        of_this_case_s = cpu_s - self._marked.cpu_s
        return of_this_case_s > self._limits.cpu_s or cpu_s > self._limits.total_cpu_s

    def _is_asleep(self) -> bool:
        if self._asleep_s + self._uncertain_s > UNCERTAIN_SHARE * self._limits.wall_s:
            return True
        # A thread that is waiting for a CPU right now has that wait counted when it is over. Twice,
        # since one look may come between the end of a starved child, whose wait is lost with it,
        # and its parent's waking up.
        seemed_so_before = self._seems_asleep
        self._seems_asleep = self._asleep_s > self._wall_limit_s and self._was_quiet
        return self._seems_asleep and seemed_so_before

    def wake(self) -> None:
        """Count sleep from here on."""
        self._asleep_s = self._uncertain_s = 0.0
        self._seems_asleep = False

    def overslept(self, process: int) -> bool:
        """Whether the run, whose first `process` has ended and was not waited for, was asleep past
        its limit and woke up before a look could tell. Known of runs of one thread: all their time
        is this thread's."""
        wall_s = time.monotonic() - self._began_s
        if wall_s < self._wall_limit_s or self._last.waiting_s.keys() != {process}:
            return False
        try:
            if _children_cpu_s(process):
                return False
            late_s = _first_thread_wait_s(self._agents[0]) - self._late_s
            busy_s = _first_thread_wait_s(process) + _own_cpu_s(process) + late_s
        except OSError:
            return False
        return wall_s - busy_s > self._wall_limit_s

    def end(self, cpu_s: float, kernel_s: float, *, failed: bool) -> tuple[float, str | None]:
        """For a run that has ended, with `cpu_s` used as far as its processes' parents know and
        `kernel_s` of them in the kernel: what it used, and the limit it is over ("time"; "memory"
        where it was filling that and gave up: it was refused more) or None."""
        if self._others_cpu_s is not None:
            cpu_s = max(cpu_s, self._cgroup_cpu_s() - self._others_cpu_s)
        if not self._is_over_cpu(cpu_s):
            return cpu_s, None
        last = replace(self._last, cpu_s=cpu_s, kernel_s=kernel_s)
        return cpu_s, "memory" if failed and self._is_filling_memory(last) else "time"

    def _look(self) -> Sample:
        """Takes a sample, and counts the time since the last one as busy, asleep or uncertain."""
        if not self.has_looked:
            self._late_s = _first_thread_wait_s(self._agents[0])
        self.has_looked = True
        last, now = self._last, _sample(self._agents)
        cpu_s = now.cpu_s
        # A process that ended takes its count along where its parent does not ask for it (it may
        # even ignore SIGCHLD); the control group forgets nothing.
        in_all_s = self._cgroup_cpu_s()
        if self._others_cpu_s is None:
            self._others_cpu_s = in_all_s - cpu_s if in_all_s else None
        else:
            cpu_s = max(cpu_s, in_all_s - self._others_cpu_s)
        cpu_s = max(cpu_s, last.cpu_s)
        wall_s = now.wall_s - last.wall_s
        waits_s = [
            max(0.0, so_far_s - last.waiting_s.get(thread, 0.0))
            for thread, so_far_s in now.waiting_s.items()
        ]
        asleep_s = max(0.0, wall_s - (cpu_s - last.cpu_s) - sum(waits_s))
        # A wait is counted when it is over: one longer than this look was taken for sleep before.
        asleep_s -= max(0.0, max(waits_s, default=0.0) - wall_s)
        is_quiet = not _is_runnable(now.waiting_s)
        if is_quiet and self._was_quiet:
            self._quiet_s += max(0.0, asleep_s)
        self._was_quiet = is_quiet
        self._busy_s += cpu_s - last.cpu_s + sum(waits_s)
        # What threads waited that came and went between two looks is lost. Where that happens, and
        # one of them is waiting even now, the time was hardly slept.
        if now.waiting_s.keys() <= last.waiting_s.keys() or is_quiet:
            self._asleep_s = max(0.0, self._asleep_s + asleep_s)
        else:
            self._uncertain_s = max(0.0, self._uncertain_s + asleep_s)
        self._most_bytes = max(self._most_bytes, now.memory_bytes)
        self._last = replace(now, cpu_s=cpu_s)
        return self._last

    def _cgroup_cpu_s(self) -> float:
        """Without the agent's own; 0 where it cannot be seen."""
        in_all_s = self._cgroup.cpu_s()
        return 0.0 if in_all_s is None else in_all_s - sum(map(_own_cpu_s, set(self._agents)))

    def _cgroup_is_full(self) -> bool:
        limit = self._cgroup.memory_limit
        return limit is not None and (self._cgroup.memory_used() or 0) > MEMORY_SHARE * limit


def _sample(agents: tuple[int, int]) -> Sample:
    """Sum over every process in the jail but the agents: only one run is ever in it."""
    waiting_s: dict[int, float] = {}
    memory, inherited = 0, _own_memory_bytes(agents[1])
    processes = {int(name) for name in os.listdir("/proc") if name.isdigit()}.difference(agents)
    for process in processes:
        with contextlib.suppress(OSError, ValueError, IndexError):
            waiting_s |= waiting_for_cpu_s(process)
            memory += max(0, _own_memory_bytes(process) - inherited)
    kernel_s = _kernel_s_of(processes)
    cpu_s = cpu_s_of(processes)
    return Sample(time.monotonic(), cpu_s, kernel_s, memory, waiting_s)


def cpu_s_of(processes: Iterable[int]) -> float:
    """CPU seconds of these processes' threads, ended ones too, and of the children they waited for.

    What has been waited for by the end of this look may be missed in it, but is never counted
    twice, as itself and with its parent: that would end a program before its limit.
    """
    children_s = {}
    for process in processes:
        with contextlib.suppress(OSError, IndexError):
            children_s[process] = _children_cpu_s(process)
    cpu_s = 0.0
    for process, of_children_s in children_s.items():
        with contextlib.suppress(OSError):
            cpu_s += _own_cpu_s(process) + of_children_s
    return cpu_s


def _kernel_s_of(processes: Iterable[int]) -> float:
    """Those of the same in the kernel: what is missed makes it less."""
    kernel_s = 0.0
    for process in processes:
        with contextlib.suppress(OSError, IndexError):
            kernel_s += sum(_seconds(process, (_KERNEL, _CHILDREN_KERNEL)))
    return kernel_s


def _children_cpu_s(process: int) -> float:
    return sum(_seconds(process, (_CHILDREN_USER, _CHILDREN_KERNEL)))


def _seconds(process: int, fields: Iterable[int]) -> list[float]:
    """What /proc/<process>/stat counts in clock ticks. Raises OSError, IndexError."""
    with open(f"/proc/{process}/stat", "rb") as stat:
        values = stat.read().rpartition(b")")[2].split()
    return [int(values[field]) / os.sysconf("SC_CLK_TCK") for field in fields]


def _own_cpu_s(process: int) -> float:
    # The clock id of another process: see clock_getcpuclockid(3); 2 is the scheduler's clock.
    return time.clock_gettime((~process << 3) | 2)


def waiting_for_cpu_s(process: int) -> dict[int, float]:
    """Seconds that each thread of a process has been runnable without a CPU. Raises OSError, also
    where the kernel does not count them."""
    waiting_s = {}
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/schedstat", "rb") as schedstat:
            waiting_s[int(thread)] = int(schedstat.read().split()[1]) / 1e9
    return waiting_s


def _first_thread_wait_s(process: int) -> float:
    """The one that a process keeps until it is waited for. Raises OSError."""
    with open(f"/proc/{process}/schedstat", "rb") as schedstat:
        return int(schedstat.read().split()[1]) / 1e9


def _is_runnable(threads: Iterable[int]) -> bool:
    """Whether one of these threads is running or waiting for a CPU at this moment."""
    for thread in threads:
        with contextlib.suppress(OSError), open(f"/proc/{thread}/stat", "rb") as stat:
            if stat.read().rpartition(b") ")[2][:1] == b"R":
                return True
    return False


def _own_memory_bytes(process: int) -> int:
    """Anonymous and shared memory in use; code and files are the machine's, not the run's."""
    kibibytes = 0
    with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith(("RssAnon:", "RssShmem:")):
                kibibytes += int(line.split()[1])
    return kibibytes * 1024
