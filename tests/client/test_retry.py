"""The clients ask again where that helps, under one name, and say clearly where it does not."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import Response

from tests.client.conftest import ScriptedService, lines, problem, scores
from verifier_client import AsyncClient, Client, Refused, Scores, Unavailable

ROLLOUTS = [{"completion": "\\boxed{1}", "ground_truth": "1"}]
Start = Callable[..., ScriptedService]


def score(url: str, **options: Any) -> Scores:
    with Client(url, **options) as client:
        return client.score(ROLLOUTS)


def score_async(url: str, **options: Any) -> Scores:
    async def run() -> Scores:
        async with AsyncClient(url, **options) as client:
            return await client.score(ROLLOUTS)

    return asyncio.run(run())


both = pytest.mark.parametrize("ask", [score, score_async])


@both
def test_a_full_queue_is_asked_again_under_the_same_name(
    ask: Callable[..., Scores], scripted: Start
) -> None:
    service = scripted(problem(429, "full", Retry_After="0"), problem(503, "no one"), scores(1.0))
    assert ask(service.url).rewards == [1.0]
    assert len(service.asked) == 3
    assert len({body["batch_id"] for body in service.asked}) == 1


@both
def test_two_batches_have_two_names(ask: Callable[..., Scores], scripted: Start) -> None:
    service = scripted(scores(1.0), scores(1.0))
    ask(service.url)
    ask(service.url)
    assert service.asked[0]["batch_id"] != service.asked[1]["batch_id"]


@both
def test_what_cannot_be_used_is_refused_in_the_services_words(
    ask: Callable[..., Scores], scripted: Start
) -> None:
    service = scripted(problem(422, "rollout 0, field `completion`: it is missing"))
    with pytest.raises(Refused, match="rollout 0, field `completion`") as refused:
        ask(service.url)
    assert refused.value.status == 422
    assert len(service.asked) == 1


@both
def test_patience_ends_before_a_long_retry_after(
    ask: Callable[..., Scores], scripted: Start
) -> None:
    service = scripted(problem(429, "The queue is full.", Retry_After="60"))
    with pytest.raises(Unavailable, match=r"The queue is full\. No time is left to retry"):
        ask(service.url, patience_s=50)


@both
def test_where_nothing_listens_the_service_is_unavailable(ask: Callable[..., Scores]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match="could not be reached"):
            ask(f"http://127.0.0.1:{port}", patience_s=0.01)


@both
def test_an_error_page_of_something_in_between_is_no_crash(
    ask: Callable[..., Scores], scripted: Start
) -> None:
    service = scripted(lambda _: Response("<html>Not here</html>", 404, media_type="text/html"))
    with pytest.raises(Refused, match="answered 404"):
        ask(service.url)


@both
def test_the_key_is_sent(ask: Callable[..., Scores], scripted: Start) -> None:
    service = scripted(scores(None))
    assert ask(service.url, api_key="secret").rewards == [None]
    assert service.headers[0]["authorization"] == "Bearer secret"


def stream(url: str) -> list[int | None]:
    with Client(url) as client:
        return [result.index for result in client.stream(ROLLOUTS * 3)]


def stream_async(url: str) -> list[int | None]:
    async def run() -> list[int | None]:
        async with AsyncClient(url) as client:
            return [result.index async for result in client.stream(ROLLOUTS * 3)]

    return asyncio.run(run())


@pytest.mark.parametrize("ask", [stream, stream_async])
def test_a_broken_stream_is_taken_up_and_tells_nothing_twice(
    ask: Callable[[str], list[int | None]], scripted: Start
) -> None:
    service = scripted(problem(503, "starting"), lines(1, broken=True), lines(1, 0), lines(1, 0, 2))
    assert ask(service.url) == [1, 0, 2]
    assert len({body["batch_id"] for body in service.asked}) == 1
