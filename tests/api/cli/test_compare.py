"""`verifier compare`: what differs between two files, or a sentence why they cannot be compared."""

import json
from pathlib import Path

from tests.api.cli.conftest import Run
from tests.api.cli.test_report import written
from tests.api.reports.test_comparison import benchmark, changed


def test_it_names_the_rollouts_that_flipped(run: Run, tmp_path: Path) -> None:
    rows = benchmark(source="AIME24")
    a = written(tmp_path / "a.jsonl", rows)
    rows[10], rows[17] = changed(rows[10], "no_answer"), changed(rows[17], "correct")
    b = written(tmp_path / "b.jsonl", rows)
    shown = run("compare", a, b)
    assert shown.returncode == 0, shown.stderr
    assert "Of 80 rollouts that both have: 1 gained, 1 lost" in shown.stdout
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert ["lost", "AIME24", "p5", "r10", "correct", "no_answer"] in lines
    assert ["gained", "AIME24", "p8", "r17", "wrong_answer", "correct"] in lines
    found = json.loads(run("compare", a, b, "--json").stdout)
    assert [flip["id"] for flip in found["flips"]["rollouts"]] == ["r10", "r17"]
    assert found["all"]["difference"]["value"] == 0
    assert found["all"]["p_value"] == 1
    page = (Path(__file__).parents[3] / "docs" / "reports.md").read_text().partition("## Comparing")
    for keys in (found, found["all"], found["flips"]["rollouts"][0], found["problems"][0]):
        for key in keys:
            assert f"`{key}`" in page[2], key


def test_files_that_share_nothing_are_refused(run: Run, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", benchmark(source="AIME24"))
    b = written(tmp_path / "b.jsonl", benchmark(source="AIME25"))
    shown = run("compare", a, b)
    assert shown.returncode == 2
    assert "share no problem" in shown.stderr
    assert shown.stdout == ""
