"""Answers requests that a stopping service can no longer wait for."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import Refusal


class Leaving:
    """An app around another, whose requests under way can be ended with an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: set[asyncio.Task[Any]] = set()
        self._has_left = False

    def leave(self) -> None:
        """End every request: 503, or a broken answer where some of it was sent."""
        self._has_left = True
        for task in self._under_way:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def sent(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        self._under_way.add(task)
        try:
            await self._app(scope, receive, sent)
        except asyncio.CancelledError:
            if not self._has_left:
                raise
            task.uncancel()
            if not has_begun:
                await _stopping().response()(scope, receive, send)
        finally:
            self._under_way.discard(task)


def _stopping() -> Refusal:
    return Refusal(
        503,
        "The service is stopping. Send it again, here or to another one: over Redis, a batch with "
        "a batch_id goes on meanwhile and is judged no second time.",
        headers={"Retry-After": "1", "Connection": "close"},
    )
