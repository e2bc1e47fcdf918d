"""Keeps foreign web pages from using a service that needs no key.

A browser sends whatever a page tells it to, also to 127.0.0.1. What gives such a page away is its
Origin; and where its own name was made to lead here (DNS rebinding), that name as the Host.
"""

from __future__ import annotations

import ipaddress
import urllib.parse
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.errors import Refusal

_ANYONE = frozenset({"/healthz", "/readyz"})
"""Tell nothing that is worth hiding, and are asked by machines under any name."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OTHER_HOST = (
    "This service is not known by the name in the Host header. Ask it by its address, by localhost "
    "or by a name without a dot, have the name listed in VERIFIER_ALLOWED_HOSTS, or configure keys."
)
_OTHER_ORIGIN = (
    "A web page from elsewhere sent this, and the service asks for no key. Have the page's host "
    "listed in VERIFIER_ALLOWED_HOSTS, or configure keys (VERIFIER_API_KEYS)."
)


class KnownHosts:
    """ASGI middleware. Answers 421 for an unknown Host, 403 for what a foreign page sends."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        """`hosts` are known beside those that no stranger's page can have: `verifier.example.org`,
        `*.example.org` for all below it, or `*`."""
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._refused(scope) if scope["type"] == "http" else None
        answer = problem.response() if problem else self._app
        await answer(scope, receive, send)

    def _refused(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        # Without a Host it is no browser.
        if host and not self._is_known(_name(host)) and scope["path"] not in _ANYONE:
            return Refusal(421, _OTHER_HOST)
        origin = headers.get("origin")
        if scope["method"] not in _READING and origin is not None:
            sender = urllib.parse.urlsplit(origin).netloc.lower()
            if sender != host and not self._is_listed(_name(sender)):
                return Refusal(403, _OTHER_ORIGIN)
        return None

    def _is_known(self, name: str) -> bool:
        return (
            "." not in name
            or _is_address(name)
            or name.endswith(".localhost")
            or self._is_listed(name)
        )

    def _is_listed(self, name: str) -> bool:
        if not name:
            return False
        above = {f"*.{name.split('.', count)[-1]}" for count in range(1, name.count(".") + 1)}
        return not self._hosts.isdisjoint({name, "*"} | above)


def _name(host: str) -> str:
    """Without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
