"""Long runs: outages are told of and lived through, the interrupted leave nothing behind."""

import asyncio
import gc
import itertools
import logging
import math
import signal
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import Response

import verifier_client.loops
from tests.client.conftest import ScriptedService, judged, judged_up_to, never, problem, scores
from verifier_client import AsyncClient, Client, Result, Unavailable, Unjudged, Unusable
from verifier_client.trainer import judge

ROWS = [{"completion": "right", "ground_truth": "1"}]
Start = Callable[..., ScriptedService]


def score(url: str, rows: list[Any] = ROWS, **settings: Any) -> list[float | None]:
    with Client(url, **settings) as client:
        return list(client.score(rows).rewards)


def score_async(url: str, rows: list[Any] = ROWS, **settings: Any) -> list[float | None]:
    async def run() -> list[float | None]:
        async with AsyncClient(url, **settings) as client:
            return list((await client.score(rows)).rewards)

    return asyncio.run(run())


def stream(url: str, rows: list[Any] = ROWS, **settings: Any) -> list[float | None]:
    with Client(url, **settings) as client:
        return [result.reward for result in client.stream(rows)]


both = pytest.mark.parametrize("ask", [score, score_async])
Ask = Callable[..., list[float | None]]


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@both
def test_an_outage_is_told_of_once_and_so_is_its_end(
    ask: Ask, scripted: Start, caplog: pytest.LogCaptureFixture
) -> None:
    service = scripted(problem(503, "none"), problem(502, "none"), problem(503, ""), scores(1.0))
    with caplog.at_level(logging.INFO, "verifier_client"):
        assert ask(service.url) == [1.0]
    began, ended = [record.getMessage() for record in caplog.records]
    assert f"{service.url} does not serve (it answered 503); it is asked again for 300 s" in began
    assert f"{service.url} serves again, after 0." in ended


@both
def test_a_full_queue_is_no_outage(
    ask: Ask, scripted: Start, caplog: pytest.LogCaptureFixture
) -> None:
    ask(scripted(problem(429, "full", Retry_After="0"), scores(1.0)).url)
    assert caplog.records == []


def cut(asked: Any) -> Response:
    """Less of an answer than it promises, then the end of the connection."""
    return Response(b"{", headers={"Content-Length": "9"})


@both
@pytest.mark.parametrize(("times", "told"), [(1, 0), (2, 2)])
def test_a_connection_that_ends_with_a_request_is_an_outage_the_second_time(
    ask: Ask, scripted: Start, caplog: pytest.LogCaptureFixture, times: int, told: int
) -> None:
    service = scripted(*[cut] * times, scores(1.0))
    with caplog.at_level(logging.INFO, "verifier_client"):
        assert ask(service.url) == [1.0]
    assert [record.name for record in caplog.records].count("verifier_client") == told
    assert len(service.asked) == times + 1


