"""verl: the dump of a step's rollouts, by the method of its trainer that writes it."""

import sys

import absent  # noqa: F401 - stands in for what is imported and not called
from made_up import MATH, answers
from verl.trainer.ppo.ray_trainer import RayPPOTrainer

prompts, outputs, truths, scores = [], [], [], []
for row in MATH:
    for answer in answers(row["question"]):
        prompts.append(f"user\n{row['question']}\nassistant\n")
        outputs.append(answer)
        truths.append(row["answer"])
        scores.append(float("boxed" in answer))
extra = {"acc": scores, "pred": [answer[-20:] for answer in outputs]}
RayPPOTrainer._write_generations(prompts, outputs, truths, scores, extra, sys.argv[1], 7)
