"""Judges suites in other languages than Python, compiled together with the candidate.

Such a run tells little by itself: a program that ends early ends with 0, one may make everything
equal, or replace the framework. So a run that ends well is held against twins: the same suite with
one literal of an assertion changed. A right program fails in one of them, because an expectation is
another now. A program that passes whatever is expected passes in all of them: it never came to the
last assertion, or its value does not matter. It cannot tell which suite it is in, unless it knows
the right values.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace

from sandbox import LANGUAGES, Limits, Program, Status
from sandbox.jail import Jail, Runner
from verifier.errors import GroundTruthError
from verifier.model import AssertTruth, Outcome, Verdict
from verifier.outcomes import failed, outcome_of
from verifier.programs.drivers import go_source
from verifier.programs.drivers.designs import judge_design

MAX_TWINS = 8
"""Changes that are tried, from the end of the suite: one that compiles and is no expectation shows
nothing."""
ENOUGH = 2
"""So many twins passed by a program that fails in none show that it passes whatever is expected."""
REPEATS = 4
"""Of both, once they differ: one that ends by chance would have to guess ten times."""
_PLACE = re.compile(r"^.*<INSERT>.*$", re.MULTILINE)
"""Where SandboxFusion's suites have the program."""
_HEADER = re.compile(r"^[ \t]*(?:#include|using|import)\b.*$", re.MULTILINE)
_WITH_HEADERS = frozenset({"cpp", "csharp", "java"})
"""Where it does no harm to have them twice."""
_NO_CODE = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)'|//.*")
_PUBLIC_TYPE = re.compile(
    r"^public\s+(?=(?:\w+\s+)*(?:class|enum|record|interface)\s+(\w+))", re.MULTILINE
)
"""In Java, of those that stand in no other."""
_STATEMENTS = re.compile(r"[^\n;]*(?:\n|;|\Z)")
_ASSERTS = re.compile(
    r"assert|check|expect|equal|compar|contains|identical|candidate|stopifnot"
    r"|[!=]=|~=|/=|\bq?eq\b|\[ | = ",
    re.IGNORECASE,
)
_LOADS = re.compile(r"\b(require|import|include|use|using|source|library|package|module)\b")
# What stands behind these is what is said of a failure, and no expectation.
_OF_FAILURE = re.compile(r"\b(throw|raise|die|exit|quit|echo|print\w*|puts|Exception)\b")
_LITERAL = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|\'(?:[^\'\\\n]|\\.)*\'"
    r"|\b(?:true|false|True|False|TRUE|FALSE|nil|null|NULL|None|undef)\b|\#[tf]\b"
    r"|(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\w)"
    r"|(?<![\w.])-?\d+(?=[lLuUfF]+\b)"
)
_SWITCHED = (("true", "false"), ("True", "False"), ("TRUE", "FALSE"), ("#t", "#f"))
_OTHERS = {one: other for pair in _SWITCHED for one, other in (pair, pair[::-1])}


def judge_suite(truth: AssertTruth, source: str, limits: Limits, jail: Jail) -> Verdict:
    """The verdict on a program. Raises GroundTruthError where the suite has no expectation that
    could be changed."""
    if truth.language == "verilog":
        return judge_design(truth, source, limits, jail)
    # Each run may take what the suite may: a right program must not use it up by being asked again.
    times = REPEATS + 1
    limits = replace(
        limits, total_cpu_s=limits.total_cpu_s * times, total_wall_s=limits.total_wall_s * times
    )
    with jail.load(_program(truth, source, truth.test), limits) as suite:
        result = suite.run(b"")
        if result.status is not Status.OK:
            outcome = outcome_of(result.status, matches=False)
            message = result.stderr.decode(errors="replace").strip() or result.message
            return failed(outcome, 0, 1, cpu_s=result.cpu_s, message=message)
        passed = 0
        for changed in twins(truth.test):
            with jail.load(_program(truth, source, changed), limits) as twin:
                other = twin.run(b"")
                if other.status is Status.OK:
                    passed += 1
                elif other.status is not Status.COMPILE_ERROR:
                    return _told_apart(suite, twin, result.cpu_s)
    if passed < ENOUGH:
        raise GroundTruthError(
            "The ground truth cannot be used: no assertion of its suite was found whose "
            "expectation could be changed, so that nothing shows whether a program came to it."
        )
    message = "It passes with changed expectations too: it ends early, or they are not asked for."
    return failed(Outcome.WRONG_ANSWER, 0, 1, cpu_s=result.cpu_s, message=message)


