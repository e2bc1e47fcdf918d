"""Bodies that come compressed: gzip or zstd, decompressed a bounded step at a time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, cast

from api.http.errors import Refusal

TAKEN = {"Accept-Encoding": "gzip, zstd"}
"""A header that says so (RFC 9110, 12.5.3)."""
STEP_BYTES = 1024 * 1024
"""What comes out at a time, whatever went in."""
MAX_RATIO, ANY_RATIO_BYTES = 5000, 16 * 1024 * 1024
"""Beyond the first of it a body may not be more than so many times what was sent."""
_WINDOW_LOG = 27
"""128 MiB: what `zstd --long` asks for, and the most that is kept of what came before."""


class _Decompressor(Protocol):
    """What zstd's has, and what is made of zlib's."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gunzip:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        found = self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)
        self.needs_input = len(found) < max_length and not self._inflate.unconsumed_tail
        return found


def _zstd() -> _Decompressor:
    from backports.zstd import (  # noqa: PLC0415 - most services never get such a body
        DecompressionParameter,
        ZstdDecompressor,
    )

    options: Mapping[int, int] = {DecompressionParameter.window_log_max: _WINDOW_LOG}
    return cast(_Decompressor, ZstdDecompressor(options=options))


_KNOWN: Mapping[str, Callable[[], _Decompressor]] = {
    "gzip": _Gunzip,
    "x-gzip": _Gunzip,
    "zstd": _zstd,
}


class Decoder:
    """Decompresses one body, which may be several members or frames. Not thread-safe."""

    def __init__(self, encodings: list[str]) -> None:
        """`encodings`: what Content-Encoding lists. Raises Refusal 415."""
        used = [name for name in encodings if name not in {"", "identity"}]
        if len(used) > 1 or not set(used) <= _KNOWN.keys():
            raise Refusal(
                415,
                "Send the body as it is, or with a Content-Encoding of gzip or zstd.",
                headers=TAKEN,
            )
        self.encodes = bool(used)
        self._name = used[0] if used else "identity"
        self._read_bytes = self._made_bytes = 0
        self._one: _Decompressor | None = None

    def steps(self, piece: bytes) -> Iterator[bytes]:
        """What comes of a further piece, STEP_BYTES at a time at most. Raises Refusal 400, 413."""
        self._read_bytes += len(piece)
        while piece or (self._one and not self._one.eof and not self._one.needs_input):
            if self._one is None or self._one.eof:
                self._one = _KNOWN[self._name]()
            found = self._decompressed(self._one, piece)
            piece = self._one.unused_data if self._one.eof else b""
            self._count(found)
            yield found

    def end(self) -> None:
        """Nothing more comes. Raises Refusal 400 where something is missing."""
        if self.encodes and not (self._one and self._one.eof):
            raise Refusal(400, f"The body ends in the middle of its {self._name}; send it again.")

    def _decompressed(self, one: _Decompressor, piece: bytes) -> bytes:
        try:
            return one.decompress(piece, STEP_BYTES)
        except Exception as error:
            raise Refusal(
                400, f"The body is no valid {self._name}, which Content-Encoding says it is."
            ) from error

    def _count(self, found: bytes) -> None:
        self._made_bytes += len(found)
        if self._made_bytes > max(ANY_RATIO_BYTES, MAX_RATIO * self._read_bytes):
            raise Refusal(
                413,
                f"The body is more than {MAX_RATIO} times as large as what was sent of it; send it "
                "uncompressed, or in several requests.",
            )
