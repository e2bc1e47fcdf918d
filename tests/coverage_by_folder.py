"""Prints the branch coverage of each folder of the code, from what `coverage combine` left."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

import coverage


def by_folder() -> dict[str, tuple[int, int]]:
    """Folder -> (lines and branches that were run, all of them)."""
    measured = coverage.Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "coverage.json")
        measured.json_report(outfile=str(report))
        files = json.loads(report.read_text())["files"]
    run, there = Counter[str](), Counter[str]()
    for name, entry in files.items():
        room, found = str(Path(name).parent), entry["summary"]
        run[room] += found["covered_lines"] + found["covered_branches"]
        there[room] += found["num_statements"] + found["num_branches"]
    return {room: (run[room], there[room]) for room in sorted(there) if there[room]}


if __name__ == "__main__":
    for folder, (run, there) in by_folder().items():
        print(f"{run / there:6.1%}  {folder}")
