"""Rows as people have them: every form of file, named and usual fields, joined problems."""

import csv
import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.ipc
import pyarrow.parquet
import pytest
from backports import zstd

from api.cli.files.records import read_objects
from api.cli.files.source import open_source
from api.cli.files.truths import open_truths
from api.cli.readers import form_of, named, read_as, recognised
from api.cli.readers.plain import Fields
from api.cli.rows import Row, Rows
from api.cli.skipping import Skipped, refuse
from api.cli.terminal import Unusable
from api.settings import Settings

ROWS = [
    {"completion": "\\boxed{1}, she said", "ground_truth": "1", "level": "easy"},
    {"completion": "two\nlines é \\boxed{2}", "ground_truth": "3", "level": "hard"},
]


def lines(rows: list[Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_csv(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_parquet(rows: list[Any]) -> bytes:
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), sink)
    return bytes(sink.getvalue())


def as_arrow(rows: list[Any], new: Callable[..., Any]) -> bytes:
    table = pyarrow.Table.from_pylist(rows)
    sink = pyarrow.BufferOutputStream()
    with new(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


FILES = {
    "lines": ("rows.jsonl", lines(ROWS)),
    "lines of no name": ("rows", b"\xef\xbb\xbf" + lines(ROWS)),
    "lines called json": ("rows.json", lines(ROWS)),
    "a list": ("rows.json", json.dumps(ROWS, indent=2).encode()),
    "a list, short": ("rows", json.dumps(ROWS).encode()),
    "CSV": ("rows.csv", as_csv(ROWS)),
    "TSV": ("rows.tsv", as_csv(ROWS, "\t")),
    "CSV of semicolons": ("rows.csv", as_csv(ROWS, ";")),
    "Parquet": ("rows.parquet", as_parquet(ROWS)),
    "Arrow's file": ("rows.arrow", as_arrow(ROWS, pyarrow.ipc.new_file)),
    "Arrow's stream": ("data-00000-of-00001.arrow", as_arrow(ROWS, pyarrow.ipc.new_stream)),
    "gzip": ("rows.jsonl.gz", gzip.compress(lines(ROWS))),
    "zstd": ("rows.jsonl.zst", zstd.compress(lines(ROWS))),
    "a compressed list": ("rows.json.gz", gzip.compress(json.dumps(ROWS).encode())),
    "a compressed CSV": ("rows.csv.zst", zstd.compress(as_csv(ROWS))),
}


@pytest.mark.parametrize("form", FILES)
def test_every_form_of_file_holds_the_same_rows(tmp_path: Path, form: str) -> None:
    name, content = FILES[form]
    path = tmp_path / name
    path.write_bytes(content)
    with open_source(path) as source:
        for _ in range(2):
            assert [row for _, row in read_objects(source)] == ROWS


BROKEN = {
    "gzip cut short": ("rows.jsonl.gz", gzip.compress(lines(ROWS * 99))[:-20], "cannot be read"),
    "zstd cut short": ("rows.jsonl.zst", zstd.compress(lines(ROWS))[:-9], "cannot be read"),
    "Parquet cut short": ("rows.parquet", as_parquet(ROWS)[:-9], "cannot be read"),
    "Arrow cut short": (
        "rows.arrow",
        as_arrow(ROWS, pyarrow.ipc.new_stream)[:90],
        "cannot be read",
    ),
    "a list that does not end": ("rows.json", json.dumps(ROWS).encode()[:-1], "is not JSON"),
    "CSV in another encoding": ("rows.csv", as_csv(ROWS)[3:].decode().encode("latin-1"), "UTF-8"),
    "CSV with a cell too many": ("rows.csv", b"completion\na,b\n", "row 1 has more cells"),
    "a zip": ("rows.zip", b"PK\x03\x04", "zip archive"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_told_in_a_sentence(tmp_path: Path, case: str) -> None:
    name, content, says = BROKEN[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unusable, match=says), open_source(path) as source:
        list(read_objects(source))


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(as_parquet(ROWS))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Unusable, match="pip install pyarrow"), open_source(path) as source:
        list(read_objects(source))


def read(path: Path, form: str | None = None, skip: bool = False, **given: Any) -> list[Row]:
    """The rollouts of a file, as `verifier score` reads them."""
    fields = Fields(**{name: value for name, value in given.items() if name != "truths"})
    with open_source(path, form_of(form)) as source:
        rows = Rows(
            source=source,
            settings=Settings(),
            refuse=Skipped(source).refuse if skip else lambda *bad: refuse(source, *bad),
            reader=named(form) if form else None if fields.completion else recognised(source),
            fields=fields,
            truths=given.get("truths"),
            knows_problems=True,
        )
        return list(rows)


def write(path: Path, *rows: Any) -> Path:
    path.write_bytes(lines(list(rows)))
    return path


PLAIN: dict[str, tuple[Any, dict[str, Any], list[dict[str, Any]]]] = {
    "own form, with what else it has": (
        {"completion": "a", "ground_truth": "1", "task_id": 7, "id": 3},
        {},
        [{"completion": "a", "ground_truth": "1", "task_id": 7, "id": 3}],
    ),
    "usual names": (
        {"response": "a", "answer": "1", "problem_id": 7},
        {},
        [
            {"response": "a", "answer": "1", "problem_id": 7, "group": "7"}
            | {"completion": "a", "ground_truth": "1"}
        ],
    ),
    "a ground truth that is null beside another": (
        {"completion": "a", "answer": "1", "ground_truth": None},
        {},
        [{"completion": "a", "answer": "1", "ground_truth": "1"}],
    ),
    "the text of a problem, which is no registered one's name": (
        {"problem": "What is 1?", "answer": "1", "completion": "a", "label": True},
        {},
        [
            {"problem": "What is 1?", "answer": "1", "completion": "a", "label": True}
            | {"ground_truth": "1"}
        ],
    ),
    "what a registered problem judges": (
        {"problem": "p1", "completion": "a"},
        {},
        [{"problem": "p1", "completion": "a"}],
    ),
    "a conversation as ShareGPT has it": (
        {
            "conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}],
            "answer": "1",
        },
        {},
        [{"completion": "a", "answer": "1", "ground_truth": "1"}],
    ),
    "named fields": (
        {"id": 9, "out": {"choices": [{"text": "a"}]}, "meta": {"ref": "1", "set": "aime"}},
        {"completion": "out.choices.0.text", "ground_truth": "meta.ref", "source": "meta.set"},
        [{"id": 9, "completion": "a", "ground_truth": "1", "source": "aime"}],
    ),
    "several answers": (
        {"id": 9, "completions": ["a", "b"], "ground_truth": "1"},
        {},
        [
            {"id": "9.0", "group": "9", "sample": 0, "completion": "a", "ground_truth": "1"},
            {"id": "9.1", "group": "9", "sample": 1, "completion": "b", "ground_truth": "1"},
        ],
    ),
    "a conversation": (
        {
            "completion": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}],
            "ground_truth": "1",
        },
        {},
        [{"completion": "a", "ground_truth": "1"}],
    ),
    "a message with its thinking apart": (
        {
            "messages": [{"role": "assistant", "reasoning_content": "hm", "content": "a"}],
            "ground_truth": "1",
        },
        {},
        [{"completion": "<think>hm</think>a", "ground_truth": "1"}],
    ),
    "a row of a data set with tests": (
        {"response": "a", "entry_point": "f", "prompt": "def f(x):\n", "test": "def check(c): ..."},
        {},
        [
            {
                "completion": "a",
                "ground_truth": {
                    "entry_point": "f",
                    "prompt": "def f(x):\n",
                    "test": "def check(c): ...",
                },
            }
        ],
    ),
}


@pytest.mark.parametrize("case", PLAIN)
def test_rows_of_no_tool(tmp_path: Path, case: str) -> None:
    given, fields, wanted = PLAIN[case]
    found = read(write(tmp_path / "rows.jsonl", given), **fields)
    for row, expected in zip(found, wanted, strict=True):
        assert {name: row.content.get(name) for name in expected} == expected


def test_a_row_of_a_csv_is_cut_off_where_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("completion,ground_truth,truncated\na,1,True\nb,1,False\nc,1,\n")
    assert [row.asked.get("truncated") for row in read(path)] == [True, None, None]


def test_a_row_without_an_answer_is_unjudged_and_says_why(tmp_path: Path) -> None:
    row = {"completion": None, "error": "the model was not there", "ground_truth": "1"}
    (found,) = read(write(tmp_path / "rows.jsonl", row))
    assert (found.rollout, found.lack) == (None, "the model was not there")


@pytest.mark.parametrize(
    ("row", "fields", "says"),
    [
        ({"a": 1}, {}, "line 1 has no `completion` .its fields: `a`"),
        ({"completion": "a"}, {}, "line 1 has no `ground_truth` .its fields: `completion`"),
        ({"completion": "a", "gold": 1}, {"ground_truth": "b"}, "has no field `b`"),
        (
            {"completion": "its own", "response": "a", "test": "assert f(1)", "entry_point": "f"},
            {},
            "has `completion` and `response`",
        ),
        ({"completion": {"a": 1}, "ground_truth": "1"}, {}, "an object without a text"),
        ({"completion": 7, "ground_truth": "1"}, {}, "a number where a completion should be"),
    ],
)
def test_a_row_that_cannot_be_used_is_told(
    tmp_path: Path, row: Any, fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(Unusable, match=says):
        read(write(tmp_path / "rows.jsonl", row), **fields)


def test_bad_rows_are_passed_over_and_listed_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(lines([ROWS[0], {"completion": "a"}]) + b"no\n[]\n" + lines([ROWS[1]]))
    assert [row.content for row in read(path, skip=True)] == ROWS
    listed = capsys.readouterr().err.splitlines()
    assert [line.partition("line ")[2][:8] for line in listed] == [
        "2 has no",
        "3 is not",
        "4 is not",
    ]


PROBLEMS = [{"task": n, "answer": f"{n}", "suite": {"ref": [f"{n}", "x"]}} for n in range(3)]


@pytest.mark.parametrize(
    ("on", "field", "truth"),
    [("task", None, "2"), ("meta.task=task", None, "2"), ("task", "suite.ref", ["2", "x"])],
)
def test_problems_are_joined_by_their_key(
    tmp_path: Path, on: str, field: str | None, truth: Any
) -> None:
    problems = write(tmp_path / "problems.jsonl", *PROBLEMS)
    path = write(tmp_path / "rows.jsonl", {"output": "a", "task": "2", "meta": {"task": 2}})
    with open_truths(problems, on, field) as truths:
        (row,) = read(path, truths=truths)
    assert row.asked == {"completion": "a", "ground_truth": truth}


def test_a_large_ground_truth_is_judged_by_and_not_written(tmp_path: Path) -> None:
    problems = write(tmp_path / "problems.jsonl", {"id": 1, "answer": "1" * 99_999})
    path = write(tmp_path / "rows.jsonl", {"completion": "a", "id": 1})
    with open_truths(problems, "id", None) as truths:
        (row,) = read(path, truths=truths)
    assert len(row.asked["ground_truth"]) == 99_999
    assert row.content == {"completion": "a", "id": 1}


@pytest.mark.parametrize(
    ("problems", "row", "says"),
    [
        ([*PROBLEMS, {"task": 1, "answer": "x"}], {"task": 1}, "line 4 is another problem"),
        ([{"answer": "1"}], {"task": 1}, "line 1 has no field `task`"),
        ([{"task": 1}], {"task": 1}, "line 1 has no ground truth"),
        (PROBLEMS, {"task": 9}, "has '9' as its `task`, which .* has not"),
        (PROBLEMS, {"tusk": 9}, "has no field `task`"),
    ],
)
def test_what_cannot_be_joined_is_told(
    tmp_path: Path, problems: list[Any], row: dict[str, Any], says: str
) -> None:
    path = write(tmp_path / "rows.jsonl", {"completion": "a", **row})
    with (
        pytest.raises(Unusable, match=says),
        open_truths(write(tmp_path / "problems.jsonl", *problems), "task", None) as truths,
    ):
        read(path, truths=truths)


def test_a_form_that_is_not_known_is_told_with_those_that_are() -> None:
    with pytest.raises(Unusable, match=r"one of .*csv"):
        form_of("excel")


def test_where_things_were_found_is_said(tmp_path: Path) -> None:
    def said(row: Any, *, joined: bool = False) -> str | None:
        with open_source(write(tmp_path / "rows.jsonl", row)) as source:
            found = read_as(source, recognised(source), Fields(), joined=joined)
            return found and found.removeprefix(source.name)

    found = ": the completion is read from `output`"
    assert said({"output": "a", "gold": "1"}) == f"{found}, the ground truth from `gold`."
    assert said({"output": "a", "gold": "1"}, joined=True) == f"{found}."
    assert said({"output": "a", "test_list": ["assert f(1)"], "code": ""}) == (
        f"{found}, the ground truth from the row itself."
    )
    assert said({"completion": "a", "ground_truth": "1"}) is None
    assert said({"input": "q", "output": "a", "score": 1, "gts": "1"}) == (
        " is read as what verl writes."
    )
