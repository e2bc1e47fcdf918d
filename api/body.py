"""Reads a request's body within a size and a time, before anything looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from starlette.requests import ClientDisconnect

from api.budget import BodyBudget
from api.errors import Problem
from api.settings import Settings
from api.state import service_of

STALL_S = 30.0
"""How long nothing of a body may come, however long all of it may take."""
_MAX_DIGITS = 20


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[bytes]:
    """All of it, counted in what all bodies hold together until the context is left: keep no
    reference beyond that. Raises Problem 400, 408, 413 or 415; QueueFull."""
    service = service_of(request)
    body = bytearray()
    try:
        await _fill(body, request, service.settings, service.budget)
        # Hundreds of megabytes: a thread copies them without holding up the event loop.
        yield await asyncio.to_thread(bytes, body)
    finally:
        service.budget.give_back(len(body))


async def _fill(body: bytearray, request: Request, settings: Settings, budget: BodyBudget) -> None:
    if set(listed(request, "content-encoding")) - {"", "identity"}:
        raise Problem(415, "Send the body without a Content-Encoding.")
    most = settings.max_body_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdecimal():
        # Python reads no number of thousands of digits.
        if len(declared) > _MAX_DIGITS or int(declared) > most:
            raise _too_large(most)
        budget.check(int(declared))
    try:
        loop = asyncio.get_running_loop()
        latest = loop.time() + settings.body_timeout_s
        async with asyncio.timeout_at(min(latest, loop.time() + STALL_S)) as limit:
            async for piece in request.stream():
                limit.reschedule(min(latest, loop.time() + STALL_S))
                if len(body) + len(piece) > most:
                    raise _too_large(most)
                budget.take(len(piece))
                body += piece
    except TimeoutError:
        raise Problem(
            408,
            f"The body took longer than {settings.body_timeout_s:g} s (VERIFIER_BODY_TIMEOUT_S), "
            f"or nothing of it came for {STALL_S:g} s; send less at a time.",
            headers={"Connection": "close"},
        ) from None
    except ClientDisconnect:  # nobody reads this, and no traceback is worth it
        raise Problem(400, "The body ended before all of it was sent; send it again.") from None


def is_lines(request: Request) -> bool:
    """Whether the body says that it is one JSON value a line.

    Everything else is read as JSON, whatever it calls itself: curl and urllib name a form unless
    they are told otherwise."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    return media_type == "application/x-ndjson"


def listed(request: Request, header: str) -> list[str]:
    """What a header lists, in lower case and without parameters."""
    items = ",".join(request.headers.getlist(header)).split(",")
    return [item.partition(";")[0].strip().lower() for item in items]


async def client_left(request: Request) -> None:
    """Returns when the client has gone away; call it after the body was read."""
    try:
        while (await request.receive())["type"] != "http.disconnect":
            pass
    except ClientDisconnect:
        return


def _too_large(most: int) -> Problem:
    return Problem(
        413,
        f"The body is larger than the limit of {most} bytes (VERIFIER_MAX_BODY_BYTES); send it in "
        "several requests.",
        headers={"Connection": "close"},
    )
