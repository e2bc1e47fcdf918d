"""Languages whose compiler makes a program that needs nothing more."""

from __future__ import annotations

from sandbox.languages.language import COMMANDS, LIBRARIES, PRODUCT, Language

_C = (*COMMANDS, *LIBRARIES, "/usr/lib/gcc", "/usr/libexec/gcc", "/usr/include")
_D_TEST_COMPILE = """
grep -Eq '\\bmain *\\(' main.d && given= || given=-main
exec ldc2 -unittest $given -of=main main.d
"""

COMPILED = (
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
        paths=(*COMMANDS, *LIBRARIES),
    ),
)
