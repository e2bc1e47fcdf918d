"""A batch as one rollout a line, read while it arrives: no more is kept of it than is judged.

So a batch may be larger than what all bodies may hold together, where most of it is thinking.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from pydantic import ValidationError

from api.batches.ingest import (
    Batch,
    FindProblem,
    Lookup,
    batch_of,
    checked,
    found_in,
    held_bytes,
    not_json,
    too_many,
    unfit,
)
from api.http.body import pieces, too_large
from api.http.budget import BodyBudget, Share
from api.http.schemas.score import RolloutIn
from api.http.strict_json import NotJson, loads
from api.http.wording import MAX_REPORTED
from api.settings import Settings
from verifier.model import Rollout, TruthText

PORTION_BYTES = 256 * 1024
"""Read at a time, in a thread."""
MAX_BODIES = 16
"""How many times VERIFIER_MAX_BODY_BYTES all lines may be, before anything is left out of them."""


async def read_lines(
    request: Request,
    envelope: Mapping[str, Any],
    find: FindProblem,
    settings: Settings,
    budget: BodyBudget,
    *,
    rewards_only: bool = False,
) -> Batch:
    """The batch in the request's body; `envelope` has what JSON says beside the rollouts.

    Raises Refusal, QueueFull."""
    most = MAX_BODIES * settings.max_body_bytes
    with budget.share() as share:
        reader = LineReader(settings, find, share, envelope, rewards_only=rewards_only)
        portion: list[bytes] = []
        async for piece in pieces(request, most, settings.body_timeout_s):
            share.take(len(piece))
            portion.append(piece)
            if sum(map(len, portion)) >= PORTION_BYTES:
                await asyncio.to_thread(reader.feed, b"".join(portion))
                portion.clear()
        return await asyncio.to_thread(reader.end, b"".join(portion))


class LineReader:
    """Takes a body portion by portion. Belongs to one thread at a time."""

    def __init__(
        self,
        settings: Settings,
        find: FindProblem,
        share: Share,
        envelope: Mapping[str, Any],
        *,
        rewards_only: bool = False,
    ) -> None:
        """`share` has taken the bytes of every portion that it is fed.

        Raises Refusal 422 for what is wrong with the envelope."""
        self._settings = settings
        self._share = share
        self._rewards_only = rewards_only
        self._envelope = checked({**envelope, "rollouts": []}, settings)
        self._digest = hashlib.sha256(json.dumps(envelope).encode("ascii"))
        self._lookup = Lookup(find, settings)
        self._truths: set[int] = set()
        self._rollouts: list[Rollout] = []
        self._errors: list[dict[str, Any]] = []
        self._begun = b""
        """A line of which the end is still to come."""
        self._number = 0
        self._fed_bytes = 0

    def feed(self, portion: bytes) -> None:
        """Raises Refusal, QueueFull."""
        self._fed_bytes += len(portion)
        if self._fed_bytes > MAX_BODIES * self._settings.max_body_bytes:
            raise too_large(MAX_BODIES * self._settings.max_body_bytes)
        self._digest.update(portion)
        *lines, rest = portion.split(b"\n")
        if not lines:
            self._begun += rest
        else:
            self._read(self._begun + lines[0])
            empty = 0  # a body may be nothing but line breaks, which cost no more than their count
            for line in lines[1:]:
                if line:
                    self._read(line)
                else:
                    self._number += 1
                    empty += 1
            self._share.give_back(empty)
            self._begun = rest
        if len(self._begun) > self._settings.max_body_bytes:
            raise too_large(self._settings.max_body_bytes)

    def end(self, portion: bytes) -> Batch:
        """The batch, of which this was the last portion. Raises Refusal, QueueFull."""
        self.feed(portion)
        self._read(self._begun, b"")
        if self._errors:
            raise unfit(self._errors)
        self._lookup.refuse_unknown()
        named = self._envelope.batch_id is not None
        digest = self._digest.hexdigest() if named else None
        return batch_of(
            self._rollouts,
            self._envelope,
            self._settings,
            digest,
            rewards_only=self._rewards_only,
        )

    def _read(self, line: bytes, newline: bytes = b"\n") -> None:
        self._number += 1
        index = len(self._rollouts)
        if line and not line.isspace():
            if index >= self._settings.max_rollouts:
                raise too_many(index + 1, self._settings.max_rollouts)
            self._rollouts.append(self._rollout(line, index))
            self._keep(self._rollouts[-1])
        self._share.give_back(len(line) + len(newline))

    def _rollout(self, line: bytes, index: int) -> Rollout:
        with self._share.part() as part:
            try:
                row = loads(line, part.take, a_row=True)
            except NotJson as error:
                raise not_json(error, f"Line {self._number} of the body") from None
            try:
                return self._lookup.rollout(RolloutIn.model_validate(row, context=self._settings))
            except ValidationError as error:
                self._note(error, index)
        return Rollout(completion="", ground_truth=None)

    def _note(self, error: ValidationError, index: int) -> None:
        if len(self._errors) < MAX_REPORTED:
            self._errors += [{"rollout": index, **found} for found in found_in(error)]
            del self._errors[MAX_REPORTED:]

    def _keep(self, rollout: Rollout) -> None:
        self._share.take(held_bytes(rollout))
        truth = rollout.ground_truth
        if isinstance(truth, TruthText) and id(truth) not in self._truths:
            self._truths.add(id(truth))
            self._share.take(sys.getsizeof(truth.text))
