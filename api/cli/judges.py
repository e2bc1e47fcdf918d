"""Who judges the rows of `verifier score`: workers on this machine, or a service elsewhere."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx2

from api.batches import results
from api.batches.ingest import rollout_of
from api.cli.rows import Row
from api.cli.terminal import Unusable
from api.settings import Settings
from verifier.dispatch import Dispatcher, DispatchError, EmbeddedDispatcher

NO_DEADLINE_S = 30 * 24 * 3600.0
ATTEMPTS = 8
LONGEST_PAUSE_S = 30.0
_FIELDS = frozenset({"id", "group", "completion", "ground_truth", "problem", "truncated", "limits"})
_BUSY = frozenset({429, 502, 503, 504})
_ANSWER_LIMIT_S = 24 * 3600.0

Added = dict[str, Any]
"""`reward`, `outcome` and `details` of one row."""


class Judging(Protocol):
    """Judges a window of rows."""

    def judge(self, rows: Sequence[Row]) -> AsyncIterator[tuple[int, Added]]:
        """(position among `rows`, what to add), each once. Raises Unusable."""


class LocalJudging:
    """Through a dispatcher of our own."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def judge(self, rows: Sequence[Row]) -> AsyncIterator[tuple[int, Added]]:
        """See `Judging`."""
        rollouts = [rollout_of(row.rollout, row.rollout.ground_truth) for row in rows]
        try:
            async with self._dispatcher.submit(rollouts, NO_DEADLINE_S) as verdicts:
                async for index, verdict in verdicts:
                    details = results.details(verdict, explain=False)
                    yield index, _added(verdict.reward, verdict.outcome.value, details)
        except DispatchError as error:
            raise Unusable(str(error)) from None


@asynccontextmanager
async def on_this_machine(settings: Settings) -> AsyncIterator[LocalJudging]:
    """Workers of our own, as long as the context lasts. Raises Unusable where none can judge."""
    dispatcher = EmbeddedDispatcher(
        workers=settings.workers,
        sandbox=settings.sandbox,
        max_queued=settings.max_queued_rollouts,
    )
    await dispatcher.start()
    try:
        while not (await dispatcher.readiness()).ready:
            async with dispatcher.submit([], NO_DEADLINE_S):
                await asyncio.sleep(0.05)
        yield LocalJudging(dispatcher)
    except DispatchError as error:
        raise Unusable(f"{error} `verifier doctor` says what this machine lacks.") from None
    finally:
        await dispatcher.stop()


class RemoteJudging:
    """Through POST /v1/score of a service."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def judge(self, rows: Sequence[Row]) -> AsyncIterator[tuple[int, Added]]:
        """See `Judging`. Comes back for what is missing when the connection breaks."""
        body = json.dumps(
            {
                # Under its id the service judges it once, however often it has to be sent.
                "batch_id": uuid.uuid4().hex,
                "rollouts": [_sent(row) for row in rows],
            }
        ).encode("ascii")
        found: set[int] = set()
        for attempt in range(ATTEMPTS):
            try:
                async for index, added in self._once(body, rows):
                    if index not in found:
                        found.add(index)
                        yield index, added
            except (_Busy, httpx2.TransportError) as error:
                reason = str(error) or type(error).__name__
                wait_s = error.retry_after_s if isinstance(error, _Busy) else 0.0
                await asyncio.sleep(max(wait_s, min(LONGEST_PAUSE_S, 0.5 * 2**attempt)))
            else:
                reason = "its answer lacked results"
            if len(found) == len(rows):
                return
        raise Unusable(f"The service at {self._client.base_url} does not serve: {reason}.")

    async def _once(self, body: bytes, rows: Sequence[Row]) -> AsyncIterator[tuple[int, Added]]:
        request = self._client.stream("POST", "v1/score", content=body)
        async with request as response:
            if response.status_code != 200:
                raise _refusal(response.status_code, await response.aread(), response, rows)
            async for line in response.aiter_lines():
                result = json.loads(line)
                index, reward, outcome = (result.pop(k) for k in ("index", "reward", "outcome"))
                del result["id"], result["group"]
                yield index, _added(reward, outcome, result)


@asynccontextmanager
async def at_service(url: str, key: str | None) -> AsyncIterator[RemoteJudging]:
    """A connection to the service at `url`. Raises Unusable where none answers there."""
    headers = {"Content-Type": "application/json", "Accept": "application/x-ndjson"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    timeout = httpx2.Timeout(60.0, read=_ANSWER_LIMIT_S)
    try:
        client = httpx2.AsyncClient(base_url=url, headers=headers, timeout=timeout)
        async with client:
            status = (await client.get("healthz")).status_code
            if status != 200:
                raise Unusable(f"What answers at --url {url} is no verifier: it said {status}.")
            yield RemoteJudging(client)
    except (httpx2.InvalidURL, httpx2.TransportError, UnicodeEncodeError) as error:
        raise Unusable(
            f"No service answers at --url {url} ({error}). Give the address that `verifier serve` "
            "tells, like http://host:8000."
        ) from None


class _Busy(Exception):
    """Not now."""

    def __init__(self, sentence: str, retry_after_s: float) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


def _refusal(status: int, body: bytes, response: httpx2.Response, rows: Sequence[Row]) -> Exception:
    try:
        detail = str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        detail = f"it answered {status}"
    if status in _BUSY:
        after = response.headers.get("retry-after", "")
        return _Busy(detail.rstrip("."), min(60.0, float(after)) if after.isdecimal() else 0.0)
    where = f"lines {rows[0].number} to {rows[-1].number}"
    return Unusable(f"The service refused {where}: {detail}")


def _sent(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.content.items() if name in _FIELDS}


def _added(reward: float | None, outcome: str, details: dict[str, Any]) -> Added:
    return {"reward": reward, "outcome": outcome, "details": details}
