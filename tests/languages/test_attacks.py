"""A flood and an early end in every language, whose runtimes end and write in ways of their own."""

from dataclasses import replace

import pytest

from sandbox import LANGUAGES, Status
from sandbox.pool import JailPool
from tests.languages.conftest import LIMITS, Load
from tests.languages.test_languages import FRAMEWORKS
from verifier.model import AssertTruth, Outcome
from verifier.programs.drivers.suites import judge_suite

FLOODED = replace(LIMITS, output_bytes=64 * 1024)
LINE = "0123456789" * 10
FLOODS = {
    "bash": f"while :; do echo {LINE}; done",
    "c": f'#include <stdio.h>\nint main(void) {{ for (;;) puts("{LINE}"); }}',
    "cpp": f'#include <iostream>\nint main() {{ for (;;) std::cout << "{LINE}\\n"; }}',
    "csharp": f'class A {{ static void Main() {{ while (true) Console.WriteLine("{LINE}"); }} }}',
    "d": f'import std.stdio; void main() {{ while (true) writeln("{LINE}"); }}',
    "elixir": f'Stream.repeatedly(fn -> IO.puts("{LINE}") end) |> Stream.run()',
    "fortran": f'do\nprint "(a)", "{LINE}"\nend do\nend',
    "go": f'package main\nimport "fmt"\nfunc main() {{ for {{ fmt.Println("{LINE}") }} }}',
    "haskell": f'main = mapM_ putStrLn (repeat "{LINE}")',
    "java": (
        "class A { public static void main(String[] a) "
        f'{{ while (true) System.out.println("{LINE}"); }} }}'
    ),
    "javascript": f'for (;;) require("fs").writeSync(1, "{LINE}\\n");',
    "kotlin": f'fun main() {{ while (true) println("{LINE}") }}',
    "lua": f'while true do print("{LINE}") end',
    "ocaml": f'let () = while true do print_endline "{LINE}" done',
    "pascal": f"begin while true do writeln('{LINE}') end.",
    "perl": f'print "{LINE}\\n" while 1;',
    "php": f'<?php while (true) echo "{LINE}\\n";',
    "r": f'repeat cat("{LINE}\\n")',
    "racket": f'#lang racket/base\n(let loop () (displayln "{LINE}") (loop))',
    "ruby": f'loop {{ puts "{LINE}" }}',
    "rust": f'fn main() {{ loop {{ println!("{LINE}"); }} }}',
    "scala": (f'object A {{ def main(a: Array[String]): Unit = while (true) println("{LINE}") }}'),
    "typescript": f'for (;;) require("fs").writeSync(1, "{LINE}\\n" as string);',
    "verilog": f'module a; initial forever $display("{LINE}"); endmodule',
}
EARLY_ENDS = {
    "bash": ("exit 0", '[[ $(f 1) = "2" ]] || exit 1'),
    "c": (
        "#include <assert.h>\n#include <stdlib.h>\nint f(int x) { exit(0); }",
        "int main(void) { assert(f(1) == 2); }",
    ),
    "cpp": (
        "#include <cassert>\n#include <cstdlib>\nint f(int x) { std::quick_exit(0); }",
        "int main() { assert(f(1) == 2); }",
    ),
    "csharp": (
        "class P { static int F(int x) { Environment.Exit(0); return 0; }",
        "static void Main() { System.Diagnostics.Debug.Assert(F(1) == 2); } }",
    ),
    "d_ut": (
        "int f(int x) { import core.stdc.stdlib; exit(0); return 0; }",
        "unittest { assert(f(1) == 2); } void main() {}",
    ),
    "elixir": ("f = fn _ -> System.halt(0) end", "if f.(1) != 2, do: raise(ArgumentError)"),
    "fortran": (
        "call check()\ncontains\ninteger function f(x)\ninteger :: x\nstop 0\nend function",
        "subroutine check()\nif (f(1) /= 2) error stop 1\nend subroutine\nend",
    ),
    "go_test": (
        'import "os"\nfunc f(x int) int { os.Exit(0); return 0 }',
        "func TestF(t *testing.T) { if f(1) != 2 { t.Fatal() } }",
    ),
    "haskell": (
        "import System.Exit\nmain = exitSuccess >> check\nf x = x",
        "check = if f 1 == 2 then return () else error []",
    ),
    "java": (
        "class Main { static int f(int x) { System.exit(0); return 0; }",
        "public static void main(String[] a) { assert f(1) == 2; } }",
    ),
    "javascript": (
        "const f = x => process.exit(0);",
        'const assert = require("assert");\nassert(f(1) === 2);',
    ),
    "lua": ("function f(x) os.exit(0) end", "assert(f(1) == 2)"),
    "ocaml": ("let f x = exit 0", "let () = assert (f 1 = 2)"),
    "pascal": (
        "function f(x: integer): integer; begin halt(0); end;",
        "begin assert(f(1) = 2); end.",
    ),
    "perl": ("sub f { exit 0 }", "f(1) == 2 or die;"),
    "php": ("<?php function f($x) { exit(0); }", "assert(f(1) == 2);"),
    "r": ("f <- function(x) quit(status = 0)", "stopifnot(f(1) == 2)"),
    "racket": (
        "#lang racket\n(define (f x) (exit 0))",
        "(require rackunit)\n(check-equal? (f 1) 2)",
    ),
    "ruby": ("def f(x) = exit!(0)", "f(1) == 2 or raise"),
    "rust": ("fn f(x: i32) -> i32 { std::process::exit(0) }", "fn main() { assert_eq!(f(1), 2); }"),
}


def test_every_language_is_attacked() -> None:
    as_others = {"d_ut": "d", "kotlin_script": "kotlin", "go_test": "go"}
    assert FLOODS.keys() == LANGUAGES.keys() - {"python"} - FRAMEWORKS - as_others.keys()
    judged = {as_others.get(language, language) for language in EARLY_ENDS}
    # Of Verilog no design can end anything; the others end as what runs them does.
    assert judged == FLOODS.keys() - {"verilog", "kotlin", "scala", "typescript"}


@pytest.mark.parametrize("language", FLOODS)
def test_a_flood_is_ended(load: Load, language: str) -> None:
    with load(language, FLOODS[language], FLOODED) as runner:
        assert runner.run(b"").status is Status.OUTPUT_LIMIT


@pytest.mark.parametrize("language", EARLY_ENDS)
def test_an_end_with_0_before_the_first_assertion_is_no_pass(
    pool: JailPool, load: Load, language: str
) -> None:
    source, test = EARLY_ENDS[language]
    with load(language, "", LIMITS):  # skips where its toolchain is missing
        pass  # there is one jail: it is free again for the suite
    truth = AssertTruth(entry_point="", test=test, language=language)
    with pool.jail(language) as jail:
        verdict = judge_suite(truth, source, LIMITS, jail)
    assert verdict.outcome is Outcome.WRONG_ANSWER, verdict
    assert "passes with changed" in str(verdict.first_failure), "its exit code fools nobody"
