"""What stands between a trainer and a service, and goes wrong."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import AsyncIterator

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


class Proxy:
    """Hands on what it is told to. A context manager."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._place = _bound(0)  # and does not listen: nobody else gets the port meanwhile
        self._port = self._place.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.asked = threading.Event()
        """A request has come since this was cleared."""
        self.refusals = 0
        """Of the next requests, answered 429."""
        self.nulls = 0
        """Of the next results whose answer is 4.0, told as `verifier_error`."""
        self.requests = 0

    def __enter__(self) -> Proxy:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._place.close()

    def start(self) -> None:
        """Listen, again."""
        self._listener = _bound(self._port)
        self._listener.listen()
        routes = [Route("/{path:path}", self._answer, methods=["GET", "POST", "PUT"])]
        config = uvicorn.Config(
            Starlette(routes=routes), log_config=None, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        listener = self._listener
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()

    def stop(self) -> None:
        """Nothing listens any more: connections are refused."""
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    async def _answer(self, request: Request) -> Response:
        self.asked.set()
        self.requests += 1
        if self.refusals:
            self.refusals -= 1
            return JSONResponse({"detail": "The queue is full."}, 429, {"Retry-After": "0"})
        async with httpx2.AsyncClient(timeout=300, trust_env=False) as client:
            answer = await client.request(
                request.method,
                f"{self._upstream}{request.url.path}?{request.url.query}",
                content=await request.body(),
                headers={
                    name: value
                    for name, value in request.headers.items()
                    if name in ("content-type", "content-encoding", "accept", "authorization")
                },
            )
        kind = answer.headers.get("content-type", "")
        if "ndjson" not in kind:
            return Response(answer.content, answer.status_code, media_type=kind)
        return StreamingResponse(self._lines(answer.text), media_type=kind)

    async def _lines(self, text: str) -> AsyncIterator[str]:
        for line in text.splitlines():
            result = json.loads(line)
            if self.nulls and result.get("answer") == "4.0":
                self.nulls -= 1
                result |= {"reward": None, "outcome": "verifier_error", "message": "Lost."}
            yield json.dumps(result) + "\n"


def _bound(port: int) -> socket.socket:
    """A socket on this port, beside others of this user's that say the same."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind(("127.0.0.1", port))
    return bound
