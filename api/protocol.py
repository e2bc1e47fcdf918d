"""HTTP as uvicorn speaks it, with a bound on what comes before a body, for which it has none."""

from __future__ import annotations

import http
import json

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

MAX_HEAD_BYTES = 64 * 1024
"""Of address and headers, or of what follows the last of a body."""
_NO_HTTP = "This is no HTTP that can be read: send a method, an address in ASCII and headers."
_TOO_LONG = f"Address and headers are longer than {MAX_HEAD_BYTES} bytes; send less in them."


class BoundedHeads(HttpToolsProtocol):
    """Ends a connection with 431 where a head, or a trailer, goes on beyond its bound: otherwise
    anyone could fill the memory before a key is asked for."""

    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._refuse()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._head_bytes = 0

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._head_bytes = 0

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._head_bytes = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Where the bytes are no HTTP; uvicorn's own is plain text."""
        self._end_with(http.HTTPStatus.BAD_REQUEST, _NO_HTTP)

    def _refuse(self) -> None:
        under_way: RequestResponseCycle | None = self.cycle
        if under_way is None or under_way.response_complete:
            self._end_with(http.HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _TOO_LONG)
        else:
            self.transport.close()

    def _end_with(self, status: http.HTTPStatus, detail: str) -> None:
        problem = {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
        }
        body = json.dumps(problem)
        self.transport.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            "content-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode("ascii")
        )
        self.transport.close()
