"""Runs a reference in one interpreter with its tests, in a jail, as its authors did.

No rollout is judged so: a program could read what is expected of it. But a reference that passes
so, and not with the judge, who keeps the two apart, shows what the judge cannot do, and not that
the problem is broken."""

from __future__ import annotations

from typing import Any

from verifier.audit.solutions import fenced
from verifier.model import AssertTruth
from verifier.programs.candidate import resolve_entry_point

_PASSED = "Every assertion held."
_CHECKER = "def check(input, output, answer):\n    return output.rstrip().endswith(answer)\n"
"""Tests may print as well."""


def with_its_tests(truth: AssertTruth, source: str) -> tuple[str, Any]:
    """A completion, and a ground truth that it meets where every assertion holds."""
    entry_point = resolve_entry_point(truth.entry_point, source)
    call = f"if 'check' in globals():\n    check({entry_point})\nprint({_PASSED!r})"
    checker = {"kind": "program", "style": "check", "source": _CHECKER}
    case = {"input": "", "output": _PASSED}
    program = "\n".join((truth.setup, source, truth.test, call))
    return fenced(program), {"kind": "stdin", "cases": [case], "checker": checker}
