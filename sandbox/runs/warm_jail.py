"""A jail whose agent is up: runs programs of any language in it, one at a time.

Every jail is this class around a connected socket; they differ in how the place is made.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sandbox.jail import Runner
from sandbox.languages import LANGUAGES, PYTHON
from sandbox.model import Limits, Program
from sandbox.runs.agent_link import AgentLink
from sandbox.runs.calls import CallProcess
from sandbox.runs.native import NativeProgram, require_toolchain
from sandbox.runs.products import Products
from sandbox.runs.python_script import Script
from sandbox.runs.sealed import sealed


class WarmJail(AgentLink):
    """Implements `sandbox.jail.Jail`."""

    def __init__(
        self,
        agent: socket.socket,
        shut_down: Callable[[], None],
        why_no_cgroup: str = "none shown",
        image: str | None = None,
    ) -> None:
        """See AgentLink; `why_no_cgroup` is said where no control group is around it."""
        super().__init__(agent, shut_down)
        self._why_no_cgroup = why_no_cgroup
        self.image = image
        """What it was started from, for people: a name and an id; None where that is the host."""
        self._languages = {PYTHON}
        """Those that are known to work in here."""
        self.products = Products()
        """What compilers made and is kept; a pool's jails have one place for it, and it outlives
        them."""

    def lacking(self) -> list[str]:
        """What this jail cannot give beyond its promises; docs/sandbox.md says what that means."""
        lacks = []
        if not self.several_uids:
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
            yield NativeProgram(self, program, limits, self.products, self.image)
            return
        document = json.dumps({"source": program.source}).encode()
        with sealed(document) as source:
            script = Script(self, program, source, limits)
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
