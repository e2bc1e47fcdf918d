"""Completions to judge, as SandboxFusion and ScaleBox take them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)

from api.http.schemas.fields import Completion, LanguageName, Source, Timeout
from api.http.schemas.runs import RunCodeResponse
from verifier.ground_truth.fields import LIMIT_CAPS


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