@both
def test_where_one_address_does_not_answer_the_next_is_asked_at_once_and_from_then_on(
    ask: Ask, scripted: Start, nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier_client.retry.FIRST_PAUSE_S", 60.0)
    refusing, service = scripted(problem(503, "none")), scripted(judged)
    assert ask(f"{nowhere}, {refusing.url}/,{service.url}", patience_s=0.0) == [1.0]
    with Client(f"{refusing.url},{service.url}", patience_s=0.0) as client:
        for _ in range(3):
            assert client.score(ROWS).rewards == [1.0]
    assert len(refusing.asked) == 2


@both
@pytest.mark.parametrize("cause", ["no such name", "no TLS"])
def test_an_address_that_can_never_work_is_refused_at_once(
    ask: Ask, scripted: Start, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = scripted(judged).url.replace("http:", "https:")
    if cause == "no such name":

        def unknown(*_: Any, **__: Any) -> Any:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(Unusable, match="cannot be asked"):
        ask(url)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """What a shell starts in its background ignores Ctrl-C, and so would a suite in there.

    An interrupt may come between the making of a socket and who would close it: no later test's
    fault."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    signal.signal(signal.SIGINT, before)


def interrupt_main_thread(service: ScriptedService) -> None:
    """As Ctrl-C does; again where the exception came up in a place that swallows all of them."""
    while True:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        if service.given_up.wait(10):
            return


@pytest.mark.usefixtures("interruptible")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_interrupted_trainer_has_its_batch_given_up(scripted: Start) -> None:
    service = scripted(never)

    def interrupt() -> None:
        service.held.acquire()
        interrupt_main_thread(service)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt), Client(service.url) as client:
        client.score(ROWS, batch_id="step 1/a")
    assert service.cancelled == ["/v1/batches/step 1/a"]


@pytest.mark.usefixtures("interruptible")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_interrupted_trainer_has_every_part_given_up(
    scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier_client.parts.MAX_ROLLOUTS", 1)
    service = scripted(never)

    def interrupt() -> None:
        for _ in range(2):
            service.held.acquire()
        interrupt_main_thread(service)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt), Client(service.url, patience_s=0) as client:
        client.score(ROWS * 2)
    assert len(service.cancelled) == 2


async def test_a_cancelled_caller_has_its_batch_given_up(scripted: Start) -> None:
    service = scripted(never)
    async with AsyncClient(service.url) as client:
        asking = asyncio.create_task(client.score(ROWS, batch_id="step"))
        await asyncio.to_thread(service.held.acquire)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert service.cancelled == ["/v1/batches/step"]


async def test_what_all_callers_of_reward_functions_have_left_is_given_up(
    scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = scripted(never)
    monkeypatch.setenv("VERIFIER_URL", service.url)
    asking = [asyncio.create_task(judge(["a", "b"], ["1", "1"])) for _ in range(2)]
    await asyncio.to_thread(service.held.acquire)
    asking[0].cancel()
    await asyncio.wait([asking[0]])
    assert service.cancelled == []
    asking[1].cancel()
    await asyncio.wait([asking[1]])
    await asyncio.to_thread(service.given_up.wait)
    assert len(service.cancelled) == 1


def test_a_process_that_ends_has_what_is_under_way_given_up(
    scripted: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = scripted(never)
    monkeypatch.setenv("VERIFIER_URL", service.url)
    asking = threading.Thread(target=_asked_in_vain)
    asking.start()
    service.held.acquire()
    verifier_client.loops._leave()
    assert len(service.cancelled) == 1
    asking.join()
    verifier_client.loops.stop()


def _asked_in_vain() -> None:
    with pytest.raises(BaseException):  # noqa: B017, PT011 - cancelled, in the words of its thread
        verifier_client.trainer.judge_now(["a"], ["1"])


@pytest.mark.parametrize("ask", [score, score_async, stream])
def test_a_rollout_that_is_too_large_for_what_stands_before_the_service_is_null(
    ask: Ask, scripted: Start
) -> None:
    service = scripted(judged_up_to(0))
    assert ask(service.url, ROWS * 3) == [None, None, None]


def test_chats_are_sent_as_what_the_assistant_said(scripted: Start) -> None:
    chat = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "right"}]
    service = scripted(judged)
    assert score(service.url, [{"completion": chat, "ground_truth": "1"}]) == [1.0]
    assert service.asked[0]["rollouts"][0]["completion"] == "right"


@both
@pytest.mark.parametrize(("given", "sent"), [({}, 240.0), ({"deadline_s": 0}, None)])
def test_a_batch_has_a_deadline_below_those_of_trainers(
    ask: Ask, scripted: Start, given: Any, sent: float | None
) -> None:
    service = scripted(judged)
    ask(service.url, **given)
    assert service.asked[0]["deadline_s"] == sent


@pytest.mark.parametrize(("patience", "reward"), [("100", 1.0), ("30", None), ("0", None)])
async def test_what_may_heal_is_asked_for_again_while_patience_lasts(
    patience: str, reward: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was killed on a busy machine is back after half a minute, say."""
    told = iter([(None, "verifier_error"), (1.0, "correct")])
    seconds = itertools.count(0, 40)

    async def score(*_: Any, **__: Any) -> Result:
        given, outcome = next(told)
        return Result(id=None, group=None, reward=given, outcome=outcome)

    monkeypatch.setenv("VERIFIER_PATIENCE_S", patience)
    monkeypatch.setattr("verifier_client.gathering.Gatherer.score", score)
    monkeypatch.setattr("verifier_client.trainer.time", SimpleNamespace(monotonic=seconds.__next__))
    assert (await judge(["a"], ["1"]))[0].reward == reward


async def test_what_is_asked_for_again_in_vain_is_the_null_that_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = iter(["verifier_error", "away", "never"])

    async def score(*_: Any, **__: Any) -> Result:
        outcome = next(told)
        if outcome == "away":
            raise Unavailable("The service could not be reached.")
        if outcome == "never":
            await asyncio.Event().wait()
        return Result(id=None, group=None, reward=None, outcome=outcome)

    monkeypatch.setenv("VERIFIER_PATIENCE_S", "3")
    monkeypatch.setattr("verifier_client.gathering.Gatherer.score", score)
    assert (await judge(["a"], ["1"]))[0].outcome == "verifier_error"
    assert next(told, None) is None


@both
def test_what_could_not_be_judged_is_none_unless_something_else_is_chosen(
    ask: Ask, scripted: Start
) -> None:
    url = scripted(lambda asked: scores(*[None] * len(asked["rollouts"]))(asked)).url
    assert ask(url) == [None]
    assert ask(url, unjudged="zero") == [0.0]
    assert math.isnan(ask(url, unjudged="nan")[0] or 0.0)
    with pytest.raises(Unjudged, match="1 of 1 rollouts could not be judged"):
        ask(url, unjudged="raise")
