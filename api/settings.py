"""What the service can be told; each field is also the variable VERIFIER_<FIELD>.

What floors below read for themselves, in every process, stands where it is read:
`sandbox.jails.docker_daemon`, `sandbox.jails.group_limits`, `verifier.math.settings`,
`verifier.remembered`,
`verifier.logs` and `verifier.dispatch.redis_backend.names`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.access.keys import KeyRing, digest_of
from api.http.connections import Bounds
from verifier.model import Kind

MIB = 1024 * 1024
SandboxKind = Literal["auto", "docker", "local"]
Queue = Literal["training", "evaluation"]


def _listed(value: object) -> object:
    """What is comma-separated, as a list."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


def _hashed(keys: str) -> str:
    """Each key as its digest: what is kept opens nothing to who gets hold of it."""
    return ",".join(digest_of(key.strip()) for key in keys.split(","))


class Settings(BaseSettings):
    """Read from the environment; what the command line names takes precedence.

    Raises pydantic's ValidationError for a value that cannot be used, OSError for a keys file that
    cannot be read."""

    model_config = SettingsConfigDict(env_prefix="VERIFIER_", extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    workers: PositiveInt = Field(default_factory=lambda: len(os.sched_getaffinity(0)))
    sandbox: SandboxKind = "auto"
    redis: str | None = Field(default=None, repr=False)
    """Address of a Redis through which workers elsewhere judge; without it they run here."""
    redis_password: str | None = Field(default=None, repr=False)
    """Its password as it is, where the address has none; in an address, signs must be encoded."""
    queue: Queue = "training"
    """What traffic this service takes to Redis: workers look for training first."""
    worker_kinds: Annotated[tuple[Kind, ...], NoDecode, BeforeValidator(_listed)] = tuple(Kind)
    """What `verifier worker` judges: mathematics alone needs no sandbox."""
    metrics_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    """Where, on VERIFIER_HOST, `verifier worker` tells Prometheus what its processes count. The
    service tells of all workers at its own /metrics."""

    api_keys: Annotated[str, AfterValidator(_hashed)] = Field(default="", repr=False)
    """Comma-separated; any one of them opens every route. Health, metrics and pages need none. A
    key may be given as its digest, `sha256:<64 hexadecimal digits>`; no more is kept of any."""
    api_keys_file: Path | None = None
    """One key, or its digest, a line, and what is said of it (api.access.keys); empty lines and
    lines that begin with # do not count. It is read again when it changes."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    """Names by which the service is known, beside addresses and names without a dot. Without keys
    no others are answered, nor what web pages of others send; with keys only where this is set."""
    allow_unauthenticated: bool = False
    """Serve on an address that others can reach without any key."""

    max_rollouts: PositiveInt = 8192
    """Rollouts of one batch."""
    max_body_bytes: PositiveInt = 256 * MIB
    """Of one request, decompressed; of one line, where a request is lines."""
    max_completion_chars: PositiveInt = 4 * MIB
    max_held_bytes: PositiveInt = 1024 * MIB
    """What all requests hold together: their bodies and what becomes of them while they are read,
    then what is judged of them until it is. What does not fit beside the others is refused with
    429."""
    max_queued_rollouts: PositiveInt = 65_536
    """Rollouts without a verdict, over all batches; more are refused with 429."""
    max_redis_bytes: PositiveInt | None = None
    """What Redis may hold before batches are refused with 429; none: seven eighths of its
    `maxmemory` or, where it has none, of its machine's memory."""
    max_connections: PositiveInt = 16_384
    """Open at a time, as far as the process may have so many files. Where there are more, the one
    that has waited longest without a request makes room."""
    head_timeout_s: PositiveFloat = 10.0
    """Address and headers of a request must have arrived within this time."""
    body_timeout_s: PositiveFloat = 120.0
    """A request's body must have arrived within this time; half a minute without any of
    it ends it too."""
    answer_timeout_s: PositiveFloat = 120.0
    """An answer must be read within this time, or its connection ends."""
    max_unread_bytes: PositiveInt = 256 * MIB
    """Answers that nobody has read yet, of all connections together; beyond, the one that has
    waited longest is dropped."""
    drain_s: PositiveFloat = 30.0
    """How long requests under way may go on after the signal to stop; then they are told to ask
    again."""
    max_deadline_s: PositiveFloat = 3600.0
    """The longest deadline a batch may ask for, and the one of a batch that names none."""
    unjudged: Literal["zero", "nan", "raise"] = "zero"
    """What routes of trainers without a word for "not judged" say for it, unless they are asked for
    something else: 0, NaN, or with `raise` null."""
    max_kept_rollouts: PositiveInt = 131_072
    """Judged rollouts of batches with a `batch_id`, whose verdicts can be fetched again."""
    keep_results_s: PositiveFloat = 3600.0
    """For how long they can."""
    max_problems: PositiveInt = 100_000
    max_problems_bytes: PositiveInt = 1024 * MIB
    """All registered ground truths together, as canonical JSON."""
    problems_dir: Path | None = None
    """Where they are kept for the next start; none: in memory only. A Redis keeps them itself."""

    @model_validator(mode="after")
    def _address_has_password(self) -> Settings:
        if self.redis and self.redis_password:
            scheme, mark, rest = self.redis.partition("://")
            if "@" in rest:
                raise ValueError("redis_password and a password in the address exclude each other")
            self.redis = f"{scheme}{mark}:{quote(self.redis_password, safe='')}@{rest}"
        return self

    @model_validator(mode="after")
    def _a_whole_batch_fits(self) -> Settings:
        if self.max_held_bytes < self.max_body_bytes:
            raise ValueError("max_held_bytes must be at least max_body_bytes")
        if self.max_queued_rollouts < self.max_rollouts:
            raise ValueError("max_queued_rollouts must be at least max_rollouts")
        if self.max_kept_rollouts < self.max_rollouts:
            raise ValueError("max_kept_rollouts must be at least max_rollouts")
        return self

    def bounds(self) -> Bounds:
        """Of connections."""
        return Bounds(
            max_connections=self.max_connections,
            head_timeout_s=self.head_timeout_s,
            answer_timeout_s=self.answer_timeout_s,
            max_unread_bytes=self.max_unread_bytes,
        )

    def key_ring(self) -> KeyRing:
        """Every configured key. Raises OSError, ValueError."""
        return KeyRing(self.api_keys.split(","), self.api_keys_file)
