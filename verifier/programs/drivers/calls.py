"""Writes a program around a function: it reads a case's number, calls, and prints.

The cases become cases of standard input, whose expected outputs stay on the trusted side: what is
in the program are arguments. It prints the value as JSON on its last line, so that a candidate that
prints while it is called spoils nothing; one that ends the run early has printed no value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verifier.errors import GroundTruthError
from verifier.model import CallTruth, StdinCase, StdinTruth
from verifier.programs.drivers.literals import LITERALS

MAX_CHARS = 256 * 1024
"""Of a value as it is printed."""
TOLERANCE = 1e-9
"""Of numbers with a fraction, which languages print with more digits or fewer."""

LANGUAGES_OF_CALLS = frozenset(LITERALS)


@dataclass(frozen=True, slots=True)
class Frame:
    """A language's program around a function: `SOURCE`, `CASES` and `IMPORTS` stand for these.

    `case` is one of the cases; NUMBER, NAME and ARGUMENTS stand for what they say."""

    program: str
    case: str
    separator: str = ", "
    imports: str = ""
    """Lines of the source that match go to `IMPORTS`, others stay where they are."""


_CPP = """#include <bits/stdc++.h>
using namespace std;
SOURCE
namespace sandbox_show {
void value(bool v) { cout << (v ? "true" : "false"); }
void value(const string& v) { cout << quoted(v); }
void value(const char* v) { cout << quoted(v); }
void value(char v) { cout << quoted(string(1, v)); }
template <class T> enable_if_t<is_arithmetic_v<T>> value(T v) { cout << setprecision(17) << +v; }
template <class A, class B> void value(const pair<A, B>& v);
template <class T> auto value(const T& all) -> decltype(all.begin(), void()) {
    const char* before = "[";
    for (const auto& one : all) { cout << before; value(one); before = ", "; }
    cout << (all.begin() == all.end() ? "[]" : "]");
}
template <class A, class B> void value(const pair<A, B>& v) {
    cout << "["; value(v.first); cout << ", "; value(v.second); cout << "]";
}
template <class T> void line(const T& v) { cout << "\\n"; value(v); cout << endl; }
}
int main() {
    int number; cin >> number;
    switch (number) { CASES }
}
"""
_JAVA = """IMPORTS
public class Main {
    SOURCE
    static String shown(Object v) {
        if (v instanceof String || v instanceof Character)
            return "\\"" + v.toString().replace("\\\\", "\\\\\\\\").replace("\\"", "\\\\\\"")
                .replace("\\n", "\\\\n") + "\\"";
        if (v != null && v.getClass().isArray()) {
            java.util.List<String> all = new java.util.ArrayList<>();
            for (int i = 0; i < java.lang.reflect.Array.getLength(v); i++)
                all.add(shown(java.lang.reflect.Array.get(v, i)));
            return all.toString();
        }
        if (v instanceof Iterable) {
            java.util.List<String> all = new java.util.ArrayList<>();
            for (Object one : (Iterable<?>) v) all.add(shown(one));
            return all.toString();
        }
        return String.valueOf(v);
    }
    public static void main(String[] arguments) {
        switch (new java.util.Scanner(System.in).nextInt()) { CASES }
    }
}
"""
_CSHARP = """IMPORTS
using System; using System.Collections.Generic; using System.Linq; using System.Text;
public class Program {
    SOURCE
    static string Shown(object v) {
        if (v == null) return "null";
        if (v is bool) return (bool) v ? "true" : "false";
        if (v is string || v is char)
            return "\\"" + v.ToString().Replace("\\\\", "\\\\\\\\").Replace("\\"", "\\\\\\"")
                .Replace("\\n", "\\\\n") + "\\"";
        if (v is System.Collections.IEnumerable)
            return "[" + string.Join(", ", ((System.Collections.IEnumerable) v).Cast<object>()
                .Select(Shown)) + "]";
        return Convert.ToString(v, System.Globalization.CultureInfo.InvariantCulture);
    }
    public static void Main() {
        switch (int.Parse(Console.ReadLine())) { CASES }
    }
}
"""
_RUST_SHOW = """
trait SandboxShow { fn shown(&self) -> String; }
macro_rules! sandbox_plain { ($($t:ty),*) => { $(impl SandboxShow for $t {
    fn shown(&self) -> String { format!("{}", self) } })* } }
sandbox_plain!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool);
impl SandboxShow for str { fn shown(&self) -> String { format!("{:?}", self) } }
impl SandboxShow for String { fn shown(&self) -> String { format!("{:?}", self) } }
impl SandboxShow for char { fn shown(&self) -> String { format!("{:?}", self.to_string()) } }
impl<T: SandboxShow + ?Sized> SandboxShow for &T { fn shown(&self) -> String { (**self).shown() } }
impl<T: SandboxShow> SandboxShow for Vec<T> { fn shown(&self) -> String {
    format!("[{}]", self.iter().map(|v| v.shown()).collect::<Vec<_>>().join(", ")) } }
impl<T: SandboxShow> SandboxShow for Option<T> { fn shown(&self) -> String {
    self.as_ref().map_or("null".to_string(), |v| v.shown()) } }
