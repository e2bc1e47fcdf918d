"""Reads a request's body within a size and a time, before anything looks at it."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.requests import ClientDisconnect

from api.errors import Problem
from api.settings import Settings


async def read_body(request: Request, settings: Settings) -> bytes:
    """All of it. Raises Problem 408, 413 or 415."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "Send the body without a Content-Encoding.")
    most = settings.max_body_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    pieces, size = [], 0
    try:
        async with asyncio.timeout(settings.body_timeout_s):
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise _too_large(most)
                pieces.append(piece)
    except TimeoutError:
        raise Problem(
            408,
            f"The body took longer than {settings.body_timeout_s:g} s (VERIFIER_BODY_TIMEOUT_S); "
            "send less at a time.",
        ) from None
    # Tens of megabytes: a thread copies them without holding up the event loop.
    return await asyncio.to_thread(b"".join, pieces)


def is_lines(request: Request) -> bool:
    """Whether the body says that it is one JSON value a line.

    Everything else is read as JSON, whatever it calls itself: curl and urllib name a form unless
    they are told otherwise."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    return media_type == "application/x-ndjson"


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
