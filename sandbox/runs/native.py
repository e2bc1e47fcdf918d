"""A program of another language than Python: compiled once, run once per input."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sandbox.errors import JailUnavailable
from sandbox.languages import LANGUAGES, Language
from sandbox.model import MIB, Limits, Program, RunResult, Status
from sandbox.runs.agent_link import AgentLink
from sandbox.runs.dialogue import Begun, Conversing
from sandbox.runs.ending import message_for
from sandbox.runs.luggage import packed, with_files, with_stdin
from sandbox.runs.outputs import Output, read_outputs
from sandbox.runs.products import Products
from sandbox.runs.sealed import new_memory, sealed
from sandbox.runs.spending import Spending

COMPILE_LIMITS = Limits(cpu_s=20.0, wall_s=20.0, memory_bytes=1024 * MIB, output_bytes=4 * MIB)
"""The compiler's own, whatever a test case may use."""
HELLO_LIMITS = Limits(cpu_s=10.0, wall_s=10.0, memory_bytes=512 * MIB, output_bytes=MIB)
MAX_EXCERPT_CHARACTERS = 1000
SPARE_ADDRESS_SPACE_BYTES = 1024 * MIB
"""Above the memory limit: stacks and arenas of threads are reserved and hardly used."""


class NativeProgram(Conversing):
    """A program that is compiled before its first run. Implements `sandbox.jail.Runner`."""

    def __init__(
        self,
        link: AgentLink,
        program: Program,
        limits: Limits,
        products: Products,
        image: str | None = None,
    ) -> None:
        """`limits` are a test case's; the language's factors are applied here, and nowhere else.
        `image`: the one that the jail was started from, if it was."""
        language = LANGUAGES[program.language]
        self._link = link
        self._language = language
        self._program = program
        self._products = products
        self._image = image
        self._limits = language.scaled(limits)
        self._spending = Spending(self._limits)
        self._address_space_bytes = (
            self._limits.memory_bytes + SPARE_ADDRESS_SPACE_BYTES
            if language.address_space_limited
            else None
        )
        command = (*language.run, *program.arguments)
        self._run_plan = self._plan(command, limits.memory_bytes)
        self._compiled: bytes | RunResult | None = None
        """What the compiler made, or the result of every run where it made nothing."""

    def run(self, stdin: bytes) -> RunResult:
        """See `sandbox.jail.Runner.run`."""
        if (refusal := self.unstartable()) is not None:
            return refusal
        program = with_stdin(self._program, stdin)
        with sealed(stdin) as given, self._begun(given, program) as begun:
            (output,) = read_outputs(self._link, self._limits)
            return begun.conclude(output)

    def unstartable(self) -> RunResult | None:
        """See `sandbox.runs.dialogue.Conversing.unstartable`."""
        if self._compiled is None:
            self._compiled = self._compile()
        return self._compiled if isinstance(self._compiled, RunResult) else self._spending.refusal

    @contextmanager
    def begun(self, stdin: int, patience: int) -> Iterator[Begun]:
        """See `sandbox.runs.dialogue.Conversing.begun`."""
        with self._begun(stdin, self._program, patience) as begun:
            yield begun

    @contextmanager
    def _begun(self, stdin: int, program: Program, patience: int = 1) -> Iterator[Begun]:
        """The same with the files of `program`."""
        assert isinstance(self._compiled, bytes)
        # A copy for every run: nothing that can be done to it is there for the next one to find.
        with (
            packed(program) as luggage,
            sealed(self._run_plan) as plan,
            sealed(self._compiled) as product,
        ):
            space = self._address_space_bytes
            needed = [*luggage.descriptors, plan, product]
            mode = luggage.mode("native")
            left = self._spending.left_with(patience)
            self._link.start(mode, left, needed, [stdin], address_space_bytes=space)

            def conclude(output: Output) -> RunResult:
                status = output.status
                if status in (Status.NONZERO_EXIT, Status.SIGNALLED) and output.is_out_of_memory:
                    status = Status.MEMORY_LIMIT
                result = with_files(self._program, output.result(status), luggage.fetched())
                self._spending.add(result)
                return result

            yield Begun(self._link, left, conclude)

    def run_each(self, inputs: Iterable[bytes]) -> Iterator[RunResult]:
        """See `sandbox.jail.Runner.run_each`. One at a time: an own process image costs more than
        asking for it, and every run has a copy of the product."""
        return map(self.run, inputs)

    def _compile(self) -> bytes | RunResult:
        """Compiles once per program, under limits of its own: the product, or why there is none."""
        language, source = self._language, self._program.source
        limits = COMPILE_LIMITS
        if (compile_s := self._program.compile_s) is not None:
            limits = replace(limits, cpu_s=compile_s, wall_s=compile_s)
        factor = language.compile_factor
        limits = replace(
            limits,
            cpu_s=limits.cpu_s * factor,
            wall_s=limits.wall_s * factor,
            total_cpu_s=max(limits.total_cpu_s, limits.cpu_s * factor),
            total_wall_s=max(limits.total_wall_s, limits.wall_s * factor),
        )
        plan = self._plan(
            language.compile,
            limits.memory_bytes,
            source=source,
            file=language.file.replace("{name}", language.name_of(source)),
            product=language.product,
        )
        digest = hashlib.sha256(plan + self._compiler().encode()).digest()
        if self._program.is_kept and (known := self._products.get(digest)) is not None:
            return known
        product = new_memory()
        program = replace(self._program, files={}) if self._program.is_kept else self._program
        try:
            with (
                packed(program, fetches=False) as luggage,
                sealed(plan) as given_plan,
                sealed(b"") as given,
            ):
                needed = [*luggage.descriptors, given_plan, product]
                mode = luggage.mode("compile")
                self._link.start(mode, limits, needed, [given], address_space_bytes=None)
                (output,) = read_outputs(self._link, limits)
            made = os.pread(product, os.fstat(product).st_size, 0)
        finally:
            os.close(product)
        if output.status is Status.OK and made:
            if self._program.is_kept:
                self._products.keep(digest, made)
            return made
        said = message_for(output.status) or (output.stderr or output.stdout).decode(
            errors="replace"
        )
        out_of_time = output.status is Status.TIME_LIMIT
        status = Status.COMPILE_TIME_LIMIT if out_of_time else Status.COMPILE_ERROR
        return output.result(status, said.strip()[:MAX_EXCERPT_CHARACTERS])

    def _compiler(self) -> str:
        """Which one it is: its image's, or the file of this machine's."""
        if self._image is not None:
            return self._image
        path = os.path.realpath(shutil.which(self._language.mark) or self._language.mark)
        try:
            status = os.stat(path)
        except OSError:
            return path
        return f"{path} {status.st_size} {status.st_mtime_ns}"

    def _plan(self, command: Sequence[str], memory_bytes: int, **more: str) -> bytes:
        name = self._language.name_of(self._program.source)
        memory = str(memory_bytes // MIB)
        filled = [part.replace("{name}", name).replace("{memory_mib}", memory) for part in command]
        environment = dict(self._language.environment)
        return json.dumps({"command": filled, "environment": environment, **more}).encode()


def require_toolchain(link: AgentLink, language: Language) -> None:
    """Raises JailUnavailable where the language's hello does not come out of this jail: a program
    must not be blamed for a compiler that is not there."""
    hello = Program(language.hello, language.name)
    result = NativeProgram(link, hello, HELLO_LIMITS, Products()).run(b"")
    if result.status is not Status.OK or b"hello" not in result.stdout:
        said = " ".join(result.message.split())[:200]
        build = f"verifier sandbox build --variant {language.variant}"
        raise JailUnavailable(
            f"this jail has no working toolchain for {language.name} ({said}); "
            f"`{build}` makes the image that has it, and the local jail uses the machine's own in "
            f"/usr (Debian: apt-get install {' '.join(language.packages)})"
        )
