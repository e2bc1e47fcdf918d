"""How many tests of a suite decide anything: those that fail some wrong program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from verifier.audit.findings import Answer, Finding
from verifier.audit.suites import Suite

ROUNDS = 2
"""Each shows every program the tests that have failed none yet,"""
ORDERS = 12
"""in so many orders."""
MOST_KILLS_SHOWN = 20
MOST_NAMES_SHOWN = 3
MOST_TESTS = 400
"""Of a suite; of a longer one only the first failures are told."""

_SLOW = frozenset({"time_limit_exceeded", "memory_limit_exceeded", "output_limit_exceeded"})

JudgeTests = Callable[[Sequence[tuple[str, Any]]], Awaitable[Sequence[Answer]]]
"""Judges completions, each by a ground truth of its own."""


async def deciding_tests(
    suite: Suite,
    names: Sequence[str],
    completions: Sequence[str],
    answers: Sequence[Answer],
    judge: JudgeTests,
    rounds: int = ROUNDS,
) -> list[Finding]:
    """The finding about tests that decide, of which there may be more; none where tests cannot be
    told apart, or nothing wrong was tried.

    `answers`: of each program by the whole suite, which say where it fails first."""
    total = len(suite.cases)
    kills: dict[int, list[str]] = {}
    failing = []
    for name, completion, answer in zip(names, completions, answers, strict=True):
        if answer.failed_case is not None and answer.failed_case < total:
            kills.setdefault(answer.failed_case, []).append(name)
            if answer.outcome not in _SLOW:
                failing.append((name, completion))
    if not total or not failing:
        return []
    suffice = len(kills)
    rounds = 0 if total > MOST_TESTS else rounds
    for _ in range(rounds):
        left = [number for number in range(total) if number not in kills]
        if not left or not failing:
            break
        orders = _orders(left, ORDERS if suite.can_shuffle else 1)
        truths = [suite.chosen(order) for order in orders]
        told = await judge(
            [(text, truths[at % len(truths)]) for at, (_, text) in enumerate(failing)]
        )
        still = []
        for at, ((name, text), answer) in enumerate(zip(failing, told, strict=True)):
            case = answer.failed_case
            if not answer.passes and case is not None and case < len(left):
                kills.setdefault(orders[at % len(orders)][case], []).append(name)
                still.append((name, text))
        failing = still
    return [
        _finding(total, suffice, kills, is_all=(rounds > 0 and not failing) or len(kills) == total)
    ]


def _orders(numbers: Sequence[int], most: int) -> list[list[int]]:
    """Each begins elsewhere: programs that fail everything are failed by different tests."""
    step = -(-len(numbers) // most)
    return [[*numbers[at:], *numbers[:at]] for at in range(0, len(numbers), step)]


def _finding(
    total: int, suffice: int, kills: Mapping[int, Sequence[str]], *, is_all: bool
) -> Finding:
    least = "" if is_all else "at least "
    shown = {
        str(case): list(kills[case][:MOST_NAMES_SHOWN]) for case in sorted(kills)[:MOST_KILLS_SHOWN]
    }
    says = (
        f"Of {total} tests {least}{len(kills)} fail some wrong program that was tried; {suffice} "
        "of them suffice to fail all that fail."
    )
    counts = {"tests": total, "deciding": len(kills), "suffice": suffice, "kills": shown}
    return Finding("tests", says, details=counts)
