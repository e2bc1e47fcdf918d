"""TRL's GRPOTrainer from the completions on: `_generate_and_score_completions` as it stands.

The model is tiny and has random weights; `rollout_func`, TRL's own hook, gives the completions.
"""

import tempfile
from typing import Any

from datasets import Dataset
from serving import serve
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

import verifier_client.trl


def tokenizer() -> PreTrainedTokenizerFast:
    """One token for each byte, and a chat template."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: number for number, letter in enumerate([*alphabet, "<eos>"])}
    tokens = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokens.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokens.decoder = decoders.ByteLevel()
    found = PreTrainedTokenizerFast(tokenizer_object=tokens, eos_token="<eos>", pad_token="<eos>")
    found.chat_template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    return found


TOKENIZER = tokenizer()
MODEL = LlamaConfig(
    vocab_size=len(TOKENIZER),
    hidden_size=8,
    intermediate_size=8,
    num_hidden_layers=1,
    num_attention_heads=1,
    max_position_embeddings=1024,
)


def run(request: dict[str, Any]) -> dict[str, Any]:
    rows = request["rows"]

    def rollout(prompts: list[Any], trainer: Any) -> dict[str, Any]:
        ids = [TOKENIZER(row["completion"])["input_ids"] for row in rows]
        return {
            "prompt_ids": [TOKENIZER("prompt")["input_ids"] for _ in prompts],
            "completion_ids": ids,
            "logprobs": [[0.0] * len(one) for one in ids],
        }

    with tempfile.TemporaryDirectory() as folder:
        trainer = GRPOTrainer(
            model=LlamaForCausalLM(MODEL),
            processing_class=TOKENIZER,
            reward_funcs=getattr(verifier_client.trl, request["function"]),
            train_dataset=Dataset.from_list([{"prompt": "p"}]),
            rollout_func=rollout,
            args=GRPOConfig(
                output_dir=folder,
                report_to=[],
                use_cpu=True,
                bf16=False,
                num_generations=len(rows),
                per_device_train_batch_size=len(rows),
                max_completion_length=1024,
            ),
        )
        held: dict[str, Any] = {}
        calculate = trainer._calculate_rewards

        def kept(*arguments: Any) -> Any:
            held["rewards"] = calculate(*arguments)
            return held["rewards"]

        trainer._calculate_rewards = kept
        inputs = [{"prompt": row["prompt"], "ground_truth": row["ground_truth"]} for row in rows]
        if request.get("arrow"):  # as rows of a data set come out of it
            inputs = list(Dataset.from_list(inputs))
        output = trainer._generate_and_score_completions(inputs)
    return {
        "rewards": held["rewards"][:, 0].tolist(),
        "advantages": output["advantages"].tolist(),
        "unjudged": trainer._metrics["train"]["unjudged"][-1],
    }


serve(run)
