"""`verifier filter`: problems worth training on are kept, every other is dropped for its reason."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from api.cli.filter import read_range
from api.cli.terminal import Unusable
from tests.api.cli.conftest import Run

CALLS = {"kind": "call", "entry_point": "f", "cases": [{"args": [1], "expected": 2}]}
STORY = "Anna has three apples and Ben has {} apples. How many apples do the two have together?"


def rollouts(group: str, rewards: Sequence[float | None], **row: Any) -> list[dict[str, Any]]:
    return [
        {"group": group, "completion": f"\\boxed{{{number}}}", "reward": reward, **row}
        for number, reward in enumerate(rewards)
    ]


SOME, ALL, NONE = [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]
KEPT = [
    *rollouts("third", [1.0, 0.0, None, 0.0], ground_truth="5", prompt=STORY.format("two")),
    *rollouts("other answer", SOME, ground_truth="6", prompt=STORY.format("3")),
    *rollouts("code", SOME, ground_truth=CALLS, prompt=[{"role": "user", "content": "Add one."}]),
    *rollouts("no prompt", SOME, ground_truth="5"),
    *rollouts("named", SOME, problem="p1"),
    *rollouts("words", SOME, ground_truth="the second player wins"),
    *rollouts("show and find", SOME, ground_truth="7", prompt="Show that x is odd. What is it?"),
]
DROPPED = {
    "proof": rollouts("a", SOME, ground_truth="0", prompt="Prove that x is even."),
    "unparsable_reference": rollouts("b", SOME, ground_truth="\\frac{1}{2"),
    "no_tests": rollouts("c", SOME, ground_truth={"inputs": [], "outputs": []}),
    "reference_fails": rollouts(
        "d",
        SOME,
        ground_truth="5",
        verdict="broken",
        evidence=[{"finding": "reference_fails", "says": "..."}],
    ),
    "broken": rollouts("e", SOME, ground_truth="5", verdict="broken", evidence=["..."]),
    "weak": rollouts("f", SOME, ground_truth="5", verdict="weak", evidence=[]),
    "unjudged": rollouts("g", [None, None], ground_truth="5"),
    "solve_none": rollouts("h", NONE, ground_truth="5", prompt=STORY.format("two")),
    "solve_all": rollouts("i", ALL, ground_truth="5"),
    "duplicate": rollouts("k", SOME, ground_truth="5", prompt=STORY.format("TWO").upper()),
    "near_duplicate": rollouts("l", SOME, ground_truth="5", prompt=STORY.format("only two")),
}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_reason_drops_its_problem_and_the_others_are_kept(run: Run, tmp_path: Path) -> None:
    bad = [row for rows in DROPPED.values() for row in rows]
    source = write(tmp_path / "in.jsonl", [*KEPT, *bad])
    found = run("filter", source, "-o", "kept.jsonl", "--dropped", "dropped.jsonl")
    assert found.returncode == 0, found.stderr
    kept = read(tmp_path / "kept.jsonl")
    assert [{k: v for k, v in row.items() if k != "pass_rate"} for row in kept] == KEPT
    assert {row["pass_rate"] for row in kept} == {1 / 3, 0.5}
    dropped = read(tmp_path / "dropped.jsonl")
    assert {row["group"]: row["reason"] for row in dropped} == {
        rows[0]["group"]: reason for reason, rows in DROPPED.items()
    }
    assert all(row["reason_details"].endswith(".") for row in dropped)
    assert "repeats `third`" in dropped[-1]["reason_details"]
    for reason in DROPPED:
        assert f"\n{reason} " in f"\n{found.stdout}"
    assert f"7 of {7 + len(DROPPED)} problems kept: {len(KEPT)} rows" in found.stdout
    assert "3 rollouts could not be judged" in found.stdout


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("0:1", {0.25, 0.5, 0.75}),
        ("0.25:0.75", {0.5}),
        ("[0.25:0.75)", {0.25, 0.5}),
        ("[0:1]", {0.0, 0.25, 0.5, 0.75, 1.0}),
        (":0.5]", {0.25, 0.5}),
    ],
)
def test_the_range_of_pass_rates(keep: str, kept: set[float]) -> None:
    wanted = read_range(keep)
    assert {rate for rate in (0.0, 0.25, 0.5, 0.75, 1.0) if rate in wanted} == kept


def test_audited_problems_without_rollouts_are_kept_where_they_are_sound(
    run: Run, tmp_path: Path
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": verdict, "ground_truth": CALLS, "verdict": verdict, "evidence": []}
        for verdict in ("sound", "weak", "broken", None)
    ]
    found = run("filter", "-", "-o", "kept.jsonl", stdin="\n".join(map(json.dumps, rows)))
    assert found.returncode == 0, found.stderr
    assert read(tmp_path / "kept.jsonl") == [{**rows[0], "pass_rate": None}]


@pytest.mark.parametrize("keep", ["many", "0.9:0.1", "0:2", "0..1:1", "0.5"])
def test_what_is_no_range_is_told_in_a_sentence(keep: str) -> None:
    with pytest.raises(Unusable, match="--keep cannot be used"):
        read_range(keep)


@pytest.mark.parametrize(
    ("row", "options", "says"),
    [
        ({"completion": "1"}, [], "line 1 has neither `reward` nor `verdict`"),
        ({"reward": 2}, [], "`reward` must be from 0 to 1"),
        ({"reward": 1}, ["--dropped", "kept.jsonl"], "--dropped is one of the other files"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(
    run: Run, tmp_path: Path, row: dict[str, Any], options: list[str], says: str
) -> None:
    source = write(tmp_path / "in.jsonl", [row])
    found = run("filter", source, "-o", "kept.jsonl", *options)
    assert found.returncode == 2
    assert says in found.stderr
    assert not (tmp_path / "kept.jsonl").exists()
