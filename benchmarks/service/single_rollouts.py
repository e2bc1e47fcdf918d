"""What a service does for trainers that send one rollout a request, beside its rate in a batch.

Starts `verifier serve` and measures it from this process, in rounds: a lone client with math, then
with programs of 20 tests; 16 and 64 connections with one math rollout a request; the same through
the client that gathers calls; and one batch. All rollouts differ. Plain HTTP is spoken over raw
sockets by a protocol that does next to nothing, so that on two CPUs the service is measured and not
who asks it; the gathering client is the real one and takes its share.

`python -m benchmarks.service.single_rollouts [--rounds 5] [--workers 1] [--sandbox auto] [--redis]`
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.redis.stack import running
from verifier.dispatch.redis_backend.worker_side.supervisor import WORKER_COMMAND
from verifier_client import AsyncClient
from verifier_client.gathering import Gatherer, Truth

BATCH = 4096
REQUESTS = 2000
LONE_MATH, LONE_CODE = 300, 30
TESTS = 20
CONNECTIONS = (16, 64)
READY_LIMIT_S = 120.0
_numbers = iter(range(10**6, 10**9))


def main() -> None:
    """Print one line for each way to ask."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--workers", type=int, default=1)
    arguments.add_argument("--sandbox", default="auto")
    arguments.add_argument("--redis", action="store_true")
    chosen = arguments.parse_args()
    with service(chosen.redis, chosen.workers, chosen.sandbox) as url:
        found = uvloop.run(measure(url, chosen.rounds))
    mode = "over Redis" if chosen.redis else "embedded"
    table = Table("what", "median", "least", "most", title=f"{mode}, {chosen.workers} worker(s)")
    for what, values in found.items():
        shown = statistics.median(values), min(values), max(values)
        unit = (
            "{:.0%}" if "of the batch" in what else "{:,.2f} ms" if "lone" in what else "{:,.0f}/s"
        )
        table.add_row(what, *map(unit.format, shown))
    Console().print(table)


@contextlib.contextmanager
def service(redis: bool, workers: int, sandbox: str) -> Iterator[str]:
    """Its address."""
    with running() as stack:
        if redis:
            stack.start_workers(workers, WORKER_COMMAND, sandbox)
            yield stack.serve("--redis", stack.url)
        else:
            yield stack.serve("--workers", str(workers), "--sandbox", sandbox)


async def measure(url: str, rounds: int) -> dict[str, list[float]]:
    """By what was measured: milliseconds, rollouts a second or shares of the batch rate."""
    port = urlsplit(url).port
    assert port
    await ready(url)
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        found["a lone math rollout, p50"].append(await lone(port, math_row, LONE_MATH))
        found[f"a lone program of {TESTS} tests, p50"].append(await lone(port, code_row, LONE_CODE))
        of_batch = await batch(port)
        found[f"math, a batch of {BATCH}"].append(of_batch)
        for count in CONNECTIONS:
            for name, rate in (
                (f"math, {count} plain connections", await plain(port, count)),
                (f"math, {count} callers of the gathering client", await gathered(url, count)),
            ):
                found[name].append(rate)
                found[f"{name}, of the batch rate"].append(rate / of_batch)
    return found


async def ready(url: str) -> None:
    """Returns when it can judge and has done so."""
    until = time.monotonic() + READY_LIMIT_S
    async with httpx2.AsyncClient() as client:
        while (await client.get(f"{url}/readyz")).status_code != 200:
            if time.monotonic() > until:
                sys.exit("the service did not become ready")
            await asyncio.sleep(0.1)


def math_row() -> dict[str, Any]:
    """Right, and different from every other."""
    number = next(_numbers)
    completion = f"We add the parts, {number - 7} + 7.\nThe answer is \\boxed{{{number}}}."
    return {"completion": completion, "ground_truth": str(number)}


def code_row() -> dict[str, Any]:
    """Likewise."""
    number = next(_numbers)
    cases = [{"input": f"{n}\n", "output": f"{n + number}\n"} for n in range(TESTS)]
    program = f"print(int(input()) + {number})"
    return {
        "completion": f"```python\n{program}\n```",
        "ground_truth": {"kind": "stdin", "cases": cases},
    }


async def lone(port: int, row: Callable[[], dict[str, Any]], count: int) -> float:
    """Median milliseconds from a request to its answer, one after the other."""
    client = await PlainClient.connected(port)
    took = []
    for sent in [request([row()]) for _ in range(count)]:
        began = time.perf_counter()
        check(await client.ask(sent))
        took.append(time.perf_counter() - began)
    client.transport.close()
    return 1000 * statistics.median(took)


async def plain(port: int, connections: int) -> float:
    """Rollouts a second, one a request."""
    waiting = iter([request([math_row()]) for _ in range(REQUESTS)])
    clients = [await PlainClient.connected(port) for _ in range(connections)]

    async def work(client: PlainClient) -> None:
        for sent in waiting:
            check(await client.ask(sent))

    began = time.perf_counter()
    await asyncio.gather(*map(work, clients))
    rate = REQUESTS / (time.perf_counter() - began)
    for client in clients:
        client.transport.close()
    return rate


async def gathered(url: str, callers: int) -> float:
    """Rollouts a second, one a call."""
    rows = iter([math_row() for _ in range(REQUESTS)])
    async with AsyncClient(url) as client:
        gatherer = Gatherer(client)

        async def work() -> None:
            for row in rows:
                result = await gatherer.score(row["completion"], Truth.of(row["ground_truth"]))
                assert result.reward == 1.0, result

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(callers)))
        return REQUESTS / (time.perf_counter() - began)


async def batch(port: int) -> float:
    """Rollouts a second in one request."""
    sent = request([math_row() for _ in range(BATCH)])
    client = await PlainClient.connected(port)
    began = time.perf_counter()
    check(await client.ask(sent))
    client.transport.close()
    return BATCH / (time.perf_counter() - began)


def request(rows: list[dict[str, Any]]) -> bytes:
    """A whole HTTP request."""
    body = json.dumps({"rollouts": rows}).encode()
    lines = (
        "POST /v1/score HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*lines, "", ""]).encode() + body


def check(answer: bytes) -> None:
    """Fails unless all of it was judged rightly."""
    assert set(json.loads(answer)["rewards"]) == {1.0}, answer[:500]


class PlainClient(asyncio.Protocol):
    """One connection, one request at a time."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._answer = b""
        self._done: asyncio.Future[bytes] | None = None

    @classmethod
    async def connected(cls, port: int) -> PlainClient:
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(cls, "127.0.0.1", port))[1]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, sent: bytes) -> asyncio.Future[bytes]:
        """The body of the answer."""
        self._answer = b""
        self._done = asyncio.get_running_loop().create_future()
        self.transport.write(sent)
        return self._done

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if found and self._done and not self._done.done():
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            if len(body) >= length:
                self._done.set_result(body)


if __name__ == "__main__":
    main()
