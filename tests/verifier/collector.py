"""A collector of OpenTelemetry, which keeps what it is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """At `address`, until its `collecting` ends."""

    def __init__(self, address: str, received: list[bytes]) -> None:
        self.address = address
        self.received = received
        """Bodies, as they came."""

    def spans(self) -> dict[str, tuple[str, str, str]]:
        """By name: the trace, its own id, its parent's."""
        return {
            span.name: (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
            for body in self.received
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        }


@contextmanager
def collecting() -> Iterator[Collector]:
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Collector(f"http://127.0.0.1:{server.server_port}", received)
        server.shutdown()
        thread.join()
