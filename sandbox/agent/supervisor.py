"""Process 1 of a jail: starts one run at a time, enforces its limits, cleans up after it.

It speaks with the worker in SEQPACKET messages: small JSON and file descriptors. Programs, inputs
and outputs are behind the descriptors and never pass through this process's memory: every run is a
fork of it and would find them there.

    agent -> worker   {"event": "ready", "cgroup": the limits around the jail, "several_uids"}
    worker -> agent   {"op": "start", "mode", limits, "inputs": n}
                      + descriptors, see MODES; the last n are inputs, each for a run of its own
    agent -> worker   {"event": "running", "ended"}         + [stdout, stderr] for each, to read
    worker -> agent   {"op": "mark", "awaited_s"}  a new test case begins: its limits count from
                      here. The worker has waited so long for answers since the last mark
    agent -> worker   {"event": "asleep", "marks"}  (calls) waits, maybe for the worker: who knows?
    agent -> worker   {"event": "over"}  (calls) has used up its CPU time; its end will say on what
    worker -> agent   {"op": "kill"}
    agent -> worker   {"event": "ended", "ended": [{"exit_code", "signal", "limit", "cpu_s", ...}]}
                      + [stdout, stderr] for each that was not said to be running

`ended` are the runs that ended since the last message. A run that takes longer than most is said to
be running; it is the last of its request, as is one that failed. Runs for the inputs behind it have
to be asked for again.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from array import array
from collections.abc import Callable, Sequence
from os import closerange, dup2, eventfd_write
from typing import Any, NoReturn

from . import MAX_INPUTS, confine, native_run, python_run, usage
from .cgroup import Cgroup
from .files import with_files
from .leftovers import WAIT_ALL, Leftovers
from .uids import Uids
from .zygote import Forker, Zygote

MAX_MESSAGE_BYTES = 4096
MAX_DESCRIPTORS = 4 + MAX_INPUTS
AT_ONCE_S = 0.01
"""What takes no longer is reported when it is over: a run, and the runs of one request."""
_STREAMS = 3
_WITH_FILES: dict[str, Callable[[Sequence[int]], NoReturn]] = {
    "script": python_run.first_script,
    "compiled": python_run.compiled_script,
    "compile": native_run.compile_program,
    "native": native_run.run_program,
}
MODES: dict[str, Callable[[Sequence[int]], NoReturn]] = {
    **_WITH_FILES,
    "calls": python_run.serve_calls,
    **{f"{name} with files": with_files(run) for name, run in _WITH_FILES.items()},
}
"""What a confined process becomes, and does with the descriptors that came with the request but the
inputs. An input is a run's standard input, and it has pipes that the worker reads as standard
output and error. A run without an input has no streams."""


class Supervisor:
    """Serves one worker over one socket until it hangs up."""

    def __init__(self, worker: socket.socket) -> None:
        """Raises OSError where this is no jail to be held in."""
        if os.getpid() != 1:
            raise OSError("the agent must be process 1 of its jail")
        self._worker = worker
        self._uids = Uids()
        if self._uids.several:
            os.setgroups(())  # for all that it starts
        self._cgroup = Cgroup()
        self._null = os.open(os.devnull, os.O_RDWR)
        self._confined = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        """Written to by every run's process once it is confined, and closed before the candidate's
        code starts: without it no word of a run is taken."""
        self._ended: list[dict[str, Any]] = []
        """Runs that the worker has not heard of yet,"""
        self._unread: list[int] = []
        """and the ends of runs' outputs that are for the worker to read and not yet its own."""
        # What runs inherit; this process keeps to it, too.
        confine.confine_agent()
        self._forker = Zygote(self._become_run) if self._uids.several else Forker(self._become_run)
        self._leftovers = Leftovers(self._forker.pid)
        # A run that shares this process's uid may send signals; those without handlers do nothing.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> None:
        """Answer the worker's requests; returns when it hangs up."""
        # Fail now where the kernel does not tell a starved program from a sleeping one.
        usage.waiting_for_cpu_s(os.getpid())
        several = self._uids.several
        self._send({"event": "ready", "cgroup": self._cgroup.limits(), "several_uids": several})
        while (received := self._receive()) is not None:
            request, descriptors = received
            # A kill or mark that crossed with the end of its run is late, and nothing else.
            if request["op"] == "start":
                self._run(request, descriptors)

    def _receive(self) -> tuple[dict[str, Any], list[int]] | None:
        data, descriptors, _, _ = socket.recv_fds(
            self._worker, MAX_MESSAGE_BYTES, MAX_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
        )
        return (json.loads(data), descriptors) if data else None

    def _send(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors))]
        self._worker.sendmsg([json.dumps(message).encode()], rights if descriptors else ())

    def _run(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Runs a program on its inputs, and reports early where one failed, or a run is long."""
        first_input = len(descriptors) - request["inputs"]
        given, inputs = descriptors[:first_input], descriptors[first_input:]
        until_s = time.monotonic() + AT_ONCE_S
        for stdin in inputs or (None,):
            ended = self._run_one(request, given, stdin)
            self._ended.append(ended)
            said_to_be_running = not self._unread
            failed = ended["exit_code"] != 0 or ended["limit"] is not None
            broke = not (ended["clean"] and ended["confined"])
            if said_to_be_running or failed or broke or time.monotonic() > until_s:
                break
        for descriptor in descriptors if inputs else ():
            os.close(descriptor)
        self._report("ended")

    def _run_one(
        self, request: dict[str, Any], given: list[int], stdin: int | None
    ) -> dict[str, Any]:
        uid = self._uids.next()
        space = request["address_space_bytes"]
        if space is not None:
            space += self._forker.address_space_bytes + usage.SPARE_MEMORY_BYTES
        outputs = () if stdin is None else _pipes_of(uid)
        streams = (self._null,) * _STREAMS if stdin is None else (stdin, *outputs[1::2])
        child = self._forker.fork(request["mode"], uid, space, [*streams, *given])
        # Whoever is at the other ends shall see them closed when the run closes them.
        for descriptor in outputs[1::2] or given:
            os.close(descriptor)
        self._unread += outputs[0::2]
        ended = self._watch(child, {**request, "uid": uid}, is_heard=bool(outputs))
        ended["clean"], cleaning_s = self._leftovers.remove_files(uid)
        ended["cpu_s"] += cleaning_s  # against what all of the program's runs may use
        ended["confined"] = self._was_confined()
        return ended

    def _report(self, event: str) -> None:
        """Hand over the outputs that are the worker's with this message."""
        self._send({"event": event, "ended": self._ended}, self._unread)
        for descriptor in self._unread:
            os.close(descriptor)
        self._ended, self._unread = [], []

    def _was_confined(self) -> bool:
        try:
            return os.eventfd_read(self._confined) == 1
        except BlockingIOError:
            return False

    def _become_run(
        self, mode: str, uid: int | None, space: int | None, descriptors: list[int]
    ) -> NoReturn:
        try:
            confine.become_run(uid, space)
            eventfd_write(self._confined, 1)
            # None is overwritten before its turn: the lowest numbers are the agent's own.
            for target, descriptor in enumerate(descriptors):
                dup2(descriptor, target, target < _STREAMS)
            closerange(len(descriptors), confine.MAX_FILES)
        except BaseException as error:  # noqa: BLE001 - nothing of the agent may go on in here
            os.write(2, f"agent: {error}\n".encode())
            os._exit(1)
        MODES[mode](range(_STREAMS, len(descriptors)))

    def _watch(self, child: int, request: dict[str, Any], *, is_heard: bool) -> dict[str, Any]:
        """Wait for the run's end or a limit, end what is left of it, and say what happened."""
        limits = usage.Limits(*(request[name] for name in usage.Limits._fields))
        meter = usage.Meter(self._cgroup, (os.getpid(), self._forker.pid), limits)
        limit = self._await_end(child, meter, is_heard=is_heard, calls=request["mode"] == "calls")
        if limit is not None:
            os.kill(child, signal.SIGKILL)
        _, status, used = os.wait4(child, WAIT_ALL)
        cpu_s, kernel_s, peak_bytes = self._leftovers.end_processes(used, request["uid"])
        cpu_s, over = meter.end(cpu_s, kernel_s, failed=status != 0)
        signalled = os.WIFSIGNALED(status)
        if (signalled or meter.has_looked) and self._cgroup.killed_one() and limit is None:
            limit = "memory" if signalled else None
        if (
            request["mode"].startswith("native")
            and peak_bytes > request["memory_bytes"] + self._forker.address_space_bytes
        ):
            limit = limit or "memory"  # however short it was: no look may have met it
        return {
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if signalled else None,
            "limit": limit or over,
            "cpu_s": cpu_s,
            "slept_s": meter.slept_s,
            "peak_memory_bytes": peak_bytes,
        }

    def _await_end(
        self, child: int, meter: usage.Meter, *, is_heard: bool, calls: bool
    ) -> str | None:
        """Obey the worker until the run has ended, which is None, or until it has to be ended: the
        limit that it met, or "killed"."""
        marks = 0
        pidfd = os.pidfd_open(child)
        try:
            poll = select.poll()
            poll.register(pidfd, select.POLLIN)
            poll.register(self._worker, select.POLLIN)
            wait_s = meter.next_look_s()
            # Most runs end so soon that their end is the only word the worker needs.
            ready = poll.poll(min(wait_s, AT_ONCE_S) * 1000) if is_heard else []
            if is_heard and not ready:
                self._report("running")
            limit: str | None = None
            while limit is None:
                ready = ready or poll.poll(wait_s * 1000)
                if any(descriptor == pidfd for descriptor, _ in ready):
                    return "asleep" if is_heard and meter.overslept(child) else None
                if ready:
                    order = self._obey()
                    is_mark = order["op"] == "mark"
                    marks += is_mark
                    limit = meter.mark(order["awaited_s"]) if is_mark else "killed"
                else:
                    limit = self._look(meter, poll, marks if calls else None)
                ready, wait_s = [], meter.next_look_s()
            return limit
        finally:
            os.close(pidfd)

    def _look(self, meter: usage.Meter, poll: select.poll, marks: int | None) -> str | None:
        """The limit to end the run for. What sleeps or is late in a process of calls (`marks` of
        them) the worker has to know of."""
        was_over_time = meter.is_over_time
        limit = meter.exceeded()
        if limit == "asleep" and poll.poll(0):
            return None  # it ended while it was looked at, or the worker has a word
        if marks is None:
            return limit
        if limit == "asleep":
            self._send({"event": "asleep", "marks": marks})
            meter.wake()
            return None
        if limit is None and meter.is_over_time and not was_over_time:
            self._send({"event": "over"})
        return limit

    def _obey(self) -> dict[str, Any]:
        received = self._receive()
        if received is None:
            sys.exit(0)  # the worker is gone; as process 1 this ends every process in here
        return received[0]


def _pipes_of(uid: int | None) -> tuple[int, ...]:
    """Two pipes that belong to `uid`, so that the run may open its own /dev/stdout."""
    if uid is None:
        return (*os.pipe(), *os.pipe())
    os.seteuid(uid)
    try:
        return (*os.pipe(), *os.pipe())
    finally:
        os.seteuid(0)
