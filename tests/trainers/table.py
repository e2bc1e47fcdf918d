"""Prints what each trainer held after each thing that may go wrong, as docs/trainers.md has it:

python -m tests.trainers.table [TRAINER...]
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import running_service
from tests.environments import Lacking
from tests.trainers.conftest import Driver, Service
from tests.trainers.environment import TRAINERS as ENVIRONMENT
from tests.trainers.proxy import Proxy
from tests.trainers.test_trainers import CODE, MATH, RIGHT, TRAINERS, WRONG, rows

OUTAGE_S = 20.0
UNJUDGED = [*rows(RIGHT, WRONG), *rows(RIGHT, truth={"kind": "math", "answers": []}), *rows(WRONG)]
Ask = Callable[[list[dict[str, Any]]], dict[str, Any]]


def right_and_wrong(ask: Ask, _: Service) -> dict[str, Any]:
    return ask(MATH)


def third_unjudged(ask: Ask, _: Service) -> dict[str, Any]:
    return ask(UNJUDGED)


def away(ask: Ask, service: Service) -> dict[str, Any]:
    service.proxy.stop()
    back = threading.Timer(OUTAGE_S, service.proxy.start)
    back.start()
    try:
        return ask(MATH)
    finally:
        back.join()


def full(ask: Ask, service: Service) -> dict[str, Any]:
    service.proxy.refusals = 2
    try:
        return ask(MATH)
    finally:
        service.proxy.refusals = 0


def worker_killed(ask: Ask, service: Service) -> dict[str, Any]:
    def kill() -> None:
        service.proxy.asked.wait()
        service.kill_workers()

    service.proxy.asked.clear()
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        return ask(CODE)
    finally:
        service.proxy.asked.set()
        killer.join()


SCENARIOS = {
    "right, wrong, right, wrong": right_and_wrong,
    "the third unjudged": third_unjudged,
    f"away for {OUTAGE_S:g} s": away,
    "429, twice": full,
    "worker killed": worker_killed,
}


def in_words(held: dict[str, Any]) -> str:
    """Rewards, and below them what is made of them."""
    if "raised" in held:
        return str(held["raised"]).partition(":")[0]
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
        url, process = stack.enter_context(running_service(folder / "service"))
        service = Service(url, process, stack.enter_context(Proxy(url)))
        for trainer in wanted or TRAINERS:
            request = dict(TRAINERS[trainer])
            if "path" in request:
                request["address"] = service.url + request.pop("path")
            try:
                driver = Driver(python, request.pop("driver"), folder / trainer.replace("/", "-"))
            except Lacking as reason:
                print(f"| {trainer} | {reason} |", flush=True)
                continue

            def ask(given: list[dict[str, Any]]) -> dict[str, Any]:
                environment = {"VERIFIER_URL": service.url}
                return driver.run(rows=given, environment=environment, **request)  # noqa: B023

            cells = [in_words(scenario(ask, service)) for scenario in SCENARIOS.values()]
            print(f"| {trainer} | {' | '.join(cells)} |", flush=True)
            driver.close()


if __name__ == "__main__":
    main(sys.argv[1:])
