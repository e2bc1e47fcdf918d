"""TRL: one step of GRPO that logs its completions; the answers are the made-up model's.

The model that is trained is that of `tests/trainers`, tiny and of random weights.
"""

import json
import sys
from pathlib import Path
from typing import Any

from datasets import Dataset
from drive_trl import MODEL, TOKENIZER
from made_up import MATH, answers
from transformers import LlamaForCausalLM
from trl import GRPOConfig, GRPOTrainer

FOLDER = Path(sys.argv[1])
EACH = 2


def rollout(prompts: list[Any], trainer: Any) -> dict[str, Any]:
    """As many entries as prompts, each of which comes once for every answer."""
    texts = [json.dumps(prompt) for prompt in prompts]
    said = [answers(text)[texts[:place].count(text)] for place, text in enumerate(texts)]
    ids = [TOKENIZER(text)["input_ids"] for text in said]
    return {
        "prompt_ids": [TOKENIZER("prompt")["input_ids"] for _ in prompts],
        "completion_ids": ids,
        "logprobs": [[0.0] * len(one) for one in ids],
    }


def boxed(completions: list[Any], **_: Any) -> list[float]:
    return [float("boxed" in completion[0]["content"]) for completion in completions]


rows = [{"prompt": [{"role": "user", "content": row["question"]}]} for row in MATH]
GRPOTrainer(
    model=LlamaForCausalLM(MODEL),
    processing_class=TOKENIZER,
    reward_funcs=boxed,
    train_dataset=Dataset.from_list(rows),
    rollout_func=rollout,
    args=GRPOConfig(
        output_dir=str(FOLDER),
        report_to=[],
        use_cpu=True,
        bf16=False,
        num_generations=EACH,
        per_device_train_batch_size=EACH * len(rows),
        max_completion_length=1024,
        max_steps=1,
        logging_steps=1,
        log_completions=True,
        save_strategy="no",
    ),
).train()
