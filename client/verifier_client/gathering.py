"""Gathers single rollouts of many tasks into one request, which costs less than many.

A `Gatherer` belongs to one event loop. Whoever asks alone is sent at once; while requests are under
way, what comes within a few milliseconds travels in one. Each answer reaches its caller as soon as
the service has it, whatever else the same request carries.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from verifier_client.async_client import AsyncClient
from verifier_client.errors import ClientError, Refused
from verifier_client.model import Result
from verifier_client.parts import as_lists

MOST_ROLLOUTS = 512
"""Of one request."""
MOST_WINDOWS = 100
"""How many times `gather_s` a rollout waits at most, where the service is slow."""
REGISTERED_BYTES = 4096
"""Ground truths from this size on are registered, and then named instead of sent."""
MOST_REGISTERED_BYTES = 32 * 1024 * 1024
"""Of all that one gatherer registers: the registry is for others too, and forgets nothing."""
_OF_ONE_ROLLOUT = frozenset({400, 413, 422})
"""Refusals that one rollout can bring upon all that travel with it."""
_UNKNOWN_PROBLEM = 409

_CANONICAL = json.JSONEncoder(
    default=as_lists, sort_keys=True, separators=(",", ":"), allow_nan=False
)


class Truth(NamedTuple):
    """A ground truth and the canonical JSON by which it is known."""

    content: Any
    canonical: bytes

    @classmethod
    def of(cls, ground_truth: Any) -> Truth:
        """Raises TypeError, ValueError or RecursionError for what has no form in JSON."""
        return cls(ground_truth, _CANONICAL.encode(ground_truth).encode("ascii"))

    @property
    def name(self) -> str:
        """What the service calls it once it is registered."""
        return f"sha256:{hashlib.sha256(self.canonical).hexdigest()}"


class _Asked(NamedTuple):
    """One rollout and who waits for its verdict."""

    completion: str
    truth: Truth
    truncated: bool | None
    verdict: asyncio.Future[Result]

    @property
    def fields(self) -> dict[str, Any]:
        """What the service is told of it beside its ground truth."""
        known = {} if self.truncated is None else {"truncated": self.truncated}
        return {"completion": self.completion, **known}


class Gatherer:
    """Judges rollouts for the tasks of the running event loop."""

    def __init__(self, client: AsyncClient, *, rewards_only: bool = False) -> None:
        """`rewards_only`: see `Client.score`."""
        self._client = client
        self._rewards_only = rewards_only
        self._gather_s = client.settings.gather_ms / 1000
        self.patience_s = client.settings.patience_s
        self._waiting: list[_Asked] = []
        self._departure: asyncio.Handle | None = None
        self._at_once = False
        """Whether that departure is as soon as can be."""
        self._under_way: dict[asyncio.Task[None], Sequence[_Asked]] = {}
        self._usual_s = 0.0
        """What half the verdicts of a request took of late."""
        self._registering: set[asyncio.Task[None]] = set()
        self._registered: dict[str, bool] = {}
        """False: not yet, or the service would not."""
        self._may_register = MOST_REGISTERED_BYTES

    async def score(
        self, completion: str, truth: Truth, *, truncated: bool | None = None
    ) -> Result:
        """The verdict on one rollout. Raises what `AsyncClient` raises, each caller its own.

        A caller that is cancelled disturbs no other; the last one of a request has the service
        give it up."""
        verdict: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        asked = _Asked(completion, truth, truncated, verdict)
        self._waiting.append(asked)
        self._arrange()
        try:
            return await verdict
        except asyncio.CancelledError:
            self._left(asked)
            raise

    async def close(self) -> None:
        """Give up whatever is under way, and have the service do so."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _left(self, asked: _Asked) -> None:
        for task, some in self._under_way.items():
            if any(one is asked for one in some) and all(one.verdict.done() for one in some):
                task.cancel()

    def _arrange(self) -> None:
        """See to it that what waits departs: at once where nothing is under way or enough waits."""
        if self._full():
            return  # whatever arrives first makes room
        at_once = not self._under_way or len(self._waiting) >= MOST_ROLLOUTS
        if self._departure is not None:
            if self._at_once or not at_once:
                return
            self._departure.cancel()
        loop = asyncio.get_running_loop()
        self._at_once = at_once
        # Never within this call: other tasks that are ready now shall ask first.
        self._departure = (
            loop.call_soon(self._depart)
            if at_once
            else loop.call_later(self._window_s(), self._depart)
        )

    def _depart(self) -> None:
        self._departure = None
        self._waiting = [asked for asked in self._waiting if not asked.verdict.done()]
        while self._waiting and not self._full():
            some, self._waiting = self._waiting[:MOST_ROLLOUTS], self._waiting[MOST_ROLLOUTS:]
            task = asyncio.get_running_loop().create_task(self._ask(some))
            self._under_way[task] = some
            task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        was_full = self._full()
        self._under_way.pop(task, None)
        if self._waiting and was_full:
            self._depart()
        elif self._waiting:
            self._arrange()

    def _window_s(self) -> float:
        """What verdicts take: one request is on its way while another is being judged, and a
        service that is drowning gets fewer and larger ones."""
        return min(MOST_WINDOWS * self._gather_s, max(self._gather_s, self._usual_s))

    def _full(self) -> bool:
        return len(self._under_way) >= self._client.settings.connections

    async def _ask(self, some: Sequence[_Asked]) -> None:
        """Have each of them answered."""
        try:
            await self._request(some)
        except Refused as refusal:
            if refusal.status in _OF_ONE_ROLLOUT and len(some) > 1:
                # One of them is at fault: halve until it is found, and judge the others.
                half = len(some) // 2
                await asyncio.gather(self._ask(some[:half]), self._ask(some[half:]))
            else:
                _tell(some, refusal)
        except asyncio.CancelledError:
            for asked in some:
                asked.verdict.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            _tell(some, error)

    async def _request(self, some: Sequence[_Asked]) -> None:
        by_truth: dict[bytes, list[_Asked]] = {}
        for asked in some:
            by_truth.setdefault(asked.truth.canonical, []).append(asked)
        in_order = [asked for together in by_truth.values() for asked in together]
        named = [(self._named(together[0].truth), together) for together in by_truth.values()]
        try:
            await self._answer(in_order, named)
        except Refused as refusal:
            if refusal.status != _UNKNOWN_PROBLEM:
                raise
            # The service was started anew, say: it gets them with their rollouts, and once more.
            self._registered.clear()
            await self._answer(in_order, [(_inline(some[0].truth), some) for _, some in named])

    async def _answer(
        self,
        asked: Sequence[_Asked],
        named: Sequence[tuple[Mapping[str, Any], Sequence[_Asked]]],
    ) -> None:
        """Ask for them as groups, unless most are alone, for which groups are twice the work."""
        began, told = time.monotonic(), 0
        if 2 * len(named) > len(asked):
            rollouts = [{**truth, **one.fields} for truth, some in named for one in some]
            results = self._client.stream(rollouts, rewards_only=self._rewards_only)
        else:
            groups = [_group(truth, some) for truth, some in named]
            results = self._client.stream(groups=groups, rewards_only=self._rewards_only)
        async for result in results:
            told += 1
            if told == (len(asked) + 1) // 2:
                took_s = time.monotonic() - began
                self._usual_s += (took_s - self._usual_s) / (8 if self._usual_s else 1)
            verdict = asked[result.index or 0].verdict
            if not verdict.done():
                verdict.set_result(result)

    def _named(self, truth: Truth) -> Mapping[str, Any]:
        """How rollouts refer to it: by its name where the service has it already."""
        size = len(truth.canonical)
        if size >= REGISTERED_BYTES:
            name = truth.name
            if self._registered.get(name):
                return {"problem": name}
            if name not in self._registered and size <= self._may_register:
                self._may_register -= size
                self._registered[name] = False
                task = asyncio.create_task(self._register(name, truth))
                self._registering.add(task)
                task.add_done_callback(self._registering.discard)
        return _inline(truth)

    async def _register(self, name: str, truth: Truth) -> None:
        """For rollouts to come; where it cannot be done their ground truths travel with them."""
        with contextlib.suppress(ClientError):
            await self._client.register(name, truth.content)
            self._registered[name] = True


def _inline(truth: Truth) -> Mapping[str, Any]:
    return {"ground_truth": truth.content}


def _group(truth: Mapping[str, Any], some: Sequence[_Asked]) -> Mapping[str, Any]:
    group = {**truth, "completions": [asked.completion for asked in some]}
    if any(asked.truncated is not None for asked in some):
        group["truncated"] = [asked.truncated for asked in some]
    return group


def _tell(some: Sequence[_Asked], error: Exception) -> None:
    """An exception of its own for each: one object raised twice gathers the tracebacks of both."""
    for asked in some:
        if not asked.verdict.done():
            own = copy.copy(error) if isinstance(error, ClientError) else error
            asked.verdict.set_exception(own)
