"""Prints what each trainer held after each thing that may go wrong, as docs/trainers.md has it:

python -m tests.trainers.table [TRAINER...]
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from tests.conftest import running_service
from tests.environments import Lacking
from tests.trainers.conftest import Driver, Service
from tests.trainers.environment import TRAINERS as ENVIRONMENT
from tests.trainers.proxy import Proxy
from tests.trainers.test_trainers import (
    CODE,
    MATH,
    PRINTS,
    RIGHT,
    TRAINERS,
    WRONG,
    rows,
)

OUTAGE_S = 20.0
MOST_QUEUED = 8
Row = dict[str, Any]


class Rows(NamedTuple):
    """What a trainer is given: right, wrong, right, wrong."""

    plain: list[Row]
    third_unjudged: list[Row]
    slow: list[Row]
    """Programs, whose worker can be killed meanwhile."""


ANSWERS = Rows(
    MATH,
    [*rows(RIGHT, WRONG), *rows(RIGHT, truth={"kind": "math", "answers": []}), *rows(WRONG)],
    CODE,
)


def of_functions(truth: Any, unusable: Any) -> Rows:
    """For what sends programs alone, and its tests with them."""

    def given(slow: str = "", third: Any = truth) -> list[Row]:
        texts = [f"```python\ndef f():{slow}\n    return {n}\n```" for n in (4, 5, 4, 5)]
        found = rows(*texts, truth=truth)
        found[2]["ground_truth"] = third
        return found

    return Rows(given(), given(third=unusable), given("\n    import time\n    time.sleep(0.3)"))


ASSERTION, UNUSABLE = "assert f() == 4", "with open('/dev/null'):\n    assert f() == 4"
PROGRAMS = {
    "verl, as SandboxFusion": (
        {"driver": "verl", "manager": "naive", "path": "/run_code"},
        of_functions({"assert_case": [ASSERTION]}, {"assert_case": [UNUSABLE]}),
    ),
    "open-instruct, URL": (
        {"driver": "open_instruct", "path": "/test_program"},
        of_functions([ASSERTION], [UNUSABLE]),
    ),
}
"""Of doors that take nothing else."""
EACH = {name: (request, ANSWERS) for name, request in TRAINERS.items()} | PROGRAMS
Ask = Callable[[list[Row]], dict[str, Any]]
Scenario = Callable[[Ask, Rows, Service], dict[str, Any]]


def right_and_wrong(ask: Ask, given: Rows, _: Service) -> dict[str, Any]:
    return ask(given.plain)


def third_unjudged(ask: Ask, given: Rows, _: Service) -> dict[str, Any]:
    return ask(given.third_unjudged)


def away(ask: Ask, given: Rows, service: Service) -> dict[str, Any]:
    service.proxy.stop()
    back = threading.Timer(OUTAGE_S, service.proxy.start)
    back.start()
    try:
        return ask(given.plain)
    finally:
        back.join()


def refused(ask: Ask, given: Rows, service: Service) -> dict[str, Any]:
    service.proxy.refusals = 2
    try:
        return ask(given.plain)
    finally:
        service.proxy.refusals = 0


def full(ask: Ask, given: Rows, service: Service) -> dict[str, Any]:
    """What those without the client meet instead: the service itself waits while its queue is full,
    of programs that are under way when the trainer asks."""
    name = uuid.uuid4().hex
    sleep = "```python\nimport time\ntime.sleep(1)\nprint({})  # {}\n```"  # none is known already
    others = rows(*(sleep.format(n, name) for n in range(MOST_QUEUED)), truth=PRINTS)
    statuses = []
    for _ in range(2):
        answer = httpx2.post(
            f"{service.upstream}/v1/score",
            json={"rollouts": others},
            headers={"Prefer": "respond-async"},
            trust_env=False,
            timeout=60,
        )
        statuses.append(answer.status_code)
    assert statuses == [httpx2.codes.ACCEPTED, httpx2.codes.TOO_MANY_REQUESTS]
    return ask(given.plain)


def worker_killed(ask: Ask, given: Rows, service: Service) -> dict[str, Any]:
    def kill() -> None:
        service.proxy.asked.wait()
        service.kill_workers()

    service.proxy.asked.clear()
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        return ask(given.slow)
    finally:
        service.proxy.asked.set()
        killer.join()


SCENARIOS: dict[str, Scenario] = {
    "right, wrong, right, wrong": right_and_wrong,
    "the third unjudged": third_unjudged,
    f"away for {OUTAGE_S:g} s": away,
    "its queue full": refused,
    "worker killed": worker_killed,
}


def in_words(held: dict[str, Any]) -> str:
    """Rewards, and below them what is made of them."""
    if "raised" in held:
        return f"ends ({str(held['raised']).partition(':')[0]})"
    lines = [" ".join(_short(value) for value in held["rewards"])]
    made = [held[name] for name in ("advantages", "centred") if name in held]
    lines += [" ".join(map(_short, values)) for values in made]
    lines += [f"`{name}`" for name in ("removed", "masked") if any(held.get(name, ()))]
    return "<br>".join(lines)


def _short(value: float | str | None) -> str:
    if isinstance(value, float | int):
        return f"{value:.2f}".rstrip("0").rstrip(".").replace("0.", ".").replace("-0", "0")
    return str(value)


def main(wanted: list[str]) -> None:
    python = ENVIRONMENT.make()
    print(f"| trainer | {' | '.join(SCENARIOS)} |\n|---|{'---|' * len(SCENARIOS)}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        most = dict.fromkeys(
            ("VERIFIER_MAX_QUEUED_ROLLOUTS", "VERIFIER_MAX_ROLLOUTS"), str(MOST_QUEUED)
        )
        url, process = stack.enter_context(running_service(folder / "service", **most))
        service = Service(url, process, stack.enter_context(Proxy(url)))
        for trainer in wanted or EACH:
            asked, given = EACH[trainer]
            request = dict(asked)
            if "path" in request:
                request["address"] = service.url + request.pop("path")
            try:
                driver = Driver(python, request.pop("driver"), folder / trainer.replace("/", "-"))
            except Lacking as reason:
                print(f"| {trainer} | {reason} |", flush=True)
                continue

            def ask(rows: list[Row]) -> dict[str, Any]:
                environment = {"VERIFIER_URL": service.url}
                return driver.run(rows=rows, environment=environment, **request)  # noqa: B023

            without_client: dict[Scenario, Scenario] = {refused: full} if "path" in asked else {}
            scenarios = [without_client.get(one, one) for one in SCENARIOS.values()]
            cells = [in_words(scenario(ask, given, service)) for scenario in scenarios]
            print(f"| {trainer} | {' | '.join(cells)} |", flush=True)
            driver.close()


if __name__ == "__main__":
    main(sys.argv[1:])
