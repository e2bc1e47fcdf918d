"""Programs and notebooks that are run, as SandboxFusion takes them, and what came of them."""

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
)

from api.http.schemas.fields import (
    LanguageName,
    Source,
    Timeout,
    as_text,
    encodable,
    within_completion_limit,
)
from api.settings import MIB
from sandbox import FOLDER, SHELF
from verifier.ground_truth.fields import LIMIT_CAPS

MAX_FILES, MAX_PATH_CHARS, MAX_FILES_CHARS = 256, 1024, 32 * MIB
"""Of files for a run, and of those fetched from it. Their contents fit its folder."""
MAX_INPUT_CHARS = 32 * MIB
"""Of a run's standard input: with every character escaped, what Redis takes as one value."""


def _all_within_completion_limit(texts: list[str], info: ValidationInfo) -> list[str]:
    within_completion_limit("\n".join(texts), info)
    return texts


def _within_input_limit(text: str) -> str:
    if len(text) > MAX_INPUT_CHARS:
        raise ValueError(f"it is longer than {MAX_INPUT_CHARS} characters")
    return text


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


Input = Annotated[
    str,
    PlainValidator(as_text),
    AfterValidator(_within_input_limit),
    AfterValidator(encodable),
    WithJsonSchema({"type": "string", "maxLength": MAX_INPUT_CHARS}),
]


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
