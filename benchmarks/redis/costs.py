"""What a rollout costs in CPU time, from the parse to the judge: the model of docs/scaling.md.

CPU time, not wall time, so that a busy machine changes little. `python -m benchmarks.redis.costs`
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from api.batches import results
from api.batches.envelope import Envelope
from api.batches.ingest import read_batch
from api.http.budget import Body, BodyBudget
from api.settings import Settings
from benchmarks.redis.stack import running
from benchmarks.sandbox.cost import jail_cpu_s
from benchmarks.service.scoring import KINDS
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.judge import Judge
from verifier.model import Outcome, Rollout, Verdict

ROLLOUTS, BATCHES = 4096, 10
JUDGED = 300


def main() -> None:
    """Print one line for each cost."""
    table = Table("what", "CPU", title="per rollout, unless said otherwise")
    for what, cost in (*http_costs(), *asyncio.run(redis_costs()), *judge_costs()):
        table.add_row(what, cost)
    Console().print(table)


def http_costs() -> list[tuple[str, str]]:
    settings = Settings()
    costs = {}
    for chars in (1000, 8000):
        rows = [{"completion": "x" * chars, "ground_truth": "1"} for _ in range(ROLLOUTS)]
        sent = json.dumps({"rollouts": rows}).encode()
        body = Body(sent, BodyBudget(settings.max_held_bytes).share())
        costs[chars] = cpu_s(lambda body=body: read_batch(body, settings, lambda _: None))  # type: ignore[misc]
    envelope = Envelope.of(read_batch(body, settings, lambda _: None))
    verdicts = [Verdict(outcome=Outcome.CORRECT, answer="1")] * ROLLOUTS
    per_kb_s = (costs[8000] - costs[1000]) / (ROLLOUTS * 7)
    per_row_s = costs[1000] / ROLLOUTS - per_kb_s
    answer_s = cpu_s(lambda: results.response_body(envelope, verdicts)) / ROLLOUTS
    return [
        ("API: parse a rollout", micro(per_row_s)),
        ("API: parse a further kB of it", micro(per_kb_s)),
        ("API: answer", micro(answer_s)),
    ]


async def redis_costs() -> list[tuple[str, str]]:
    with running() as stack:
        stack.start_workers(2)
        dispatcher = RedisDispatcher(stack.url)
        await dispatcher.start()
        batch = [Rollout(completion="x" * 1000, ground_truth="1") for _ in range(ROLLOUTS)]

        async def judge() -> None:
            async with dispatcher.submit(batch, 600) as verdicts:
                assert len([verdict async for verdict in verdicts]) == ROLLOUTS

        await judge()
        pids = [os.getpid(), stack.redis.pid, *(worker.pid for worker in stack.workers)]
        before = [process_s(pid) for pid in pids]
        calls = commands(stack.client.info("commandstats"))
        for _ in range(BATCHES):
            await judge()
        api, server, *workers = (
            process_s(pid) - start for pid, start in zip(pids, before, strict=True)
        )
        calls = commands(stack.client.info("commandstats")) - calls
        await dispatcher.stop()
    count = ROLLOUTS * BATCHES
    chunks = count / 64
    return [
        ("API: submit and gather, chunks of 64", micro(api / count)),
        ("Redis, chunks of 64", micro(server / count)),
        ("Redis: per chunk", micro(server / chunks)),
        ("Redis: commands per chunk, those within scripts included", f"{calls / chunks:.0f}"),
        ("worker: take, read, report, chunks of 64", micro(sum(workers) / count)),
    ]


def judge_costs() -> list[tuple[str, str]]:
    found = []
    for kind, (row, _) in KINDS.items():
        rollouts = [Rollout(**row(number)) for number in range(JUDGED)]
        with Judge(sandbox="local") as judge:
            judge.judge(rollouts[0])
            began = all_s()
            for rollout in rollouts[1:]:
                assert judge.judge(rollout).outcome is Outcome.CORRECT
            used_s = all_s() - began
        found.append((f"judge: {kind}", micro(used_s / (JUDGED - 1))))
    return found


def cpu_s(action: Callable[[], Any]) -> float:
    """CPU seconds of this process for it, after a first time that does not count."""
    action()
    began = time.process_time()
    action()
    return time.process_time() - began


def all_s() -> float:
    """CPU seconds of this process and of everything below it that is there: a jail's own include
    those of the runs that it has seen the end of."""
    return time.process_time() + jail_cpu_s("local")


def process_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def commands(stats: Any) -> int:
    return sum(stat["calls"] for stat in stats.values())


def micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.1f} µs"


if __name__ == "__main__":
    main()
