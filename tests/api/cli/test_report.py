"""`verifier report`: the same numbers in the terminal, as JSON and as CSV."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Run
from tests.api.reports.test_summary import rows


def written(path: Path, content: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(map(json.dumps, content)))
    return path


SCORED = [
    *rows("1:correct:1 1:wrong_answer:2 2:correct:1 2:verifier_error", source="AIME24"),
    *rows("1:wrong_answer:2 1:wrong_answer:3", source="AIME25"),
]


def test_it_prints_each_source_and_what_is_unjudged(run: Run, tmp_path: Path) -> None:
    found = run("report", written(tmp_path / "out.jsonl", SCORED))
    assert found.returncode == 0, found.stderr
    assert "6 rollouts of 3 problems, 2 each" in found.stdout
    assert "source AIME24: 2 problems (1 all right, 1 mixed)\navg@2  0.7500" in found.stdout
    assert "source AIME25: 1 problems (1 all wrong)\navg@2  0.0000" in found.stdout
    assert "k  pass@k                pass^k" in found.stdout
    assert "verifier_error      1 (25.0%)  0 (0.0%)" in found.stdout
    assert "1 rollouts could not be judged" in found.stdout


def test_json_has_what_the_documentation_says(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "out.jsonl", SCORED)
    found = json.loads(run("report", file, "--json", "--by", "group").stdout)
    assert set(found["by"]) == {"source", "group"}
    assert found["by"]["source"]["AIME24"]["avg_at_k"]["value"] == 0.75
    assert found["by"]["source"]["AIME24"]["pass_at_k"][1]["problems"] == 1
    assert found["all"]["unjudged"] == 1
    assert [problem["kind"] for problem in found["problems"]] == ["mixed", "all_right", "all_wrong"]
    page = (Path(__file__).parents[3] / "docs" / "reports.md").read_text()
    for keys in (found, found["all"], found["problems"][0], found["all"]["pass_at_k"][0]):
        for key in keys:
            assert f"`{key}`" in page, key


def test_csv_has_every_estimate(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "out.jsonl", SCORED)
    table = list(csv.DictReader(io.StringIO(run("report", file, "--csv").stdout)))
    one = [
        line
        for line in table
        if (line["section"], line["metric"], line["k"]) == ("AIME24", "pass@k", "1")
    ]
    assert [(line["value"], line["problems"]) for line in one] == [("0.75", "2")]
    assert {line["metric"] for line in table} == {"avg@k", "pass@k", "pass^k", "majority@k"}


def test_nothing_scored_is_no_division_by_zero(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").touch()
    for form in ([], ["--json"], ["--csv"], ["--html", "page.html"]):
        found = run("report", "out.jsonl", *form)
        assert found.returncode == 0, found.stderr
    assert "0 rollouts" in found.stdout


def test_names_do_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    evil = rows("p:correct", source="\x1b[2Jowned\n")
    found = run("report", written(tmp_path / "out.jsonl", evil))
    assert "\x1b" not in found.stdout
    assert "source \ufffd[2Jowned\ufffd: 1 problems" in found.stdout


def test_the_page_shows_what_is_in_the_file_as_text(run: Run, tmp_path: Path) -> None:
    evil = "<script>alert('&')</script>{0}\ud800"
    row = {"group": evil, "outcome": "wrong_answer", "reward": 0.0}
    (tmp_path / "<b>.jsonl").write_text(json.dumps(row))
    found = run("report", "<b>.jsonl", "--html", "page.html")
    assert found.returncode == 0, found.stderr
    page = (tmp_path / "page.html").read_text()
    assert "<b>" not in page
    assert "alert(" not in page.replace("&lt;script&gt;alert", "")


@pytest.mark.parametrize(
    "line",
    ["{}", '{"reward": 2, "outcome": "correct"}', '{"reward": 1}', '{"reward": 1, "outcome": []}'],
)
def test_a_file_that_is_not_scored_is_refused(run: Run, tmp_path: Path, line: str) -> None:
    (tmp_path / "out.jsonl").write_text(line)
    found = run("report", "out.jsonl")
    assert found.returncode == 2
    assert "line 1 has no `reward` and `outcome`" in found.stderr


def test_two_printed_forms_at_once_are_refused(run: Run, tmp_path: Path) -> None:
    found = run("report", written(tmp_path / "out.jsonl", SCORED), "--json", "--csv")
    assert found.returncode == 2
    assert "choose one" in found.stderr
