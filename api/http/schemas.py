"""Request and response shapes: everything that pydantic checks or that /docs shows."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Collection
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from api.settings import MIB, Settings
from sandbox import FOLDER, SHELF
from verifier.ground_truth.fields import LIMIT_CAPS, LIMIT_FLOORS, TAGS
from verifier.model import (
    NO_RULES,
    AnswerRules,
    Extraction,
    LimitsOverride,
    Outcome,
    SeveralBoxes,
)

MAX_NAME_CHARS = 256
MAX_FILES, MAX_PATH_CHARS, MAX_FILES_CHARS = 256, 1024, 32 * MIB
"""Of files for a run, and of those fetched from it. Their contents fit its folder."""
MAX_INPUT_CHARS = 32 * MIB
"""Of a run's standard input: with every character escaped, what Redis takes as one value."""


def _settings(info: ValidationInfo) -> Settings:
    assert isinstance(info.context, Settings)
    return info.context


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it should be a valid string")  # noqa: TRY004 - pydantic's way
    return value


def _short_text(value: Any) -> str:
    text = _text(value)
    if len(text) > MAX_NAME_CHARS:
        raise ValueError(f"it should have at most {MAX_NAME_CHARS} characters")
    return text


def _text_or_messages(value: Any) -> Any:
    messages = isinstance(value, list) or (
        isinstance(value, dict) and not value.keys().isdisjoint(("role", "content", "text"))
    )
    return value if value is None or messages else _text(value)


def _within_completion_limit(value: Any, info: ValidationInfo) -> str:
    text = _text(value)
    most = _settings(info).max_completion_chars
    if len(text) > most:
        raise ValueError(
            f"it is longer than the {most} characters of VERIFIER_MAX_COMPLETION_CHARS"
        )
    return text


def _all_within_completion_limit(texts: list[str], info: ValidationInfo) -> list[str]:
    _within_completion_limit("\n".join(texts), info)
    return texts


def _within_deadline_limit(seconds: float, info: ValidationInfo) -> float:
    most = _settings(info).max_deadline_s
    if seconds > most:
        raise ValueError(f"it is longer than the {most:g} s of VERIFIER_MAX_DEADLINE_S")
    return seconds


def _addressable(value: Any) -> str:
    text = _short_text(value)
    if not text or not text.isprintable():
        raise ValueError("it should have at least one character, and none that no address can hold")
    return text


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it holds a lone surrogate, which is no character") from None
    return text


def _within_input_limit(text: str) -> str:
    if len(text) > MAX_INPUT_CHARS:
        raise ValueError(f"it is longer than {MAX_INPUT_CHARS} characters")
    return text


def _language(text: str) -> str:
    names = [name for name, tags in TAGS.items() if text.lower() in tags]
    if not names:
        raise ValueError(f"it should be one of {', '.join(TAGS)}")
    return names[0]


def _nothing(value: Any) -> Any:
    if value:
        raise ValueError("there is no such thing here: a program gets standard input and no more")
    return value


Files = dict[str, str | None] | None
"""Contents in base64 by paths; one without a content is none."""


def _given_files(files: Files) -> Files:
    """Raises ValueError where they cannot be given to a run."""
    given = {path: content for path, content in (files or {}).items() if content is not None}
    _check_paths(given)
    if sum(map(len, given.values())) > MAX_FILES_CHARS:
        raise ValueError(f"files may have {MAX_FILES_CHARS} characters of base64, all together")
    for path, content in given.items():
        try:
            base64.b64decode(content, validate=True)
        except ValueError:
            raise ValueError(f"{path[:100]!r} must have its content in base64") from None
    return files


def _wanted_files(paths: list[str] | None) -> list[str] | None:
    _check_paths(paths or ())
    return paths or None


def _check_paths(paths: Collection[str]) -> None:
    """Raises ValueError for paths that lead out of a run's places."""
    if len(paths) > MAX_FILES:
        raise ValueError(f"there may be {MAX_FILES} files")
    for path in paths:
        place = posixpath.normpath(posixpath.join(FOLDER, path))
        is_in = any(place.startswith(f"{folder}/") for folder in (FOLDER, SHELF))
        if not is_in or not path.isprintable() or len(path) > MAX_PATH_CHARS:
            raise ValueError(
                f"{path[:100]!r} is no place for a file: give a path in the program's own folder, "
                f"or one below {SHELF}"
            )


