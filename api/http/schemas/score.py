"""A batch and its verdicts, as /v1/score takes and gives them; an error."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from api.http.schemas.fields import MAX_NAME_CHARS, BatchId, Completion, Deadline, Name
from verifier.ground_truth.fields import LIMIT_CAPS, LIMIT_FLOORS
from verifier.model import (
    NO_RULES,
    AnswerRules,
    Extraction,
    LimitsOverride,
    Outcome,
    SeveralBoxes,
)

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
