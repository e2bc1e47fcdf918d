"""Services that answer as a test tells them to."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import verifier_client.retry

Answers = list[Callable[[], Response]]


@dataclass
class ScriptedService:
    """Gives one answer after another, and keeps what was asked."""

    url: str
    answers: Answers
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedService]]:
    """Starts services: `scripted(answer, answer, ...)`."""
    with contextlib.ExitStack() as stack:
        yield lambda *answers: stack.enter_context(_serve(list(answers)))


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier_client.retry, "FIRST_PAUSE_S", 0.001)


@contextlib.contextmanager
def _serve(answers: Answers) -> Iterator[ScriptedService]:
    async def answer(request: Request) -> Response:
        service.asked.append(json.loads(await request.body()))
        service.headers.append(dict(request.headers))
        return service.answers.pop(0)()

    routes = [Route("/{path:path}", answer, methods=["POST", "PUT"])]
    listener = socket.create_server(("127.0.0.1", 0))  # clients that come early wait here
    service = ScriptedService(f"http://127.0.0.1:{listener.getsockname()[1]}", answers)
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield service
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def scores(*rewards: float | None) -> Callable[[], Response]:
    """An answer that gives these rewards."""
    results = [{"id": None, "group": None, "reward": r, "outcome": "..."} for r in rewards]
    content = {"batch_id": "b", "rewards": list(rewards), "results": results, "groups": []}
    return lambda: JSONResponse(content)


def problem(status: int, detail: str, **headers: str) -> Callable[[], Response]:
    """An answer that says what is wrong."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: JSONResponse({"detail": detail, "status": status}, status, sent)