# Pydantic's own strings are UTF-8; a lone surrogate, which a tokenizer may well produce, is not.
Name = Annotated[
    str,
    PlainValidator(_short_text),
    WithJsonSchema({"type": "string", "maxLength": MAX_NAME_CHARS}),
]
BatchId = Annotated[
    str,
    PlainValidator(_addressable),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_NAME_CHARS}),
]
Text = Annotated[str, PlainValidator(_text), WithJsonSchema({"type": "string"})]
# How long one is counts where it is read: too long a one spoils no other of its batch.
Completion = Annotated[
    Any,
    PlainValidator(_text_or_messages),
    WithJsonSchema(
        {
            "anyOf": [{"type": kind} for kind in ("string", "array", "object", "null")],
            "description": "Text, or messages as chats have them: the last of the assistant's.",
        }
    ),
]
# These limits are settings: validation needs a `Settings` as its context.
Program = Annotated[
    str, PlainValidator(_within_completion_limit), WithJsonSchema({"type": "string"})
]
Deadline = Annotated[
    float, Field(gt=0, allow_inf_nan=False), AfterValidator(_within_deadline_limit)
]
Source = Annotated[Program, AfterValidator(_encodable)]
Input = Annotated[
    str,
    PlainValidator(_text),
    AfterValidator(_within_input_limit),
    AfterValidator(_encodable),
    WithJsonSchema({"type": "string", "maxLength": MAX_INPUT_CHARS}),
]
LanguageName = Annotated[
    str,
    PlainValidator(_text),
    AfterValidator(_language),
    WithJsonSchema(
        {"type": "string", "enum": sorted(tag for tags in TAGS.values() for tag in tags)}
    ),
]
Timeout = Annotated[
    float, Field(ge=LIMIT_FLOORS["cpu_s"], le=LIMIT_CAPS["cpu_s"], allow_inf_nan=False)
]
Reward = Annotated[float, Field(json_schema_extra={"enum": [1.0, 0.0]})]


def _limit(name: str) -> Any:
    least, most = LIMIT_FLOORS[name], LIMIT_CAPS[name]
    return Field(default=None, ge=least, le=most, allow_inf_nan=False)


class LimitsIn(BaseModel):
    """Limits of one test case, and (`total_...`) of all of a rollout's test cases together; what is
    not given is as the ground truth or the service has it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    cpu_s: float | None = _limit("cpu_s")
    wall_s: float | None = _limit("wall_s")
    memory_mb: float | None = _limit("memory_mb")
    output_kb: float | None = _limit("output_kb")
    total_cpu_s: float | None = _limit("total_cpu_s")
    total_wall_s: float | None = _limit("total_wall_s")
    process_per_call: bool | None = Field(
        default=None, description="Each call of a suite of calls in a process of its own."
    )

    def override(self) -> LimitsOverride:
        return LimitsOverride(**self.model_dump())


class _Judged(BaseModel):
    """What rollouts and groups share. Unknown fields are ignored: rows carry their own columns.
    A field that is null is absent: tables have every column in every row."""

    model_config = ConfigDict(strict=True)

    id: Name | None = None
    ground_truth: Any = Field(
        default=None,
        description="Inline ground truth in any known shape; one that cannot be used gives "
        "`invalid_ground_truth` for its rollouts.",
    )
    problem: Name | None = Field(
        default=None, description="Name of a ground truth registered with PUT /v1/problems/{name}."
    )
    limits: LimitsIn | None = None

    @model_validator(mode="after")
    def _one_ground_truth(self) -> _Judged:
        inline = "ground_truth" in self.model_fields_set
        if inline and self.problem is not None and self.ground_truth is not None:
            raise ValueError("give either `ground_truth` or `problem`, not both")
        if not inline and self.problem is None:
            raise ValueError("give a `ground_truth` or the name of a registered `problem`")
        return self


class RolloutIn(_Judged):
    """One completion and what it is judged against."""

    group: Name | None = None
    completion: Completion
    truncated: bool | None = Field(
        default=None, description="The completion was cut off at the length limit."
    )


class GroupIn(_Judged):
    """The completions of one prompt; their ground truth travels once."""

    completions: list[Completion]
    truncated: list[bool | None] | None = Field(
        default=None, description="One for each completion, where given."
    )

    @model_validator(mode="after")
    def _as_many_flags(self) -> GroupIn:
        if self.truncated is not None and len(self.truncated) != len(self.completions):
            raise ValueError("`truncated` must have one entry for each of `completions`")
        return self


class BatchFields(BaseModel):
    """What is said of a batch as a whole: in its body, or in the address for a body of lines."""

    batch_id: str | None = Field(default=None, max_length=MAX_NAME_CHARS)
    deadline_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    explain: bool = Field(
        default=False, description="Show inputs and expected outputs of failed test cases."
    )
    provenance: bool = Field(
        default=False, description="Say in each result what judged it: `verifier`."
    )
    extraction: Extraction | None = Field(
        default=None, description="Where final answers of math may stand; see docs/math.md."
    )
    several_boxes: SeveralBoxes | None = Field(
        default=None, description="What several boxes that differ are; see docs/math.md."
    )
    tolerance: float | None = Field(
        default=None, gt=0, lt=1, description="How far numbers may be off, as a part of them."
    )
    decimal_comma: bool | None = Field(
        default=None, description="A comma between digits is a decimal one."
    )

    def answer_rules(self) -> AnswerRules:
        """What the batch says of math answers; a ground truth's own word counts before it."""
        said = (self.extraction, self.several_boxes, self.tolerance, self.decimal_comma)
        return NO_RULES if said == (None,) * 4 else AnswerRules(*said)


