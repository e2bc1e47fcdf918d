"""Each problem is kept, or dropped for the first reason that holds."""

from typing import Any

import pytest

from verifier.curation.selection import Problem, Range, Selection, prompt_of


def dropped(row: dict[str, Any], *rewards: float | None) -> str | None:
    problem = Problem("p", {"ground_truth": "4", **row})
    for reward in rewards:
        problem.add({"reward": reward})
    drop = Selection(Range()).drop(problem)
    return None if drop is None else drop.reason


@pytest.mark.parametrize(
    ("row", "rewards", "reason"),
    [
        ({}, [1.0, 0.0], None),
        ({}, [1.0, 1.0, None], "solve_all"),
        ({}, [0.0, 0.0], "solve_none"),
        ({}, [None, None], "unjudged"),
        ({"verdict": "weak"}, [1.0, 0.0], "weak"),
        (
            {"verdict": "broken", "evidence": [{"finding": "reference_fails"}]},
            [],
            "reference_fails",
        ),
        ({"verdict": "broken", "evidence": []}, [], "broken"),
        ({"verdict": None}, [], "unjudged"),
        ({"verdict": "sound"}, [], None),
    ],
)
def test_reasons(row: dict[str, Any], rewards: list[float | None], reason: str | None) -> None:
    assert dropped(row, *rewards) == reason


def test_open_ends_are_no_part_of_a_range() -> None:
    assert [rate in Range(0.25, 0.75) for rate in (0.25, 0.5, 0.75)] == [False, True, False]
    closed = Range(0.25, 0.75, low_open=False, high_open=False)
    assert all(rate in closed for rate in (0.25, 0.5, 0.75))


@pytest.mark.parametrize(
    ("row", "prompt"),
    [
        ({"question": "2+2?"}, "2+2?"),
        ({"prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]}, "u"),
        ({"instruction": "Add.", "input": "2 2"}, "Add.\n2 2"),
        ({"problem": "a name"}, ""),
        ({"problem": "a text", "ground_truth": "4"}, "a text"),
    ],
)
def test_the_text_of_a_problem_is_found(row: dict[str, Any], prompt: str) -> None:
    assert prompt_of(row) == prompt
