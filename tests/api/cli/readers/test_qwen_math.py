"""Lines as Qwen2.5-Math's evaluation writes them, made up: it takes a GPU to write any."""

from pathlib import Path
from typing import Any

from api.cli.files.records import Record
from api.cli.files.source import open_source
from api.cli.readers import recognised
from api.cli.readers.qwen_math import QWEN_MATH
from tests.api.cli.test_rows import lines

LINE: dict[str, Any] = {
    "idx": 3,
    "question": "What is 17 + 25?",
    "gt_cot": "Add them.",
    "gt": "42",
    "answer": "It is 42.",
    "code": ["It is \\boxed{42}.", "It is \\boxed{43}."],
    "pred": ["42", "43"],
    "report": [None, None],
    "score": [True, False],
}


def test_each_sample_is_a_rollout_of_its_problem(tmp_path: Path) -> None:
    path = tmp_path / "test_cot_-1_seed0_t0.6_s0_e-1.jsonl"
    path.write_bytes(lines([LINE]))
    with open_source(path, None) as source:
        assert recognised(source) is QWEN_MATH
        rows = list(QWEN_MATH.rows(Record(1, LINE), source))
    own = {"group": "3", "prompt": "What is 17 + 25?", "ground_truth": "42"}
    assert rows == [
        {**own, "id": f"3.{sample}", "sample": sample}
        | {"completion": text, "reported": {"score": score}}
        for sample, (text, score) in enumerate(zip(LINE["code"], LINE["score"], strict=True))
    ]
