"""The verifier's value types: what is sent (a rollout, a run), ground truths, what comes of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple

from sandbox import Limits, Status


class Outcome(enum.StrEnum):
    """What the judging of one rollout came to; see docs/architecture.md for who decides which."""

    CORRECT = "correct"
    WRONG_ANSWER = "wrong_answer"
    NO_ANSWER = "no_answer"
    COMPILE_ERROR = "compile_error"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT_EXCEEDED = "time_limit_exceeded"
    MEMORY_LIMIT_EXCEEDED = "memory_limit_exceeded"
    OUTPUT_LIMIT_EXCEEDED = "output_limit_exceeded"
    INVALID_GROUND_TRUTH = "invalid_ground_truth"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    VERIFIER_ERROR = "verifier_error"

    @property
    def reward(self) -> float | None:
        """1.0 earned, 0.0 deserved, None where the service could not judge."""
        if self is Outcome.CORRECT:
            return 1.0
        return None if self in _UNJUDGED else 0.0


_UNJUDGED = frozenset(
    {Outcome.INVALID_GROUND_TRUTH, Outcome.DEADLINE_EXCEEDED, Outcome.VERIFIER_ERROR}
)


class Kind(enum.StrEnum):
    """What a worker needs to judge a rollout."""

    MATH = "math"
    """A math child; no program runs."""
    CODE = "code"
    """A sandbox as well."""


@dataclass(frozen=True, slots=True)
class LimitsOverride:
    """The limits a ground truth or a rollout sets itself; None leaves the one below in force."""

    cpu_s: float | None = None
    wall_s: float | None = None
    memory_mb: float | None = None
    output_kb: float | None = None
    total_cpu_s: float | None = None
    """Of all test cases together, as is the next."""
    total_wall_s: float | None = None
    process_per_call: bool | None = None
    """Each call of a suite of calls in a process of its own, so that they share no state."""

    def or_else(self, other: LimitsOverride) -> LimitsOverride:
        """These where given, `other`'s elsewhere."""
        pairs = ((limit.name, getattr(self, limit.name)) for limit in fields(self))
        return replace(other, **{name: value for name, value in pairs if value is not None})

    def over(self, base: Limits) -> Limits:
        """These limits where given, those of `base` elsewhere; a total that is not given is at
        least what one test case may use."""
        cpu_s = base.cpu_s if self.cpu_s is None else self.cpu_s
        wall_s = base.wall_s if self.wall_s is None else self.wall_s
        return Limits(
            cpu_s=cpu_s,
            wall_s=wall_s,
            memory_bytes=(
                base.memory_bytes if self.memory_mb is None else int(self.memory_mb * 1024 * 1024)
            ),
            output_bytes=(
                base.output_bytes if self.output_kb is None else int(self.output_kb * 1024)
            ),
            total_cpu_s=self.total_cpu_s or max(base.total_cpu_s, cpu_s),
            total_wall_s=self.total_wall_s or max(base.total_wall_s, wall_s),
        )


NO_LIMITS = LimitsOverride()

JudgingStyle = Literal["check", "cms", "dmoj", "files", "kattis", "prints", "testlib"]
CheckerName = Literal[
    "lines",
    "exact",
    "tokens",
    "float",
    "numbers",
    "number_lines",
    "case_insensitive",
    "unordered_lines",
]


@dataclass(frozen=True, slots=True)
class Checker:
    """How an output is compared with the expected one.

    `numbers` (the default) is the rule of contests: tokens, numbers among them within `tolerance`,
    relative or absolute, whichever is wider, where the expected one has a decimal point or an
    exponent.
    `case_insensitive` does so too, and takes letters of either case; `float` takes any numbers
    within `tolerance`, and `tokens` none. `lines` ignores trailing white space and blank lines at
    the end; `unordered_lines` does so, in any order; `exact` compares every character.
    `number_lines` is LiveCodeBench's own rule: lines without white space at their ends, of which
    those that hold numbers alone are equal where these are.
    """

    kind: CheckerName = "numbers"
    tolerance: float = 1e-6


