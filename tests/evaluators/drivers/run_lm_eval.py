"""lm-evaluation-harness: two tasks of our own, through its command line.

A task of mathematics with two filters and several answers to each question, and one of programs.
"""

import json
import sys
from pathlib import Path

from made_up import MATH, PROGRAMS, answers

FOLDER = Path(sys.argv[1])
ANSWERS = 3
TASK = """
task: {name}
dataset_path: json
dataset_kwargs: {{data_files: {{test: {data}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{{prompt}}}}}"
doc_to_target: "{target}"
repeats: {repeats}
generation_kwargs: {{until: [], do_sample: true}}
metric_list: [{{metric: exact_match}}]
filter_list:
{filters}
"""
FIRST = "  - {name: %s, filter: [{function: regex, regex_pattern: '%s'}, {function: take_first}]}\n"


def task(name: str, rows: list[dict], prompt: str, target: str, repeats: int, filters: str) -> None:
    data = FOLDER / f"{name}.data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    text = TASK.format(
        name=name, data=data, prompt=prompt, target=target, repeats=repeats, filters=filters
    )
    (FOLDER / f"{name}.yaml").write_text(text)


task(
    "made_up_math",
    MATH,
    "question",
    "{{answer}}",
    ANSWERS,
    FIRST % ("strict-match", "is ([0-9]+)") + FIRST % ("flexible-extract", "([0-9]+)"),
)
task(
    "made_up_code",
    PROGRAMS,
    "prompt",
    "{{test}}\\ncheck({{entry_point}})",
    1,
    FIRST % ("a", "(.*)"),
)

from lm_eval.__main__ import cli_evaluate  # noqa: E402 - after the tasks that it is given
from lm_eval.api.model import LM  # noqa: E402
from lm_eval.api.registry import register_model  # noqa: E402


@register_model("made-up")
class MadeUp(LM):
    """Answers from a table."""

    def __init__(self, **_: object) -> None:
        super().__init__()
        self._asked: dict[str, int] = {}

    def generate_until(self, requests, disable_tqdm=False):
        return [self._answer(request.args[0]) for request in requests]

    def _answer(self, prompt: str) -> str:
        number = self._asked[prompt] = self._asked.get(prompt, -1) + 1
        found = answers(prompt)
        return found[number % len(found)]

    def loglikelihood(self, requests):
        raise NotImplementedError

    loglikelihood_rolling = loglikelihood


sys.argv = [
    "lm_eval",
    *("--model", "made-up", "--tasks", "made_up_math,made_up_code", "--log_samples"),
    *("--include_path", str(FOLDER), "--output_path", str(FOLDER / "out")),
]
cli_evaluate()
