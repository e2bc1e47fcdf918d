"""The languages that programs may be written in, as data. Adding one is an entry here and a test.

Stands alone: the build of the sandbox image runs it for the packages to install.
docs/languages.md shows the table and says how to add an entry.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.model import Limits

PYTHON = "python"
"""Run by the agent itself: it has no commands, and its variant of the jail is the small one."""
TOOLCHAINS = "languages"
"""The variant of a jail that carries every other language's toolchain."""
VARIANTS = (PYTHON, TOOLCHAINS)
PRODUCT = "/proc/self/fd/3"
"""Where a run finds what the compiler made: memory that nobody can change."""


@dataclass(frozen=True, slots=True)
class Language:
    """How programs in one language are compiled and run.

    Commands may hold `{name}`, the program's name (see `naming`), and `{memory_mib}`, the memory
    limit before `memory_factor`. They run in the jail's scratch folder."""

    name: str
    tags: frozenset[str]
    """What completions tag their fenced blocks with; also what a ground truth may call it."""
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
    cpu_factor: float = 1.0
    memory_factor: float = 1.0
    """Of the limits of a test case: what the runtime needs before the program gets anything."""
    address_space_limited: bool = True
    """Whether the run also gets by on a limit on its address space, which stops one huge request
    at once. Runtimes that reserve far more than they use do not; what is resident is limited
    anyway, from outside."""
    packages: tuple[str, ...] = ()
    """Debian packages that the image needs for it."""
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

    def name_of(self, source: str) -> str:
        """The name of a program, for languages that want its file or class called so."""
        name = "Main"
        for match in re.finditer(self.naming, source, re.MULTILINE) if self.naming else ():
            if match[1] is None:
                break
            name = match[1]
        return name


# Types are stripped and not checked: that is how TypeScript is run nearly everywhere (tsx, esbuild,
# Deno), and the check costs seconds a program.
_STRIP_TYPES = """
const ts = require("typescript"), fs = require("fs");
const stripped = ts.transpileModule(fs.readFileSync("main.ts", "utf8"), {
    fileName: "main.ts", reportDiagnostics: true,
    compilerOptions: {target: "es2022", module: "commonjs", esModuleInterop: true},
});
const host = {getCanonicalFileName: f => f, getCurrentDirectory: () => "", getNewLine: () => "\\n"};
process.stderr.write(ts.formatDiagnostics(stripped.diagnostics, host));
fs.writeFileSync("main.js", stripped.outputText);
process.exitCode = stripped.diagnostics.length ? 1 : 0;
"""
# Suites of HumanEval-X for JavaScript are written with `console.assert`, which says that something
# does not hold and goes on: a program in which it does not hold has failed.
_FAIL_BY_CONSOLE_ASSERT = """
const told = console.assert;
let holds = true;
console.assert = (...said) => { holds = holds && Boolean(said[0]); told.apply(console, said); };
process.on("exit", () => { if (!holds) process.exitCode = process.exitCode || 1; });
require("module").runMain();
"""
_NODE = (
    "node",
    "--max-old-space-size={memory_mib}",
    "--stack-size=64000",
    "--preserve-symlinks-main",  # the product has no path that a link could be resolved to
    *("-e", _FAIL_BY_CONSOLE_ASSERT),
    PRODUCT,
)

_COMMANDS = ("/usr/bin", "/bin", "/etc/alternatives")
_LIBRARIES = ("/usr/lib/*-linux-gnu*", "/usr/lib64", "/lib/*-linux-gnu*", "/lib64")
"""What commands are linked to, and what compilers link to."""
_C = (*_COMMANDS, *_LIBRARIES, "/usr/lib/gcc", "/usr/libexec/gcc", "/usr/include")
_NODE_MODULES = ("/usr/share/nodejs", "/usr/lib/nodejs", "/usr/lib/node_modules")
_GO = ("/usr/lib/go", "/usr/lib/go-[0-9]*", "/usr/share/go", "/usr/share/go-[0-9]*")