"""
_RUST = f"""SOURCE
{_RUST_SHOW}
fn main() {{
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    match line.trim().parse::<i64>().unwrap() {{ CASES _ => {{}} }}
}}
"""
_LUA = """SOURCE
local function shown(v)
    if type(v) == "string" then return string.format("%q", v):gsub("\\\\\\n", "\\\\n") end
    if type(v) ~= "table" then return v == nil and "null" or tostring(v) end
    local all = {}
    for _, one in ipairs(v) do all[#all + 1] = (shown(one)) end
    return "[" .. table.concat(all, ", ") .. "]"
end
local number = io.read("n")
CASES
"""
_R = """SOURCE
.shown <- function(v) {
    if (is.null(v)) return("null")
    if (length(v) != 1 || is.list(v))
        return(paste0("[", paste(vapply(v, .shown, ""), collapse = ", "), "]"))
    if (is.logical(v)) return(tolower(as.character(v)))
    if (is.character(v)) return(encodeString(v, quote = '"'))
    format(v, digits = 15)
}
.number <- as.integer(readLines("stdin", n = 1))
CASES
"""
_RACKET = """SOURCE
(require json)
(define (shown v)
  (cond [(or (boolean? v) (string? v) (exact-integer? v)) (jsexpr->string v)]
        [(real? v) (number->string (exact->inexact v))]
        [(or (list? v) (vector? v))
         (string-append "[" (apply string-append
           (add-between-commas (map shown (if (vector? v) (vector->list v) v)))) "]")]
        [(void? v) "null"]
        [else (jsexpr->string (format "~a" v))]))
(define (add-between-commas all)
  (if (or (null? all) (null? (cdr all))) all
      (cons (car all) (cons ", " (add-between-commas (cdr all))))))
(case (read) CASES)
"""
_SCALA = """object Main {
    SOURCE
    def shown(v: Any): String = v match {
        case s: String => "\\"" + s.replace("\\\\", "\\\\\\\\").replace("\\"", "\\\\\\"") + "\\""
        case c: Char => shown(c.toString)
        case all: Traversable[_] => all.map(shown).mkString("[", ", ", "]")
        case all: Array[_] => all.map(shown).mkString("[", ", ", "]")
        case Some(one) => shown(one)
        case None | null => "null"
        case other => other.toString
    }
    def main(arguments: Array[String]): Unit = scala.io.StdIn.readInt() match { CASES }
}
"""
_KOTLIN = """SOURCE
fun shown(v: Any?): String = when (v) {
    is String -> "\\"" + v.replace("\\\\", "\\\\\\\\").replace("\\"", "\\\\\\"") + "\\""
    is Char -> shown(v.toString())
    is Iterable<*> -> v.joinToString(", ", "[", "]") { shown(it) }
    is IntArray -> shown(v.toList())
    is Array<*> -> shown(v.toList())
    else -> v.toString()
}
when (readLine()!!.trim().toInt()) { CASES }
"""
_GO = """package main
IMPORTS
import (
    sandboxJson "encoding/json"
    sandboxFmt "fmt"
)
SOURCE
func sandboxShow(v interface{}) {
    shown, _ := sandboxJson.Marshal(v)
    sandboxFmt.Println("\\n" + string(shown))
}
func main() {
    var number int
    sandboxFmt.Scan(&number)
    switch number { CASES }
}
"""
_D = """import std.stdio : sandboxLine = readln, sandboxWrite = writeln;
import std.conv : sandboxTo = to;
import std.string : sandboxStrip = strip;
SOURCE
void main() {
    switch (sandboxTo!int(sandboxStrip(sandboxLine()))) { CASES default: break; }
}
"""
_NODE = """SOURCE
;const sandboxCases = [CASES];
console.log("\\n" + JSON.stringify(
    sandboxCases[parseInt(require("fs").readFileSync(0, "utf8"))]() ?? null));
"""
_PERL = """use utf8;
SOURCE
sub sandbox_shown {
    my ($v) = @_;
    return "null" unless defined $v;
    return "[" . join(", ", map { sandbox_shown($_) } @$v) . "]" if ref $v eq "ARRAY";
    return $v if $v =~ /^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?\\z/;
    $v =~ s/(["\\\\])/\\\\$1/g; $v =~ s/\\n/\\\\n/g;
    return "\\"$v\\"";
}
my $sandbox_number = int(<STDIN>);
CASES
"""
_BASH = """SOURCE
read -r sandbox_number
case $sandbox_number in CASES esac
"""
_VERILOG = """module sandbox;
SOURCE
    integer number, found;
    initial begin
        found = $fscanf(32'h8000_0000, "%d", number);
        case (number) CASES endcase
        $finish(0);
    end
endmodule
"""
_FRAMES: Mapping[str, Frame] = {
    "bash": Frame(_BASH, "NUMBER) NAME ARGUMENTS ;;\n", " "),
    "cpp": Frame(_CPP, "case NUMBER: sandbox_show::line(NAME(ARGUMENTS)); break;\n"),
    "csharp": Frame(
        _CSHARP,
        'case NUMBER: Console.WriteLine("\\n" + Shown(NAME(ARGUMENTS))); break;\n',
        imports=r"^\s*using [\w.= ]+;",
    ),
    "d": Frame(_D, "case NUMBER: sandboxWrite(NAME(ARGUMENTS)); break;\n"),
    "d_ut": Frame(_D, "case NUMBER: sandboxWrite(NAME(ARGUMENTS)); break;\n"),
    "go": Frame(
        _GO,
        "case NUMBER: sandboxShow(NAME(ARGUMENTS))\n",
        imports=r"^package \w+|^import \([^)]*\)|^import .*",
    ),
    "java": Frame(
        _JAVA,
        'case NUMBER: System.out.println("\\n" + shown(NAME(ARGUMENTS))); break;\n',
        imports=r"^\s*import [\w.* ]+;",
    ),
    "javascript": Frame(_NODE, "() => NAME(ARGUMENTS),\n"),
    "kotlin_script": Frame(_KOTLIN, 'NUMBER -> println("\\n" + shown(NAME(ARGUMENTS)))\n'),
    "lua": Frame(_LUA, 'if number == NUMBER then print("\\n" .. shown(NAME(ARGUMENTS))) end\n'),
    "perl": Frame(
        _PERL,
        'if ($sandbox_number == NUMBER) { my $v = NAME(ARGUMENTS); print "\\n", '
        'sandbox_shown($v), "\\n"; }\n',
    ),
    "php": Frame(
        "<?php\nSOURCE\n$sandbox_cases = [CASES];\n"
        'echo "\\n", json_encode($sandbox_cases[intval(fgets(STDIN))]()), "\\n";\n',
        "fn() => NAME(ARGUMENTS),\n",
        imports=r"<\?php|\?>",
    ),
    "r": Frame(_R, 'if (.number == NUMBER) cat("\\n", .shown(NAME(ARGUMENTS)), "\\n", sep = "")\n'),
    "racket": Frame(_RACKET, "[(NUMBER) (newline) (displayln (shown (NAME ARGUMENTS)))]\n", " "),
    "ruby": Frame(
        'SOURCE\nrequire "json"\nsandbox_cases = [CASES]\n'
        'puts "\\n" + JSON.generate([sandbox_cases[gets.to_i].call])[1..-2]\n',
        "-> { NAME(ARGUMENTS) },\n",
    ),
    "rust": Frame(_RUST, 'NUMBER => println!("\\n{}", NAME(ARGUMENTS).shown()),\n'),
    "scala": Frame(_SCALA, 'case NUMBER => println("\\n" + shown(NAME(ARGUMENTS)))\n'),
    "typescript": Frame(_NODE, "() => NAME(ARGUMENTS),\n"),
    "verilog": Frame(_VERILOG, 'NUMBER: $display("\\n%0d", NAME(ARGUMENTS));\n'),
}


def as_stdin(truth: CallTruth, source: str) -> tuple[StdinTruth, str]:
    """The cases of a function as cases of standard input, and the program that reads them.

    Raises GroundTruthError where an argument has no literal in the language."""
    frame, literals = _FRAMES[truth.language], LITERALS[truth.language]
    if any(case.kwargs for case in truth.cases):
        raise GroundTruthError(
            "The ground truth cannot be used: arguments by name are for functions in Python."
        )
    calls = []
    for number, case in enumerate(truth.cases):
        arguments = frame.separator.join(map(literals.write, case.args))
        said = {"NUMBER": str(number), "NAME": truth.entry_point, "ARGUMENTS": arguments}
        calls.append(_filled(frame.case, said))
    imports = re.findall(frame.imports, source, re.MULTILINE) if frame.imports else []
    rest = re.sub(frame.imports, "", source, flags=re.MULTILINE) if imports else source
    moved = [one for one in imports if not one.startswith(("package", "<?", "?>"))]
    said = {"SOURCE": rest, "CASES": "".join(calls), "IMPORTS": "\n".join(moved)}
    cases = [
        StdinCase(f"{number}\n", json.dumps(case.expected))
        for number, case in enumerate(truth.cases)
    ]
    stdin = StdinTruth(
        cases=tuple(cases),
        limits=truth.limits,
        language=truth.language,
        every_case=truth.every_case,
    )
    return stdin, _filled(frame.program, said)


def _filled(template: str, said: Mapping[str, str]) -> str:
    """Each name once: what is put in is not looked at again."""
    return re.sub("|".join(said), lambda found: said[found[0]], template)


def value_printed(case: StdinCase, output: bytes) -> bool:
    """Whether the last line of an output is the value that the case expects, as JSON or as text."""
    text = output[-MAX_CHARS:].decode(errors="replace").strip().rpartition("\n")[2].strip()
    expected = json.loads(case.output)
    if text == expected:
        return True
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return _is_same(expected, found)


def _is_same(expected: Any, found: Any) -> bool:
    """Whether two JSON values are equal, with a tolerance for floats; a bool is no number."""
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_is_same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(
            _is_same(value, found[key]) for key, value in expected.items()
        )
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return expected == found or math.isclose(expected, found, rel_tol=TOLERANCE)
    return bool(expected == found)
