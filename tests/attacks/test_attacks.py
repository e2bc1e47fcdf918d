"""Every program in the folders here, in every jail, the way a rollout goes: it gets what it
deserves, and nobody else notices."""

from __future__ import annotations

import pytest

from tests.attacks import conftest, watch
from tests.attacks.cases import Case, read_cases
from tests.attacks.conftest import Bench
from tests.attacks.problems import EXPECTED, PROBLEMS
from verifier.model import LimitsOverride, Outcome, Verdict

CASES = read_cases()
(SECRET,) = conftest.SECRET.values()
LOOK_AROUND = """
import os
others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]
def uid(process):
    return open(f"/proc/{process}/status").read().split("Uid:")[1].split()[0]
# The agent's own are root's.
others = [process for process in others if uid(process) != "0" or os.getuid() == 0]
print(input(), os.listdir("/tmp"), os.listdir("/dev/shm"), os.listdir("/mnt"), others)
"""
MOST_GROWTH_BYTES = 256 << 20
"""Of the worker's memory, after all that it was sent."""
MOST_MORE_DESCRIPTORS = 32
"""Of the worker: jails that take the place of others, and connections to the daemon."""


def _parameters() -> list[object]:
    return [
        pytest.param(
            case,
            kind,
            id=f"{case.name}-{kind}",
            marks=[pytest.mark.xfail(reason=case.xfail)] if case.xfail else [],
        )
        for case in CASES
        for kind in case.kinds
    ]


@pytest.mark.parametrize(("case", "kind"), _parameters())
def test_program_gets_what_it_deserves_and_nothing_else_notices(
    bench: Bench, case: Case, kind: str
) -> None:
    verdict = _judge(bench, case, kind)
    assert verdict.outcome in case.expected, verdict
    _shows_no_secret(verdict, case)
    _next_ones_are_unharmed(bench, case)
    _host_is_unharmed(bench)


def _judge(bench: Bench, case: Case, kind: str) -> Verdict:
    source = case.source
    for placeholder, found in bench.places.items():
        source = source.replace(placeholder, found)
    return bench.judge.judge(PROBLEMS[kind], source, case.limits)


def _shows_no_secret(verdict: Verdict, case: Case) -> None:
    """Whatever a program gathered and gave back, no secret is in it."""
    failure = verdict.first_failure or {}
    shown = f"{failure.get('got')} {failure.get('message')} {verdict.message}"
    assert SECRET not in shown
    computes_it = "[::-1]" in case.source
    assert computes_it or not any(text in shown for text in EXPECTED)


def _next_ones_are_unharmed(bench: Bench, case: Case) -> None:
    """The next rollout in the same jail is judged right and finds nothing of the one before; those
    that are called are, a few cases later."""
    limits = LimitsOverride(cpu_s=10, wall_s=10)
    verdict = bench.judge.judge(PROBLEMS["look around"], LOOK_AROUND, limits)
    assert verdict.outcome is Outcome.CORRECT, verdict
    bench.note(case.name)


def _host_is_unharmed(bench: Bench) -> None:
    assert watch.see_host(bench.worker, bench.canary) == bench.host
    most_descriptors = bench.descriptors + MOST_MORE_DESCRIPTORS
    if watch.open_descriptors(bench.worker) >= most_descriptors:
        bench.judge.collect_garbage()  # some may be open because nobody has thrown them away yet
        assert watch.open_descriptors(bench.worker) < most_descriptors
    assert watch.resident_bytes(bench.worker) < bench.resident_bytes + MOST_GROWTH_BYTES
    agents = watch.agents(bench.kind, bench.worker)
    assert len(agents) == 2, "one jail, and one for the referee"
    assert [len(found) for found in watch.inhabitants(agents)] == [bench.at_rest] * 2
    assert [watch.litter(agent) for agent in agents] == [[], []]
