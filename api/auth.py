"""Who may ask: bearer keys, and no service for strangers by accident."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Awaitable, Callable, Collection

from fastapi import Request

from api.errors import Problem


class ExposedError(ValueError):
    """The service would be open to whoever can reach this address."""


def require_key(keys: Collection[bytes]) -> Callable[[Request], Awaitable[None]]:
    """A dependency that raises Problem 401 unless the request bears one of `keys`.

    Without keys everyone may ask. `request.state.owner` is the key's digest, b"" without keys."""

    async def check(request: Request) -> None:
        # Header values are latin-1 by specification; the key's bytes are what was sent.
        sent = request.headers.get("authorization", "").encode("latin-1")
        scheme, _, given = sent.partition(b" ")
        # Every key is compared, so that time says nothing about which one came close.
        matches = [secrets.compare_digest(given.strip(), key) for key in keys]
        known = scheme.lower() == b"bearer" and any(matches)
        request.state.owner = hashlib.sha256(given.strip()).digest() if known else b""
        if keys and not known:
            raise Problem(
                401,
                "Send `Authorization: Bearer KEY` with one of the keys the service was given.",
                headers={"WWW-Authenticate": "Bearer"},
            )

    return check


def refuse_exposure(host: str, keys: Collection[bytes], allow_unauthenticated: bool) -> None:
    """Raises ExposedError for an address that others can reach where no key is configured."""
    if keys or allow_unauthenticated or _is_loopback(host):
        return
    raise ExposedError(
        f"Others can reach {host}, and no key is configured. Set VERIFIER_API_KEYS (or "
        "VERIFIER_API_KEYS_FILE), bind to 127.0.0.1, or say --allow-unauthenticated where the "
        "network itself keeps strangers out."
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