_ENTRIES = (
    Language(PYTHON, frozenset({"python", "python3", "py", "ipython", "ipython3"}), variant=PYTHON),
    Language(
        name="c",
        tags=frozenset({"c"}),
        hello='#include <stdio.h>\nint main(void) { puts("hello"); }\n',
        file="main.c",
        compile=("gcc", "-O2", "-std=gnu17", "-w", "-o", "main", "main.c", "-lm", "-pthread"),
        product="main",
        shows_compiler=True,
        packages=("gcc", "libc6-dev"),
        paths=_C,
    ),
    Language(
        name="cpp",
        tags=frozenset({"cpp", "c++", "cc", "cxx"}),
        hello='#include <iostream>\nint main() { std::cout << "hello\\n"; }\n',
        file="main.cpp",
        # The flags that the image's precompiled header is made with (sandbox/image/Dockerfile).
        compile=("g++", "-O2", "-std=gnu++20", "-w", "-o", "main", "main.cpp", "-pthread"),
        product="main",
        shows_compiler=True,
        packages=("g++", "libc6-dev"),
        paths=_C,
    ),
    Language(
        name="java",
        tags=frozenset({"java"}),
        hello='class A { public static void main(String[] b) { System.out.println("hello"); } }\n',
        file="{name}.java",
        compile=(
            *("javac", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1"),
            *("-nowarn", "-proc:none", "-encoding", "UTF-8", "-d", "classes", "{name}.java"),
        ),
        product="classes",
        shows_compiler=True,
        run=(
            *("java", "-ea", "-XX:+UseSerialGC", "-XX:-UsePerfData"),
            *("-Xmx{memory_mib}m", "-Xss64m"),
            *("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", PRODUCT, "{name}"),
        ),
        # The class that stands at the left margin above the first `void main`.
        naming=r"^(?:\w+ )*(?:class|enum|record|interface) (\w+)|\bvoid\s+main\b",
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("openjdk-17-jdk-headless",),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/jvm", "/etc/java*"),
    ),
    Language(
        name="javascript",
        tags=frozenset({"javascript", "js", "node", "nodejs"}),
        hello='console.log("hello");\n',
        file="main.js",
        compile=("node", "--check", "main.js"),
        product="main.js",
        run=_NODE,
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("nodejs",),
        paths=(*_COMMANDS, *_LIBRARIES, *_NODE_MODULES),
    ),
    Language(
        name="typescript",
        tags=frozenset({"typescript", "ts"}),
        hello='const greeting: string = "hello";\nconsole.log(greeting);\n',
        file="main.ts",
        compile=("node", "-e", _STRIP_TYPES),
        product="main.js",
        run=_NODE,
        environment={"NODE_PATH": "/usr/share/nodejs"},
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("nodejs", "node-typescript"),
        paths=(*_COMMANDS, *_LIBRARIES, *_NODE_MODULES),
    ),
    Language(
        name="go",
        tags=frozenset({"go", "golang"}),
        hello='package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }\n',
        file="main.go",
        compile=("go", "build", "-ldflags=-s -w", "-o", "main", "main.go"),
        product="main",
        shows_compiler=True,
        environment={
            "GOCACHE": "/tmp/.cache",  # noqa: S108 - the jail's own
            "GO111MODULE": "off",
            "CGO_ENABLED": "0",
        },
        address_space_limited=False,
        packages=("golang-go",),
        paths=(*_COMMANDS, *_GO),
    ),
    Language(
        name="rust",
        tags=frozenset({"rust", "rs"}),
        hello='fn main() { println!("hello"); }\n',
        file="main.rs",
        compile=(
            *("rustc", "-O", "--edition=2021", "--cap-lints=allow", "-Cstrip=symbols"),
            *("-Cdebug-assertions=on", "-Coverflow-checks=on", "-o", "main", "main.rs"),
        ),
        product="main",
        shows_compiler=True,
        packages=("rustc", "gcc", "libc6-dev"),
        paths=(*_C, "/usr/lib/rustlib"),
    ),
    Language(
        name="bash",
        tags=frozenset({"bash", "sh", "shell"}),
        hello="echo hello\n",
        file="main.sh",
        compile=("bash", "-n", "main.sh"),
        product="main.sh",
        run=("bash", PRODUCT),
        packages=("bash",),
        paths=(*_COMMANDS, *_LIBRARIES),
    ),
)

LANGUAGES: Mapping[str, Language] = {language.name: language for language in _ENTRIES}
"""Every language, by its name."""


def packages() -> list[str]:
    """The Debian packages of the image that carries the toolchains."""
    return sorted({package for language in _ENTRIES for package in language.packages})


if __name__ == "__main__":
    sys.stdout.write(" ".join(packages()) + "\n")
