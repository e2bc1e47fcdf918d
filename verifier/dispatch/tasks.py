"""What dispatch asks of a task, a rollout or a run: what it needs, its size, its plain form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from verifier.dispatch.figures import problem_label
from verifier.ground_truth import kind_of, truth_text
from verifier.model import (
    NO_LIMITS,
    NO_RULES,
    AnswerRules,
    Kind,
    LimitsOverride,
    Result,
    Rollout,
    Run,
    Task,
    TruthText,
    Verdict,
)
from verifier.wire import present

_LIMITS = tuple(field.name for field in dataclasses.fields(LimitsOverride))
_RULES = tuple(field.name for field in dataclasses.fields(AnswerRules))
_RUN = tuple(
    field.name for field in dataclasses.fields(Run) if field.name not in {"source", "limits"}
)


RUN_LABEL = "run"
"""What metrics call what a run is judged against: there is nothing."""


def kind_of_task(task: Task) -> Kind:
    """What a worker needs for it."""
    return Kind.CODE if isinstance(task, Run) else kind_of(task.ground_truth)


def text_of_task(task: Task) -> str:
    """What is judged or run: what a chunk's size is measured by."""
    return task.source if isinstance(task, Run) else task.completion


def label_of_task(task: Task) -> str:
    """What metrics call what it is judged against."""
    if isinstance(task, Run):
        return RUN_LABEL
    return problem_label(truth_text(task.ground_truth).text)


def problems_of(tasks: Sequence[Task]) -> list[int]:
    """For each task the place of the first with its ground truth; for a run its own place."""
    firsts: dict[str, int] = {}
    return [
        place
        if isinstance(task, Run)
        else firsts.setdefault(truth_text(task.ground_truth).text, place)
        for place, task in enumerate(tasks)
    ]


def asked_of(rollout: Rollout) -> tuple[str, *tuple[object, ...]]:
    """All that its verdict follows from but its ground truth: everything but who asks, and the
    names that an answer has it by. What is not set is None, which is soon compared."""
    return (
        rollout.completion,
        rollout.truncated,
        None if rollout.limits is NO_LIMITS else rollout.limits,
        None if rollout.rules is NO_RULES else rollout.rules,
        rollout.unusable,
        rollout.any_order,
    )


def places_of_equal(tasks: Sequence[Task]) -> dict[int, list[int]]:
    """Of rollouts that differ in name alone, those behind the first, by the first."""
    firsts: dict[tuple[object, ...], int] = {}
    found: dict[int, list[int]] = {}
    for index, task in enumerate(tasks):
        if isinstance(task, Rollout) and isinstance(task.ground_truth, TruthText):
            first = firsts.setdefault((task.ground_truth.text, *asked_of(task)), index)
            if first != index:
                found.setdefault(first, []).append(index)
    return found


def word_for(result: Result) -> str:
    """What came of it, in one word: an outcome, or how a run ended."""
    return str(result.outcome if isinstance(result, Verdict) else result.status)


def plain_task(index: int, truth: int | None, task: Task) -> dict[str, Any]:
    """The task as JSON-ready data, without its text; `truth` says where its ground truth is, None
    for a run."""
    limits = {} if task.limits is NO_LIMITS else present(task.limits, _LIMITS)
    common = {"index": index, **({"limits": limits} if limits else {})}
    if isinstance(task, Run):
        return {**common, "run": present(task, _RUN)}
    return {
        **common,
        "truth": truth,
        **present(task, ("id", "group", "unusable")),
        **({"truncated": True} if task.truncated else {}),
        **({"any_order": True} if task.any_order else {}),
        **({} if task.rules is NO_RULES else {"rules": present(task.rules, _RULES)}),
    }


def task_of(row: Mapping[str, Any], text: str, truths: Sequence[TruthText], owner: str) -> Task:
    """The reverse of `plain_task`. Raises KeyError, IndexError or TypeError for what is none."""
    limits = row.get("limits")
    override = LimitsOverride(**limits) if limits else NO_LIMITS
    if "run" in row:
        return Run(source=text, limits=override, **row["run"])
    return Rollout(
        completion=text,
        ground_truth=truths[row["truth"]],
        id=row.get("id"),
        group=row.get("group"),
        truncated=row.get("truncated", False),
        limits=override,
        rules=AnswerRules(**row["rules"]) if "rules" in row else NO_RULES,
        unusable=row.get("unusable"),
        owner=owner,
        any_order=row.get("any_order", False),
    )
