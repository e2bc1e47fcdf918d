"""inspect_ai: a task of mathematics, one of programs, two epochs each; a sample that breaks."""

import sys
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as run
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import includes
from inspect_ai.solver import Generate, TaskState, generate, solver
from made_up import MATH, PROGRAMS, answers

FOLDER = Path(sys.argv[1])
FORM = sys.argv[2]
BREAKS = "breaks"


@solver
def breaking():
    """Fails for one sample before the model is asked."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if state.sample_id == BREAKS:
            raise RuntimeError("the tool that this sample needs is not there")
        return state

    return solve


def model():
    asked: dict[str, int] = {}

    def answer(messages, *_):
        prompt = messages[-1].text
        number = asked[prompt] = asked.get(prompt, -1) + 1
        found = answers(prompt)
        output = ModelOutput.from_content("made-up", found[number % len(found)])
        output.usage = ModelUsage(input_tokens=1, output_tokens=1)  # to count them takes a download
        return output

    return get_model("mockllm/model", custom_outputs=answer)


math = [
    Sample(
        id=row["id"], input=row["question"], target=row["answer"], metadata={"level": row["level"]}
    )
    for row in MATH
]
math.append(Sample(id=BREAKS, input="What is 17 + 25?", target="42"))
programs = [
    Sample(id=row["task_id"], input=row["prompt"], target=row["canonical_solution"], metadata=row)
    for row in PROGRAMS
]
for name, samples in (("made_up_math", math), ("made_up_code", programs)):
    task = Task(
        name=name,
        dataset=MemoryDataset(samples),
        solver=[breaking(), generate()],
        scorer=includes(),
        epochs=2,
    )
    run(
        task,
        model=model(),
        log_dir=str(FOLDER),
        log_format=FORM,
        fail_on_error=False,
        display="none",
        max_samples=1,
    )
