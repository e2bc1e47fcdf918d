"""A worker process: owns one Judge and judges what its parent sends through a private socket.

Started by `verifier.dispatch.embedded.process`. It says `{"ready": true}` once it has judged known
rollouts rightly, or `{"fault": sentence}` where it cannot; then, for every chunk, one verdict after
another into a pipe, where they are safe whatever becomes of it, and `{"done": true, "counts":
{...}}`, which may come early where they take long. An empty message from the parent gives up the
rest of the chunk.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import select
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO

from sandbox.counting import news as counted
from verifier.children.messages import HungUp, receive, send
from verifier.dispatch.chunk import CHUNK_S, MIN_ROLLOUTS, Chunk, decode_chunk
from verifier.dispatch.embedded.framing import send_line
from verifier.dispatch.tasks import kind_of_task
from verifier.dispatch.working import Judging, die_with_parent, freeze_heap, prove, result_of
from verifier.judge import Judge
from verifier.logs import about, configure
from verifier.model import Kind, Outcome, Result, Rollout, Verdict
from verifier.wire import encode_result

TRAFFIC = "training"
"""There is one lane for all here; it counts as what it is over Redis by default."""
_LATE = Verdict(
    outcome=Outcome.DEADLINE_EXCEEDED, message="The batch's deadline came before its turn."
)


def serve(
    connection: socket.socket,
    results: BinaryIO,
    open_judge: Callable[[], AbstractContextManager[Judging]],
) -> None:
    """Judge chunks until the parent hangs up; reports a fault instead of raising at start."""
    with contextlib.suppress(HungUp):
        try:
            with open_judge() as judge:
                prove(judge)
                freeze_heap()
                send(connection, b'{"ready": true}')
                while True:
                    message = receive(connection)
                    if message:
                        _work(connection, results, judge, decode_chunk(message))
        except HungUp:
            raise
        except Exception as error:  # noqa: BLE001 - whatever keeps it from judging is its report
            fault = str(error) or type(error).__name__
            send(connection, json.dumps({"fault": fault}).encode("ascii"))


def _work(connection: socket.socket, results: BinaryIO, judge: Judging, chunk: Chunk) -> None:
    """Sends a result for each task, until the chunk ends, its parent gives it up, or it takes long:
    then the rest is not begun."""
    gives_back_at = time.monotonic() + CHUNK_S
    news = select.poll()  # the descriptor is its parent's number, which may be beyond `select`
    news.register(connection, select.POLLIN)
    kinds: dict[int, Kind] = {}
    for position, (index, task) in enumerate(chunk.tasks):
        if position >= MIN_ROLLOUTS and time.monotonic() > gives_back_at:
            break
        if news.poll(0):
            receive(connection)  # nothing but a cancellation can come in the middle of a chunk
            break
        result: Result = _LATE
        if time.time() < chunk.deadlines[position]:
            # Those of a group share the object.
            known_as = id(task.ground_truth if isinstance(task, Rollout) else task)
            kind = kinds[known_as] = kinds.get(known_as) or kind_of_task(task)
            waited_s = max(0.0, time.time() - chunk.since[position])
            with about(**chunk.about[position]):
                result = result_of(judge, task, kind, TRAFFIC, waited_s)
        send_line(results, encode_result(index, result, for_equal=True))
    send(connection, json.dumps({"done": True, "counts": counted()}).encode("ascii"))


def main() -> None:
    """`python -m verifier.dispatch.embedded.worker --fd N --verdicts N --parent PID --sandbox JAIL`

    JAIL: auto, docker or local."""
    parser = argparse.ArgumentParser(prog="verifier.dispatch.embedded.worker")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--verdicts", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--sandbox", required=True)
    options = parser.parse_args()
    die_with_parent(options.parent)
    configure("worker")
    with socket.socket(fileno=options.fd) as connection, open(options.verdicts, "wb") as verdicts:
        for descriptor in (options.fd, options.verdicts):
            os.set_inheritable(descriptor, False)
        serve(connection, verdicts, lambda: Judge(sandbox=options.sandbox))


if __name__ == "__main__":
    main()
