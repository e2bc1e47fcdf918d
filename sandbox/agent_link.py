"""The worker's end of an agent: runs programs in one jail through its socket.

Every jail is this class around a connected socket; they differ in how the place is made.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sandbox.agent.usage import MEMORY_SHARE
from sandbox.calls import CallProcess
from sandbox.ending import Ending
from sandbox.errors import JailFault, JailUnavailable
from sandbox.jail import Runner
from sandbox.languages import LANGUAGES, PYTHON
from sandbox.model import MIB, Limits, Program
from sandbox.native import NativeProgram, require_toolchain
from sandbox.scripts import Script
from sandbox.sealed import sealed

READY_LIMIT_S = 60.0
ANSWER_LIMIT_S = 60.0
"""How long an agent may take to answer what it answers at once; far beyond any load seen."""


class AgentLink:
    """One warm jail, reached through its agent's socket."""

    def __init__(
        self, agent: socket.socket, shut_down: Callable[[], None], why_no_cgroup: str = "none shown"
    ) -> None:
        """`shut_down` ends the place itself once the socket is closed; `why_no_cgroup` is said
        where no control group is around it.

        Raises JailFault where the agent does not report for duty."""
        self._agent = agent
        self._shut_down = shut_down
        self._why_no_cgroup = why_no_cgroup
        self._closed = False
        self._clean = True
        self._languages = {PYTHON}
        """Those that are known to work in here."""
        self.runs = 0
        if not select.select([self._agent], [], [], READY_LIMIT_S)[0]:
            raise self.fault(f"the agent did not report for duty within {READY_LIMIT_S:g} s")
        ready = self.receive()
        self.cgroup: Mapping[str, int | None] = ready["cgroup"]
        """The limits in force around the whole jail, as seen from inside; None: not to be seen."""
        self._several_uids = bool(ready["several_uids"])

    @property
    def reusable(self) -> bool:
        """False once a run left something behind or the agent broke: throw the jail away."""
        return self._clean and not self._closed

    @property
    def healthy(self) -> bool:
        """Whether a jail that nobody uses can be used: one that ended or talks unasked cannot."""
        return self.reusable and not select.select([self._agent], [], [], 0)[0]

    def lacking(self) -> list[str]:
        """What this jail cannot give beyond its promises; docs/sandbox.md says what that means."""
        lacks = []
        if not self._several_uids:
            lacks.append("runs share one uid with the agent")
        if self.cgroup["memory"] is None:
            uncounted = "no control group counts the kernel's memory for a run"
            lacks.append(f"{uncounted} ({self._why_no_cgroup})")
        return lacks

    @contextmanager
    def load(self, program: Program, limits: Limits) -> Iterator[Runner]:
        """See `sandbox.jail.Jail.load`."""
        language = LANGUAGES[program.language]
        if language.name not in self._languages:
            require_toolchain(self, language)
            self._languages.add(language.name)
        if language.name != PYTHON:
            yield NativeProgram(self, language, program.source, limits)
            return
        document = json.dumps({"source": program.source}).encode()
        with sealed(document) as source:
            script = Script(self, source, limits)
            try:
                yield script
            finally:
                script.close()

    @contextmanager
    def open_calls(
        self, program: Program, entry_point: str, limits: Limits
    ) -> Iterator[CallProcess]:
        """See `sandbox.jail.Jail.open_calls`."""
        document = json.dumps({"source": program.source, "entry_point": entry_point}).encode()
        with contextlib.ExitStack() as stack:
            source = stack.enter_context(sealed(document))
            theirs_in, requests = os.pipe2(os.O_CLOEXEC)
            answers, theirs_out = os.pipe2(os.O_CLOEXEC)
            for ours in (requests, answers):
                os.set_blocking(ours, False)
                stack.callback(os.close, ours)
            try:
                descriptors = [source, theirs_in, theirs_out]
                self.start("calls", limits, descriptors, address_space_bytes=limits.memory_bytes)
            finally:
                os.close(theirs_in)
                os.close(theirs_out)
            calls = CallProcess(self, requests, answers, limits)
            try:
                yield calls
            finally:
                calls.end()

    def close(self) -> None:
        """End the jail and everything in it; safe to call twice."""
        if not self._closed:
            self._closed = True
            self._agent.close()
            self._shut_down()

    # What the two kinds of run need of the agent.

    def fileno(self) -> int:
        return self._agent.fileno()

    def start(
        self,
        mode: str,
        limits: Limits,
        descriptors: list[int],
        *,
        address_space_bytes: int | None,
    ) -> None:
        """Have the agent start a run; its memory is limited even where its address space is not.

        Raises JailUnavailable where this jail cannot give as much."""
        around = self.cgroup["memory"]
        if around is not None and limits.memory_bytes > MEMORY_SHARE * around:
            raise JailUnavailable(
                f"the memory limit of {limits.memory_bytes // MIB} MiB is more than the "
                f"{int(MEMORY_SHARE * around / MIB)} MiB that this jail gives; start the "
                "workers with more in VERIFIER_JAIL_MEMORY_MB, or in the control group they run in"
            )
        self.runs += 1
        request = {
            "op": "start",
            "mode": mode,
            "cpu_s": limits.cpu_s,
            "wall_s": limits.wall_s,
            "memory_bytes": limits.memory_bytes,
            "address_space_bytes": address_space_bytes,
        }
        self.send(request, descriptors)

    def send(self, request: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Raises JailFault."""
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors))]
        try:
            self._agent.sendmsg([json.dumps(request).encode()], rights if descriptors else ())
        except OSError as error:
            raise self.fault(f"the agent hung up: {error}") from error

    def receive(self) -> dict[str, Any]:
        """The agent's next message. Raises JailFault."""
        return self._receive()[0]

    def receive_ending(self) -> Ending | None:
        """The run's end, or None where the agent's next message was another. Raises JailFault."""
        if not select.select([self._agent], [], [], ANSWER_LIMIT_S)[0]:
            raise self.fault(f"the agent did not end a run within {ANSWER_LIMIT_S:g} s")
        message = self.receive()
        return self.read_ending(message) if message["event"] == "ended" else None

    def read_ending(self, message: Mapping[str, Any]) -> Ending:
        """Raises JailFault where the run was none."""
        if not message["confined"]:
            raise self.fault("a run could not be confined, so nothing was run")
        self._clean = self._clean and message["clean"]
        return Ending.read(message)

    def receive_outputs(self) -> tuple[list[int], Ending | None]:
        """The run's standard output and error to read, and its end where that has come already.

        Raises JailFault."""
        if not select.select([self._agent], [], [], ANSWER_LIMIT_S)[0]:
            raise self.fault(f"the agent did not start a run within {ANSWER_LIMIT_S:g} s")
        message, outputs = self._receive()
        try:
            return outputs, self.read_ending(message) if message["event"] == "ended" else None
        except JailFault:
            for descriptor in outputs:
                os.close(descriptor)
            raise

    def fault(self, reason: str) -> JailFault:
        """Give the jail up for the reason named."""
        self.close()
        return JailFault(reason)

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._agent, 4096, 4, socket.MSG_CMSG_CLOEXEC)
        except OSError as error:
            raise self.fault(f"the agent hung up: {error}") from error
        if not data:
            raise self.fault("the agent ended")
        return json.loads(data), descriptors
