"""What arrives in the trainers' own tensors: the verdicts, whatever goes wrong on the way.

Each trainer's own code calls the reward function (`drivers/`) over a proxy that fails as told.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from tests.trainers.conftest import Driver, Service, of_driver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

RIGHT, WRONG = "It is \\boxed{4}.", "It is \\boxed{5}."
PRINTS = {"kind": "stdin", "cases": [{"input": "", "output": "4"}]}
OUTAGE_S = 2.0

GROUP = [1.0, 0.0, 1.0, 0.0]
ADVANTAGES = pytest.approx([0.866, -0.866, 0.866, -0.866], abs=0.001)
"""GRPO's, of that group."""
CENTRED = [0.5, -0.5, 0.5, -0.5]
"""Those without a deviation."""

Ask = Callable[..., dict[str, Any]]


def rows(*completions: str, truth: Any = "4") -> list[dict[str, Any]]:
    return [{"prompt": "p", "completion": text, "ground_truth": truth} for text in completions]


MATH = rows(RIGHT, WRONG, RIGHT, WRONG)


def program(number: int) -> str:
    return f"```python\nimport time\ntime.sleep(0.3)\nprint({number})\n```"


CODE = rows(program(4), program(5), program(4), program(5), truth=PRINTS)

TRAINERS: dict[str, dict[str, Any]] = {
    "TRL": {"driver": "trl", "function": "verifier_reward"},
    "TRL, async": {"driver": "trl", "function": "verifier_reward_async"},
    "verl naive": {"driver": "verl", "function": "compute_score_async", "manager": "naive"},
    "verl naive, not async": {"driver": "verl", "function": "compute_score", "manager": "naive"},
    "verl dapo": {"driver": "verl", "function": "compute_score_async", "manager": "dapo"},
    "verl gdpo": {"driver": "verl", "function": "compute_score_async", "manager": "gdpo"},
    "verl rate_limited": {
        "driver": "verl",
        "function": "compute_score_async",
        "manager": "rate_limited",
    },
    "verl remote": {"driver": "verl", "function": "compute_score", "manager": "remote"},
    "OpenRLHF, file": {"driver": "openrlhf"},
    "OpenRLHF, URL": {"driver": "openrlhf", "path": "/openrlhf/reward"},
    "AReaL": {"driver": "areal"},
    "ms-swift": {"driver": "ms_swift"},
    "slime": {"driver": "slime"},
    "slime, group": {"driver": "slime", "group": True},
    "slime, URL": {"driver": "slime", "path": "/slime/reward"},
    "NeMo-Gym, URL": {"driver": "nemo_gym", "path": "/verify"},
    "NeMo-RL": {"driver": "nemo_rl"},
    "verifiers": {"driver": "verifiers classic"},
    "verifiers v1, prime-rl": {"driver": "verifiers v1"},
    "SkyRL-Gym": {"driver": "skyrl_gym"},
    "open-instruct": {"driver": "open_instruct"},
    "ROLL": {"driver": "roll"},
    "rllm": {"driver": "rllm"},
    "torchforge": {"driver": "torchforge"},
}
WITH_CLIENT = [name for name, request in TRAINERS.items() if "path" not in request]
LEGACY = {
    f"verl legacy {manager}": {
        "driver": "verl",
        "function": "compute_score_batch" if manager == "batch" else "compute_score",
        "manager": manager,
        "legacy": True,
    }
    for manager in ("naive", "dapo", "batch", "prime")
}


def each(trainers: Iterable[str]) -> list[Any]:
    """Each with its driver's tests."""
    return [
        pytest.param(name, marks=of_driver((TRAINERS | LEGACY)[name]["driver"]))
        for name in trainers
    ]


@pytest.fixture
def ask(driver: Callable[[str], Driver], service: Service) -> Iterator[Ask]:
    """What a trainer held after judging rows through the proxy."""

    def ask(trainer: str, given: list[dict[str, Any]], **variables: str) -> dict[str, Any]:
        request = dict((TRAINERS | LEGACY)[trainer])
        if "path" in request:
            request["address"] = service.url + request.pop("path")
        environment = {"VERIFIER_URL": service.url, **variables}
        return driver(request.pop("driver")).run(rows=given, environment=environment, **request)

    yield ask
    service.proxy.refusals = service.proxy.nulls = 0


