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
from verifier.dispatch.working import Judging, die_with_parent, freeze_heap, judged, prove
from verifier.ground_truth import kind_of
from verifier.judge import Judge
from verifier.logs import about, configure
from verifier.model import Kind, Outcome, Rollout, Verdict
from verifier.wire import encode_verdict

TRAFFIC = "training"
"""There is one line for all here; it counts as what it is over Redis by default."""
_LATE = Verdict(
    outcome=Outcome.DEADLINE_EXCEEDED, message="The batch's deadline came before its turn."
)


def serve(
    connection: socket.socket,
    verdicts: BinaryIO,
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
                        _work(connection, verdicts, judge, decode_chunk(message))
        except HungUp:
            raise
        except Exception as error:  # noqa: BLE001 - whatever keeps it from judging is its report
            fault = str(error) or type(error).__name__
            send(connection, json.dumps({"fault": fault}).encode("ascii"))


def _work(connection: socket.socket, verdicts: BinaryIO, judge: Judging, chunk: Chunk) -> None:
    gives_back_at = time.monotonic() + CHUNK_S
    news = select.poll()  # the descriptor is its parent's number, which may be beyond `select`
    news.register(connection, select.POLLIN)
    kinds: dict[int, Kind] = {}
    for position, (index, rollout) in enumerate(chunk.rollouts):
        if position >= MIN_ROLLOUTS and time.monotonic() > gives_back_at:
            break
        if news.poll(0):
            receive(connection)  # nothing but a cancellation can come in the middle of a chunk
            break
        is_late = time.time() >= chunk.deadlines[position]
        if is_late:
            verdict = _LATE
        else:
            # Those of a group share the object.
            kind = kinds.get(id(rollout.ground_truth)) or _kind_of(rollout)
            kinds[id(rollout.ground_truth)] = kind
            waited_s = max(0.0, time.time() - chunk.since[position])
            with about(**chunk.about[position]):
                verdict = judged(judge, rollout, kind, TRAFFIC, waited_s)
        send_line(verdicts, encode_verdict(index, verdict))
    send(connection, json.dumps({"done": True, "counts": counted()}).encode("ascii"))


def _kind_of(rollout: Rollout) -> Kind:
    return Kind.CODE if rollout.run else kind_of(rollout.ground_truth)


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
