"""HTTP connections that nobody shares: each process and each event loop opens its own.

A process that was forked has its parent's sockets, and the answers on them are anybody's: two
children that ask over one of them get each other's. So a child never uses what it inherited.
"""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from verifier_client.settings import Settings, is_on_this_machine

KEPT_S = 4.0
"""How long an idle connection is kept: less than a server does, uvicorn's 5 s say, so that no
request meets a connection that is being closed."""

_process = threading.Lock()
"""Another object in each process. The parent's lock may have been held when the child began."""


def _begin_process() -> None:
    global _process  # noqa: PLW0603 - a process is global
    _process = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_process)


class Connections:
    """One `httpx2.Client` for each process. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._options = _options(settings)
        self._opened: dict[object, list[httpx2.Client]] = {}
        """By process; the last one is in use. A parent's are kept, unused: to close them could wait
        for a lock that a thread of the parent's holds."""

    def here(self) -> httpx2.Client:
        """This process's."""
        with _process:
            mine = self._opened.setdefault(_process, [])
            if not mine:
                mine.append(httpx2.Client(**self._options))
            return mine[-1]

    def forget(self) -> None:
        """Have further requests open connections: what came over the present ones is odd."""
        with _process:
            self._opened[_process].append(httpx2.Client(**self._options))

    def close(self) -> None:
        """Close this process's; `here` opens anew."""
        with _process:
            mine = self._opened.pop(_process, [])
        for client in mine:
            client.close()


class AsyncConnections:
    """One `httpx2.AsyncClient` for each running event loop, which belongs to one process."""

    def __init__(self, settings: Settings) -> None:
        self._options = _options(settings)
        self._opened: weakref.WeakKeyDictionary[
            asyncio.AbstractEventLoop, list[httpx2.AsyncClient]
        ] = weakref.WeakKeyDictionary()

    def here(self) -> httpx2.AsyncClient:
        """The running loop's."""
        mine = self._opened.setdefault(asyncio.get_running_loop(), [])
        if not mine:
            mine.append(httpx2.AsyncClient(**self._options))
        return mine[-1]

    def forget(self) -> None:
        """See `Connections`."""
        self._opened[asyncio.get_running_loop()].append(httpx2.AsyncClient(**self._options))

    async def close(self) -> None:
        """Close the running loop's; `here` opens anew."""
        for client in self._opened.pop(asyncio.get_running_loop(), []):
            await client.aclose()


def _options(settings: Settings) -> dict[str, Any]:
    key = settings.api_key
    return {
        "headers": {"Authorization": f"Bearer {key}"} if key else {},
        "limits": httpx2.Limits(
            max_connections=settings.connections,
            max_keepalive_connections=settings.connections,
            keepalive_expiry=KEPT_S,
        ),
        # Certificates are read as long as hundreds of verdicts take, and not needed without TLS.
        "verify": settings.needs_certificates,
        # A proxy of the environment does not lead to this machine itself.
        "trust_env": not settings.on_this_machine,
    }


def through_proxy(url: str) -> str:
    """What to say of a request to it that a proxy of the environment may have come between."""
    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or is_on_this_machine(url) or proxy_bypass(parts.netloc):
        return ""
    named = proxy.rpartition("@")[2]
    return f" (asked through the proxy {named} of the environment, unless no_proxy spares it)"
