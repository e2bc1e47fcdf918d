"""EvalPlus: its generator's two files, and the results of its evaluator, of problems of our own."""

import json
import os
import sys
from pathlib import Path

from made_up import PROGRAMS, serving

FOLDER = Path(sys.argv[1])
INPUTS = {"double": ([[2]], [[-3]]), "longest": ([[["a", "bb", "cc"]]], [[["a"]]])}

problems = FOLDER / "problems.jsonl"
with problems.open("w") as file:
    for row in PROGRAMS:
        base, plus = INPUTS[row["entry_point"]]
        more = {"base_input": base, "plus_input": plus, "atol": 0, "contract": ""}
        file.write(json.dumps({**row, **more}) + "\n")
os.environ["HUMANEVAL_OVERRIDE_PATH"] = str(problems)

from evalplus.codegen import run_codegen  # noqa: E402 - after the variable that it reads
from evalplus.evaluate import evaluate  # noqa: E402

with serving() as url:
    samples = run_codegen(
        model="made-up",
        dataset="humaneval",
        root=str(FOLDER),
        n_samples=2,
        temperature=0.8,
        backend="openai",
        base_url=url,
    )
evaluate(dataset="humaneval", samples=samples, i_just_wanna_run=True, parallel=1)
