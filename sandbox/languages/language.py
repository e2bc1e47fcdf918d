"""What a language is to a jail, and what every entry of the table has of Debian's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.model import Limits

PYTHON = "python"
"""Run by the agent itself: it has no commands, and its variant of the jail is the small one."""
SCIENCE = "science"
"""The variant of a jail that carries more of Python's libraries (`sandbox.libraries`)."""
TOOLCHAINS = "languages"
"""The variant of a jail that carries every other language's toolchain."""
VARIANTS = (PYTHON, SCIENCE, TOOLCHAINS)
PRODUCT = "/proc/self/fd/3"
"""Where a run finds what the compiler made: memory that nobody can change."""
COMMANDS = ("/usr/bin", "/bin", "/etc/alternatives")
LIBRARIES = ("/usr/lib/*-linux-gnu*", "/usr/lib64", "/lib/*-linux-gnu*", "/lib64")
"""What commands are linked to, and what compilers link to."""


@dataclass(frozen=True, slots=True)
class Language:
    """How programs in one language are compiled and run.

    Commands may hold `{name}`, the program's name (see `naming`), and `{memory_mib}`, the memory
    limit before `memory_factor`. They run in the jail's scratch folder."""

    name: str
    tags: frozenset[str]
    """What completions tag their fenced blocks with; also what a ground truth may call it."""
    base: str = ""
    """Another language whose tags its programs are fenced with as well."""
    hello: str = ""
    """A program that prints `hello`: a jail in which it does not has no working toolchain."""
    file: str = ""
    """The source's file name."""
    compile: tuple[str, ...] = ()
    """Compiles `file`, or only checks it where the run reads the source."""
    product: str = ""
    """The file that a run is given; or a folder, which it is given as an archive (zip)."""
    run: tuple[str, ...] = (PRODUCT,)
    environment: Mapping[str, str] = field(default_factory=dict)
    naming: str = ""
    """A pattern whose last match before a match without group 1 names the program; else `Main`."""
    shows_compiler: bool = False
    """Whether its users know compiling as a step of its own. Elsewhere what `compile` finds is told
    as the interpreter would have told it."""
    compile_factor: float = 1.0
    """Of the compiler's CPU time and memory: for compilers that run in a virtual machine."""
    cpu_factor: float = 1.0
    memory_factor: float = 1.0
    """Of the limits of a test case: what the runtime needs before the program gets anything."""
    address_space_limited: bool = True
    """Whether the run also gets by on a limit on its address space, which stops one huge request
    at once. Runtimes that reserve far more than they use do not; what is resident is limited
    anyway, from outside."""
    packages: tuple[str, ...] = ()
    """Debian packages that the image needs for it."""
    told_by: str = ""
    """A file that these bring, where the first command does not tell that they are there."""
    paths: tuple[str, ...] = ()
    """Where Debian keeps what it needs of a machine (patterns): a local jail shows these. As all of
    /usr they hold nothing that is a machine's own, but for what is installed there."""
    variant: str = TOOLCHAINS

    def scaled(self, limits: Limits) -> Limits:
        """The limits of a run in this language for a test case with `limits`."""
        return replace(
            limits,
            cpu_s=limits.cpu_s * self.cpu_factor,
            total_cpu_s=limits.total_cpu_s * self.cpu_factor,
            memory_bytes=int(limits.memory_bytes * self.memory_factor),
        )

    @property
    def mark(self) -> str:
        """The file or command that is there where its toolchain is; empty where none is needed."""
        return self.told_by or (self.compile[0] if self.compile else "")

    def name_of(self, source: str) -> str:
        """The name of a program, for languages that want its file or class called so."""
        name = "Main"
        for match in re.finditer(self.naming, source, re.MULTILINE) if self.naming else ():
            if match[1] is None:
                break
            name = match[1]
        return name
