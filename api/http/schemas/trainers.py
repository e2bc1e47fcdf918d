"""What the trainers' own protocols send and get."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from api.http.schemas.fields import Completion, Text


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
