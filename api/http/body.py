"""Reads a request's body within a size and a time, before anything looks at it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from starlette.requests import ClientDisconnect

from api.http.budget import Body, BodyBudget
from api.http.encoding import Decoder
from api.http.errors import Refusal
from api.settings import Settings

STALL_S = 30.0
"""How long nothing of a body may come, however long all of it may take."""
_MAX_DIGITS = 20


@asynccontextmanager
async def received(request: Request, settings: Settings, budget: BodyBudget) -> AsyncIterator[Body]:
    """All of it, counted in what all bodies hold together until the context is left: keep no
    reference beyond that. Raises Refusal 400, 408, 413 or 415; QueueFull."""
    most = settings.max_body_bytes
    with budget.share() as share:
        data = bytearray()
        if (declared := _declared_bytes(request)) <= most:
            budget.check(declared)
        async for piece in pieces(request, most, settings.body_timeout_s):
            if len(data) + len(piece) > most:
                raise too_large(most)
            share.take(len(piece))
            data += piece
        yield Body(data, share)


async def pieces(request: Request, most_bytes: int, timeout_s: float) -> AsyncIterator[bytes]:
    """The body as it comes in, decompressed. Refuses early what says that it is larger than
    `most_bytes`; the caller counts what really comes.

    Raises Refusal 400, 408, 413 or 415; QueueFull."""
    decoder = Decoder(listed(request, "content-encoding"))
    if _declared_bytes(request) > most_bytes:
        raise too_large(most_bytes)
    async for piece in _sent(request, timeout_s):
        if not decoder.encodes:
            yield piece
            continue
        steps = decoder.steps(piece)
        while (found := await asyncio.to_thread(next, steps, None)) is not None:
            yield found
    decoder.end()


def _declared_bytes(request: Request) -> int:
    """What the client says that it sends; 0 where it says nothing."""
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal():
        return 0
    # Python reads no number of thousands of digits.
    return int(declared) if len(declared) <= _MAX_DIGITS else sys.maxsize


async def _sent(request: Request, timeout_s: float) -> AsyncIterator[bytes]:
    """What the client sends, for which alone it has so long: not for what we do meanwhile."""
    loop = asyncio.get_running_loop()
    left_s = timeout_s
    is_more = True
    try:
        while is_more:
            began = loop.time()
            async with asyncio.timeout(min(left_s, STALL_S)):
                message = await request.receive()
            left_s -= loop.time() - began
            if message["type"] == "http.disconnect":  # nobody reads this
                raise Refusal(400, "The body ended before all of it was sent; send it again.")
            is_more = message.get("more_body", False)
            yield message.get("body", b"")
    except TimeoutError:
        raise Refusal(
            408,
            f"The body took longer than {timeout_s:g} s (VERIFIER_BODY_TIMEOUT_S), or nothing of "
            f"it came for {STALL_S:g} s; send less at a time.",
            headers={"Connection": "close"},
        ) from None


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


def too_large(most: int) -> Refusal:
    """What to do about a body, or what has to be kept of it, beyond `most` bytes."""
    return Refusal(
        413,
        f"The body is larger than the limit of {most} bytes (VERIFIER_MAX_BODY_BYTES); send it in "
        "several requests.",
    )
