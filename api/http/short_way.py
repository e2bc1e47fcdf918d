"""Routes frequent requests straight to their handler, without FastAPI's work for each.

Trainers send single rollouts. To take a request apart into parameters that it does not have, and to
keep contexts for dependencies that nobody asked for, took longer than all that a rollout needs.
Nothing is left out that protects: middleware, the checks of who asks, limits of bodies, problems.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from opentelemetry import trace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

Check = Callable[[Request], Awaitable[None]]
"""Raises Refusal where the request may not be answered."""


class ShortWay(BaseRoute):
    """A POST to `path` without parameters; FastAPI has the same route, which documents it and takes
    what has some."""

    def __init__(
        self,
        path: str,
        checks: Sequence[Check],
        answer: Callable[[Request], Awaitable[Response]],
    ) -> None:
        self.path = path
        self._checks = checks
        self._answer = answer

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """See BaseRoute."""
        is_ours = (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and not scope["query_string"]
            and scope["path"].removeprefix(scope.get("root_path", "")) == self.path
        )
        return (Match.FULL, {"route": self}) if is_ours else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See BaseRoute."""
        trace.get_current_span().update_name(f"POST {self.path}")  # as FastAPI names its routes'
        request = Request(scope, receive, send)
        for check in self._checks:
            await check(request)
        response = await self._answer(request)
        await response(scope, receive, send)
