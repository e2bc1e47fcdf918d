"""Whether a test framework came to the end of its suite, which its exit code alone does not tell.

A program that ends early ends with 0, and so does one that made every test pass. So a run that
ended well is run again with one more test, which cannot hold: where that passes too, the suite says
nothing. The test has another name each time.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace

from sandbox import Program

_BEHIND = {
    "pytest": "\n\ndef test_{name}():\n    assert 0 == 1\n",
    # Of a suite with `test.only` nothing else would be run.
    "jest": '\n;afterAll(() => {{ throw new Error("{name}"); }});\n',
    "go_test": '\nfunc Test{name}(t *testing.T) {{ t.Fatal("{name}") }}\n',
    "d_ut": "\nunittest {{ assert(0 == 1); }}\n",
}
_IN_A_FILE = {
    "junit": (
        "Z{name}Test.java",
        "class Z{name}Test {{ @org.junit.jupiter.api.Test void f() {{ assert false; }} }}\n",
    )
}


def with_failing_test(program: Program) -> Program | None:
    """The program with one test more, or None where its language is no test framework."""
    name = f"X{secrets.token_hex(8)}"
    if program.language in _BEHIND:
        return replace(program, source=program.source + _BEHIND[program.language].format(name=name))
    if program.language in _IN_A_FILE:
        path, text = (part.format(name=name) for part in _IN_A_FILE[program.language])
        files = {**program.files, path: base64.b64encode(text.encode()).decode()}
        return replace(program, files=files)
    return None
