"""uvicorn's HTTP protocol with the bounds that it lacks, before a body and after an answer: on
size, on time, and on the number of connections."""

from __future__ import annotations

import asyncio
import http
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.http.connections import Bounds, Connections

MAX_HEAD_BYTES = 64 * 1024
"""Of address and headers, or of what follows the last of a body."""
_NO_HTTP = "This is no HTTP that can be read: send a method, an address in ASCII and headers."
_TOO_LONG = f"Address and headers are longer than {MAX_HEAD_BYTES} bytes; send less in them."
_CROWDED = "As many connections as there may be (VERIFIER_MAX_CONNECTIONS) are busy; try again."


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `bounded_protocol` gives all those of a server their bounds.

    A head, or a trailer, that goes on beyond its bound ends it with 431, one that does not come to
    its end in time with 408: otherwise anyone could fill the memory, or take every connection there
    may be, before a key is asked for. What the other end does not read in time ends it as well."""

    everyone: Connections

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        """Since the last head or piece of a body."""
        self._held_back = False
        """The next request waits until the last answer is read."""
        self._head_due: asyncio.TimerHandle | None = None
        self._reading_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._answers = _Answers(transport)
        if self.everyone.admit(self):
            self._await_head()
        else:
            self._end_with(http.HTTPStatus.SERVICE_UNAVAILABLE, _CROWDED)

    def connection_lost(self, exc: Exception | None) -> None:
        self.everyone.remove(self)
        self._have_head()
        self._have_reader()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(http.HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _TOO_LONG)
        elif not self._under_way:
            self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._have_head()  # what was waited for until now was its beginning
        if not self._under_way:
            self._await_head()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None:
            cycle.transport = self._answers  # type: ignore[assignment]  # what it uses of one
        self._head_bytes = 0
        self._have_head()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._head_bytes = 0

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._head_bytes = 0

    def on_response_complete(self) -> None:
        if self.flow.write_paused and not self.transport.is_closing():
            # Who does not read one answer gets no other made.
            self._held_back = True
            self.flow.pause_reading()
            return
        super().on_response_complete()
        if self.transport.is_closing():
            self._await_reader()
        elif not self._under_way:
            self._await_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.everyone.lacks_reader(self)
        self._await_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.transport.is_closing():
            self._have_reader()
            if self._held_back:
                self._held_back = False
                self.on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._await_reader()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Where the bytes are no HTTP; uvicorn's own is plain text."""
        self._end_with(http.HTTPStatus.BAD_REQUEST, _NO_HTTP)

    def unread_bytes(self) -> int:
        """See `Connection`."""
        return self._answers.held_bytes

    def drop(self) -> None:
        """See `Connection`."""
        self.transport.abort()

    @property
    def _under_way(self) -> bool:
        """Whether a request waits for its answer."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        """A head, and what is left of a body that nobody reads any more, come in time."""
        self.everyone.lacks_head(self, self._head_bytes)
        if self._head_due is None:
            within_s = self.everyone.bounds.head_timeout_s
            self._head_due = self.loop.call_later(within_s, self._head_is_late)

    def _have_head(self) -> None:
        self.everyone.has_head(self)
        if self._head_due:
            self._head_due.cancel()
            self._head_due = None

    def _head_is_late(self) -> None:
        self._head_due = None
        if self._head_bytes:
            self._refuse(
                http.HTTPStatus.REQUEST_TIMEOUT,
                f"Address and headers took longer than {self.everyone.bounds.head_timeout_s:g} s "
                "(VERIFIER_HEAD_TIMEOUT_S); send them at once.",
            )
        else:
            self._close()

    def _await_reader(self) -> None:
        """What was written is read in time, or the connection ends without."""
        if self._reading_due is None:
            within_s = self.everyone.bounds.answer_timeout_s
            self._reading_due = self.loop.call_later(within_s, self.drop)

    def _have_reader(self) -> None:
        self.everyone.has_reader(self)
        if self._reading_due:
            self._reading_due.cancel()
            self._reading_due = None

    def _refuse(self, status: http.HTTPStatus, detail: str) -> None:
        if self._under_way:
            self._close()
        else:
            self._end_with(status, detail)

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
        self._close()

    def _close(self) -> None:
        self.transport.close()
        self._await_reader()


class _Answers:
    """A transport as answers are written to it, which knows what it holds of them: all of what was
    written at once, until the last byte of that is gone."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.held_bytes = 0

    def write(self, data: bytes) -> None:
        if not self._transport.get_write_buffer_size():
            self.held_bytes = 0
        self.held_bytes += len(data)
        self._transport.write(data)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()


def bounded_protocol(bounds: Bounds) -> type[BoundedProtocol]:
    """The protocol of one server whose connections are within these bounds together."""

    class Bounded(BoundedProtocol):
        everyone = Connections(bounds)

    return Bounded