class ScoreRequest(BatchFields):
    """A batch, either as `rollouts` or as `groups`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    rollouts: list[RolloutIn] | None = None
    groups: list[GroupIn] | None = None
    batch_id: BatchId | None = None
    deadline_s: Deadline | None = Field(
        default=None, description="What is not judged by then comes back as `deadline_exceeded`."
    )

    @model_validator(mode="after")
    def _one_form(self) -> ScoreRequest:
        if (self.rollouts is None) == (self.groups is None):
            raise ValueError("give either `rollouts` or `groups`")
        return self


class OpenRlhfRequest(BaseModel):
    """What OpenRLHF sends to a remote reward model; one entry of each for every rollout."""

    model_config = ConfigDict(strict=True)

    query: list[Text] = Field(description="Prompt and completion, as one text.")
    prompts: list[Text] | None = None
    labels: list[Any] = Field(description="Ground truths, inline in any known shape.")

    @model_validator(mode="after")
    def _as_many_of_each(self) -> OpenRlhfRequest:
        count = len(self.query)
        if len(self.labels) != count or (self.prompts and len(self.prompts) != count):
            raise ValueError("`query`, `prompts` and `labels` must have equally many entries")
        return self


class OpenRlhfResponse(BaseModel):
    """Rewards in request order, under both names that OpenRLHF looks for."""

    rewards: list[float | None]
    scores: list[float | None]
    extra_logs: dict[str, list[float]] = Field(description="`judged`: 1.0 where it was, else 0.0.")


class SlimeSample(BaseModel):
    """What slime sends of a sample to a remote reward model."""

    prompt: Any = None
    response: Completion
    label: Any = Field(default=None, description="Its ground truth, in any known shape.")


class NeMoGymResponse(BaseModel):
    """Of a model, as the Responses API has it; no more of it is read."""

    output: list[Any]
    incomplete_details: Any = None

    @property
    def was_cut_off(self) -> bool:
        """Whether it ended at its length limit."""
        details = self.incomplete_details
        return isinstance(details, dict) and details.get("reason") == "max_output_tokens"


class NeMoGymRequest(BaseModel):
    """A row of NeMo-Gym with the model's response; whatever else it has is repeated."""

    response: NeMoGymResponse
    expected_answer: Any = Field(default=None, description="As its math servers have it.")
    ground_truth: Any = Field(default=None, description="In any known shape.")
    verifier_metadata: Any = Field(
        default=None, description="May hold `unit_tests`, as its code servers have them."
    )


class ProgramTests(BaseModel):
    """A program and its tests as open-instruct's code server takes them."""

    program: Text
    tests: Any = Field(
        description="A list, its JSON, or the base64 of a compressed pickle of it; that is read "
        "and never loaded, and may hold plain data alone."
    )
    max_execution_time: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        default=1.0, description="Seconds of each test."
    )


class ProgramResults(BaseModel):
    """One of each for every test."""

    results: list[Literal[0, 1]]
    runtimes: list[float] = Field(description="CPU seconds, -1 where the test did not pass.")


class _Run(BaseModel):
    """What programs and notebooks share. Fields that are not known are ignored, as there."""

    model_config = ConfigDict(strict=True)

    memory_limit_mb: int = Field(
        default=-1,
        alias="memory_limit_MB",
        le=int(LIMIT_CAPS["memory_mb"]),
        description="Of the program; 0 and below: the service's own limit.",
    )
    files: Annotated[Files, AfterValidator(_given_files)] = Field(
        default=None,
        description="Contents in base64, by paths in the program's folder or below /mnt.",
    )
    fetch_files: Annotated[list[str] | None, AfterValidator(_wanted_files)] = Field(
        default=None, description="Paths of files that the answer shall have, where they are there."
    )

    @property
    def given_files(self) -> dict[str, str] | None:
        """Those that have a content, or None."""
        files = (self.files or {}).items()
        return {path: content for path, content in files if content is not None} or None


class RunCodeRequest(_Run):
    """A program as SandboxFusion takes it."""

    code: Source
    language: LanguageName
    stdin: Input | None = None
    compile_timeout: Timeout = Field(
        default=10.0, description="CPU seconds, and also seconds asleep, of the compiler, if any."
    )
    run_timeout: Timeout = Field(
        default=10.0, description="CPU seconds, and also seconds asleep, of the program."
    )
    args: Annotated[list[Any] | None, AfterValidator(_nothing)] = Field(
        default=None, description="None can be given."
    )


