"""The worker's end of an agent's socket: the messages that start, limit and end runs."""

from __future__ import annotations

import json
import os
import select
import socket
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.agent import MAX_INPUTS
from sandbox.agent.usage import MEMORY_SHARE
from sandbox.errors import JailFault, JailUnavailable
from sandbox.jails.group_limits import memory_bytes
from sandbox.model import MIB, Limits
from sandbox.runs.ending import KILLED, Ending

READY_LIMIT_S = 180.0
"""How long an agent may take for what it imports first, on however busy a machine; one that ends is
known at once."""
MAX_MESSAGE_BYTES = 16 * 1024
MAX_DESCRIPTORS = 2 * MAX_INPUTS
ANSWER_LIMIT_S = 60.0
"""How long an agent may take to answer what it answers at once; far beyond any load seen."""


class AgentLink:
    """What every kind of run needs of the agent in one jail."""

    def __init__(self, agent: socket.socket, shut_down: Callable[[], None]) -> None:
        """`shut_down` ends the place itself once the socket is closed.

        Raises JailFault where the agent does not report for duty."""
        self._agent = agent
        self._shut_down = shut_down
        self._closed = False
        self._clean = True
        self.runs = 0
        if not select.select([self._agent], [], [], READY_LIMIT_S)[0]:
            raise self.fault(f"the agent did not report for duty within {READY_LIMIT_S:g} s")
        ready = self.receive()
        self.cgroup: Mapping[str, int | None] = ready["cgroup"]
        """The limits in force around the whole jail, as seen from inside; None: not to be seen."""
        self.several_uids = bool(ready["several_uids"])

    @property
    def reusable(self) -> bool:
        """False once a run left something behind or the agent broke: throw the jail away."""
        return self._clean and not self._closed

    @property
    def healthy(self) -> bool:
        """Whether a jail that nobody uses can be used: one that ended or talks unasked cannot."""
        return self.reusable and not select.select([self._agent], [], [], 0)[0]

    def close(self) -> None:
        """End the jail and everything in it; safe to call twice."""
        if not self._closed:
            self._closed = True
            self._agent.close()
            self._shut_down()

    def fileno(self) -> int:
        return self._agent.fileno()

    def start(
        self,
        mode: str,
        limits: Limits,
        descriptors: Sequence[int],
        inputs: Sequence[int] = (),
        *,
        address_space_bytes: int | None,
    ) -> None:
        """Have the agent start a run, or one after the other for these inputs; their memory is
        limited even where their address space is not.

        Raises JailUnavailable where this jail cannot give as much."""
        # As much, not what the machine has, where no control group is seen: the same rollout gets
        # the same verdict in every jail.
        around = self.cgroup["memory"] or memory_bytes()
        if limits.memory_bytes > MEMORY_SHARE * around:
            raise JailUnavailable(
                f"the memory limit of {limits.memory_bytes // MIB} MiB is more than the "
                f"{int(MEMORY_SHARE * around / MIB)} MiB that this jail gives; start the "
                "workers with more in VERIFIER_JAIL_MEMORY_MB, or in the control group they run in"
            )
        self.runs += len(inputs) or 1
        request = {
            "op": "start",
            "mode": mode,
            "cpu_s": limits.cpu_s,
            "wall_s": limits.wall_s,
            "total_cpu_s": limits.total_cpu_s,
            "total_wall_s": limits.total_wall_s,
            "memory_bytes": limits.memory_bytes,
            "address_space_bytes": address_space_bytes,
            "inputs": len(inputs),
        }
        self.send(request, [*descriptors, *inputs])

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
        return self.read_endings(message)[0] if message["event"] == "ended" else None

    def read_endings(self, message: Mapping[str, Any]) -> list[Ending]:
        """Of the runs that have ended since the message before.

        Raises JailFault where one was none. One that was to be killed may not have come so far, and
        has run nothing of the candidate's then."""
        if not all(ended["confined"] or ended["limit"] == KILLED for ended in message["ended"]):
            raise self.fault("a run could not be confined, so nothing was run")
        self._clean = self._clean and all(ended["clean"] for ended in message["ended"])
        return [Ending.read(ended) for ended in message["ended"]]

    def receive_outputs(self) -> tuple[list[tuple[int, int]], list[Ending]]:
        """Standard output and error to read of every run that has started, and the ends of those
        that ended: of all but the last, at least.

        Raises JailFault."""
        if not select.select([self._agent], [], [], ANSWER_LIMIT_S)[0]:
            raise self.fault(f"the agent did not start a run within {ANSWER_LIMIT_S:g} s")
        message, outputs = self._receive()
        try:
            return list(zip(outputs[0::2], outputs[1::2], strict=True)), self.read_endings(message)
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
            data, descriptors, _, _ = socket.recv_fds(
                self._agent, MAX_MESSAGE_BYTES, MAX_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            raise self.fault(f"the agent hung up: {error}") from error
        if not data:
            raise self.fault("the agent ended")
        return json.loads(data), descriptors