Extraction = Literal["boxed", "stated", "last"]
SeveralBoxes = Literal["all", "last", "list"]


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """How a data set wants math answers found and compared, where it differs from others. What is
    None is as whoever is asked next has it: the batch, then the service."""

    extraction: Extraction | None = None
    """`boxed`: boxes and answer tags alone count. `stated` (the default): a plainly stated answer
    does too. `last`: so does the last expression of a completion that states none."""
    several_boxes: SeveralBoxes | None = None
    """Of boxes that differ and do not belong together: `all` must be right, the `last` one alone
    counts, or they are the members of one `list`."""
    tolerance: float | None = None
    """How far a number may be from the reference, as a part of that."""
    decimal_comma: bool | None = None
    """A comma between digits is a decimal one, in references and in answers."""

    def or_else(self, other: AnswerRules) -> AnswerRules:
        """These where given, `other`'s elsewhere."""
        if NO_RULES in (self, other):
            return other if self == NO_RULES else self
        given = {
            rule.name: value
            for rule in fields(self)
            if (value := getattr(self, rule.name)) is not None
        }
        return replace(other, **given)


NO_RULES = AnswerRules()


@dataclass(frozen=True, slots=True)
class JudgingProgram:
    """A program of a problem's author, a checker, that says whether an output is right.

    `check` (in Python) defines `check(input, output, answer)`, whose value is true or a score;
    `dmoj` (in Python) defines `check(process_output, judge_output, **kwargs)`, of bytes; `files`
    gets the paths of input, output and answer and exits with 0; `testlib` gets the same and says it
    by testlib's exit codes; `prints` gets those of input, answer and output, and the last word that
    it prints is 1 or true; `cms` gets the same, and the first word is a number from 0 to 1;
    `kattis` gets those of input, answer and a folder for feedback, and the output as its standard
    input, and exits with 42 or 43."""

    source: str
    style: JudgingStyle = "check"
    language: str = "python"
    arguments: tuple[str, ...] = ()
    """Which it is given, of `input`, `output` and `answer`, in order; none: those of its style."""


@dataclass(frozen=True, slots=True)
class MathTruth:
    """Reference answers, any one of which makes a rollout correct."""

    answers: tuple[str, ...]
    rules: AnswerRules = NO_RULES


ANY_LANGUAGE = "any"
"""Of a program: the one that its code block is tagged with, Python where there is no tag."""


@dataclass(frozen=True, slots=True)
class StdinCase:
    """One test case of a stdin program."""

    input: str
    output: str
    points: float = 1.0
    """What it counts, of all cases' points."""


@dataclass(frozen=True, slots=True)
class Subtask:
    """Cases that earn points together: as large a part of them as the worst of the cases has."""

    points: float
    cases: tuple[int, ...]
    """Their places among a truth's cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StdinTruth:
    """Test cases for a program that reads standard input and writes standard output."""

    cases: tuple[StdinCase, ...]
    checker: Checker | JudgingProgram = Checker()
    limits: LimitsOverride = LimitsOverride()
    language: str = "python"
    every_case: bool = False
    """Run those after a failed one too, and say which fraction passed."""
    interactor: JudgingProgram | None = None
    """What the program talks with, in the place of reading an input and printing an output."""
    subtasks: tuple[Subtask, ...] = ()
    """Groups of cases that earn points together; every case is run."""
    failed_first: bool = False
    """Cases that earlier programs failed may be run before others."""
    several_answers: bool = False
    """Its statement, or what its outputs are, allows others than the expected one, and nothing here
    tells which."""
    input_file: str = ""
    """The name of the file in which programs find their input, beside standard input."""
    output_file: str = ""
    """And of the one that they may write in place of printing."""


@dataclass(frozen=True, slots=True)
class CallCase:
    """One test case of a function: plain arguments in, a plain value expected."""

    expected: Any
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTruth:
    """Test cases for a function `f` or a method `Solution().f`.

    `checker` None compares returned values as Python's `==` does. `setup` is source text that
    stands before the candidate's program (imports, helper classes). `json_shaped` says that the
    cases come from JSON, which has no tuples: a returned tuple then equals the expected list.
    `maybe_wrapped` says that every expected value is a list of one, which may be the returned
    value itself or a wrapping around it; either counts.
    """

    entry_point: str
    cases: tuple[CallCase, ...]
    setup: str = ""
    checker: Checker | None = None
    limits: LimitsOverride = LimitsOverride()
    language: str = "python"
    json_shaped: bool = False
    maybe_wrapped: bool = False
    every_case: bool = False
    """As a StdinTruth has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertTruth:
    """A suite of assertions: source text that defines `check(candidate)`, or holds assertions at
    its top level that call the entry point by its own name.

    `entry_point` names what `check` is called with. `setup` stands before the candidate's program.
    """

    entry_point: str
    test: str
    setup: str = ""
    limits: LimitsOverride = LimitsOverride()
    language: str = "python"
    parts: tuple[AssertTruth, ...] = ()
    """Its tests, each with all that it needs, where they are counted one by one."""
    every_case: bool = False
    """As a StdinTruth has it, of such tests."""
    libraries: tuple[str, ...] = ()
    """Modules that its row says programs need, beside those that its text imports."""


