"""A program that reads standard input and writes standard output, run once per input."""

from __future__ import annotations

import contextlib
import copy
import itertools
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sandbox.agent import MAX_INPUTS
from sandbox.model import Limits, Program, RunResult, Status
from sandbox.runs.agent_link import AgentLink
from sandbox.runs.dialogue import Begun, Conversing
from sandbox.runs.luggage import Luggage, packed, with_files, with_stdin
from sandbox.runs.outputs import Output, read_outputs
from sandbox.runs.sealed import new_memory, seal, sealed
from sandbox.runs.spending import Spending

MAX_BATCH_BYTES = 1 << 20
"""Inputs of one batch, together: they are in memory twice."""


class Script(Conversing):
    """A program that is compiled in its first run. Implements `sandbox.jail.Runner`."""

    def __init__(self, link: AgentLink, program: Program, source: int, limits: Limits) -> None:
        """`source` is a descriptor of what the agent reads of it, which stays the caller's."""
        self._link = link
        self._program = program
        self._source = source
        self._limits = limits
        self.spending = Spending(limits)
        self._code = new_memory()
        self._compiled = False

    def beside(self, link: AgentLink) -> Script:
        """The same program, which has been compiled, in another jail; it ends with this one, and
        shares what all runs may use."""
        assert self._compiled
        twin = copy.copy(self)
        twin._link = link
        return twin

    def close(self) -> None:
        """Let go of the compiled program."""
        os.close(self._code)

    def run(self, stdin: bytes) -> RunResult:
        """See `sandbox.jail.Runner.run`."""
        (result,) = self.run_each([stdin])
        return result

    def run_each(self, inputs: Iterable[bytes]) -> Iterator[RunResult]:
        """See `sandbox.jail.Runner.run_each`."""
        source = iter(inputs)
        waiting: deque[bytes] = deque()
        batch = 1  # how many to ask for at once
        while True:
            waiting.extend(itertools.islice(source, max(0, batch - len(waiting))))
            if not waiting:
                return
            results = self.run_some(itertools.islice(waiting, batch))
            for result in results:
                self.spending.add(result)
                waiting.popleft()
                yield result
            batch = min(2 * len(results), MAX_INPUTS)

    def run_some(self, inputs: Iterable[bytes]) -> list[RunResult]:
        """Run the program for as many of these inputs as go together, and the first at least, under
        the limits that are left; who asks counts what they use. Raises JailFault."""
        if (refusal := self.spending.refusal) is not None:
            return [refusal]
        has_files = bool(self._program.fetch or self._program.input_file)
        alone = not self._compiled or has_files or bool(self._program.output_file)
        program = self._program
        with contextlib.ExitStack() as stack:
            given: list[int] = []
            size = 0
            for stdin in itertools.islice(inputs, 1 if alone else None):
                program = with_stdin(program, stdin) if alone else program
                given.append(stack.enter_context(sealed(stdin)))
                size += len(stdin)
                if size > MAX_BATCH_BYTES:
                    break
            luggage = stack.enter_context(packed(program))
            self._start(luggage, given, self.spending.left)
            outputs = read_outputs(self._link, self._limits)
            files = luggage.fetched()
        self._know_whether_compiled()
        results = [output.result(self._status(output)) for output in outputs]
        return [with_files(self._program, each, files) for each in results] if files else results

    def kill(self) -> None:
        """End the run at hand, if there is one. Thread-safe. Raises JailFault."""
        self._link.send({"op": "kill"})

    def unstartable(self) -> RunResult | None:
        """See `sandbox.runs.dialogue.Conversing.unstartable`."""
        return self.spending.refusal

    @contextlib.contextmanager
    def begun(self, stdin: int, patience: int) -> Iterator[Begun]:
        """See `sandbox.runs.dialogue.Conversing.begun`."""
        left = self.spending.left_with(patience)
        with packed(self._program) as luggage:
            self._start(luggage, [stdin], left)

            def conclude(output: Output) -> RunResult:
                self._know_whether_compiled()
                status = self._status(output)
                result = replace(output.result(status), files=luggage.fetched())
                self.spending.add(result)
                return result

            yield Begun(self._link, left, conclude)

    def _start(self, luggage: Luggage, inputs: list[int], limits: Limits) -> None:
        mode = luggage.mode("compiled" if self._compiled else "script")
        needed = [self._code] if self._compiled else [self._source, self._code]
        self._link.start(
            mode,
            limits,
            [*luggage.descriptors, *needed],
            inputs,
            address_space_bytes=self._limits.memory_bytes,
        )

    def _know_whether_compiled(self) -> None:
        if not self._compiled:
            # Written by the compiler before any line of the program ran, closed before it too.
            self._compiled = os.fstat(self._code).st_size > 0
            if self._compiled:
                seal(self._code)

    def _status(self, output: Output) -> Status:
        failed = output.status in (Status.NONZERO_EXIT, Status.SIGNALLED)
        if failed and not self._compiled:
            return Status.COMPILE_ERROR
        if output.status is Status.NONZERO_EXIT and output.is_out_of_memory:
            return Status.MEMORY_LIMIT
        return output.status
