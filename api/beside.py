"""Runs work that grows with the size of a request in a thread, beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

SMALL_BYTES = 16 * 1024
"""Handing it to another thread and waking up again takes as long as reading this much."""

T = TypeVar("T")


async def beside_the_loop(size_bytes: int, work: Callable[..., T], *arguments: object) -> T:
    """Call it in a thread, so that no other request waits; where little is to do, at once."""
    if size_bytes <= SMALL_BYTES:
        return work(*arguments)
    return await asyncio.to_thread(work, *arguments)
