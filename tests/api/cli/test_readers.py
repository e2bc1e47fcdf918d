"""Files of evaluators and trainers as these wrote them (`tests/evaluators`), with verdicts."""

import gzip
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from api.cli.files.truths import open_truths
from api.cli.judges import on_this_machine
from api.cli.readers import READERS
from api.cli.rows import Row
from api.cli.terminal import Unusable
from api.settings import Settings
from tests.api.cli.test_rows import lines, read, write

FILES = Path(__file__).parents[2] / "evaluators/files"
DATE = "2026-01-01T00-00-00.000000"
SUM, HALF = ["correct", "wrong_answer", "correct"], ["correct", "no_answer", "wrong_answer"]
TRUTHS = {
    "evalplus": ("evalplus/problems.jsonl", "task_id"),
    "livecodebench": ("livecodebench/problems.jsonl", "question_id"),
}
"""What the rows of a tool are joined to."""
PROGRAMS = ["correct", "wrong_answer", "wrong_answer", "correct"]
UNANSWERED = "verifier_error"
WANTED = {
    f"lm_eval/samples_made_up_math_{DATE}.jsonl": [*SUM, *HALF],
    f"lm_eval/samples_made_up_code_{DATE}.jsonl": ["correct", "wrong_answer"],
    "inspect/made_up_math.eval": [
        *("correct", "correct", UNANSWERED),
        *("wrong_answer", "no_answer", UNANSWERED),
    ],
    "inspect/made_up_code.json.gz": ["correct", "wrong_answer", "wrong_answer", "correct"],
    "evalplus/samples.jsonl": PROGRAMS,
    "evalplus/samples.raw.jsonl": PROGRAMS,
    "evalplus/samples_eval_results.json": PROGRAMS,
    "livecodebench/output.json": ["correct", "wrong_answer", "correct", "no_answer"],
    "livecodebench/output_eval_all.json": ["correct", "wrong_answer", "correct", "no_answer"],
    "openai_batch/output.jsonl": [*SUM[:2], *HALF[:2], UNANSWERED, UNANSWERED],
    "trl/completions_00001.parquet": [*SUM[:2], *HALF[:2]],
    "verl/7.jsonl": [*SUM, *HALF],
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Row]]]:
    """The rollouts of every file, as they are read."""
    answers = {"sum": "42", "half": "1/2", "What is 17 + 25?": "42"}
    answers |= {"What part of an hour are 30 minutes?": "1/2", "late": "1", "long": "1"}
    problems = [{"name": name, "answer": answer} for name, answer in answers.items()]
    path = write(tmp_path_factory.mktemp("truths") / "problems.jsonl", *problems)
    with ExitStack() as stack:
        truths = {
            tool: stack.enter_context(open_truths(FILES / file, on, None))
            for tool, (file, on) in TRUTHS.items()
        }
        for tool, on in (("openai_batch", "custom_id=name"), ("trl", "prompt=name")):
            truths[tool] = stack.enter_context(open_truths(path, on, None))
        yield {file: read(FILES / file, truths=truths.get(file.split("/")[0])) for file in WANTED}


async def test_each_answer_of_each_file_has_its_verdict(rows: dict[str, list[Row]]) -> None:
    settings = Settings(workers=1, sandbox="local")
    asked = [(file, row) for file, found in rows.items() for row in found if row.rollout]
    outcomes = {id(row): "" for _, row in asked}
    async with on_this_machine(settings) as judging:
        async for index, added in judging.judge([row for _, row in asked]):
            outcomes[id(asked[index][1])] = added["outcome"]
    found = {
        file: [outcomes[id(row)] if row.rollout else UNANSWERED for row in rows_]
        for file, rows_ in rows.items()
    }
    assert found == WANTED


NAMES: dict[str, dict[str, Any]] = {
    f"lm_eval/samples_made_up_math_{DATE}.jsonl": {
        "id": "0.1",
        "group": "0",
        "sample": 1,
        "source": "made_up_math",
        "ground_truth": "42",
        "prompt": "What is 17 + 25?",
        "reported": {"exact_match": 0.0},
    },
    "inspect/made_up_math.eval": {
        "id": "half.1",
        "group": "half",
        "epoch": 1,
        "source": "made_up_math",
        "metadata": {"level": "hard"},
        "reported": {"includes": "I"},
        "model": "mockllm/model",
    },
    "inspect/made_up_code.json.gz": {"id": "made_up/1.1", "group": "made_up/1", "epoch": 1},
    "evalplus/samples.jsonl": {"group": "made_up/0"},
    "evalplus/samples_eval_results.json": {
        "reported": {"base_status": "pass", "plus_status": "fail"}
    },
    "livecodebench/output_eval_all.json": {
        "id": "1000_A.1",
        "group": "1000_A",
        "difficulty": "easy",
        "platform": "codeforces",
        "contest_date": "2024-05-01T00:00:00",
        "reported": {"passed": False},
    },
    "openai_batch/output.jsonl": {"id": "sum.1", "group": "sum", "model": "made-up"},
    "trl/completions_00001.parquet": {"step": 1, "prompt": "What is 17 + 25?"},
    "verl/7.jsonl": {"step": 7, "ground_truth": "42"},
}


