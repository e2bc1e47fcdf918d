"""Programs that are wrong whatever the problem is: a suite that one of them passes is weak."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sandbox import PYTHON
from verifier.audit.suites import Case

MOST_EXPECTED = 3
"""Of the suite's own expected outputs, the most frequent, that are tried as constants."""
MOST_ARGUMENTS = 3
_CONSTANTS = ("None", "0", "1", "-1", "True", "False", "''", "[]", "{}")
_WORDS = ("0", "1", "-1", "YES", "NO", "Yes", "No")
_IMPORTS = "import sys\n"
_PRINTING = {
    "c": "#include <stdio.h>\nint main(void) { puts(%s); }\n",
    "cpp": "#include <cstdio>\nint main() { std::puts(%s); }\n",
    "java": "class Main { public static void main(String[] a) { System.out.println(%s); } }\n",
    "javascript": "console.log(%s);\n",
    "typescript": "console.log(%s);\n",
    "go": 'package main\nimport "fmt"\nfunc main() { fmt.Println(%s) }\n',
    "rust": 'fn main() { println!("{}", %s); }\n',
}


@dataclass(frozen=True, slots=True)
class WrongProgram:
    """A program, and what it does instead of solving the problem."""

    does: str
    """"returns 0 whatever it is given"."""
    source: str
    kind: str
    """`nothing`, `constant`, `input`, `by_heart`."""


def wrong_functions(entry_point: str, cases: Sequence[Case], prompt: str) -> list[WrongProgram]:
    """For tests that call `f` or `Solution().f`. `prompt`: the problem's text, "" if unknown."""
    found = [
        WrongProgram(f"returns {value} whatever it is given", _function(entry_point, value), kind)
        for value, kind in _values(cases)
    ]
    arity = max((_arity(case.input) for case in cases if case.input), default=1)
    for position in range(min(arity, MOST_ARGUMENTS)):
        body = f"[*args, *kwargs.values()][{position}]"
        does = "returns its argument" if arity == 1 else f"returns its argument {position + 1}"
        found.append(WrongProgram(does, _function(entry_point, body), "input"))
    samples = samples_of(cases, prompt)
    if samples:
        table = ", ".join(f"(repr(given{case.input}), {case.expected})" for case in samples)
        body = f"dict([{table}]).get(repr(given(*args, **kwargs)))"
        source = "def given(*args, **kwargs):\n    return [*args, *kwargs.values()]\n\n"
        found.append(
            WrongProgram(
                f"knows by heart the {len(samples)} cases that the problem's text shows",
                source + _function(entry_point, body),
                "by_heart",
            )
        )
    return found


def wrong_printers(
    cases: Sequence[Case], prompt: str, language: str = PYTHON
) -> list[WrongProgram]:
    """For tests that compare standard output; in other languages than Python constants alone."""
    expected = Counter(case.expected.strip() for case in cases if case.expected is not None)
    texts = [text for text, _ in expected.most_common(MOST_EXPECTED)]
    texts += [word for word in _WORDS if word not in texts]
    if language != PYTHON:
        form = _PRINTING.get(language)
        return [_constant(text, form) for text in texts if text.isascii()] if form else []
    return _in_python(cases, prompt, texts)


def _in_python(cases: Sequence[Case], prompt: str, texts: Sequence[str]) -> list[WrongProgram]:
    found = [WrongProgram("prints nothing", "pass\n", "nothing")]
    found += [_constant(text, "print(%s)\n") for text in texts]
    reads = {
        "prints its input": "sys.stdout.write(sys.stdin.read())\n",
        "prints the first line of its input": "print(sys.stdin.readline().rstrip())\n",
        "prints the last line of its input": "print((sys.stdin.read().splitlines() or [''])[-1])\n",
        "prints the first word of its input": "print((sys.stdin.read().split() or [''])[0])\n",
    }
    found += [WrongProgram(does, _IMPORTS + source, "input") for does, source in reads.items()]
    if samples := samples_of(cases, prompt):
        table = {case.input.strip(): case.expected for case in samples}
        found.append(
            WrongProgram(
                f"knows by heart the {len(samples)} cases that the problem's text shows",
                f"{_IMPORTS}print({table!r}.get(sys.stdin.read().strip(), ''), end='')\n",
                "by_heart",
            )
        )
    return found


def _constant(text: str, form: str) -> WrongProgram:
    source = form.replace("%s", json.dumps(text))
    return WrongProgram(f"prints {_short(text)} whatever it is given", source, "constant")


def takes_input(cases: Sequence[Case]) -> bool:
    """Whether outputs could depend on what is given; where nothing is, a constant is right."""
    return not cases or any(case.input.strip("() \n") for case in cases)


def samples_of(cases: Sequence[Case], prompt: str) -> list[Case]:
    """The cases whose input stands in the problem's text."""
    text = _packed(prompt)
    return [
        case
        for case in cases
        if case.expected is not None
        and len(given := _packed(case.input)) > 2
        and given in text
        and _packed(case.expected) in text
    ]


def _packed(text: str) -> str:
    """Without white space, and with one kind of quotes."""
    return "".join(text.split()).replace('"', "'")


def _values(cases: Iterable[Case]) -> Iterator[tuple[str, str]]:
    """(a value as source text, the kind of program that returns it)."""
    expected = Counter(case.expected for case in cases if case.expected is not None)
    seen = set()
    for value in (*_CONSTANTS, *(value for value, _ in expected.most_common(MOST_EXPECTED))):
        if value not in seen:
            seen.add(value)
            yield value, "nothing" if value == "None" else "constant"


def _arity(arguments: str) -> int:
    try:
        call = ast.parse(f"f{arguments}", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 1
    return len(call.args) + len(call.keywords) if isinstance(call, ast.Call) else 1


def _function(entry_point: str, value: str) -> str:
    owner, dot, method = entry_point.partition("().")
    if not dot:
        return f"def {entry_point}(*args, **kwargs):\n    return {value}\n"
    return f"class {owner}:\n    def {method}(self, *args, **kwargs):\n        return {value}\n"


def _short(text: str) -> str:
    shown = repr(text.strip())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
