"""Designs in Verilog, simulated in one program with the test bench that judges them.

The bench counts mismatches with a reference and prints them. It is believed because a design cannot
speak: one that could print, end the simulation, or reach into the bench or the reference is refused
before it runs. What is left to it is what a circuit has, its ports.
"""

from __future__ import annotations

import re

from sandbox import Limits, Program, Status
from sandbox.jail import Jail
from verifier.errors import GroundTruthError
from verifier.model import AssertTruth, Outcome, Verdict
from verifier.outcomes import failed, outcome_of

_PURE = frozenset(
    """signed unsigned clog2 bits countones countbits onehot onehot0 isunknown size left right low
    high increment dimensions""".split()  # noqa: SIM905 - to be read
)
"""System functions that have a value and do nothing."""
_DIRECTIVES = frozenset({"timescale", "default_nettype", "resetall", "define"})
_REACHES = frozenset({"bind", "config", "defparam", "force", "release"})
_NO_CODE = re.compile(r"//.*|/\*[\s\S]*?\*/|\"(?:\\.|[^\"\\\n])*\"")
_CONSTANT = re.compile(r"`define[ \t]+(\w+)[ \t]+[\w']+[ \t]*$", re.MULTILINE)
_SYSTEM_NAME = re.compile(r"\$\s*(\w*)")
_DIRECTIVE = re.compile(r"`\s*(\w*)")
_BEFORE_A_DOT = re.compile(r"(`?\w+)\s*(?:\[[^\]]*\]\s*)*\.(?!\d)")
_CALLABLE = re.compile(
    r"\b(?:module|interface|package|program|class)\s+(\w+)|\b(?:begin|fork)\s*:\s*(\w+)"
    r"|\b(?:task|function)\b[^;(]*?(\w+)\s*[;(]"
)
"""What of a bench is found from within it without a path."""
_TOLD = re.compile(r"^Mismatches: +(\d+) in +(\d+) samples", re.MULTILINE)


def judge_design(truth: AssertTruth, source: str, limits: Limits, jail: Jail) -> Verdict:
    """The verdict on a design; `truth.setup` is how its module begins, `truth.test` the bench.

    Raises GroundTruthError where the bench counts no mismatches."""
    if "Mismatches:" not in truth.test:
        raise GroundTruthError(
            "The ground truth cannot be used: its test bench prints no `Mismatches: m in n "
            "samples`, as VerilogEval's do."
        )
    reason = refusal(source, truth.test)
    if reason is not None:
        return failed(Outcome.WRONG_ANSWER, 0, 1, cpu_s=0.0, message=reason)
    begun = set(re.findall(r"\bmodule\s+(\w+)", truth.setup))
    whole = bool(begun.intersection(re.findall(r"\bmodule\s+(\w+)", source)))
    design = source if whole else f"{truth.setup}\n{source}"
    with jail.load(Program(f"{truth.test}\n{design}\n", truth.language), limits) as simulation:
        result = simulation.run(b"")
    told = _TOLD.findall(result.stdout.decode(errors="replace"))
    mismatches, samples = map(int, told[-1]) if told else (1, 0)
    is_right = result.status is Status.OK and samples > 0 and mismatches == 0
    if is_right:
        return Verdict(outcome=Outcome.CORRECT, passed=1, total=1, cpu_s=result.cpu_s)
    said = f"{mismatches} of {samples} samples differ." if told else None
    message = said or result.stderr.decode(errors="replace").strip() or result.message
    outcome = outcome_of(result.status, matches=False)
    return failed(outcome, 0, 1, cpu_s=result.cpu_s, message=message)


def refusal(source: str, bench: str) -> str | None:
    """What a design has that reaches beyond its ports, as a sentence."""
    code = _NO_CODE.sub(lambda found: '""' if found[0][0] == '"' else " ", source)
    if "\\" in code or code.count('"') % 2:
        return "A design with escaped names or open strings is not simulated here."
    for name in _SYSTEM_NAME.findall(code):
        if name not in _PURE:
            return f"A design does not use `${name}`: it speaks by its ports alone."
    constants = set(_CONSTANT.findall(code))
    for name in _DIRECTIVE.findall(code):
        if name not in _DIRECTIVES | constants:
            return f"A design does not use `` `{name} `` here, but for constants of its own."
    if len(constants) < len(re.findall(r"`\s*define\b", code)):
        return "What a design defines as macros must be constants."
    words = set(re.findall(r"\w+", code))
    found = {name for names in _CALLABLE.findall(_NO_CODE.sub(" ", bench)) for name in names}
    outside = set(re.findall(r"\w+", bench)).intersection(_BEFORE_A_DOT.findall(code))
    if re.search(r"\]\s*\]\s*\.(?!\d)", code):
        return "A design does not index a path by an index here."
    reached = sorted(words & (found | _REACHES) - {""} | outside)
    if reached or "`" in "".join(_BEFORE_A_DOT.findall(code)):
        return f"A design does not reach beyond its ports: {', '.join(reached[:3]) or 'a macro'}."
    return None
