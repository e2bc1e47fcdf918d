"""`verifier audit`: every problem back with its verdict, in order, however often interrupted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Run, Start
from tests.api.cli.test_serve import serving

ROOT = Path(__file__).parents[3]
CALLS = {"kind": "call", "entry_point": "f", "cases": [{"args": [1], "expected": 2}]}
ROWS: list[dict[str, Any]] = [
    {"id": "good", "ground_truth": "\\frac{1}{2}", "note": "é"},
    {"id": "bad", "ground_truth": CALLS, "solution": "def f(x):\n    return x", "verdict": "old"},
    {"id": "poor", "ground_truth": ["2", "3"]},
    {"id": "none", "ground_truth": {"kind": "call", "entry_point": "f", "cases": []}},
]
VERDICTS = ["sound", "broken", "weak", "broken"]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_rows_come_back_with_verdict_and_evidence_and_filter_takes_them(
    run: Run, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", ROWS)
    found = run("audit", source, "-o", "out.jsonl")
    assert found.returncode == 0, found.stderr
    rows = read(tmp_path / "out.jsonl")
    assert [row["verdict"] for row in rows] == VERDICTS
    assert [row["id"] for row in rows] == [row["id"] for row in ROWS]
    assert rows[0]["note"] == "é"
    assert rows[1]["evidence"][0]["finding"] == "reference_fails"
    assert "1 sound, 1 weak, 2 broken" in found.stdout
    whole = (tmp_path / "out.jsonl").read_bytes()

    (tmp_path / "out.jsonl").write_bytes(whole[: len(whole) // 2])
    found = run("audit", source, "-o", "out.jsonl")
    assert found.returncode == 0, found.stderr
    assert "of 4 rows are in out.jsonl already" in found.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == whole

    found = run("filter", "out.jsonl", "-o", "kept.jsonl", "--dropped", "dropped.jsonl")
    assert [row["id"] for row in read(tmp_path / "kept.jsonl")] == ["good"]
    reasons = {row["id"]: row["reason"] for row in read(tmp_path / "dropped.jsonl")}
    assert reasons == {"bad": "reference_fails", "poor": "weak", "none": "no_tests"}


def test_a_service_judges(run: Run, start: Start, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", ROWS)
    _, url = serving(start)
    found = run("audit", source, "-o", "out.jsonl", "--url", url)
    assert found.returncode == 0, found.stderr
    assert [row["verdict"] for row in read(tmp_path / "out.jsonl")] == VERDICTS


def test_the_readmes_section(run: Run, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    start = readme.index("$ verifier audit")
    block = readme[start : readme.index("```", start)]
    for shown in block.split("$ verifier ")[1:]:
        command, _, output = shown.partition("\n")
        found = run(*command.split())
        assert found.returncode == 0, found.stderr
        assert [line.rstrip() for line in found.stdout.splitlines()] == output.splitlines()
    rows = read(tmp_path / "audited.jsonl")
    assert [row["verdict"] for row in rows] == ["sound", "weak", "broken", "sound", "broken"]
    assert {entry.get("input") for entry in rows[1]["evidence"]} >= {"(18)"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"ground_truth": "1"\n', "line 1 is not JSON"),
        ("{}\n", "line 1 is empty: a row needs a `ground_truth`"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(
    run: Run, tmp_path: Path, content: str, says: str
) -> None:
    (tmp_path / "in.jsonl").write_text(content)
    found = run("audit", "in.jsonl", "-o", "out.jsonl")
    assert found.returncode == 2
    assert says in found.stderr


def test_what_is_lacking_here_is_no_verdict(run: Run, tmp_path: Path) -> None:
    row = {"ground_truth": CALLS, "solution": "import no_such_library\ndef f(x): return x + 1"}
    source = write(tmp_path / "in.jsonl", [row])
    found = run("audit", source, "-o", "out.jsonl")
    assert found.returncode == 1
    assert read(tmp_path / "out.jsonl")[0]["verdict"] is None
    assert "could not be audited here" in found.stderr
