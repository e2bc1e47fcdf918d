"""docs/trainers.md's sentences on rollouts without a verdict, each by the trainer's own code."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trainers.conftest import Driver, Service, of_driver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/trainers.md"
RIGHT, WRONG = "It is \\boxed{4}.", "It is \\boxed{5}."
UNUSABLE = {"kind": "math", "answers": []}
GROUP = [(RIGHT, "4"), (WRONG, "4"), (RIGHT, UNUSABLE), (WRONG, "4")]
"""The third cannot be judged."""
WITHOUT_IT = [1.1545, -0.5773, -0.5773]
"""The advantages of the others, as if there were no third: of 1, 0, 0."""
THIRD = [False, False, True, False]
AS_A_ZERO = pytest.approx([1.5, -0.5, -0.5, -0.5], abs=0.001)


class Trainers:
    """Asks drivers, over a service that answers."""

    def __init__(self, driver: Callable[[str], Driver], url: str) -> None:
        self.driver = driver
        self.url = url

    def ask(self, name: str, unjudged: str | None = None, **request: Any) -> dict[str, Any]:
        rows = [{"prompt": "p", "completion": text, "ground_truth": truth} for text, truth in GROUP]
        environment = {"VERIFIER_URL": self.url}
        if unjudged is not None:
            environment["VERIFIER_UNJUDGED"] = unjudged
        if "path" in request:
            request["address"] = self.url + request.pop("path")
        return self.driver(name).run(rows=rows, environment=environment, **request)


def trl(trainers: Trainers) -> None:
    for function in ("verifier_reward", "verifier_reward_async"):
        held = trainers.ask("trl", function=function)
        assert held["rewards"] == [1.0, 0.0, pytest.approx(math.nan, nan_ok=True), 0.0]
        third = held["advantages"].pop(2)
        assert third == 0.0
        assert held["advantages"] == pytest.approx(WITHOUT_IT, abs=0.001)
        assert held["unjudged"] == 0.25


def verl(trainers: Trainers) -> None:
    request = {"function": "compute_score_async", "manager": "naive"}
    for said, score in ((None, 0.0), ("zero", 0.0), ("nan", math.nan)):
        held = trainers.ask("verl", said, **request)
        assert held["rewards"] == [1.0, 0.0, pytest.approx(score, nan_ok=True), 0.0]
        assert held["infos"]["judged"] == [1.0, 1.0, 0.0, 1.0]
    held = trainers.ask("verl", reward_kwargs={"unjudged": "nan"}, **request)
    assert math.isnan(held["rewards"][2])
    held = trainers.ask("verl", "raise", what="agent_loop", **request)
    assert held == {
        "status": "failure",
        "rewards": {"0": 1.0, "1": 0.0, "3": 0.0},
        "trained_on": ["u"],
    }


def openrlhf(trainers: Trainers) -> None:
    for address in ({}, {"path": "/openrlhf/reward"}):
        held = trainers.ask("openrlhf", **address)
        assert held["rewards"] == [1.0, 0.0, 0.0, 0.0]
        assert held["judged"] == [1.0, 1.0, 0.0, 1.0]
        assert math.isnan(held["scores"][2])
        assert held["advantages"] == AS_A_ZERO
        assert trainers.ask("openrlhf", dynamic_filtering=True, **address)["kept"] == 0
    for request in ({}, {"path": "/openrlhf/reward?unjudged=raise"}):
        assert "raised" in trainers.ask("openrlhf", "raise", **request)


def areal(trainers: Trainers) -> None:
    assert trainers.ask("areal")["rewards"] == [1.0, 0.0, "Unjudged", 0.0]
    said = trainers.driver("areal").said
    assert "(attempt 4/4)" in said


def ms_swift(trainers: Trainers) -> None:
    held = trainers.ask("ms_swift")
    assert held["rewards"] == [1.0, 0.0, 0.0, 0.0]
    assert held["advantages"] == AS_A_ZERO
    assert "Unjudged" in trainers.ask("ms_swift", "raise")["raised"]


def slime(trainers: Trainers) -> None:
    held = trainers.ask("slime")
    assert (held["rewards"], held["removed"]) == ([1.0, 0.0, 0.0, 0.0], THIRD)
    held = trainers.ask("slime", group=True)
    assert held["rewards"] == [1.0, 0.0, pytest.approx(1 / 3), 0.0]
    assert held["removed"] == THIRD


def slime_by_address(trainers: Trainers) -> None:
    assert trainers.ask("slime", path="/slime/reward")["rewards"] == [1.0, 0.0, 0.0, 0.0]
    held = trainers.ask("slime", path="/slime/reward?unjudged=0.25")
    assert held["rewards"] == [1.0, 0.0, 0.25, 0.0]


def nemo_gym(trainers: Trainers) -> None:
    held = trainers.ask("nemo_gym", path="/verify")
    assert (held["rewards"], held["masked"]) == ([1.0, 0.0, 0.0, 0.0], THIRD)
    assert [failed is not None for failed in held["failed"]] == THIRD


def nemo_rl(trainers: Trainers) -> None:
    held = trainers.ask("nemo_rl")
    assert held["rewards"] == [1.0, 0.0, 0.0, 0.0]
    assert held["judged"] == [True, True, False, True]


def verifiers(trainers: Trainers) -> None:
    for said in (None, "raise"):
        held = trainers.ask("verifiers classic", said)
        assert held["rewards"] == [1.0, 0.0, 0.0, 0.0]
        assert held["judged"] == [1.0, 1.0, 0.0, 1.0]


def prime_rl(trainers: Trainers) -> None:
    held = trainers.ask("verifiers v1")
    assert held["rewards"] == [1.0, 0.0, "TaskError", 0.0]
    assert held["centred"].pop(2) is None
    assert held["centred"] == pytest.approx([2 / 3, -1 / 3, -1 / 3])


def skyrl_gym(trainers: Trainers) -> None:
    held = trainers.ask("skyrl_gym")
    assert held["rewards"] == [1.0, 0.0, 0.0, 0.0]
    assert held["judged"] == [1.0, 1.0, 0.0, 1.0]


def with_a_zero(name: str) -> Callable[[Trainers], None]:
    """One that has no word for it."""

    def check(trainers: Trainers) -> None:
        assert trainers.ask(name)["rewards"] == [1.0, 0.0, 0.0, 0.0]
        third = trainers.ask(name, "nan")["rewards"][2]
        assert math.isnan(third)
        assert "Unjudged" in trainers.ask(name, "raise")["raised"]

    return check


CHECKS: dict[str, tuple[str, Callable[[Trainers], None]]] = {
    "TRL 1.6 and later": ("trl", trl),
    "verl 0.9": ("verl", verl),
    "OpenRLHF 0.11": ("openrlhf", openrlhf),
    "AReaL 1.0": ("areal", areal),
    "ms-swift 4.6": ("ms_swift", ms_swift),
    "slime": ("slime", slime),
    "slime, by its address": ("slime", slime_by_address),
    "NeMo-Gym": ("nemo_gym", nemo_gym),
    "NeMo-RL": ("nemo_rl", nemo_rl),
    "verifiers": ("verifiers classic", verifiers),
    "verifiers v1, prime-rl": ("verifiers v1", prime_rl),
    "SkyRL-Gym": ("skyrl_gym", skyrl_gym),
    "open-instruct": ("open_instruct", with_a_zero("open_instruct")),
    "ROLL": ("roll", with_a_zero("roll")),
    "rllm": ("rllm", with_a_zero("rllm")),
    "torchforge": ("torchforge", with_a_zero("torchforge")),
}
"""By the page's name of a trainer: the driver that is asked, and what is asked of it."""
_CALLED, _ADAPTED = "tests/client/test_reward_functions.py", "tests/client/test_adapters.py"
_ROUTES = "tests/api/routes/test_judging.py"
ELSEWHERE = {
    "TRL before 1.6": (_CALLED, "test_a_trl_that_makes_a_0_of_none"),
    "slime": (_CALLED, "test_slime_removes_what_was_not_judged"),
    "slime, by its address": (_ROUTES, "test_slime_gets_a_number_or_a_list"),
    "NeMo-Gym": (_ROUTES, "test_nemo_gym_is_told_in_its_own_words"),
    "NeMo-RL": (_ADAPTED, "test_nemo_rl_steps_a_batch"),
    "verifiers": (_ADAPTED, "test_verifiers_calls_functions_of_a_rubric"),
    "verifiers v1, prime-rl": (_ADAPTED, "test_verifiers_of_v1_leaves_out"),
    "SkyRL-Gym": (_ADAPTED, "test_skyrl_gym_steps_once"),
    "open-instruct": (_ROUTES, "test_real_programs_and_answers"),
    "ROLL": (_ADAPTED, "test_roll_gets_the_tensors"),
    "rllm": (_ADAPTED, "test_rllm_gets_its_own_output"),
    "torchforge": (_ADAPTED, "test_torchforge_calls_it"),
}
"""Where those are tested that `make trainers` cannot bring: one TRL can be installed at a time, and
the sources of others, whose calls these tests make, are on no index."""


