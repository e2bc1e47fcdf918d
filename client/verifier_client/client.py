"""`Client` and `AsyncClient`: a batch to POST /v1/score, its verdicts back.

A batch is named once, by a batch_id, and sent under that name until it is answered: the service
judges a named batch once, however often it comes. Both clients are context managers and may be
used by several threads or tasks at a time.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.parse
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import httpx2

from verifier_client.model import Result, Scores, read_result, read_scores
from verifier_client.retry import Attempts

PATIENCE_S = 300.0
"""How long a request is sent again and again, from its beginning, before Unavailable is raised."""
CONNECT_TIMEOUT_S = 10.0
LONGEST_BATCH_S = 3600.0
"""How long an answer may take where the batch has no deadline of its own."""
GRACE_S = 30.0

Rows = Sequence[Mapping[str, Any]]


class Client:
    """Scores batches; raises Refused and Unavailable."""

    def __init__(
        self, url: str, *, api_key: str | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        """`url` is the service's address, http://127.0.0.1:8000 say."""
        self._http = httpx2.Client(**_options(url, api_key))
        self._patience_s = patience_s

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
        """Close the connections."""
        self._http.close()

    def score(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        explain: bool = False,
    ) -> Scores:
        """The verdicts on a batch, given as `rollouts` or as `groups` in the service's own form."""
        request = _score_request(rollouts, groups, batch_id, deadline_s, explain)
        return read_scores(self._send(request).json())

    def stream(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        explain: bool = False,
    ) -> Iterator[Result]:
        """Each verdict as it is ready, once, with its `index`."""
        request = _score_request(rollouts, groups, batch_id, deadline_s, explain)
        request["headers"]["Accept"] = "application/x-ndjson"
        attempts = Attempts(self._patience_s)
        seen: set[int | None] = set()
        while True:
            try:
                with self._http.stream(**request) as response:
                    if response.is_success:
                        for line in response.iter_lines():
                            result = read_result(json.loads(line))
                            if result.index not in seen:
                                seen.add(result.index)
                                yield result
                        return
                    response.read()
                    pause_s = attempts.pause_after(response)
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            time.sleep(pause_s)

    def register(self, name: str, ground_truth: Any) -> None:
        """Have rollouts refer to this ground truth by `{"problem": name}`."""
        self._send(_register_request(name, ground_truth))

    def _send(self, request: dict[str, Any]) -> httpx2.Response:
        attempts = Attempts(self._patience_s)
        while True:
            try:
                response = self._http.request(**request)
                if response.is_success:
                    return response
                pause_s = attempts.pause_after(response)
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            time.sleep(pause_s)


class AsyncClient:
    """`Client` for coroutines: the same methods, awaited."""

    def __init__(
        self, url: str, *, api_key: str | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        """See `Client`."""
        self._http = httpx2.AsyncClient(**_options(url, api_key))
        self._patience_s = patience_s

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
        """See `Client`."""
        await self._http.aclose()

    async def score(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        explain: bool = False,
    ) -> Scores:
        """See `Client`."""
        request = _score_request(rollouts, groups, batch_id, deadline_s, explain)
        return read_scores((await self._send(request)).json())

    async def stream(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        explain: bool = False,
    ) -> AsyncIterator[Result]:
        """See `Client`."""
        request = _score_request(rollouts, groups, batch_id, deadline_s, explain)
        request["headers"]["Accept"] = "application/x-ndjson"
        attempts = Attempts(self._patience_s)
        seen: set[int | None] = set()
        while True:
            try:
                async with self._http.stream(**request) as response:
                    if response.is_success:
                        async for line in response.aiter_lines():
                            result = read_result(json.loads(line))
                            if result.index not in seen:
                                seen.add(result.index)
                                yield result
                        return
                    await response.aread()
                    pause_s = attempts.pause_after(response)
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            await asyncio.sleep(pause_s)

    async def register(self, name: str, ground_truth: Any) -> None:
        """See `Client`."""
        await self._send(_register_request(name, ground_truth))

    async def _send(self, request: dict[str, Any]) -> httpx2.Response:
        attempts = Attempts(self._patience_s)
        while True:
            try:
                response = await self._http.request(**request)
                if response.is_success:
                    return response
                pause_s = attempts.pause_after(response)
            except httpx2.TransportError as error:
                pause_s = attempts.pause_after_error(error)
            await asyncio.sleep(pause_s)


def to_json(value: Any) -> bytes:
    """JSON for the service. Data sets hold numpy arrays, which become lists."""

    def plain(array: Any) -> Any:
        if hasattr(array, "tolist"):
            return array.tolist()
        raise TypeError(f"{type(array).__name__} has no form in JSON")

    return json.dumps(value, default=plain).encode("ascii")


def _options(url: str, api_key: str | None) -> dict[str, Any]:
    return {
        "base_url": url,
        "headers": {"Authorization": f"Bearer {api_key}"} if api_key else {},
        # A proxy of the environment does not lead to this machine itself.
        "trust_env": httpx2.URL(url).host not in {"127.0.0.1", "::1", "localhost"},
    }


def _score_request(
    rollouts: Rows | None,
    groups: Rows | None,
    batch_id: str | None,
    deadline_s: float | None,
    explain: bool,
) -> dict[str, Any]:
    """What to send, as httpx2 takes it."""
    body = {
        "rollouts": rollouts,
        "groups": groups,
        "batch_id": batch_id or uuid.uuid4().hex,
        "deadline_s": deadline_s,
        "explain": explain,
    }
    answer_s = (deadline_s or LONGEST_BATCH_S) + GRACE_S
    return _request("POST", "/v1/score", body, answer_s)


def _register_request(name: str, ground_truth: Any) -> dict[str, Any]:
    return _request("PUT", f"/v1/problems/{urllib.parse.quote(name)}", ground_truth, GRACE_S)


def _request(method: str, path: str, body: Any, answer_s: float) -> dict[str, Any]:
    return {
        "method": method,
        "url": path,
        "content": to_json(body),
        "headers": {"Content-Type": "application/json"},
        "timeout": httpx2.Timeout(answer_s, connect=CONNECT_TIMEOUT_S),
    }
