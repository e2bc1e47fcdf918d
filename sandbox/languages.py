"""The languages that programs may be written in, as data. Adding one is an entry here and a test.

Stands alone: the build of the sandbox image runs it for the packages to install.
docs/languages.md shows the table and says how to add an entry.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping
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

_JAVA = ("java", "-ea", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx{memory_mib}m", "-Xss64m")
_JAVA_TEXT = ("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8")
_JARS = "/usr/share/java"
_SCALA_LIBRARY = f"{_JARS}/scala-library.jar"
_KOTLIN_LIBRARY = f"{_JARS}/kotlin-stdlib.jar:{_JARS}/kotlin-script-runtime.jar"
_SCALA_COMPILER = ":".join(
    f"{_JARS}/{name}.jar"
    for name in ("scala-library", "scala-compiler", "scala-reflect", "scala-xml", "jline2")
)
_KOTLIN_ENVIRONMENT = {
    "JAVA_OPTS": "-Xmx768m -Xss16m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"
}
# A failed check of rackunit is told of and counted, and changes no exit code.
_RACKET_RUN = f"""
(define program (string->path "{PRODUCT}"))
(dynamic-require program #f)
(define main (list 'submod program 'main))
(when (module-declared? main #t) (dynamic-require main #f))
(void ((dynamic-require 'rackunit/log 'test-log) #:display? #f #:exit? #t))
"""
_KOTLIN_LAUNCH = """
fun main(arguments: Array<String>) {
    try {
        Class.forName("Main").getConstructor(Array<String>::class.java).newInstance(arguments)
    } catch (error: java.lang.reflect.InvocationTargetException) {
        throw error.targetException
    }
}
"""
_KOTLIN_SCRIPT_COMPILE = """
printf '%s' "$1" > launch.kt
exec kotlinc -nowarn -d classes main.kts launch.kt
"""
_VIRTUAL_MACHINE = (*_COMMANDS, *_LIBRARIES, "/usr/lib/jvm", "/etc/java*", _JARS)

# Programs for C# are written for .NET today, which brings these along. A failed `Debug.Assert` ends
# a program there.
_CSHARP_USINGS = " ".join(
    f"using {name};"
    for name in (
        *("System", "System.Collections.Generic", "System.IO", "System.Linq"),
        *("System.Threading", "System.Threading.Tasks"),
    )
)
_CSHARP_LAUNCH = """
static class LaunchedByTheSandbox
{
    class Failing : System.Diagnostics.DefaultTraceListener
    {
        public override void Fail(string message) { Fail(message, null); }
        public override void Fail(string message, string more)
        {
            System.Console.Error.WriteLine("Assertion failed: " + message + " " + more);
            System.Console.Error.WriteLine(System.Environment.StackTrace);
            System.Console.Out.Flush();
            System.Environment.Exit(134);
        }
    }

    static int Main(string[] arguments)
    {
        System.Diagnostics.Debug.Listeners.Clear();
        System.Diagnostics.Debug.Listeners.Add(new Failing());
        var own = typeof(LaunchedByTheSandbox);
        foreach (var type in own.Assembly.GetTypes())
        {
            if (type == own) continue;
            var main = type.GetMethod("Main", (System.Reflection.BindingFlags) 0x3A);
            if (main == null || !main.IsStatic || main.ContainsGenericParameters) continue;
            var given = main.GetParameters().Length == 0 ? null : new object[] {arguments};
            object made;
            try { made = main.Invoke(null, given); }
            catch (System.Reflection.TargetInvocationException error)
            {
                System.Console.Error.WriteLine("Unhandled exception. " + error.InnerException);
                System.Console.Out.Flush();
                return 134;
            }
            var task = made as System.Threading.Tasks.Task;
            if (task != null) task.Wait();
            return made is int ? (int) made : 0;
        }
        System.Console.Error.WriteLine("The program has no Main.");
        return 1;
    }
}
"""
# What programs for .NET say of null and Mono's compiler does not know; it changes nothing.
_CSHARP_WITHOUT_NULLABLE = r"""
s{
    ( \$? @ \$? "(?:""|[^"])*" | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+' | //[^\n]* | /\*.*?\*/ )
    | \b (?<! \bis\s) (string|object) \? (?= [\s\[,>)] )
    | (?<= [)\]\w] ) ! (?= \s* [.;,)\[\]\}+*/<>?:&|-] )
    | ^ [ \t]* \#nullable \b [^\n]*
}{ $1 // $2 }gsmex
"""
_CSHARP_COMPILE = """
{ printf '%s ' "$1"; perl -0777 -pe "$3" main.cs; } > program.cs && printf '%s' "$2" > launch.cs &&
exec mcs -nologo -warn:0 -optimize+ -d:DEBUG -d:TRACE -langversion:latest -r:System.Numerics \
-main:LaunchedByTheSandbox -out:main.exe program.cs launch.cs
"""
# PHP prints what stands before its tag, and programs that are only code have none.
_PHP_COMPILE = """
if ! grep -q '<?' main.php; then
    { printf '<?php '; cat main.php; } > tagged && mv tagged main.php
fi
exec php -l main.php
"""
_D_TEST_COMPILE = """
grep -Eq '\\bmain *\\(' main.d && given= || given=-main
exec ldc2 -unittest $given -of=main main.d
"""
_GO_SEED = "/usr/share/gocode/cache"
"""Where the image has testify compiled (sandbox/image/Dockerfile)."""
_GO_TEST_COMPILE = f"""
if [ -d {_GO_SEED} ]; then cp -rs {_GO_SEED} "$GOCACHE"; fi
exec go test -c -o main main_test.go
"""
_JUNIT_JARS = ":".join(
    f"{_JARS}/{name}.jar"
    for name in (
        *("junit-jupiter-api", "junit-jupiter-engine", "junit-jupiter-params"),
        *("junit-platform-commons", "junit-platform-console", "junit-platform-engine"),
        *("junit-platform-launcher", "junit-platform-reporting", "junit4", "assertj-core"),
        *("opentest4j", "apiguardian-api", "picocli", "univocity-parsers", "javatuples"),
        *("hamcrest", "byte-buddy"),
    )
)
_JEST_RUN = """
cp "$0" main.test.js && echo "{}" > package.json && printf '%s' "$1" > report.js &&
shift && exec "$@" 2>&1
"""
# What callers of /run_code fetch as SandboxFusion's `jest-report.json`.
_JEST_REPORT = """
module.exports = class {
    onRunComplete(_, results) {
        require("fs").writeFileSync("jest-report.json", JSON.stringify(results));
    }
};
"""
_GO_ENVIRONMENT = {
    "GOCACHE": "/tmp/.cache",  # noqa: S108 - the jail's own
    "GO111MODULE": "off",
    "CGO_ENABLED": "0",
}

_ENTRIES = (
    Language(
        PYTHON,
        frozenset({"python", "python3", "py", "py3", "ipython", "ipython3"}),
        variant=PYTHON,
    ),
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
        base="c",
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
            *("-nowarn", "-proc:none", "-encoding", "UTF-8", "-cp", f".:{_JARS}/javatuples.jar"),
            *("-d", "classes", "{name}.java"),
        ),
        product="classes",
        shows_compiler=True,
        run=(*(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_JARS}/javatuples.jar", "{name}"),),
        # The class that stands at the left margin above the first `void main`.
        naming=r"^(?:\w+ )*(?:class|enum|record|interface) (\w+)|\bvoid\s+main\b",
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("openjdk-17-jdk-headless", "libjavatuples-java"),
        paths=_VIRTUAL_MACHINE,
    ),
    Language(
        name="javascript",
        tags=frozenset({"javascript", "js", "node", "nodejs"}),
        hello='console.log("hello");\n',
        file="main.js",
        compile=("node", "--check", "main.js"),
        product="main.js",
        run=_NODE,
        environment={"NODE_PATH": "/usr/share/nodejs"},
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("nodejs", "node-lodash"),
        paths=(*_COMMANDS, *_LIBRARIES, *_NODE_MODULES),
    ),
    Language(
        name="typescript",
        tags=frozenset({"typescript", "ts"}),
        base="javascript",
        hello='const greeting: string = "hello";\nconsole.log(greeting);\n',
        file="main.ts",
        compile=("node", "-e", _STRIP_TYPES),
        product="main.js",
        run=_NODE,
        environment={"NODE_PATH": "/usr/share/nodejs"},
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/share/nodejs/typescript/package.json",
        packages=("nodejs", "node-typescript", "node-lodash"),
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
        environment=_GO_ENVIRONMENT,
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
    Language(
        name="php",
        tags=frozenset({"php"}),
        hello='<?php echo "hello\\n";',
        file="main.php",
        compile=("sh", "-c", _PHP_COMPILE),
        product="main.php",
        run=(
            *(
                "php",
                "-d",
                "zend.assertions=1",
                "-d",
                "assert.exception=1",
                "-d",
                "memory_limit=-1",
            ),
            *("-d", "display_errors=stderr", "-f", PRODUCT),
        ),
        told_by="/usr/bin/php",
        packages=("php-cli", "php-mbstring"),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/php", "/usr/share/php", "/etc/php"),
    ),
    Language(
        name="ruby",
        tags=frozenset({"ruby", "rb"}),
        hello='puts "hello"',
        file="main.rb",
        compile=("ruby", "-c", "main.rb"),
        product="main.rb",
        run=("ruby", PRODUCT),
        packages=("ruby", "ruby-test-unit", "ruby-minitest"),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/ruby", "/usr/share/ruby*", "/var/lib/gems"),
    ),
    Language(
        name="lua",
        tags=frozenset({"lua"}),
        hello='print("hello")',
        file="main.lua",
        compile=("luac5.4", "-p", "main.lua"),
        product="main.lua",
        run=("lua5.4", PRODUCT),
        packages=("lua5.4", "lua-unit"),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/share/lua"),
    ),
    Language(
        name="perl",
        tags=frozenset({"perl", "pl"}),
        hello='print "hello\\n";',
        file="main.pl",
        compile=("perl", "-c", "main.pl"),
        product="main.pl",
        run=("perl", PRODUCT),
        packages=("perl", "libtest-deep-perl", "libdata-compare-perl"),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/share/perl*", "/etc/perl"),
    ),
    Language(
        name="r",
        tags=frozenset({"r", "rscript"}),
        hello='cat("hello\\n")',
        file="main.R",
        compile=("Rscript", "--vanilla", "-e", 'invisible(parse("main.R"))'),
        product="main.R",
        run=("Rscript", "--vanilla", PRODUCT),
        memory_factor=1.5,
        packages=("r-base-core",),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/R", "/usr/share/R", "/etc/R"),
    ),
    Language(
        name="racket",
        tags=frozenset({"racket", "rkt"}),
        hello='#lang racket/base\n(displayln "hello")',
        file="main.rkt",
        compile=("raco", "make", "main.rkt"),
        product="main.rkt",
        run=("racket", "-l", "racket/base", "-e", _RACKET_RUN),
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("racket",),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/racket", "/usr/share/racket", "/etc/racket"),
    ),
    Language(
        name="scala",
        tags=frozenset({"scala"}),
        hello='object A { def main(arguments: Array[String]): Unit = println("hello") }',
        file="main.scala",
        compile=(
            *("sh", "-c", 'mkdir classes && exec "$@"', "sh"),
            *("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
            *("-Xss16m", "-Xmx768m", "-cp", _SCALA_COMPILER),
            *("scala.tools.nsc.Main", "-usejavacp", "-nowarn", "-d", "classes", "main.scala"),
        ),
        product="classes",
        shows_compiler=True,
        run=(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_SCALA_LIBRARY}", "{name}"),
        naming=r"^ *(?:case )?object (\w+)|\bdef\s+main\b",
        compile_factor=2.0,
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/share/java/scala-compiler.jar",
        packages=("scala",),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/scala*"),
    ),
    Language(
        name="kotlin",
        tags=frozenset({"kotlin", "kt"}),
        hello='fun main() { println("hello") }',
        file="main.kt",
        compile=("kotlinc", "-nowarn", "-d", "classes", "main.kt"),
        product="classes",
        shows_compiler=True,
        run=(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_KOTLIN_LIBRARY}", "MainKt"),
        environment=_KOTLIN_ENVIRONMENT,
        compile_factor=3.0,
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("kotlin",),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/kotlin*"),
    ),
    Language(
        name="kotlin_script",
        tags=frozenset({"kotlin_script", "kts"}),
        base="kotlin",
        hello='println("hello")',
        file="main.kts",
        compile=("sh", "-c", _KOTLIN_SCRIPT_COMPILE, "sh", _KOTLIN_LAUNCH),
        product="classes",
        run=(*_JAVA, *_JAVA_TEXT, "-cp", f"{PRODUCT}:{_KOTLIN_LIBRARY}", "LaunchKt"),
        environment=_KOTLIN_ENVIRONMENT,
        compile_factor=3.0,
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/bin/kotlinc",
        packages=("kotlin",),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/kotlin*"),
    ),
    Language(
        name="csharp",
        tags=frozenset({"csharp", "c#", "cs"}),
        hello='class A { static void Main() { Console.WriteLine("hello"); } }',
        file="main.cs",
        compile=(
            *("sh", "-c", _CSHARP_COMPILE, "sh"),
            *(_CSHARP_USINGS, _CSHARP_LAUNCH, _CSHARP_WITHOUT_NULLABLE),
        ),
        product="main.exe",
        run=("mono", PRODUCT),
        environment={"MONO_DISABLE_SHARED_AREA": "1"},
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/bin/mcs",
        packages=(
            *("mono-mcs", "mono-runtime"),
            *("libmono-system-core4.0-cil", "libmono-system-numerics4.0-cil"),
        ),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/mono", "/etc/mono"),
    ),
    Language(
        name="d",
        tags=frozenset({"d", "dlang"}),
        hello='import std.stdio; void main() { writeln("hello"); }',
        file="main.d",
        compile=("ldc2", "-O1", "-of=main", "main.d"),
        product="main",
        shows_compiler=True,
        packages=("ldc", "gcc", "libc6-dev"),
        paths=(*_C, "/usr/lib/ldc*", "/etc/ldc*"),
    ),
    Language(
        name="d_ut",
        tags=frozenset({"d_ut"}),
        base="d",
        hello='import std.stdio; unittest { assert(true); } void main() { writeln("hello"); }',
        file="main.d",
        compile=("sh", "-c", _D_TEST_COMPILE),
        product="main",
        shows_compiler=True,
        run=(PRODUCT, "--DRT-testmode=run-main"),
        told_by="/usr/bin/ldc2",
        packages=("ldc", "gcc", "libc6-dev"),
        paths=(*_C, "/usr/lib/ldc*", "/etc/ldc*"),
    ),
    Language(
        name="verilog",
        tags=frozenset({"verilog", "systemverilog", "sv"}),
        hello='module a; initial begin $display("hello"); $finish(0); end endmodule',
        file="main.sv",
        compile=("iverilog", "-g2012", "-o", "main", "main.sv"),
        product="main",
        shows_compiler=True,
        run=("vvp", "-n", PRODUCT),
        packages=("iverilog",),
        paths=(*_COMMANDS, *_LIBRARIES),
    ),
    Language(
        name="haskell",
        tags=frozenset({"haskell", "hs"}),
        hello='main = putStrLn "hello"',
        file="main.hs",
        compile=("ghc", "-O1", "-v0", "-o", "main", "main.hs"),
        product="main",
        shows_compiler=True,
        address_space_limited=False,
        packages=("ghc", "gcc", "libc6-dev"),
        paths=(*_C, "/usr/lib/ghc", "/var/lib/ghc"),
    ),
    Language(
        name="ocaml",
        tags=frozenset({"ocaml", "ml"}),
        hello='let () = print_endline "hello"',
        file="main.ml",
        compile=("ocamlopt", "-w", "-a", "-o", "main", "unix.cmxa", "str.cmxa", "main.ml"),
        product="main",
        shows_compiler=True,
        packages=("ocaml-nox", "gcc", "libc6-dev"),
        paths=(*_C, "/usr/lib/ocaml"),
    ),
    Language(
        name="elixir",
        tags=frozenset({"elixir", "ex", "exs"}),
        hello='IO.puts("hello")',
        file="main.exs",
        compile=("elixir", "-e", 'Code.string_to_quoted!(File.read!("main.exs"))'),
        product="main.exs",
        run=("elixir", PRODUCT),
        environment={"ERL_FLAGS": "+S 2:2 +A 1"},
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("elixir",),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/erlang", "/usr/lib/elixir"),
    ),
    Language(
        name="fortran",
        tags=frozenset({"fortran", "f90", "f95"}),
        hello='print "(a)", "hello"\nend',
        file="main.f90",
        compile=("gfortran", "-O2", "-w", "-fcheck=bounds", "-o", "main", "main.f90"),
        product="main",
        shows_compiler=True,
        packages=("gfortran", "gcc", "libc6-dev"),
        paths=_C,
    ),
    Language(
        name="pascal",
        tags=frozenset({"pascal", "pas", "delphi"}),
        hello="begin writeln('hello') end.",
        file="main.pas",
        compile=("fpc", "-O2", "-Sa", "-v0e", "-omain", "main.pas"),
        product="main",
        shows_compiler=True,
        packages=("fp-compiler", "fp-units-rtl", "fp-units-base", "fp-units-fcl"),
        paths=(*_C, "/usr/lib/*/fpc", "/etc/fpc*"),
    ),
    # Test frameworks, for callers of /run_code that name one as the language.
    Language(
        name="pytest",
        tags=frozenset({"pytest"}),
        base="python",
        hello='def test_it(): print("hello")',
        file="main_test.py",
        compile=("/usr/bin/python3", "-m", "py_compile", "main_test.py"),
        product="main_test.py",
        run=(
            *("sh", "-c", 'cp "$0" main_test.py && exec "$@"', PRODUCT, "/usr/bin/python3"),
            *("-m", "pytest", "-p", "no:cacheprovider", "-rP", "main_test.py"),
        ),
        environment={"PYTHONPATH": "/opt/verifier/site", "PYTHONDONTWRITEBYTECODE": "1"},
        told_by="/usr/lib/python3/dist-packages/pytest/__init__.py",
        packages=("python3-pytest",),
        paths=(*_COMMANDS, *_LIBRARIES, "/usr/lib/python3*"),
    ),
    Language(
        name="junit",
        tags=frozenset({"junit"}),
        base="java",
        hello=(
            "import org.junit.jupiter.api.Test;\nclass ATest {\n"
            '  @Test void passes() { System.out.println("hello"); }\n}\n'
        ),
        file="{name}.java",
        compile=(
            *(
                "sh",
                "-c",
                'for jar in *.jar; do jars="$jars:$jar"; done; exec "$0" "$@" $(ls *.java)',
            ),
            *("javac", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-nowarn", "-proc:none"),
            *("-encoding", "UTF-8", "-cp", f".:{_JUNIT_JARS}", "-d", "classes"),
        ),
        product="classes",
        shows_compiler=True,
        run=(
            *("sh", "-c", 'cp "$0" tests.jar && exec "$@"', PRODUCT),
            *(*_JAVA, *_JAVA_TEXT, "-cp", f"{_JUNIT_JARS}:tests.jar"),
            *("org.junit.platform.console.ConsoleLauncher", "--disable-banner"),
            *("--disable-ansi-colors", "--scan-class-path=tests.jar", "--include-classname=.*"),
        ),
        naming=r"^ *public (?:\w+ )*(?:class|enum|record|interface) (\w+)",
        cpu_factor=2.0,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/share/java/junit-jupiter-api.jar",
        packages=(
            *("openjdk-17-jdk-headless", "junit5", "libassertj-core-java", "libjavatuples-java"),
            *("libbyte-buddy-java", "libhamcrest-java"),
        ),
        paths=(*_VIRTUAL_MACHINE, "/usr/share/maven-repo"),
    ),
    Language(
        name="jest",
        tags=frozenset({"jest"}),
        base="typescript",
        hello='test("passes", () => { console.log("hello"); });',
        file="main.ts",
        compile=("node", "-e", _STRIP_TYPES),
        product="main.js",
        run=(
            *("sh", "-c", _JEST_RUN, PRODUCT, _JEST_REPORT),
            *(
                "jest",
                "--ci",
                "--runInBand",
                "--no-cache",
                "--no-watchman",
                "--colors=false",
            ),
            *("--rootDir=/tmp", "--transform={}", "--testEnvironment=node", "--no-haste"),
            *("--reporters=default", "--reporters=./report.js"),
        ),
        environment={"NODE_PATH": "/usr/share/nodejs"},
        cpu_factor=2.0,
        memory_factor=2.0,
        address_space_limited=False,
        told_by="/usr/bin/jest",
        packages=("nodejs", "jest", "node-typescript", "node-lodash"),
        paths=(*_COMMANDS, *_LIBRARIES, *_NODE_MODULES),
    ),
    Language(
        name="go_test",
        tags=frozenset({"go_test"}),
        base="go",
        hello=(
            'package main\nimport ("fmt"; "testing")\n'
            'func TestIt(t *testing.T) { fmt.Println("hello") }\n'
        ),
        file="main_test.go",
        compile=("sh", "-c", _GO_TEST_COMPILE),
        product="main",
        run=("sh", "-c", '"$0" -test.v && printf "ok  \\tcommand-line-arguments\\n"', PRODUCT),
        environment={**_GO_ENVIRONMENT, "GOPATH": "/usr/share/gocode"},
        compile_factor=2.0,
        address_space_limited=False,
        told_by="/usr/share/gocode/src/github.com/stretchr/testify/assert/assertions.go",
        packages=("golang-go", "golang-github-stretchr-testify-dev"),
        paths=(*_COMMANDS, *_GO, "/usr/share/gocode"),
    ),
)

LANGUAGES: Mapping[str, Language] = {language.name: language for language in _ENTRIES}
"""Every language, by its name."""


def packages(names: Collection[str] = LANGUAGES) -> list[str]:
    """The Debian packages of the image that carries the toolchains of these languages."""
    return sorted({package for name in names for package in LANGUAGES[name].packages})


if __name__ == "__main__":
    sys.stdout.write(" ".join(packages(sys.argv[1:] or LANGUAGES)) + "\n")
