"""The clients ask again where that helps, under one name, and say clearly where it does not."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.client.conftest import Answer, ScriptedService, lines, problem, scores
from verifier_client import AsyncClient, Client, Refused, Scores, Unavailable, Unusable
from verifier_client.trainer import judge

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


def page(status: int) -> Answer:
    """What stands before a service answers in its place."""
    return lambda _: Response("<html>Not here</html>", status, media_type="text/html")


def of_a_model_server(status: int, **content: Any) -> Answer:
    """What a server of the model answers, whose port a service's is by default too."""
    return lambda _: JSONResponse(content, status)


@both
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page(403), "answered 403, and not"),
        (page(407), "answered 407, and not"),
        (page(400), "answered 400, and not"),  # plain HTTP at a port for TLS, say
        (of_a_model_server(404, detail="Not Found"), "answered 404, and not"),
        (of_a_model_server(400, object="error", message="No scores"), "answered 400, and not"),
        (of_a_model_server(422, detail=[{"loc": ["body", "text_1"]}]), "answered 422, and not"),
        (lambda _: RedirectResponse("https://other/v1/score", 308), "points to https://other/v1/"),
    ],
)
async def test_what_is_no_verifier_is_told_at_once_and_no_rollouts_fault(
    ask: Callable[..., Scores],
    scripted: Start,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    said: str,
) -> None:
    service = scripted(answer)
    with pytest.raises(Unusable, match=f"{said}.*Is a Verifier there\\? See VERIFIER_URL"):
        await asyncio.to_thread(ask, service.url)
    assert len(service.asked) == 1
    monkeypatch.setenv("VERIFIER_URL", service.url)
    with pytest.raises(Unusable, match=said):
        await judge(["\\boxed{1}"], ["1"])


def test_a_page_in_the_place_of_a_service_that_was_there_is_an_outage(scripted: Start) -> None:
    service = scripted(scores(1.0), *map(page, (404, 502, 520, 408)), scores(1.0), page(403))
    with Client(service.url) as client:
        assert client.score(ROLLOUTS).rewards == client.score(ROLLOUTS).rewards == [1.0]
        assert len(service.asked) == 6
        with pytest.raises(Refused, match="answered 403, and not in the service's own words"):
            client.score(ROLLOUTS)


@both
@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:{port}/"),
        ("127.0.0.1", "http://0.0.0.0:{port}"),
        ("127.0.0.1", "HTTP://127.0.0.1:{port}/team/verifier//"),
        ("::1", "http://[::1]:{port}"),
    ],
)
def test_this_machine_is_asked_directly_however_it_is_written(
    ask: Callable[..., Scores],
    scripted: Start,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    url: str,
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, scripted(page(502)).url)
    service = scripted(scores(1.0), host=host)
    port = urlsplit(service.url).port
    assert ask(url.format(port=port), patience_s=0).rewards == [1.0]
    assert service.paths == ["/team/verifier/v1/score" if "team" in url else "/v1/score"]


@both
def test_a_proxy_of_the_environment_is_named_where_it_answers_itself(
    ask: Callable[..., Scores], scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = scripted(page(502))
    monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//user:secret@"))
    with pytest.raises(Unavailable, match="asked through the proxy 127") as raised:
        ask("http://10.0.0.1:8000", patience_s=0)
    assert "secret" not in str(raised.value)
    assert len(proxy.asked) == 1
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # where nothing listens
    with pytest.raises(Unavailable, match=r"could not be reached .*through the proxy http://127"):
        ask("http://10.0.0.1:8000", patience_s=0)


@both
def test_a_wrong_key_is_told_at_once(ask: Callable[..., Scores], scripted: Start) -> None:
    service = scripted(problem(401, "Send `Authorization: Bearer KEY` with a key."))
    with pytest.raises(Refused, match="with a key"):
        ask(service.url, api_key="wrong")
    assert len(service.asked) == 1


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