GroundTruth = MathTruth | StdinTruth | CallTruth | AssertTruth


@dataclass(frozen=True, slots=True)
class TruthText:
    """A ground truth as the JSON text as which it travels, parsed only where it is judged.

    Once it is parsed, what takes a few bytes of text may take thirty times as many."""

    text: str
    """ASCII. NaN and infinities may stand in it, which no ground truth can hold."""
    kind: Kind | None = field(default=None, compare=False)
    """What judging against it takes, where that was told before it became text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """One completion and what it is judged against.

    `ground_truth` is the raw value as it came (any JSON value) or a `TruthText` of it; it is read
    where it is judged, so that an unusable one spoils one rollout, not a batch.
    """

    completion: str
    ground_truth: Any
    id: str | None = None
    group: str | None = None
    truncated: bool = False
    limits: LimitsOverride = NO_LIMITS
    rules: AnswerRules = NO_RULES
    """Those of its batch, for what its ground truth leaves open."""
    unusable: str | None = None
    """Why the completion as it was sent cannot be judged, a sentence: it is then null. It is set
    beside no ground truth, so that a worker of an older release has no verdict on it either."""
    owner: str = ""
    """Whose it is, as dispatchers know owners. A worker is told; a request never says it."""
    any_order: bool = False
    """Its reward alone is asked for, which is the same in whatever order its cases are run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A program that is run and not judged: nothing says what would be right."""

    source: str
    language: str
    """One of `sandbox.LANGUAGES`."""
    stdin: str = ""
    limits: LimitsOverride = NO_LIMITS
    compile_s: float | None = None
    """See `sandbox.Program`, as for the next two."""
    files: Mapping[str, str] | None = None
    fetch: Sequence[str] | None = None
    variant: str | None = None
    """Of the jail, where it is not the one that has the language."""


Task = Rollout | Run
"""What workers do."""


class Member(NamedTuple):
    """What an answer names a rollout by: all that is kept of it once it is judged."""

    id: str | None
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgement of one rollout. The reward follows from the outcome and nothing else."""

    outcome: Outcome
    answer: str | None = None
    """The extracted final answer (math), shortened for display."""
    how: str | None = None
    """What decided the comparison (math): `string`, `number`, `symbolic`, `limit`, ..."""
    passed: int | None = None
    """Test cases passed, as far as they were run (code)."""
    total: int | None = None
    """Test cases of the suite (code)."""
    score: float | None = None
    """The fraction that passed, or of the points where cases or checkers have such; there where
    every case was to be run, and where a checker gave points. It is no reward."""
    subtasks: Sequence[Mapping[str, float]] | None = None
    """`points` and how many of them were `earned`, of each subtask that the ground truth names."""
    cases: Sequence[str] | None = None
    """The outcome of each case that was run, where every case was to be."""
    first_failure: Mapping[str, Any] | None = None
    """JSON-ready: `case` (0-based), `outcome`, `got`/`message` excerpts, `input`, `expected`.
    `input` and `expected` are for those who ask to have it explained; the API strips them else."""
    message: str | None = None
    """One sentence for a person, where the outcome needs one."""
    cpu_s: float | None = None
    """CPU seconds the candidate's own program used (code)."""
    strain: float | None = field(default=None, compare=False)
    """The largest part of a limit that one of its runs used, where that was measured; it does not
    leave the worker."""
    holds_for_equal: bool = field(default=False, compare=False)
    """No chance can have had a part in it, so that an equal rollout of its batch has the same. It
    does not leave the service."""
    lasts: bool = field(default=False, compare=False)
    """And it is far from every limit: an equal rollout has the same at any time. Likewise."""

    @property
    def reward(self) -> float | None:
        return self.outcome.reward


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What happened to a program that was run; no judgement."""

    status: Status
    stdout: str
    stderr: str
    cpu_s: float
    exit_code: int | None = None
    signal: int | None = None
    message: str | None = None
    """One sentence for a person: the exception, the limit that was hit."""
    files: Mapping[str, str] | None = None
    """Those of `Run.fetch` that were there, with contents in base64."""


Result = Verdict | Ran
"""What comes of a task: a verdict of a rollout; of a run what happened or, where it was not run, a
verdict without a reward, which says why."""