@pytest.mark.parametrize("file", NAMES)
def test_the_second_row_of_a_file_says_whose_it_is(rows: dict[str, list[Row]], file: str) -> None:
    content = rows[file][1].content
    assert {name: content.get(name) for name in NAMES[file]} == NAMES[file]


def test_rollouts_of_one_prompt_are_one_group(rows: dict[str, list[Row]]) -> None:
    for file, size in (("verl/7.jsonl", 3), ("trl/completions_00001.parquet", 2)):
        groups = [row.content["group"] for row in rows[file]]
        assert groups == [groups[0]] * size + [groups[-1]] * size
        assert groups[0] != groups[-1]


def test_what_was_cut_off_and_what_has_no_answer_is_known(rows: dict[str, list[Row]]) -> None:
    batch = rows["openai_batch/output.jsonl"]
    assert [row.asked.get("truncated") for row in batch[:4]] == [None, None, None, True]
    assert [row.lack.rpartition(": ")[2] for row in batch[4:]] == [
        "This request could not be executed in time.",
        "The prompt is too long.",
    ]
    assert "the tool that this sample needs" in rows["inspect/made_up_math.eval"][2].lack


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_reader_survives_rows_of_any_shape(tmp_path: Path, reader: Any) -> None:
    odd: list[Any] = [{}, *({key: value} for key in KEYS for value in ODD)]
    odd += [dict.fromkeys(KEYS, value) for value in ODD]
    path = tmp_path / ("log.json" if reader.name == "inspect" else "rows.jsonl")
    path.write_bytes(lines(odd))
    if reader.name == "inspect":
        path.write_text(json.dumps({"version": 2, "status": "success", "eval": 1, "samples": odd}))
    for row in read(path, reader.name, skip=True):
        assert row.rollout or row.lack


ODD: list[Any] = [None, "", "x", 7, True, [], {}, [[]], [{}], {"a": [None]}, [{"role": None}]]
KEYS = ["doc_id", "doc", "resps", "target", "metrics", "arguments", "filter", "custom_id"]
KEYS += ["response", "error", "input", "output", "gts", "score", "step", "prompt", "completion"]
KEYS += ["question_id", "output_list", "code_list", "graded_list", "task_id", "solution"]
KEYS += ["id", "scores", "metadata", "attachments", "choices", "ground_truth"]


def test_a_log_with_a_broken_sample_gives_the_others(tmp_path: Path) -> None:
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w") as archive:
        # As a run that was killed leaves it: no header, but what it began with.
        archive.writestr("_journal/start.json", json.dumps({"eval": {"task": "t"}}))
        archive.writestr("samples/1_epoch_1.json", "{")
        message = {"role": "assistant", "content": "attachment://x"}
        output = {"choices": [{"message": message, "stop_reason": "max_tokens"}]}
        sample = {"id": 2, "epoch": 1, "target": "1", "output": output, "attachments": {"x": "1"}}
        archive.writestr("samples/2_epoch_1.json", json.dumps(sample))
    (found,) = read(path, skip=True)
    assert found.asked == {"completion": "1", "ground_truth": "1", "truncated": True}
    assert found.content["source"] == "t"
    with pytest.raises(Unusable, match=r"sample 1 .samples/1_epoch_1\.json. cannot be read"):
        read(path)


def test_what_a_tool_lacks_is_told_with_what_brings_it(tmp_path: Path) -> None:
    for row, says in (
        ({"task_id": "HumanEval/0", "completion": "pass"}, "--truths HumanEvalPlus.jsonl.gz"),
        ({"question_id": "1", "code_list": ["pass"]}, "--truths test.jsonl"),
        ({"input": "q", "output": "a", "score": 1, "step": 1}, "--on prompt=FIELD"),
        ({"doc_id": 0, "doc": {}, "target": 1, "resps": [[[-1.5, True]]]}, "generate_until"),
    ):
        with pytest.raises(Unusable, match=says):
            read(write(tmp_path / "rows.jsonl", row))


def test_fixtures_are_small() -> None:
    sizes = {file: (FILES / file).stat().st_size for file in WANTED}
    assert max(sizes.values()) < 32 * 1024
    assert gzip.decompress((FILES / "inspect/made_up_code.json.gz").read_bytes())[:1] == b"{"
