"""Services that answer as a test tells them to."""

import asyncio
import contextlib
import gzip
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

import verifier_client.loops
import verifier_client.retry

Asked = dict[str, Any]
Answer = Callable[[Asked], Response]
"""Of a request's JSON; a service speaks of the rollouts that were sent."""


@dataclass
class ScriptedService:
    """Gives one answer after another, the last one to all that follows; keeps what was asked."""

    url: str
    answers: list[Answer]
    asked: list[Asked] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    """The batches that were given up, by the address that they have."""
    sizes: list[int] = field(default_factory=list)
    """Bytes of each body as it was sent."""
    held: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released by each request that is answered once its batch was given up."""
    given_up: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedService]]:
    """Starts services: `scripted(answer, answer, ...)`, at another `host` than 127.0.0.1."""
    with contextlib.ExitStack() as stack:
        yield lambda *answers, host="127.0.0.1": stack.enter_context(_serve(list(answers), host))


@pytest.fixture
def _trainers(monkeypatch: pytest.MonkeyPatch, service_url: str) -> Iterator[None]:
    """The environment of a trainer whose reward functions ask a real service."""
    monkeypatch.setenv("VERIFIER_URL", service_url)
    yield
    verifier_client.loops.stop()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier_client.retry, "FIRST_PAUSE_S", 0.001)


@contextlib.contextmanager
def _serve(answers: list[Answer], host: str) -> Iterator[ScriptedService]:
    async def answer(request: Request) -> Response:
        if request.method == "DELETE":
            service.cancelled.append(request.url.path)
            service.given_up.set()
            return Response(status_code=204)
        body = await request.body()
        service.headers.append(dict(request.headers))
        service.paths.append(request.url.path)
        service.sizes.append(len(body))
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        asked = json.loads(body)
        service.asked.append(asked)
        answers = service.answers
        if answers[0] is never:
            service.held.release()
            await asyncio.to_thread(service.given_up.wait)
            return Response(status_code=404)
        return (answers.pop(0) if len(answers) > 1 else answers[0])(asked)

    routes = [Route("/{path:path}", answer, methods=["POST", "PUT", "DELETE"])]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, 0), family=family)  # clients that come early wait here
    named = f"[{host}]" if ":" in host else host
    service = ScriptedService(f"http://{named}:{listener.getsockname()[1]}", answers)
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield service
    finally:
        service.given_up.set()
        server.should_exit = True
        thread.join()
        listener.close()


def never(asked: Asked) -> Response:
    """No answer before the batch is given up."""
    raise AssertionError


def scores(*rewards: float | None, **changed: Any) -> Answer:
    """An answer that gives these rewards to the rollouts asked about; `changed` in it."""

    def answer(asked: Asked) -> Response:
        content = {
            "batch_id": asked["batch_id"],
            "rewards": list(rewards),
            "results": [
                result(row, reward) for row, reward in zip(asked["rollouts"], rewards, strict=True)
            ],
            "groups": [],
        }
        return JSONResponse({**content, **changed})

    return answer


def judged(asked: Asked) -> Response:
    """An answer to any batch: a completion that ends in `right` earns 1."""
    rows = asked.get("rollouts") or [
        {"id": None, "group": group["id"], "completion": completion}
        for group in asked.get("groups", ())
        for completion in group["completions"]
    ]
    rewards = [float(row["completion"].endswith("right")) for row in rows]
    results = [result(row, reward) for row, reward in zip(rows, rewards, strict=True)]
    batch_id = asked["batch_id"]
    return JSONResponse(
        {"batch_id": batch_id, "rewards": rewards, "results": results, "groups": []}
    )


def judged_up_to(most: int) -> Answer:
    """The same, but as a proxy would refuse it where a part has more than so many rollouts."""

    def answer(asked: Asked) -> Response:
        count = len(asked.get("rollouts", ())) + sum(
            len(group["completions"]) for group in asked.get("groups", ())
        )
        if count > most:
            return Response("<html>Request Entity Too Large</html>", 413, media_type="text/html")
        return judged(asked)

    return answer


def lines(*indexes: int, broken: bool = False) -> Answer:
    """A line for each; a broken answer ends the connection before the length that it tells."""

    def answer(asked: Asked) -> Response:
        async def content() -> AsyncIterator[bytes]:
            for index in indexes:
                line = {"index": index, **result(asked["rollouts"][index], 0.0)}
                yield json.dumps(line).encode() + b"\n"

        return StreamingResponse(content(), headers={"Content-Length": "100000"} if broken else {})

    return answer


def result(row: Asked, reward: float | None) -> dict[str, Any]:
    """A result that speaks of this row."""
    return {"id": row["id"], "group": row.get("group"), "reward": reward, "outcome": "..."}


def problem(status: int, detail: str, **headers: str) -> Answer:
    """An answer that says what is wrong."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    content = {"detail": detail, "status": status}
    return lambda _: JSONResponse(content, status, sent, "application/problem+json")
