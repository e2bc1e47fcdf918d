"""How soon a killed worker's chunk runs at another. `python -m benchmarks.redis.recovery`"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from typing import Any

from rich.console import Console

from benchmarks.redis.stack import Stack, running
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.model import Rollout

BUSY = Rollout(completion="spin 60", ground_truth="1")


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=10)
    repeats = arguments.parse_args().repeats
    walls = [asyncio.run(recovery()) for _ in range(repeats)]
    Console().print(
        f"from SIGKILL to another worker's lease, {len(walls)} times: median "
        f"{statistics.median(walls):.2f} s, least {min(walls):.2f} s, most {max(walls):.2f} s"
    )


async def recovery() -> float:
    """Wall seconds."""
    with running() as stack:
        stack.start_workers(1)
        dispatcher = RedisDispatcher(stack.url)
        await dispatcher.start()
        async with dispatcher.submit([BUSY], 600):
            old = await leased(stack, set())
            # The one worker has it; the one that starts now is the other.
            stack.start_workers(1)
            began = time.perf_counter()
            stack.workers[0].kill()
            await leased(stack, old)
            wall_s = time.perf_counter() - began
            stack.workers[1].kill()  # asked to end, it would spin on for as long as it may
        await dispatcher.stop()
    return wall_s


async def leased(stack: Stack, but: set[Any]) -> set[Any]:
    """The chunks at work, once there is another than these."""
    while not (found := set(stack.client.zrange(names.LEASES, 0, -1))) - but:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    return found


if __name__ == "__main__":
    main()
