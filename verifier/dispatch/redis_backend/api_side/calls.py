"""Blocking calls to Redis, made in threads beside the event loop; their faults in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import redis

from verifier.dispatch.dispatcher import DispatchError, QueueFull, Unavailable
from verifier.dispatch.redis_backend.api_side.lookout import RETRY_FULL_S
from verifier.dispatch.redis_backend.connection import plain

THREADS = 16
T = TypeVar("T")


class Calls:
    """The threads of one API process."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "redis")

    async def call(self, function: Callable[..., T], *arguments: object) -> T:
        """What the function gives, in another thread. Raises what it raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: function(*arguments))

    async def ask(self, function: Callable[..., T], *arguments: object) -> T:
        """The same; raises Unavailable where Redis does not answer, QueueFull where it is full."""
        try:
            return await self.call(function, *arguments)
        except redis.RedisError as error:
            raise refusal(error) from error

    def close(self) -> None:
        """What has not begun is not done."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def refusal(error: redis.RedisError) -> DispatchError:
    """What a client is told."""
    if isinstance(error, redis.exceptions.OutOfMemoryError):
        return QueueFull(
            "Redis has no memory for more rollouts; send them again later, or fewer at a time.",
            retry_after_s=RETRY_FULL_S,
        )
    return Unavailable(f"The queue cannot be reached at present ({plain(error)}); send it again.")
