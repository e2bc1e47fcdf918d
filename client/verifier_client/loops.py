"""Where reward functions are run: in the trainer's event loop, or in one of our own.

Every event loop has a `Gatherer` of its own, and so has every process: what a fork inherits belongs
to its parent. Functions that are no coroutines share a loop in a thread, so that those that a
trainer calls in many threads at once travel together too.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import os
import threading
import weakref
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

from verifier_client.async_client import AsyncClient
from verifier_client.exchange import CANCEL_WITHIN_S
from verifier_client.gathering import Gatherer
from verifier_client.settings import VARIABLES, Settings

T = TypeVar("T")


class _Opened:
    """A gatherer, and the client that it asks through for as long as the loop runs."""

    def __init__(self, settings: Settings, *, rewards_only: bool) -> None:
        self._client = AsyncClient(
            settings.url,
            api_key=settings.api_key,
            patience_s=settings.patience_s,
            deadline_s=settings.deadline_s or 0,
            connections=settings.connections,
            gather_ms=settings.gather_ms,
        )
        self.gatherer = Gatherer(self._client, rewards_only=rewards_only)
        self._lifetime = self._until_the_loop_ends()

    async def begin(self) -> None:
        await self._lifetime.__anext__()

    async def _until_the_loop_ends(self) -> AsyncGenerator[None, None]:
        """`asyncio.run` closes the generators that are left, and this one the connections."""
        try:
            yield
        finally:
            _opened.pop(asyncio.get_running_loop(), None)
            await self._client.close()


_opened: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[Settings, bool], _Opened]]
_opened = weakref.WeakKeyDictionary()


async def gatherer(*, rewards_only: bool = False) -> Gatherer:
    """The running loop's, for the settings that the environment has now. Raises Unusable."""
    wanted = _settings(), rewards_only
    opened_here = _opened.setdefault(asyncio.get_running_loop(), {})
    opened = opened_here.get(wanted)
    if opened is None:
        settings, _ = wanted
        opened = opened_here[wanted] = _Opened(settings, rewards_only=rewards_only)
        await opened.begin()
    return opened.gatherer


def _settings() -> Settings:
    """The environment's. It is looked at for every rollout and hardly ever changes."""
    return _read(tuple(map(os.environ.get, VARIABLES)))


@functools.lru_cache(maxsize=1)
def _read(_: tuple[str | None, ...]) -> Settings:
    return Settings.read()


class _Thread:
    """An event loop that runs in a thread until the process ends."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self.loop.run_forever, name="verifier-client", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.loop.shutdown_asyncgens(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


_thread: _Thread | None = None
_lock = threading.Lock()


def _begin_process() -> None:
    """A child has neither its parent's thread nor whoever held the parent's lock."""
    global _thread, _lock
    _thread, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_process)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """What the coroutine returns, for a caller that is none. Thread-safe."""
    global _thread  # noqa: PLW0603
    with _lock:
        if _thread is None:
            _thread = _Thread()
    future = asyncio.run_coroutine_threadsafe(coroutine, _thread.loop)
    try:
        return future.result()
    except BaseException:  # an alarm of the trainer's, an interrupt
        future.cancel()
        raise


@atexit.register
def _leave() -> None:
    """Have the service give up what an interrupted trainer asked it for."""
    if _thread is not None:
        with contextlib.suppress(Exception):
            leaving = asyncio.run_coroutine_threadsafe(_give_up(), _thread.loop)
            leaving.result(CANCEL_WITHIN_S)


async def _give_up() -> None:
    for opened in _opened.get(asyncio.get_running_loop(), {}).values():
        await opened.gatherer.close()


def stop() -> None:
    """End the thread and its connections, when nobody asks; `run` begins them anew."""
    global _thread
    with _lock:
        stopped, _thread = _thread, None
    if stopped is not None:
        stopped.stop()
