"""verifiers: a classic Rubric, and the scoring of a v1 task, of whose traces prime-rl's GRPO makes
advantages. What prime-rl imports and is not here is a stand-in; its torch is numpy.

    drive_verifiers.py FOLDER PRIME_RL classic|v1
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from absent import Absent, stand_in_for_what_is_imported_from
from serving import serve

import verifier_client.verifiers as ours

FOLDER, PRIME_RL = map(Path, sys.argv[1:3])
configs = PRIME_RL / "packages/prime-rl-configs/src"
sys.path[:0] = [str(FOLDER), str(PRIME_RL / "src"), str(configs)]
stand_in_for_what_is_imported_from(PRIME_RL)


def classic(request: dict[str, Any]) -> dict[str, Any]:
    from verifiers.legacy.rubrics.rubric import Rubric

    rubric = Rubric(funcs=[ours.verifier_reward, ours.judged], weights=[1.0, 0.0])
    states: list[Any] = [
        {
            "prompt": row["prompt"],
            "completion": [{"role": "assistant", "content": row["completion"]}],
            "answer": row["ground_truth"],
            "info": {},
            "task": "t",
            "trajectory": [],
            "timing": SimpleNamespace(scoring=SimpleNamespace()),
        }
        for row in request["rows"]
    ]
    asyncio.run(rubric.score_group(states))
    return {
        "rewards": [state["reward"] for state in states],
        "judged": [state["metrics"]["judged"] for state in states],
        "centred": [state["advantage"] for state in states],
    }


def v1(request: dict[str, Any]) -> dict[str, Any]:
    import verifiers.v1 as vf
    from verifiers.v1.graph import MessageNode
    from verifiers.v1.trace import AgentInfo, TraceTask
    from verifiers.v1.types import AssistantMessage

    spec = ModuleSpec("torch", None)
    sys.modules["torch"] = Absent(__spec__=spec, tensor=np.array, float32=np.float32)
    grpo = importlib.import_module("prime_rl.orchestrator.algo.grpo")

    class Data(vf.TaskData):
        answer: Any = None

    class Task(vf.Task[Data]):
        @vf.reward
        async def correct(self, trace: Any) -> float:
            return await ours.reward_of(trace, self.data.answer)

    async def scored(number: int, row: dict[str, Any]) -> Any:
        task = Task(Data(idx=number, prompt=row["prompt"], answer=row["ground_truth"]))
        said = AssistantMessage(content=row["completion"])
        node = MessageNode(message=said, sampled=True, token_ids=[1], mask=[True])
        whose = TraceTask(type="Task", data=task.data)
        trace = vf.Trace.model_construct(
            task=whose, agent=AgentInfo.model_construct(trainable=True), nodes=[node], ok=True
        )
        try:
            await task.score(trace)
        except Exception as error:  # noqa: BLE001 - as `Rollout.fail` records it
            trace.record_error(error)
        return trace

    async def run() -> list[Any]:
        traces = await asyncio.gather(*(scored(*one) for one in enumerate(request["rows"])))
        algorithm = object.__new__(grpo.GRPOAlgorithm)
        algorithm.length_penalty = None
        await algorithm.score_group([SimpleNamespace(traces=traces)])
        return traces

    traces = asyncio.run(run())
    return {
        "rewards": [trace.errors[-1].type if trace.has_error else trace.reward for trace in traces],
        "centred": [
            None if trace.has_error else float(trace.nodes[0].advantages[0]) for trace in traces
        ],
    }


serve({"classic": classic, "v1": v1}[sys.argv[3]])
