"""Takes the trace of a request (W3C `traceparent`) along, into lines of the log and to workers."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.trace import SpanContext
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from verifier.logs import about
from verifier.tracing import words_for

_PROPAGATOR = TraceContextTextMapPropagator()


class Traced:
    """An app around another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        words = words_for(_context(scope)) if scope["type"] == "http" else {}
        if not words:
            await self._app(scope, receive, send)
            return
        with about(**words):
            await self._app(scope, receive, send)


def _context(scope: Scope) -> SpanContext:
    """Of the span that FastAPI opened for this request; of its sender's where spans go nowhere."""
    ours = trace.get_current_span().get_span_context()
    given = Headers(scope=scope).get("traceparent")
    if ours.is_valid or given is None:
        return ours
    theirs = _PROPAGATOR.extract({"traceparent": given})
    return trace.get_current_span(theirs).get_span_context()
