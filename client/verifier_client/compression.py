"""How bodies are compressed: as the service takes them, which it says in its answers.

gzip is tried first. A service that takes no compressed body answers 415 and gets it as it is, then
and from then on. zstd is used where a module for it is installed and an answer's Accept-Encoding
(RFC 7694) names it.
"""

from __future__ import annotations

import gzip
import importlib
from collections.abc import Callable

import httpx2

LEAST_BYTES = 64 * 1024
"""Smaller bodies are sent as they are: to compress them takes longer than to send them."""
UNSUPPORTED = 415
_LEVEL = 1

_Compress = Callable[[bytes], bytes]


class Compression:
    """What one service takes, as far as it has said. Thread-safe."""

    def __init__(self) -> None:
        self._how: tuple[str, _Compress] = ("gzip", _gzip)

    def encoded(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """The body as it is sent, and the headers that say how."""
        coding, compress = self._how  # at once: an answer to another request may change it
        if coding == "identity" or len(body) < LEAST_BYTES:
            return body, {}
        return compress(body), {"Content-Encoding": coding}

    def learn_from(self, answer: httpx2.Response) -> None:
        """Choose how further bodies are compressed, by what the answer says the service takes."""
        listed = answer.headers.get("accept-encoding", "").lower().split(",")
        taken = {item.partition(";")[0].strip() for item in listed}
        if answer.status_code == UNSUPPORTED:
            self._how = ("identity", _as_it_is)
        elif "zstd" in taken and self._how[0] == "gzip" and (zstd := _zstd()):
            self._how = ("zstd", zstd)


def _gzip(body: bytes) -> bytes:
    """The same bytes for the same body: no time of day in them."""
    return gzip.compress(body, _LEVEL, mtime=0)


def _as_it_is(body: bytes) -> bytes:
    return body


def _zstd() -> _Compress | None:
    """From whichever module there is; Python has one itself from 3.14 on."""
    for name in ("compression.zstd", "backports.zstd", "zstandard"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        return lambda body: bytes(module.compress(body, _LEVEL))
    return None
