"""A worker process: owns one Judge and judges what its parent sends through a private socket.

Started by `verifier.dispatch.embedded.process`. It says `{"ready": true}` once it has judged known
rollouts rightly, or `{"fault": sentence}` where it cannot; then, for every chunk, one verdict after
another into a pipe, where they are safe whatever becomes of it, and `{"done": true}`, which may
come early where they take long. An empty message from the parent gives up the rest of the chunk.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from verifier.dispatch.chunk import CHUNK_S, MIN_ROLLOUTS, Chunk, decode_chunk, encode_verdict
from verifier.dispatch.embedded.framing import HungUp, receive, send, send_line
from verifier.judge import Judge
from verifier.model import Kind, Outcome, Rollout, Verdict

_SET_PDEATHSIG = 1
_LATE = Verdict(
    outcome=Outcome.DEADLINE_EXCEEDED, message="The batch's deadline came before its turn."
)
_KNOWN = {
    Kind.MATH: Rollout(completion="The result is \\boxed{2^{1/2}}.", ground_truth="\\sqrt{2}"),
    Kind.CODE: Rollout(
        completion="```python\nprint(int(input()) + 1)\n```",
        ground_truth={"kind": "stdin", "cases": [{"input": "41\n", "output": "42\n"}]},
    ),
}
"""Right answers that take the whole way: through the math child and through the sandbox."""


class Judging(Protocol):
    """What a worker needs of `verifier.judge.Judge`."""

    def judge(self, rollout: Rollout) -> Verdict:
        """Raises nothing but NeedsSandbox, where it was opened without one."""

    def require_sandbox(self) -> None:
        """Have a sandbox ready, a new one where it is gone. Thread-safe. Raises SandboxGone."""


class WorkerFault(Exception):
    """This worker cannot judge; the text is a sentence for an operator."""


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
                settle()
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


def prove(judge: Judging, kinds: Iterable[Kind] = Kind) -> None:
    """Raises WorkerFault unless known rollouts are judged rightly."""
    for kind in kinds:
        verdict = judge.judge(_KNOWN[kind])
        if verdict.outcome is not Outcome.CORRECT:
            raise WorkerFault(
                f"A known right answer was judged {verdict.outcome}. {verdict.message or ''}"
            )


def settle() -> None:
    """What was loaded so far stays, so that collections need not look through it; and as judging
    makes trees rather than cycles, they come seldom (a third of the time to read a suite)."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _work(connection: socket.socket, verdicts: BinaryIO, judge: Judging, chunk: Chunk) -> None:
    gives_back_at = time.monotonic() + CHUNK_S
    news = select.poll()  # the descriptor is its parent's number, which may be beyond `select`
    news.register(connection, select.POLLIN)
    for position, (index, rollout) in enumerate(chunk.rollouts):
        if position >= MIN_ROLLOUTS and time.monotonic() > gives_back_at:
            break
        if news.poll(0):
            receive(connection)  # nothing but a cancellation can come in the middle of a chunk
            break
        is_late = time.time() >= chunk.deadlines[position]
        verdict = _LATE if is_late else judge.judge(rollout)
        send_line(verdicts, encode_verdict(index, verdict))
    send(connection, b'{"done": true}')


def die_with_parent(parent: int) -> None:
    """End this process in order when its parent ends, however that happens."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    atexit.register(signal.signal, signal.SIGTERM, signal.SIG_IGN)  # it is ending already
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        sys.exit(0)


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
    with socket.socket(fileno=options.fd) as connection, open(options.verdicts, "wb") as verdicts:
        for descriptor in (options.fd, options.verdicts):
            os.set_inheritable(descriptor, False)
        serve(connection, verdicts, lambda: Judge(sandbox=options.sandbox))


if __name__ == "__main__":
    main()
