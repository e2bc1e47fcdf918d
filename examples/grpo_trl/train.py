"""GRPO on a CPU, in a minute: TRL's GRPOTrainer learns mathematics and code from a Verifier.

The model is tiny and has random weights, the tokenizer is made here, and nothing is downloaded: a
prompt asks for the successor of a number, in a box or by a program, and every answer is one token.
See README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from typing import Any

from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    PrinterCallback,
    TrainerCallback,
    set_seed,
)
from trl import GRPOConfig, GRPOTrainer

from verifier_client.trl import verifier_reward

NUMBERS = range(4)
GENERATIONS = 16
"""Completions of one prompt: a group."""
END = "<eos>"

Reward = Callable[..., list[float | None]]


def boxed(number: int) -> str:
    """An answer as mathematics has it."""
    return f"It is \\boxed{{{number}}}."


def program(number: int) -> str:
    """An answer as code has it: a program, which the service runs in its sandbox."""
    return f"```python\nprint({number})\n```"


def tasks() -> list[dict[str, str]]:
    """Half of them mathematics, half of them code, in one data set."""
    rows = []
    for number in NUMBERS:
        suite = {"kind": "stdin", "cases": [{"input": "", "output": str(number + 1)}]}
        rows += [
            {"prompt": f"box {number}", "ground_truth": str(number + 1)},
            # A column has one type, and the service reads a suite from its JSON as well.
            {"prompt": f"run {number}", "ground_truth": json.dumps(suite)},
        ]
    return rows


def tokenizer() -> PreTrainedTokenizerFast:
    """A token for each prompt, and one for each answer."""
    prompts = [row["prompt"] for row in tasks()]
    answers = [form(number + 1) for number in NUMBERS for form in (boxed, program)]
    vocabulary = {text: place for place, text in enumerate([END, *prompts, *answers])}
    tokens = Tokenizer(models.WordLevel(vocab=vocabulary, unk_token=END))
    tokens.pre_tokenizer = pre_tokenizers.Split("\0", "isolated")  # none: a text is a token
    return PreTrainedTokenizerFast(tokenizer_object=tokens, eos_token=END, pad_token=END)


def model(tokens: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A few thousand random weights."""
    config = LlamaConfig(
        vocab_size=len(tokens),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=16,
        eos_token_id=tokens.eos_token_id,
        pad_token_id=tokens.pad_token_id,
    )
    return LlamaForCausalLM(config)


class Clock:
    """How long rewards are waited for."""

    def __init__(self) -> None:
        self.waited_s = 0.0

    def over(self, reward: Reward) -> Reward:
        """The reward function, timed."""

        def timed(*args: Any, **kwargs: Any) -> list[float | None]:
            began = time.monotonic()
            try:
                return reward(*args, **kwargs)
            finally:
                self.waited_s += time.monotonic() - began

        return timed


class Table(TrainerCallback):  # type: ignore[misc]  # transformers has no types of its own
    """A line for each step: what was earned, and how much of its time went into waiting."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.waited_s = self.took_s = 0.0

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        """The first step begins."""
        self._began = time.monotonic()
        print("step  mean reward  solve none  solve all  unjudged  waiting")

    def on_log(self, *given: Any, logs: dict[str, float], **_: Any) -> None:
        """A step has ended."""
        _, state, _ = given
        if "reward" not in logs:
            return
        took_s, self._began = time.monotonic() - self._began, time.monotonic()
        waited_s, self._clock.waited_s = self._clock.waited_s, 0.0
        self.took_s, self.waited_s = self.took_s + took_s, self.waited_s + waited_s
        bar = "#" * round(20 * logs["reward"])
        print(
            f"{state.global_step:4}  {logs['reward']:11.2f}  {logs['solve_none']:10.2f}  "
            f"{logs['solve_all']:9.2f}  {logs['unjudged']:8.2f}  {waited_s / took_s:7.0%}  {bar}"
        )


def train(steps: int) -> None:
    """Prints the table."""
    set_seed(0)
    tokens, clock = tokenizer(), Clock()
    table = Table(clock)
    with tempfile.TemporaryDirectory() as folder:
        trainer = GRPOTrainer(
            model=model(tokens),
            processing_class=tokens,
            reward_funcs=clock.over(verifier_reward),
            train_dataset=Dataset.from_list(tasks()),
            callbacks=[table],
            args=GRPOConfig(
                output_dir=folder,
                max_steps=steps,
                learning_rate=2e-2,
                lr_scheduler_type="constant",
                num_generations=GENERATIONS,
                per_device_train_batch_size=len(tasks()) * GENERATIONS,
                max_completion_length=1,
                beta=0.0,
                logging_steps=1,
                report_to=[],
                save_strategy="no",
                disable_tqdm=True,
                use_cpu=True,
                bf16=False,
            ),
        )
        trainer.remove_callback(PrinterCallback)  # the table says what is needed here
        trainer.train()
    share = table.waited_s / table.took_s
    print(f"{share:.0%} of {table.took_s:.1f} s were spent waiting for rewards.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=25)
    train(parser.parse_args().steps)
