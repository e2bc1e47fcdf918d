"""What many tasks ask at once travels together, and nobody's trouble is another's."""

import asyncio
import types
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import pytest

from verifier_client import Refused, Result, Unavailable
from verifier_client.gathering import MOST_ROLLOUTS, REGISTERED_BYTES, Gatherer, Truth

Groups = Sequence[Mapping[str, Any]]
HOURS_S = 3600.0
LARGE = "4" * REGISTERED_BYTES


class Service:
    """In place of an AsyncClient: says `correct` to what it is asked, once `gate` is open."""

    def __init__(self, connections: int = 64, refusal: Exception | None = None) -> None:
        self.settings = types.SimpleNamespace(connections=connections, patience_s=HOURS_S)
        self.requests: list[Groups] = []
        self.second = asyncio.Event()
        """A second request has come."""
        self.gate = asyncio.Event()
        self.gate.set()
        self.refusal = refusal
        self.known: dict[str, Any] = {}
        self.under_way = self.most_under_way = 0

    async def stream(
        self,
        rollouts: Groups | None = None,
        *,
        groups: Groups | None = None,
        rewards_only: bool = False,
    ) -> AsyncIterator[Result]:
        assert not rewards_only
        if groups is None:
            assert rollouts is not None
            groups = [_group_of_one(rollout) for rollout in rollouts]
        self.requests.append(groups)
        if len(self.requests) == 2:
            self.second.set()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
            if self.refusal:
                raise self.refusal
            for group in groups:
                if "bad" in group["completions"]:
                    raise Refused(422, "rollout 0, field `completion`")
                if group.get("problem", LARGE) not in (LARGE, *self.known):
                    raise Refused(409, "not registered")
            completions = [text for group in groups for text in group["completions"]]
            for index, text in reversed(list(enumerate(completions))):  # in any order
                yield Result(id=None, group=None, reward=1.0, outcome=text, index=index)
        finally:
            self.under_way -= 1

    async def register(self, name: str, ground_truth: Any) -> None:
        self.known[name] = ground_truth


def _group_of_one(rollout: Mapping[str, Any]) -> Mapping[str, Any]:
    known = {name: value for name, value in rollout.items() if name != "completion"}
    return {**known, "completions": [rollout["completion"]]}


Start = Callable[..., tuple[Service, Gatherer]]


@pytest.fixture
def gathering() -> Start:
    """A service and a gatherer that asks it; nobody waits in vain for others without a failure."""

    def start(gather_s: float = HOURS_S, **options: Any) -> tuple[Service, Gatherer]:
        service: Any = Service(**options)
        service.settings.gather_ms = 1000 * gather_s
        return service, Gatherer(service)

    return start


async def ask(gatherer: Gatherer, *completions: str, truth: Any = "4") -> list[Any]:
    asked = (gatherer.score(text, Truth.of(truth)) for text in completions)
    found = await asyncio.gather(*asked, return_exceptions=True)
    return [one if isinstance(one, BaseException) else one.outcome for one in found]


async def test_what_was_cut_off_is_said_to_be(gathering: Start) -> None:
    service, gatherer = gathering()
    truth, other = Truth.of("4"), Truth.of("5")
    asked = (
        gatherer.score("a", truth),
        gatherer.score("b", truth, truncated=True),
        gatherer.score("c", truth, truncated=False),
    )
    await asyncio.gather(*asked)
    assert service.requests.pop()[0]["truncated"] == [None, True, False]
    await asyncio.gather(gatherer.score("a", truth), gatherer.score("b", other, truncated=True))
    assert [group.get("truncated") for group in service.requests.pop()] == [None, True]


async def test_who_asks_alone_does_not_wait_for_others(gathering: Start) -> None:
    service, gatherer = gathering()
    for text in "abc":
        assert await ask(gatherer, text) == [text]
    assert len(service.requests) == 3


async def test_what_is_asked_at_once_travels_together_and_each_ground_truth_once(
    gathering: Start,
) -> None:
    service, gatherer = gathering()
    found = await asyncio.gather(
        ask(gatherer, "a", "b"), ask(gatherer, "c", truth="5"), ask(gatherer, "d")
    )
    assert [*found] == [["a", "b"], ["c"], ["d"]]
    assert service.requests == [
        [
            {"ground_truth": "4", "completions": ["a", "b", "d"]},
            {"ground_truth": "5", "completions": ["c"]},
        ]
    ]


