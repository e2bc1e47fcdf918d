"""Who judges the rows of `verifier score`: workers on this machine, or a service elsewhere."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx2

from api.batches import results
from api.batches.ingest import rollout_of
from api.cli.rows import Row
from api.cli.terminal import Unusable
from api.provenance import provenance
from api.settings import Settings
from verifier.dispatch import Dispatcher, DispatchError
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher
from verifier.errors import VerifierError
from verifier.ground_truth import read_limits
from verifier.model import NO_RULES, AnswerRules, Outcome, Rollout
from verifier_client import AsyncClient, ClientError, Refused, Result

NO_DEADLINE_S = 30 * 24 * 3600.0
_LOOK_LIMIT_S = 60.0
_NO_DETAILS = frozenset({"id", "group", "index", "reward", "outcome", "verifier"})
_DETAILS = [field.name for field in dataclasses.fields(Result) if field.name not in _NO_DETAILS]

Added = dict[str, Any]
"""`reward`, `outcome`, `details` and `verifier` of one row."""


class Judging(Protocol):
    """Judges a window of rows, each of which has a rollout."""

    def judge(self, rows: Sequence[Row]) -> AsyncIterator[tuple[int, Added]]:
        """(position among `rows`, what to add), each once. Raises Unusable."""

    async def ask(self, rollouts: Sequence[Mapping[str, Any]]) -> list[Added]:
        """What to add to rollouts that no file holds, in their order. Raises Unusable."""


class LocalJudging:
    """Through a dispatcher of our own."""

    def __init__(self, dispatcher: Dispatcher, rules: AnswerRules) -> None:
        self._dispatcher = dispatcher
        self._rules = rules

    async def judge(self, rows: Sequence[Row]) -> AsyncIterator[tuple[int, Added]]:
        """See `Judging`."""
        given = [row.rollout for row in rows if row.rollout is not None]
        rollouts = [
            dataclasses.replace(rollout_of(rollout, rollout.ground_truth), rules=self._rules)
            for rollout in given
        ]
        try:
            async with self._dispatcher.submit(rollouts, NO_DEADLINE_S) as verdicts:
                async for index, verdict in verdicts:
                    details = results.details(verdict, explain=True)
                    by = _by(rows[index], self._rules)
                    yield index, _added(verdict.reward, verdict.outcome.value, details, by)
        except DispatchError as error:
            raise Unusable(str(error)) from None

    async def ask(self, rollouts: Sequence[Mapping[str, Any]]) -> list[Added]:
        """See `Judging`."""
        asked = [
            Rollout(
                completion=row["completion"],
                ground_truth=row["ground_truth"],
                limits=read_limits(row.get("limits")),
            )
            for row in rollouts
        ]
        found: dict[int, Added] = {}
        try:
            async with self._dispatcher.submit(asked, NO_DEADLINE_S) as verdicts:
                async for index, verdict in verdicts:
                    details = results.details(verdict, explain=False)
                    by = provenance(self._rules)
                    found[index] = _added(verdict.reward, verdict.outcome.value, details, by)
        except DispatchError as error:
            raise Unusable(str(error)) from None
        return [found[index] for index in range(len(asked))]


def embedded_dispatcher(settings: Settings) -> EmbeddedDispatcher:
    """With workers of our own. Raises Unusable."""
    try:
        return EmbeddedDispatcher(
            workers=settings.workers,
            sandbox=settings.sandbox,
            max_queued=settings.max_queued_rollouts,
        )
    except VerifierError as error:  # of the variables that it reads by itself
        raise Unusable(str(error)) from None


@asynccontextmanager
async def on_this_machine(
    settings: Settings, rules: AnswerRules = NO_RULES
) -> AsyncIterator[LocalJudging]:
    """Workers of our own, as long as the context lasts. Raises Unusable where none can judge."""
    dispatcher = embedded_dispatcher(settings)
    await dispatcher.start()
    try:
        while not (await dispatcher.readiness()).ready:
            async with dispatcher.submit([], NO_DEADLINE_S):
                await asyncio.sleep(0.05)
        yield LocalJudging(dispatcher, rules)
    except DispatchError as error:
        raise Unusable(f"{error} `verifier doctor` says what this machine lacks.") from None
    finally:
        await dispatcher.stop()


class RemoteJudging:
    """Through POST /v1/score of a service."""

    def __init__(self, client: AsyncClient, rules: AnswerRules) -> None:
        self._client = client
        self._rules = rules
        said = dataclasses.asdict(rules)
        self._options = {name: value for name, value in said.items() if value is not None}

    async def judge(self, rows: Sequence[Row]) -> AsyncIterator[tuple[int, Added]]:
        """See `Judging`. The client comes back for what is missing when a connection breaks, and
        takes no answer that is not to these rows."""
        try:
            given = (row.asked for row in rows)
            said = {"provenance": True, "explain": True, **self._options}
            async for result in self._client.stream(given, **said):
                assert result.index is not None
                by = {**(result.verifier or {}), **_said(rows[result.index])}
                yield (
                    result.index,
                    _added(result.reward, result.outcome, _details(result), by),
                )
        except Refused as refusal:
            where = f"rows {rows[0].number} to {rows[-1].number}"
            raise Unusable(f"The service refused {where}: {refusal}") from None
        except ClientError as error:
            url = self._client.settings.url
            raise Unusable(f"The service at {url} does not serve: {error}") from None

    async def ask(self, rollouts: Sequence[Mapping[str, Any]]) -> list[Added]:
        """See `Judging`."""
        try:
            scores = await self._client.score(rollouts)
        except ClientError as error:
            raise Unusable(f"The service at {self._client.settings.url}: {error}") from None
        return [
            _added(one.reward, one.outcome, _details(one), one.verifier or {})
            for one in scores.results
        ]


@asynccontextmanager
async def at_service(
    url: str, key: str | None, rules: AnswerRules = NO_RULES
) -> AsyncIterator[RemoteJudging]:
    """A connection to the service at `url`. Raises Unusable where none answers there."""
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=_LOOK_LIMIT_S) as look:
            status = (await look.get("healthz")).status_code
        if status != 200:
            raise Unusable(f"What answers at --url {url} is no verifier: it said {status}.")
        async with AsyncClient(url, api_key=key, deadline_s=0) as client:
            yield RemoteJudging(client, rules)
    except (httpx2.InvalidURL, httpx2.TransportError, UnicodeEncodeError, ClientError) as error:
        raise Unusable(
            f"No service answers at --url {url} ({error}). Give the address that `verifier serve` "
            "tells, like http://host:8000."
        ) from None


def unjudged(why: str) -> Added:
    """For a row that holds nothing to judge."""
    return _added(None, Outcome.VERIFIER_ERROR.value, {"message": why}, provenance())


def _details(result: Result) -> dict[str, Any]:
    found = {name: getattr(result, name) for name in _DETAILS}
    return {name: value for name, value in found.items() if value is not None}


def _by(row: Row, rules: AnswerRules) -> Mapping[str, Any]:
    return {**provenance(rules), **_said(row)}


def _said(row: Row) -> dict[str, Any]:
    """The extraction that its own ground truth asks for, which counts before the batch's."""
    truth = row.asked.get("ground_truth")
    said = truth.get("extraction") if isinstance(truth, Mapping) else None
    return {"extraction": said} if isinstance(said, str) else {}


def _added(
    reward: float | None, outcome: str, details: dict[str, Any], by: Mapping[str, Any]
) -> Added:
    return {"reward": reward, "outcome": outcome, "details": details, "verifier": by}