def check(held: dict[str, Any]) -> None:
    assert held["rewards"] == GROUP
    if "advantages" in held:  # AReaL's trainer, say, makes them elsewhere
        assert held["advantages"] == ADVANTAGES
    if "centred" in held:
        assert held["centred"] == pytest.approx(CENTRED)


@of_driver("trl")
def test_the_tests_of_a_driver_are_a_group(request: pytest.FixtureRequest) -> None:
    """In whose process they share it. pytest-xdist marks them in their names, if it knows this
    pytest; one that it does not know ignores groups without a word."""
    grouped = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@trainer trl") is grouped


@pytest.mark.parametrize("trainer", each([*TRAINERS, *LEGACY]))
def test_right_and_wrong(ask: Ask, trainer: str) -> None:
    check(ask(trainer, MATH))


def test_mathematics_and_code_are_rows_of_one_data_set(
    driver: Callable[[str], Driver], service: Service
) -> None:
    """Arrow gives every row the fields of all, and null for what it has not."""
    answer = {"kind": "math", "answers": ["4"]}
    given = [*rows(RIGHT, WRONG, truth=answer), *rows(program(4), program(5), truth=PRINTS)]
    request = {"function": "verifier_reward", "arrow": True}
    check(driver("trl").run(rows=given, environment={"VERIFIER_URL": service.url}, **request))


@pytest.mark.parametrize("trainer", each([*WITH_CLIENT, "OpenRLHF, URL", "slime, URL"]))
def test_a_full_queue(ask: Ask, service: Service, trainer: str) -> None:
    service.proxy.refusals = 2
    check(ask(trainer, MATH))
    assert service.proxy.refusals == 0


@pytest.mark.parametrize("trainer", each(TRAINERS))
def test_a_service_that_is_away_for_a_while(ask: Ask, service: Service, trainer: str) -> None:
    service.proxy.stop()
    back = threading.Timer(OUTAGE_S, service.proxy.start)
    back.start()
    try:
        check(ask(trainer, MATH))
    finally:
        back.join()


@of_driver("openrlhf")
def test_openrlhf_itself_waits_no_longer_than_a_few_seconds(ask: Ask, service: Service) -> None:
    service.proxy.stop()
    try:
        assert "raised" in ask("OpenRLHF, URL", MATH)
    finally:
        service.proxy.start()
    check(ask("OpenRLHF, URL", MATH))


@of_driver("open_instruct")
def test_open_instruct_itself_takes_an_outage_for_a_0(
    driver: Callable[[str], Driver], service: Service
) -> None:
    program = {"prompt": "p", "ground_truth": ["assert f() == 4"]}
    given = [{**program, "completion": f"```python\ndef f(): return {n}\n```"} for n in (4, 5)]

    def ask() -> Any:
        address = f"{service.url}/test_program"
        return driver("open_instruct").run(rows=given, environment={}, address=address)["rewards"]

    assert ask() == [1.0, 0.0]
    service.proxy.stop()
    try:
        assert ask() == [0.0, 0.0]
    finally:
        service.proxy.start()


@pytest.mark.alone
@pytest.mark.parametrize("trainer", each(TRAINERS))
def test_a_worker_that_is_killed(ask: Ask, service: Service, trainer: str) -> None:
    def kill() -> None:
        service.proxy.asked.wait()
        service.kill_workers()

    service.proxy.asked.clear()
    killer = threading.Thread(target=kill)
    killer.start()
    check(ask(trainer, CODE))
    killer.join()


@pytest.mark.parametrize("trainer", each(WITH_CLIENT))
def test_a_null_that_heals(ask: Ask, service: Service, trainer: str) -> None:
    service.proxy.nulls = 2
    check(ask(trainer, rows("It is \\boxed{4.0}.", WRONG, RIGHT, WRONG)))
    assert service.proxy.nulls == 0
