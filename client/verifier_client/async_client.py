"""`AsyncClient`: `Client` for coroutines, the same methods awaited.

One serves the tasks of every event loop of a process: each loop has connections of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any

import httpx2

from verifier_client.batch import PARTS_AT_ONCE, Batch, halves, read_answer, too_large
from verifier_client.compression import Compression
from verifier_client.connections import AsyncConnections
from verifier_client.errors import ClientError, Mismatched, Refused
from verifier_client.exchange import LINES, Exchange, Request, cancelling
from verifier_client.model import Result, Scores
from verifier_client.parts import Part, Rows
from verifier_client.reachability import Reachability
from verifier_client.settings import Settings


class AsyncClient:
    """`Client` for coroutines: the same methods, awaited."""

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        patience_s: float | None = None,
        deadline_s: float | None = None,
        connections: int | None = None,
        gather_ms: float | None = None,
        unjudged: str | None = None,
    ) -> None:
        """See `Client`."""
        given = (url, api_key, patience_s, deadline_s, connections, gather_ms, unjudged)
        self._begin(Settings.read(*given))

    def _begin(self, settings: Settings) -> None:
        self.settings = settings
        self._connections = AsyncConnections(settings)
        self._compression = Compression()
        self._reachability = Reachability(settings.urls, settings.patience_s)

    def __getstate__(self) -> Settings:
        """See `Client`."""
        return self.settings

    def __setstate__(self, settings: Settings) -> None:
        self._begin(settings)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the running event loop's connections."""
        await self._connections.close()

    async def score(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        rewards_only: bool = False,
        **options: Any,
    ) -> Scores:
        """See `Client`."""
        batch = Batch(
            self.settings,
            rollouts,
            groups,
            batch_id,
            deadline_s,
            options,
            rewards_only=rewards_only,
        )
        results: list[Result] = []
        waiting: deque[asyncio.Task[list[Result]]] = deque()
        try:
            async for part in _made(batch):
                if len(waiting) == PARTS_AT_ONCE:
                    results += await waiting[0]
                    waiting.popleft()
                waiting.append(asyncio.create_task(self._score(batch, part)))
            for answer in waiting:
                results += await answer
        finally:
            for answer in waiting:
                answer.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return batch.scores(results)

    async def _score(self, batch: Batch, part: Part) -> list[Result]:
        try:
            return read_answer(part, await self._send(batch.request(part)))
        except Mismatched:
            self._connections.forget()
            raise
        except Refused as refused:
            if (null := too_large(part, refused)) is not None:
                return [null]
            return [r for half in halves(part, refused) for r in await self._score(batch, half)]
        except ClientError:
            raise
        except BaseException:  # whoever asked was cancelled
            await self._cancel(part)
            raise

    async def _cancel(self, part: Part) -> None:
        """See `Client`."""
        with contextlib.suppress(httpx2.HTTPError):
            asked = cancelling(self._reachability.url, part.batch_id)
            await self._connections.here().request(**asked)

    async def stream(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        rewards_only: bool = False,
        **options: Any,
    ) -> AsyncIterator[Result]:
        """See `Client`."""
        batch = Batch(
            self.settings,
            rollouts,
            groups,
            batch_id,
            deadline_s,
            options,
            rewards_only=rewards_only,
        )
        async for part in _made(batch):
            async for result in self._stream(batch, part):
                yield result

    async def _stream(self, batch: Batch, part: Part) -> AsyncIterator[Result]:
        """Streams a part: halved if it is too large, cancelled if nobody waits any more."""
        try:
            async for result in self._lines(part, batch.request(part, accept=LINES)):
                yield result
        except Mismatched:
            self._connections.forget()
            raise
        except Refused as refused:
            if (null := too_large(part, refused)) is not None:
                yield null
                return
            for half in halves(part, refused):
                async for result in self._stream(batch, half):
                    yield result
        except ClientError:
            raise
        except BaseException:  # whoever asked was cancelled, or wants no more
            await self._cancel(part)
            raise

    async def _lines(self, part: Part, request: Request) -> AsyncIterator[Result]:
        exchange = self._exchange(request)
        seen: set[int | None] = set()
        while True:
            try:
                async with self._connections.here().stream(**exchange.attempt()) as response:
                    if exchange.is_answered(response):
                        async for line in response.aiter_lines():
                            result = part.result(line)
                            if result.index not in seen:
                                seen.add(result.index)
                                yield result
                        if len(seen) == len(part.asked):
                            return
                        pause_s = exchange.pause_after_end()
                    else:
                        await response.aread()
                        pause_s = exchange.pause_after(response)
            except httpx2.RequestError as error:
                pause_s = exchange.pause_after_error(error)
            await asyncio.sleep(pause_s)

    async def register(self, name: str, ground_truth: Any) -> None:
        """See `Client`."""
        await self._send(Request.register(name, ground_truth))

    def _exchange(self, request: Request) -> Exchange:
        patience_s = self.settings.patience_s
        return Exchange(request, patience_s, self._compression, self._reachability)

    async def _send(self, request: Request) -> httpx2.Response:
        exchange = self._exchange(request)
        while True:
            try:
                response = await self._connections.here().request(**exchange.attempt())
                if exchange.is_answered(response):
                    return response
                pause_s = exchange.pause_after(response)
            except httpx2.RequestError as error:
                pause_s = exchange.pause_after_error(error)
            await asyncio.sleep(pause_s)


async def _made(batch: Batch) -> AsyncIterator[Part]:
    """The parts of a batch; a large one does not hold up the event loop."""
    parts = batch.parts()
    if batch.is_small:
        for part in parts:
            yield part
        return
    made = False
    while not made:
        part = await asyncio.to_thread(next, parts)
        made = part.last
        yield part