def rows_of_the_page() -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    table = text.split("| a rollout without a verdict |\n|---|---|\n")[1].split("\n\n")[0]
    return re.findall(r"^\| (.*?) \|", table, re.MULTILINE)


def test_every_row_of_the_page_is_checked() -> None:
    assert set(rows_of_the_page()) == CHECKS.keys() | ELSEWHERE.keys()
    for path, test in ELSEWHERE.values():
        assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8"), test


@pytest.mark.parametrize(
    "trainer", [pytest.param(name, marks=of_driver(driver)) for name, (driver, _) in CHECKS.items()]
)
def test_what_the_page_says_is_so(
    trainer: str, driver: Callable[[str], Driver], service: Service
) -> None:
    _, check = CHECKS[trainer]
    check(Trainers(driver, service.url))


@of_driver("verl")
def test_verls_group_filter_finds_acc(driver: Callable[[str], Driver], service: Service) -> None:
    request = {"function": "compute_score_async", "manager": "dapo", "what": "filtered"}
    for completions, dropped in (([RIGHT, RIGHT], ["u"]), ([RIGHT, WRONG], [])):
        given = [{"prompt": "u", "completion": text, "ground_truth": "4"} for text in completions]
        environment = {"VERIFIER_URL": service.url}
        held = driver("verl").run(rows=given, environment=environment, **request)
        assert held == {"dropped": dropped}


@of_driver("ms_swift")
async def test_a_warning_tells_of_them(driver: Callable[[str], Driver], service: Service) -> None:
    Trainers(driver, service.url).ask("ms_swift")
    said = driver("ms_swift").said
    assert "1 of 4 rollouts could not be judged (invalid_ground_truth" in said
    assert "get zero for a reward" in said
