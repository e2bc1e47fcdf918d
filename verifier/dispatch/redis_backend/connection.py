"""How Redis is reached: by its address, over TLS, or through the sentinels that say where it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

SOCKET_TIMEOUT_S = 5.0
_CONNECT_TIMEOUT_S = 2.0
_THROUGH_SENTINELS = {"redis+sentinel": False, "rediss+sentinel": True}
"""Scheme -> whether it is TLS, to the sentinels too."""
_SENTINEL_PORT = 26379


def connect(url: str, *, timeout_s: float = SOCKET_TIMEOUT_S) -> redis.Redis:
    """A client that fails soon rather than late; callers decide what to repeat.

    `redis+sentinel://:PASSWORD@HOST:26379,HOST:26379/SERVICE/0` asks these sentinels whenever it
    connects; everything else is as redis-py reads it. Raises ValueError for an address that is
    none."""
    options: dict[str, Any] = {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": min(_CONNECT_TIMEOUT_S, timeout_s),
        # One: a connection that went stale while it was idle. What took too long would again.
        "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    }
    address = urlsplit(url)
    if address.scheme in _THROUGH_SENTINELS:
        return _through_sentinels(address, options)
    return redis.Redis.from_url(url, **options)


def plain(error: Exception) -> str:
    """What it says, to be put into a sentence."""
    return str(error).rstrip(".") or type(error).__name__


def _through_sentinels(address: SplitResult, options: dict[str, Any]) -> redis.Redis:
    """The client of whatever Redis the sentinels of this address call master. Raises ValueError."""
    service, _, database = address.path.strip("/").partition("/")
    if not service or not (database or "0").isdecimal():
        raise ValueError(
            "an address of sentinels ends in the name of the service that they watch and, if it "
            "is not 0, a database: redis+sentinel://HOST:26379,HOST:26379/SERVICE/0."
        )
    tls = {"ssl": True} if _THROUGH_SENTINELS[address.scheme] else {}
    hosts = address.netloc.rpartition("@")[2].split(",")
    sentinels = Sentinel(  # type: ignore[no-untyped-call]
        [_host_and_port(host) for host in hosts],
        sentinel_kwargs={
            "socket_timeout": options["socket_connect_timeout"],
            "socket_connect_timeout": options["socket_connect_timeout"],
            **tls,
        },
        username=unquote(address.username) if address.username else None,
        password=unquote(address.password) if address.password else None,
        db=int(database or 0),
        **options,
        **tls,
    )
    master: redis.Redis = sentinels.master_for(service)  # type: ignore[no-untyped-call]
    return master


def _host_and_port(text: str) -> tuple[str, int]:
    """Raises ValueError."""
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("an address of sentinels names a host, or several with commas between.")
    return parts.hostname, parts.port or _SENTINEL_PORT
