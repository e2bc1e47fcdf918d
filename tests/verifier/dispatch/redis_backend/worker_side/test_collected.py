"""Counts of several workers come together whole, whatever the pipe takes at once."""

import json

from verifier.dispatch.redis_backend.worker_side.collected import (
    TOGETHER,
    Collected,
    in_lines,
    tell,
)


def test_many_counts_go_in_lines_that_a_pipe_takes_whole() -> None:
    counts = {f"judging_seconds|{number}|training|0.25": 1.5 for number in range(3 * TOGETHER + 1)}
    lines = list(in_lines(counts))
    assert len(lines) == 4
    assert all(len(line) < 4096 for line in lines), "PIPE_BUF"
    assert {name: by for line in lines for name, by in json.loads(line).items()} == counts
    assert list(in_lines({})) == []


def test_what_workers_tell_is_added_up() -> None:
    collected = Collected()
    for _ in range(3):
        tell(collected.write_end, {"nulls|a": 1, "nulls|b": 0.5})
    while collected.counts() != {"nulls|a": 3, "nulls|b": 1.5}:
        assert collected.counts().get("nulls|a", 0) <= 3