class RunJupyterRequest(_Run):
    """The cells of a notebook as SandboxFusion takes it."""

    cells: Annotated[list[Source], AfterValidator(_all_within_completion_limit)]
    kernel: Literal["python3"] = "python3"
    cell_timeout: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        default=0.0, description="Of a cell; all of them together get as much for each. 0: none."
    )
    total_timeout: Timeout = Field(
        default=45.0, description="CPU seconds, and also seconds asleep, of all cells together."
    )


class SubmitConfig(BaseModel):
    """How SandboxFusion is told to judge. Fields it does not know are ignored, as there."""

    model_config = ConfigDict(strict=True)

    dataset_type: str | None = Field(default=None, description="The kind of the row.")
    language: LanguageName | None = None
    compile_timeout: Timeout | None = None
    run_timeout: Timeout | None = None
    mem_limit: int | None = Field(default=None, le=int(LIMIT_CAPS["memory_mb"]))
    custom_extract_logic: Source | None = Field(
        default=None,
        description="Python that finds the program in `completion`, run in a jail of its own.",
    )
    provided_data: dict[str, Any] | list[Any] | None = Field(
        default=None, description="The row of a data set, or test cases."
    )
    extra: dict[str, Any] = Field(
        default_factory=dict,
        description="`run_all_cases`, `total_timeout`, `special_judge_program`.",
    )


class SubmitRequest(BaseModel):
    """A completion to judge, as SandboxFusion and ScaleBox take it."""

    model_config = ConfigDict(strict=True)

    dataset: str = ""
    id: int | str = 0
    completion: Completion
    config: SubmitConfig


class CommandResult(BaseModel):
    """How a compiler or a program ended."""

    status: Literal["Finished", "TimeLimitExceeded"]
    execution_time: float | None = Field(description="CPU seconds.")
    return_code: int | None = Field(description="Negative: the signal that ended it.")
    stdout: str
    stderr: str = Field(description="Its first and last few kilobytes.")


class RunCodeResponse(BaseModel):
    """What happened to a program. `SandboxError`: it was not run, and `message` says why."""

    status: Literal["Success", "Failed", "SandboxError"]
    message: str
    compile_result: CommandResult | None
    run_result: CommandResult | None
    executor_pod_name: None = None
    files: dict[str, str] = Field(
        description="Those of `fetch_files` that were there, in base64: 8 MiB in all, as they come."
    )


class CellError(BaseModel):
    """An exception that a cell raised."""

    model_config = ConfigDict(strict=True)

    ename: str
    evalue: str
    traceback: list[str]


class Cell(BaseModel):
    """What a cell showed."""

    model_config = ConfigDict(strict=True)

    stdout: str
    stderr: str
    display: list[dict[str, str]] = Field(
        description="Values and figures, by kind: `text/plain`, `image/png` in base64, ..."
    )
    error: list[CellError]


class RunJupyterResponse(BaseModel):
    """What a notebook's cells showed; none where it did not come to its end."""

    status: Literal["Success", "Failed", "SandboxError"]
    message: str
    driver: CommandResult | None
    cells: list[Cell]
    executor_pod_name: None = None
    files: dict[str, str]


class SubmittedTest(BaseModel):
    """One test case; `SandboxError`: it was not judged, and `message` says why."""

    passed: bool
    exec_info: RunCodeResponse
    test_info: dict[str, Any] | None = None


class SubmitResponse(BaseModel):
    """The verdict on a completion, and on each test case that was run."""

    id: int | str
    accepted: bool
    extracted_code: str
    full_code: str
    test_code: str
    tests: list[SubmittedTest]
    extracted_type: Literal["fenced", "heuristic", "empty"]
    extra: dict[str, Any]


class ResultOut(BaseModel):
    """One verdict; fields after `outcome` are there where they mean something."""

    id: str | None
    group: str | None
    reward: Reward | None
    outcome: Outcome
    answer: str | None = None
    how: str | None = None
    passed: int | None = None
    total: int | None = None
    score: float | None = None
    cases: list[str] | None = None
    subtasks: list[dict[str, float]] | None = None
    first_failure: dict[str, Any] | None = None
    message: str | None = None
    cpu_s: float | None = None
    verifier: dict[str, str] | None = Field(
        default=None,
        description="With `provenance`: `version`, `options` (a digest of those in force) and "
        "`extraction`.",
    )


class GroupOut(BaseModel):
    """A group's summary; `degenerate` where every judged reward is the same."""

    id: str
    n: int
    judged: int
    solved: int
    mean_reward: float | None
    degenerate: bool


class ScoreResponse(BaseModel):
    """Everything in request order."""

    batch_id: str | None
    rewards: list[Reward | None]
    results: list[ResultOut]
    groups: list[GroupOut]


class ProblemDetails(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
