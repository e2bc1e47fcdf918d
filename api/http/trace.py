"""Takes the trace of a request (W3C `traceparent`) along into every line of the log."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from verifier.logs import about

_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}.*")
_NONE = b"0" * 32


class Traced:
    """An app around another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = b""
        if scope["type"] == "http":
            given = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        found = _TRACEPARENT.fullmatch(given)
        if found is None or found[1] == _NONE:
            await self._app(scope, receive, send)
            return
        with about(trace=found[1].decode("ascii"), span=found[2].decode("ascii")):
            await self._app(scope, receive, send)
