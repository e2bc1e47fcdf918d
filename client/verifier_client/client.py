"""`Client` and `AsyncClient`: a batch to POST /v1/score, its verdicts back.

A batch is named once, by a batch_id, and sent under that name until it is answered: the service
judges a named batch once, however often it comes. Both clients are context managers, may be used by
several threads, tasks and event loops at a time, and in processes that were forked or to which they
were pickled. An answer that is not to the request raises Mismatched.
"""

from __future__ import annotations

import asyncio
import time
import urllib.parse
import uuid
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any

import httpx2

from verifier_client.connections import AsyncConnections, Connections
from verifier_client.errors import Mismatched
from verifier_client.model import Result, Scores, summarize
from verifier_client.parts import Part, Rows, cut, to_json
from verifier_client.retry import Attempts
from verifier_client.settings import Settings

CONNECT_TIMEOUT_S = 10.0
LONGEST_BATCH_S = 3600.0
"""How long an answer may take where the batch has no deadline of its own."""
GRACE_S = 30.0


class Client:
    """Scores batches; raises the errors of `verifier_client.errors`."""

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        patience_s: float | None = None,
        deadline_s: float | None = None,
        connections: int | None = None,
    ) -> None:
        """What is not given comes from the environment: VERIFIER_URL and so on, see `Settings`.

        Raises Unusable."""
        self._begin(Settings.read(url, api_key, patience_s, deadline_s, connections))

    def _begin(self, settings: Settings) -> None:
        self.settings = settings
        self._connections = Connections(settings)

    def __getstate__(self) -> Settings:
        """Of what a pickle carries; connections stay where they are."""
        return self.settings

    def __setstate__(self, settings: Settings) -> None:
        self._begin(settings)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close this process's connections."""
        self._connections.close()

    def score(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        **options: Any,
    ) -> Scores:
        """The verdicts on a batch, given as `rollouts` or as `groups` in the service's own form.

        `options` are what else the service takes for a batch: `explain`, say."""
        batch = _Batch(self.settings, rollouts, groups, batch_id, deadline_s, options)
        results: list[Result] = []
        for part in batch:
            response = self._send(batch.request(part))
            try:
                results += part.results(_json(response))
            except Mismatched:
                self._connections.forget()
                raise
        return batch.scores(results)

    def stream(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        **options: Any,
    ) -> Iterator[Result]:
        """Each verdict as it is ready, once, with its `index`."""
        batch = _Batch(self.settings, rollouts, groups, batch_id, deadline_s, options)
        for part in batch:
            yield from self._stream(part, batch.request(part, accept="application/x-ndjson"))

    def _stream(self, part: Part, request: dict[str, Any]) -> Iterator[Result]:
        attempts = Attempts(self.settings.patience_s)
        seen: set[int | None] = set()
        while True:
            try:
                with self._connections.here().stream(**request) as response:
                    if response.is_success:
                        for line in response.iter_lines():
                            result = part.result(line)
                            if result.index not in seen:
                                seen.add(result.index)
                                yield result
                        if len(seen) == len(part.asked):
                            return
                        pause_s = attempts.pause_after_end()
                    else:
                        response.read()
                        pause_s = attempts.pause_after(response)
            except Mismatched:
                self._connections.forget()
                raise
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            time.sleep(pause_s)

    def register(self, name: str, ground_truth: Any) -> None:
        """Have rollouts refer to this ground truth by `{"problem": name}`."""
        self._send(_register_request(name, ground_truth))

    def _send(self, request: dict[str, Any]) -> httpx2.Response:
        attempts = Attempts(self.settings.patience_s)
        while True:
            try:
                response = self._connections.here().request(**request)
                if response.is_success:
                    return response
                pause_s = attempts.pause_after(response)
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            time.sleep(pause_s)


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
    ) -> None:
        """See `Client`."""
        self._begin(Settings.read(url, api_key, patience_s, deadline_s, connections))

    def _begin(self, settings: Settings) -> None:
        self.settings = settings
        self._connections = AsyncConnections(settings)

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
        **options: Any,
    ) -> Scores:
        """See `Client`."""
        batch = _Batch(self.settings, rollouts, groups, batch_id, deadline_s, options)
        results: list[Result] = []
        for part in batch:
            response = await self._send(batch.request(part))
            try:
                results += part.results(_json(response))
            except Mismatched:
                self._connections.forget()
                raise
        return batch.scores(results)

    async def stream(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        **options: Any,
    ) -> AsyncIterator[Result]:
        """See `Client`."""
        batch = _Batch(self.settings, rollouts, groups, batch_id, deadline_s, options)
        for part in batch:
            request = batch.request(part, accept="application/x-ndjson")
            async for result in self._stream(part, request):
                yield result

    async def _stream(self, part: Part, request: dict[str, Any]) -> AsyncIterator[Result]:
        attempts = Attempts(self.settings.patience_s)
        seen: set[int | None] = set()
        while True:
            try:
                async with self._connections.here().stream(**request) as response:
                    if response.is_success:
                        async for line in response.aiter_lines():
                            result = part.result(line)
                            if result.index not in seen:
                                seen.add(result.index)
                                yield result
                        if len(seen) == len(part.asked):
                            return
                        pause_s = attempts.pause_after_end()
                    else:
                        await response.aread()
                        pause_s = attempts.pause_after(response)
            except Mismatched:
                self._connections.forget()
                raise
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            await asyncio.sleep(pause_s)

    async def register(self, name: str, ground_truth: Any) -> None:
        """See `Client`."""
        await self._send(_register_request(name, ground_truth))

    async def _send(self, request: dict[str, Any]) -> httpx2.Response:
        attempts = Attempts(self.settings.patience_s)
        while True:
            try:
                response = await self._connections.here().request(**request)
                if response.is_success:
                    return response
                pause_s = attempts.pause_after(response)
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            await asyncio.sleep(pause_s)


