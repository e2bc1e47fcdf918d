"""Holds the reader of assertion suites against Python, which runs the very same suites.

`python -m tests.fuzz.reader --seconds 600 --seed 1` writes suites at random and candidates for
them, and lets both judge. What the reader leaves to the referee is no difference. Lenient is a
candidate that passes for the reader and fails in Python; strict is one that fails for the reader
alone. A seed gives the same suites again where PYTHONHASHSEED is the same, too.
"""

from __future__ import annotations

import argparse
import operator
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import CodeType
from typing import Any

from sandbox import CallResult, Status
from sandbox.agent import values as agent_values
from sandbox.runs import codec
from tests.fuzz.suites import suite
from tests.fuzz.values import answer, names, near
from verifier.errors import GroundTruthError
from verifier.model import AssertTruth
from verifier.programs.assertions import (
    BrokenSuite,
    CallFailed,
    Suite,
    Unsupported,
    read_suite,
)

CANDIDATES = {
    "answers": "def f(*a, **k): return answer()",
    "argument": "def f(*a, **k): return a[0] if a else None",
    "changes its argument": (
        "def f(*a, **k):\n"
        "    if not next(_few, 0): return answer()\n"
        "    if a and isinstance(a[0], list): a[0].append(1)\n"
        "    elif a and isinstance(a[0], dict): a[0]['new'] = 1\n"
        "    elif a and isinstance(a[0], set): a[0].add('new')\n"
        "    return answer()"
    ),
    "changes a part of its argument": (
        "def f(*a, **k):\n"
        "    for part in a[0].values() if a and isinstance(a[0], dict) else a[0]:\n"
        "        if isinstance(part, list): part.append(1)\n"
        "    return answer()"
    ),
    "sorts its argument": "def f(*a, **k):\n    a[0].sort()\n    return a[0]",
    "empties its argument": "def f(*a, **k):\n    b = a[0].copy()\n    a[0].clear()\n    return b",
    "a generator": "def f(*a, **k):\n    b = list(answer())\n    return (x for x in b)",
    "raises": "def f(*a, **k): raise ValueError(answer())",
}
_CANDIDATE = "_answers = [{answers}]\n_asked, _few = [0], iter([1, 1, 1])\n{answer}\n{body}\n"
_ANSWER = (
    "def answer():\n    _asked[0] += 1\n    return _answers[min(_asked[0], len(_answers)) - 1]()\n"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the reader takes otherwise than Python."""

    kind: str
    """`lenient`, `strict`, or `broken`: held for the suite's own fault, though answers may pass."""
    suite: str
    candidate: str
    why: str


@dataclass(slots=True)
class Comparison:
    """What was seen so far."""

    suites: int = 0
    read: int = 0
    pairs: int = 0
    """Suite and candidate, where both judged."""
    left: int = 0
    """Pairs that the reader leaves to the referee in the midst of a run."""
    passed: int = 0
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = Counter(found.kind for found in self.differences)
        return (
            f"{self.suites} suites, {self.read} read, {self.pairs} pairs ({self.passed} pass), "
            f"{self.left} left to the referee: {kinds['lenient']} lenient, "
            f"{kinds['strict']} strict, {kinds['broken']} taken for broken"
        )


def compare(
    seed: int,
    pairs: int | None = None,
    seconds: float | None = None,
    differences: int | None = None,
    focus: str = "",
) -> Comparison:
    """Compare until so many pairs were judged by both, or so long, or so often differently.
    `focus`: see `tests.fuzz.suites.suite`."""
    rng = random.Random(seed)
    found = Comparison()
    until = None if seconds is None else time.monotonic() + seconds
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd suites: `1 is 1`
        while (
            (pairs is None or found.pairs < pairs)
            and (until is None or time.monotonic() < until)
            and (differences is None or len(found.differences) < differences)
        ):
            _compare_one(rng, found, focus)
    return found


def _compare_one(rng: random.Random, found: Comparison, focus: str) -> None:
    written = suite(rng, focus)
    found.suites += 1
    try:
        read = read_suite(AssertTruth(entry_point="f", test=written.source))
    except GroundTruthError as error:
        read, why = None, str(error)
    else:
        if read is None:
            return
    program = compile(written.source, "<suite>", "exec")
    candidates = list(_candidates(rng, written.answers))
    endings = [ending_in_python(program, source) for source in candidates]
    expected = [ending is None for ending in endings]
    if read is None:
        if any(expected) and AssertionError in endings:
            found.differences.append(Difference("broken", written.source, "", why))
        return
    found.read += 1
    for source, passes in zip(candidates, expected, strict=True):
        _compare_pair(read, written.source, source, passes, any(expected), found)


def _compare_pair(
    read: Suite, test: str, source: str, passes: bool, usable: bool, found: Comparison
) -> None:
    try:
        run = read.run(calling(source))
        passed, why = run.failure is None, str(run.failure)
    except Unsupported:
        found.left += 1
        return
    except BrokenSuite as error:
        if usable and "never calls" not in str(error):
            found.differences.append(Difference("broken", test, source, str(error)))
        return
    found.pairs += 1
    found.passed += passes
    if passed != passes:
        kind = "lenient" if passed else "strict"
        found.differences.append(Difference(kind, test, source, why))


def _candidates(rng: random.Random, answers: Sequence[str]) -> Iterator[str]:
    yield candidate("answers", answers)
    for _ in range(4):
        place = rng.randrange(len(answers)) if answers else 0
        altered = [near(rng, a) if i == place else a for i, a in enumerate(answers)]
        yield candidate("answers", altered)
    for kind in rng.sample(sorted(CANDIDATES), 3):
        yield candidate(kind, answers)
    yield candidate("answers", [answer(rng) for _ in answers])


def candidate(kind: str, answers: Sequence[str]) -> str:
    """The source of a candidate that gives these answers, if its kind gives any."""
    made = ", ".join(f"lambda: {source}" for source in answers) or "lambda: None"
    return _CANDIDATE.format(answers=made, answer=_ANSWER, body=CANDIDATES[kind])


def calling(source: str) -> Any:
    """Calls `f` of this source across the wall, but without one."""
    namespace = names()
    exec(source, namespace)

    def call(args: Sequence[Any], kwargs: Mapping[str, Any], *, consume: bool) -> Any:
        try:
            sent = codec.encode([list(args), dict(kwargs)]).decode()
        except TypeError as error:
            raise Unsupported(str(error)) from None
        received, named = agent_values.decoder(namespace)(sent)
        try:
            value = namespace["f"](*received, **named)
            answered = agent_values.Encoder(consume=consume).encode(value)
        except Exception as error:  # noqa: BLE001 - the candidate's, whatever it is
            raise CallFailed(CallResult(Status.NONZERO_EXIT, message=repr(error))) from None
        return codec.decode(answered)

    return call


def ending_in_python(test: CodeType, source: str) -> type[Exception] | None:
    """What ends the suite as Python runs it: an exception, or None where the candidate passes."""
    namespace = names()
    exec(source, namespace)
    own = namespace["f"]
    namespace["f"] = lambda *args, **named: plain(own(*args, **named))
    try:
        exec(test, namespace)
        if "check" in namespace:
            namespace["check"](namespace["f"])
    except Exception as error:  # noqa: BLE001 - a suite may end in any way
        return type(error)
    return None


def plain(value: Any) -> Any:
    """A returned value as it is taken: subclasses of plain types are the plain values they hold, a
    set has the order that its members have when they come one after the other, and a decimal that
    is no finite number is a float."""
    if isinstance(value, Decimal) and not value.is_finite():
        return float(value)
    if isinstance(value, dict):
        items = {key: plain(item) for key, item in value.items()}
        kept = type(value) is dict and all(map(operator.is_, items.values(), value.values()))
        return value if kept else items
    if isinstance(value, (list, tuple, set, frozenset)):
        kind = next(k for k in (list, tuple, set, frozenset) if isinstance(value, k))
        members = [plain(item) for item in value]
        kept = type(value) in (list, tuple) and all(map(operator.is_, members, value))
        return value if kept else kind(members)
    return value


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments.add_argument("--show", type=int, default=5, help="differences in full")
    options = arguments.parse_args()
    start = time.monotonic()
    found = compare(options.seed, seconds=options.seconds)
    for shown in found.differences[: options.show]:
        sys.stdout.write(f"--- {shown.kind}: {shown.why}\n{shown.suite}\n--- against\n")
        sys.stdout.write(shown.candidate.partition("_answers = ")[2] + "\n\n")
    sys.stdout.write(f"seed {options.seed}, {time.monotonic() - start:.0f} s: {found}\n")
    sys.exit(bool(found.differences))


if __name__ == "__main__":
    main()