def _told_apart(suite: Runner, twin: Runner, cpu_s: float) -> Verdict:
    """Whether a program that passed the suite and failed its twin does so every time."""
    for _ in range(REPEATS):
        again = suite.run(b"")
        cpu_s += again.cpu_s
        if again.status is not Status.OK:
            outcome = outcome_of(again.status, matches=False)
            message = f"It passes now, and now it does not: {again.message or again.status}"
            return failed(outcome, 0, 1, cpu_s=cpu_s, message=message)
        if twin.run(b"").status is Status.OK:
            message = "It ends differently from run to run, whatever is expected of it."
            return failed(Outcome.WRONG_ANSWER, 0, 1, cpu_s=cpu_s, message=message)
    return Verdict(outcome=Outcome.CORRECT, passed=1, total=1, cpu_s=cpu_s)


def twins(test: str) -> Iterator[str]:
    """The suite with one literal changed, the last first."""
    begins = 0 if (place := _PLACE.search(test)) is None else place.end()
    found = []
    for statement in _STATEMENTS.finditer(test, begins):
        failure = _OF_FAILURE.search(test, statement.start(), statement.end())
        if not _ASSERTS.search(statement[0]) or _LOADS.search(statement[0]):
            continue
        end = statement.end() if failure is None else failure.start()
        found += list(_LITERAL.finditer(test, statement.start(), end))
    for literal in found[: -MAX_TWINS - 1 : -1]:
        other = _other(literal[0])
        if other is not None:
            yield f"{test[: literal.start()]}{other}{test[literal.end() :]}"


def _other(literal: str) -> str | None:
    if literal[0] in "\"'":
        quote = literal[0]
        return f"{quote}{literal[1:-1]}x{quote}" if len(literal) != 3 else f"{quote}~{quote}"
    if literal in _OTHERS:
        return _OTHERS[literal]
    if literal.lstrip("-")[0].isdigit():
        return str(float(literal) + 1) if "." in literal else str(int(literal) + 1)
    return None


def _program(truth: AssertTruth, source: str, test: str) -> Program:
    """Puts the candidate and the suite into one program, as the suite's language wants it."""
    if truth.language == "junit":  # where two public classes need two files
        name = LANGUAGES["junit"].name_of(test)
        path = f"{name if name != 'Main' else 'SuiteTest'}.java"
        files = {path: base64.b64encode(test.encode()).decode()}
        return Program(of_one_public_type(source), "junit", files=files)
    if _PLACE.search(test):
        return Program(_PLACE.sub(lambda _: source, test, count=1), truth.language)
    if truth.language == "go_test":
        whole = _is_complete(source, truth.setup)
        return Program(go_source.joined(_of_go(truth.setup, whole, source, test)), truth.language)
    before = truth.setup
    if _is_complete(source, truth.setup):
        before = "\n".join(_HEADER.findall(truth.setup)) if truth.language in _WITH_HEADERS else ""
        closers = _open_braces(test)
        for _ in range(-closers - _open_braces(source) if closers < 0 else 0):
            source = source.rstrip().removesuffix("}")
    return Program("\n".join(filter(None, (before, source, test))), truth.language)


def of_one_public_type(source: str) -> str:
    """Java's, with no type public but the one that its file is named for: NaturalCodeBench's own
    harness puts each into a file, which is the same as far as its package can tell."""
    name = LANGUAGES["junit"].name_of(source)
    return _PUBLIC_TYPE.sub(lambda found: found[0] if found[1] == name else "", source)


def _of_go(setup: str, whole: bool, *texts: str) -> list[str]:
    """Of a prompt whose function the program has, what stands above: imports and nothing else."""
    head = "\n".join(match[0] for match in go_source.IMPORT.finditer(setup))
    return [head, *texts] if whole else [f"{setup}\n{texts[0]}", *texts[1:]]


def _is_complete(source: str, prompt: str) -> bool:
    """Whether it has what the prompt begins: its last line with a name and a parenthesis."""
    signatures = [line for line in prompt.splitlines() if re.search(r"\w\s*\(|\(define", line)]
    words = [word for line in signatures[-1:] for word in re.findall(r"\w+", line)]
    return all(re.search(rf"\b{word}\b", source) for word in words[:3])


def _open_braces(text: str) -> int:
    """Braces that are open at its end; negative: it closes more than it opens."""
    code = _NO_CODE.sub("", text)
    return code.count("{") - code.count("}")
