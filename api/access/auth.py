"""Checks the key of a request, and refuses to serve others without one by accident."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Awaitable, Callable

from fastapi import Request

from api.access.keys import KeyRing
from api.http.errors import Refusal


class Exposed(ValueError):
    """The service would be open to whoever can reach this address."""


def require_key(keys: KeyRing) -> Callable[[Request], Awaitable[None]]:
    """A dependency that raises Refusal 401 unless the request bears one of the keys: as a bearer,
    or as the password of basic authentication, which is what an address with a key in it becomes.

    Without keys everyone may ask. `request.state.owner` is whose key it is, b"" without keys."""

    async def check(request: Request) -> None:
        # Header values are latin-1 by specification; the key's bytes are what was sent.
        owner = keys.owner(_key_in(request.headers.get("authorization", "").encode("latin-1")))
        if owner is None:
            raise Refusal(
                401,
                "Send `Authorization: Bearer KEY` with one of the keys the service was given.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        request.state.owner = owner

    return check


def _key_in(header: bytes) -> bytes:
    scheme, _, given = header.partition(b" ")
    if scheme.lower() == b"bearer":
        return given.strip()
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(given.strip(), validate=True).partition(b":")[2]
        except binascii.Error:
            return b""
    return b""


def refuse_exposure(host: str, has_keys: bool, allow_unauthenticated: bool) -> None:
    """Raises Exposed for an address that others can reach where no key is configured."""
    if has_keys or allow_unauthenticated or _is_loopback(host):
        return
    raise Exposed(
        f"Others can reach {host}, and no key is configured. Set VERIFIER_API_KEYS (or "
        "VERIFIER_API_KEYS_FILE), bind to 127.0.0.1, or say --allow-unauthenticated where the "
        "network itself keeps strangers out."
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
