"""`Client`: a batch to POST /v1/score, its verdicts back.

A batch is named once, by a batch_id, and sent under that name until it is answered: the service
judges a named batch once, however often it comes. A client is a context manager, may be used by
several threads at a time, and in processes that were forked or to which it was pickled. An answer
that is not to the request raises Mismatched.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

import httpx2

from verifier_client.batch import PARTS_AT_ONCE, Batch, halves, read_answer, too_large
from verifier_client.compression import Compression
from verifier_client.connections import Connections
from verifier_client.errors import ClientError, Mismatched, Refused
from verifier_client.exchange import LINES, Exchange, Request, cancelling
from verifier_client.model import Result, Scores
from verifier_client.parts import Part, Rows
from verifier_client.reachability import Reachability
from verifier_client.settings import Settings


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
        gather_ms: float | None = None,
        unjudged: str | None = None,
    ) -> None:
        """What is not given comes from the environment: VERIFIER_URL and so on, see `Settings`.

        `gather_ms` is for what gathers rollouts and asks through this. Raises Unusable."""
        given = (url, api_key, patience_s, deadline_s, connections, gather_ms, unjudged)
        self._begin(Settings.read(*given))

    def _begin(self, settings: Settings) -> None:
        self.settings = settings
        self._connections = Connections(settings)
        self._compression = Compression()
        self._reachability = Reachability(settings.urls, settings.patience_s)

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
        rewards_only: bool = False,
        **options: Any,
    ) -> Scores:
        """The verdicts on a batch, given as `rollouts` or as `groups` in the service's own form.

        `options` are what else the service takes for a batch: `explain`, say. `rewards_only`: how
        they came about is not asked for, which lets the service run fewer tests of wrong
        programs; `outcome` then tells right, wrong and unjudged apart, and results say no more."""
        batch = Batch(
            self.settings,
            rollouts,
            groups,
            batch_id,
            deadline_s,
            options,
            rewards_only=rewards_only,
        )
        parts = batch.parts()
        first = next(parts)
        if first.last:
            return batch.scores(self._score(batch, first))
        results: list[Result] = []
        pool = ThreadPoolExecutor(PARTS_AT_ONCE)
        waiting: deque[tuple[Part, Future[list[Result]]]] = deque()
        try:
            for part in itertools.chain([first], parts):
                if len(waiting) == PARTS_AT_ONCE:
                    results += waiting[0][1].result()
                    waiting.popleft()
                waiting.append((part, pool.submit(self._score, batch, part)))
            for _, answer in waiting:
                results += answer.result()
        except BaseException as error:
            for part in [part for part, answer in waiting if not answer.done()]:
                self._cancel(part)
            # Those under way would go on with connections that the caller closes meanwhile; who
            # interrupts a trainer does not wait for that.
            pool.shutdown(wait=isinstance(error, Exception), cancel_futures=True)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return batch.scores(results)

    def _cancel(self, part: Part) -> None:
        """Have the service give up what nobody waits for any more, as far as it can be told."""
        with contextlib.suppress(httpx2.HTTPError):
            asked = cancelling(self._reachability.url, part.batch_id)
            self._connections.here().request(**asked)

    def _score(self, batch: Batch, part: Part) -> list[Result]:
        try:
            return read_answer(part, self._send(batch.request(part)))
        except Mismatched:
            self._connections.forget()
            raise
        except Refused as refused:
            if (null := too_large(part, refused)) is not None:
                return [null]
            return [r for half in halves(part, refused) for r in self._score(batch, half)]
        except ClientError:
            raise
        except BaseException:  # the trainer was interrupted
            self._cancel(part)
            raise

    def stream(
        self,
        rollouts: Rows | None = None,
        *,
        groups: Rows | None = None,
        batch_id: str | None = None,
        deadline_s: float | None = None,
        rewards_only: bool = False,
        **options: Any,
    ) -> Iterator[Result]:
        """Each verdict as it is ready, once, with its `index`."""
        batch = Batch(
            self.settings,
            rollouts,
            groups,
            batch_id,
            deadline_s,
            options,
            rewards_only=rewards_only,
        )
        for part in batch.parts():
            yield from self._stream(batch, part)

    def _stream(self, batch: Batch, part: Part) -> Iterator[Result]:
        try:
            yield from self._lines(part, batch.request(part, accept=LINES))
        except Mismatched:
            self._connections.forget()
            raise
        except Refused as refused:
            if (null := too_large(part, refused)) is not None:
                yield null
                return
            for half in halves(part, refused):
                yield from self._stream(batch, half)
        except ClientError:
            raise
        except BaseException:  # the trainer was interrupted, or wants no more
            self._cancel(part)
            raise

    def _lines(self, part: Part, request: Request) -> Iterator[Result]:
        exchange = self._exchange(request)
        seen: set[int | None] = set()
        while True:
            try:
                with self._connections.here().stream(**exchange.attempt()) as response:
                    if exchange.is_answered(response):
                        for line in response.iter_lines():
                            result = part.result(line)
                            if result.index not in seen:
                                seen.add(result.index)
                                yield result
                        if len(seen) == len(part.asked):
                            return
                        pause_s = exchange.pause_after_end()
                    else:
                        response.read()
                        pause_s = exchange.pause_after(response)
            except httpx2.RequestError as error:
                pause_s = exchange.pause_after_error(error)
            time.sleep(pause_s)

    def register(self, name: str, ground_truth: Any) -> None:
        """Have rollouts refer to this ground truth by `{"problem": name}`."""
        self._send(Request.register(name, ground_truth))

    def _exchange(self, request: Request) -> Exchange:
        patience_s = self.settings.patience_s
        return Exchange(request, patience_s, self._compression, self._reachability)

    def _send(self, request: Request) -> httpx2.Response:
        exchange = self._exchange(request)
        while True:
            try:
                response = self._connections.here().request(**exchange.attempt())
                if exchange.is_answered(response):
                    return response
                pause_s = exchange.pause_after(response)
            except httpx2.RequestError as error:
                pause_s = exchange.pause_after_error(error)
            time.sleep(pause_s)