class _Batch:
    """One call of `score` or `stream`: its parts, and their requests as httpx2 takes them."""

    def __init__(
        self,
        settings: Settings,
        rollouts: Rows | None,
        groups: Rows | None,
        batch_id: str | None,
        deadline_s: float | None,
        options: dict[str, Any],
    ) -> None:
        self._rows = (rollouts, groups)
        self._batch_id = batch_id or uuid.uuid4().hex
        self._deadline_s = deadline_s or settings.deadline_s
        self._options = {"deadline_s": self._deadline_s, **options}

    def __iter__(self) -> Iterator[Part]:
        return cut(*self._rows, self._batch_id, self._options)

    def request(self, part: Part, accept: str = "application/json") -> dict[str, Any]:
        """What to send."""
        answer_s = (self._deadline_s or LONGEST_BATCH_S) + GRACE_S
        return _request("POST", "/v1/score", part.content, answer_s, accept)

    def scores(self, results: list[Result]) -> Scores:
        """The answer to all parts."""
        rewards = [result.reward for result in results]
        return Scores(
            batch_id=self._batch_id, rewards=rewards, results=results, groups=summarize(results)
        )


def _register_request(name: str, ground_truth: Any) -> dict[str, Any]:
    path = f"/v1/problems/{urllib.parse.quote(name)}"
    return _request("PUT", path, to_json(ground_truth), GRACE_S)


def _request(
    method: str, path: str, content: bytes, answer_s: float, accept: str = "application/json"
) -> dict[str, Any]:
    return {
        "method": method,
        "url": path,
        "content": content,
        "headers": {"Content-Type": "application/json", "Accept": accept},
        "timeout": httpx2.Timeout(answer_s, connect=CONNECT_TIMEOUT_S),
    }


def _json(response: httpx2.Response) -> Any:
    """What an answer holds; None for what is no JSON, which no part takes for its answer."""
    try:
        return response.json()
    except ValueError:
        return None