async def test_what_comes_while_a_request_is_under_way_leaves_when_it_has_arrived(
    gathering: Start,
) -> None:
    service, gatherer = gathering()
    service.gate.clear()
    first = asyncio.create_task(ask(gatherer, "first"))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(ask(gatherer, text)) for text in "abc"]
    await asyncio.sleep(0.01)
    assert len(service.requests) == 1
    service.gate.set()
    await asyncio.gather(first, *others)
    assert [len(groups[0]["completions"]) for groups in service.requests] == [1, 3]


async def test_what_comes_while_a_request_takes_long_leaves_after_a_while(gathering: Start) -> None:
    service, gatherer = gathering(gather_s=0.001)
    service.gate.clear()
    first = asyncio.create_task(ask(gatherer, "first"))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(ask(gatherer, "second"))
    await service.second.wait()
    service.gate.set()
    assert [*await asyncio.gather(first, second)] == [["first"], ["second"]]


async def test_a_full_load_does_not_wait(gathering: Start) -> None:
    service, gatherer = gathering()
    service.gate.clear()
    first = asyncio.create_task(ask(gatherer, "first"))
    await asyncio.sleep(0.01)
    rest = asyncio.create_task(ask(gatherer, *["x"] * MOST_ROLLOUTS))
    await service.second.wait()
    service.gate.set()
    await asyncio.gather(first, rest)


async def test_no_more_requests_than_connections(gathering: Start) -> None:
    service, gatherer = gathering(connections=2)
    found = await ask(gatherer, *map(str, range(5 * MOST_ROLLOUTS)))
    assert found == list(map(str, range(5 * MOST_ROLLOUTS)))
    assert service.most_under_way == 2


async def test_a_caller_that_leaves_disturbs_no_other(gathering: Start) -> None:
    service, gatherer = gathering()
    service.gate.clear()
    callers = [asyncio.create_task(ask(gatherer, text)) for text in "abc"]
    await asyncio.sleep(0.01)
    callers[1].cancel()
    waiting = [asyncio.create_task(ask(gatherer, text)) for text in "de"]
    await asyncio.sleep(0.01)
    waiting[0].cancel()
    service.gate.set()
    found = await asyncio.gather(*callers, *waiting, return_exceptions=True)
    assert [found[0], found[2], found[4]] == [["a"], ["c"], ["e"]]
    assert isinstance(found[1], asyncio.CancelledError)
    assert service.requests[1] == [{"ground_truth": "4", "completions": ["e"]}]


async def test_every_caller_gets_an_exception_of_its_own(gathering: Start) -> None:
    _, gatherer = gathering(refusal=Unavailable("Patience is at its end."))
    found = await ask(gatherer, "a", "b", "c")
    assert [str(error) for error in found] == ["Patience is at its end."] * 3
    assert len(set(map(id, found))) == 3


async def test_a_rollout_that_is_refused_costs_no_other_its_verdict(gathering: Start) -> None:
    _, gatherer = gathering()
    found = await ask(gatherer, "a", "b", "bad", "c", "d")
    assert [found[n] for n in (0, 1, 3, 4)] == ["a", "b", "c", "d"]
    assert isinstance(found[2], Refused)
    assert found[2].status == 422


async def test_who_is_not_let_in_is_told_once(gathering: Start) -> None:
    service, gatherer = gathering(refusal=Refused(401, "No such key."))
    found = await ask(gatherer, "a", "b", "c")
    assert [error.status for error in found] == [401] * 3
    assert len(service.requests) == 1


async def test_a_large_ground_truth_travels_once_and_again_where_it_was_forgotten(
    gathering: Start,
) -> None:
    service, gatherer = gathering()
    sent = []
    for text in "abcd":
        assert await ask(gatherer, text, truth=LARGE) == [text]
        await asyncio.sleep(0)
        sent += ["problem" if "problem" in groups[0] else "inline" for groups in service.requests]
        service.requests.clear()
        if text == "b":
            service.known.clear()  # it was started anew
    assert sent == ["inline", "problem", "problem", "inline", "inline"]
    assert service.known == {Truth.of(LARGE).name: LARGE}


def test_a_ground_truth_has_one_name_however_its_keys_are_ordered() -> None:
    one, other = Truth.of({"a": 1, "b": [1.5]}), Truth.of({"b": [1.5], "a": 1})
    assert one.name == other.name
    for unusable in (object(), float("nan"), {1: {2}}):
        with pytest.raises((TypeError, ValueError)):
            Truth.of(unusable)
