"""LiveCodeBench: its runner over problems of our own, with its own grading."""

import json
import os
import sys
from pathlib import Path
from unittest import mock

import datasets  # noqa: F401 - looks for the real torch
from made_up import CONTESTS, serving

FOLDER = Path(sys.argv[1])
PACKED = ("public_test_cases", "private_test_cases", "metadata")
rows = [{**row, **{name: json.dumps(row[name]) for name in PACKED}} for row in CONTESTS]
(FOLDER / "problems.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
os.chdir(FOLDER)  # where its source is, too

with serving() as url:
    # It counts GPUs by torch, takes two words from anthropic and its data set from a hub;
    # everything else is its own.
    sys.modules["torch"] = mock.Mock(cuda=mock.Mock(device_count=lambda: 0))
    sys.modules["anthropic"] = mock.Mock()
    os.environ |= {"OPENAI_KEY": "none", "OPENAI_BASE_URL": url}
    from lcb_runner.runner import main

    sys.argv = ["main", "--model", "gpt-4o-2024-05-13", "--scenario", "codegeneration"]
    sys.argv += ["--n", "2", "--evaluate", "--num_process_evaluate", "1"]
    with mock.patch("lcb_runner.benchmarks.code_generation.load_dataset", return_value=rows):
        main.main()
