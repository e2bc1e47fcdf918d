"""Counts requests by route and status, and how late the event loop is."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics.service import Metrics
from verifier.notify import ALIVE, notify

LOOK_S = 0.5


class CountedRequests:
    """An app around another that counts what that answers."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._http = metrics.http

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception:
            status = status or 500  # whoever is around us answers so
            raise
        finally:
            if status:
                # The pattern: addresses have no bound.
                route = getattr(scope.get("route"), "path", "other")
                self._http.labels(route, status).inc()


async def watch_loop(metrics: Metrics) -> None:
    """Until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LOOK_S
        await asyncio.sleep(LOOK_S)
        metrics.loop_lag.observe(max(0.0, loop.time() - due))
        notify(ALIVE)
