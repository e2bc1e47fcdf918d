"""What distance between workers and Redis costs: batches of real rollouts, judged by workers beside
Redis and by as many workers that are milliseconds away from it, in turns.

`python -m benchmarks.redis.distance [--repeats 5] [--workers 2] [--sandbox auto]`
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import threading
import time
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.redis.stack import Stack, running
from benchmarks.service.scoring import number_row, stdin_row, symbolic_row
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.dispatch.redis_backend.worker_side.supervisor import WORKER_COMMAND
from verifier.model import Rollout

TRIPS_MS = (0, 5, 20)
BATCHES = {
    "2,000 answers that are plain numbers": (2000, number_row),
    "2,000 answers that take algebra": (2000, symbolic_row),
    "200 programs": (200, stdin_row),
}


def main() -> None:
    """Print one line for each batch."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--sandbox", default="auto")
    chosen = arguments.parse_args()
    walls: dict[tuple[str, int], list[float]] = {}
    fresh = iter(range(10**9))
    with running() as stack:
        for _ in range(chosen.repeats):
            for trip_ms in TRIPS_MS:
                url = stack.url if trip_ms == 0 else away(stack, trip_ms)
                stack.start_workers(chosen.workers, WORKER_COMMAND, chosen.sandbox, url)
                for name, (count, row) in BATCHES.items():
                    batch = [Rollout(**row(next(fresh))) for _ in range(count)]
                    wall_s = asyncio.run(judged(stack, batch))
                    walls.setdefault((name, trip_ms), []).append(wall_s)
                stack.end_workers()
    table = Table("batch", *(f"{trip_ms} ms" for trip_ms in TRIPS_MS))
    for name in BATCHES:
        direct_s = walls[name, 0]
        cells = [f"{statistics.median(direct_s):.2f} s"]
        for trip_ms in TRIPS_MS[1:]:
            ratios = [far / near for far, near in zip(walls[name, trip_ms], direct_s, strict=True)]
            cells.append(
                f"{statistics.median(ratios):.2f} times ({min(ratios):.2f}-{max(ratios):.2f})"
            )
        table.add_row(name, *cells)
    Console().print(table)
    Console().print(f"load average {Path('/proc/loadavg').read_text()}")


async def judged(stack: Stack, batch: list[Rollout]) -> float:
    """Wall seconds; the API process is beside Redis."""
    dispatcher = RedisDispatcher(stack.url)
    await dispatcher.start()
    began = time.perf_counter()
    async with dispatcher.submit(batch, 600) as verdicts:
        assert {verdict.reward async for _, verdict in verdicts} == {1.0}
    wall_s = time.perf_counter() - began
    await dispatcher.stop()
    return wall_s


def away(stack: Stack, trip_ms: float) -> str:
    """An address of the same Redis, so far away, in a thread that ends with the process."""
    port: list[int] = []
    is_there = threading.Event()

    async def serve() -> None:
        path = stack.url.removeprefix("unix://")
        server = await asyncio.start_server(partial(_carry, path, trip_ms / 2000), "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        is_there.set()
        await server.serve_forever()

    threading.Thread(target=asyncio.run, args=[serve()], daemon=True).start()
    is_there.wait()
    return f"redis://127.0.0.1:{port[0]}"


async def _carry(
    path: str, late_s: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One connection; every byte of it arrives so late, and none waits for another's arrival."""
    there_reader, there_writer = await asyncio.open_unix_connection(path)
    ways: list[Coroutine[Any, Any, None]] = [
        _one_way(reader, there_writer, late_s),
        _one_way(there_reader, writer, late_s),
    ]
    await asyncio.gather(*ways, return_exceptions=True)


async def _one_way(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, late_s: float
) -> None:
    loop = asyncio.get_running_loop()
    while data := await reader.read(1 << 16):
        loop.call_later(late_s, writer.write, data)
    loop.call_later(late_s, writer.close)


if __name__ == "__main__":
    main()
