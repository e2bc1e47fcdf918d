"""The zygote of evaluators (`verifier.children`): they judge calls that they ask their parent for.

A message of the parent is a task, pickled: one of `WAYS`, the truth (None: the last), and more.
The child asks with `X`, the number of the calls' process and requests, and is given an Exchange,
pickled; it ends with `V` and the verdict in JSON, `B` (beyond the reader), `U` (a ground truth that
cannot be used), `M` (out of memory), `J` (a jail broke) or `E` (our fault). What comes from
candidates is bytes in all of this, until `sandbox.runs.codec` reads it.
"""

from __future__ import annotations

import gc
import logging
import pickle
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox import JailFault
from sandbox.exchange import ExchangedCalls
from sandbox.model import Exchange
from verifier.children import zygote
from verifier.children.messages import HungUp, receive, send
from verifier.errors import GroundTruthError
from verifier.model import AssertTruth, CallTruth, Outcome, Verdict
from verifier.programs.assertions import Suite, Unsupported, read_suite
from verifier.programs.evaluator.evaluation import run_cases, run_suite
from verifier.programs.referee.hearing import hear
from verifier.wire import encode_result

logger = logging.getLogger(__name__)

MEMORY_BYTES = 2 << 30
"""The largest answer that is let through takes a quarter of it."""


class _Calls(ExchangedCalls):
    """Calls of a process that the parent holds."""

    def __init__(self, connection: socket.socket, number: int) -> None:
        self._connection = connection
        self._number = number
        self.cpu_s = 0.0

    def exchange(self, requests: Sequence[bytes]) -> Exchange:
        """See `sandbox.exchange.ExchangedCalls.exchange`."""
        message = [b"X", bytes([self._number])]
        for request in requests:
            message += (len(request).to_bytes(4, "big"), request)
        send(self._connection, b"".join(message))
        exchanged: Exchange = pickle.loads(receive(self._connection))  # noqa: S301 - our parent's
        return exchanged


def _read(truth: AssertTruth, *_: object) -> Suite:
    suite = read_suite(truth, to_run=True)
    if suite is None:
        raise Unsupported("a suite for the referee")
    return suite


def _check_suite(truth: AssertTruth, *_: object) -> Verdict:
    _read(truth)
    return Verdict(outcome=Outcome.CORRECT)


def _judge_suite(truth: AssertTruth, calls: _Calls, *_: object) -> Verdict:
    return run_suite(truth, _read(truth), calls)


def _judge_cases(truth: CallTruth, calls: _Calls, *_: object) -> Verdict:
    return run_cases(truth, calls)


WAYS: Mapping[str, Callable[..., Verdict]] = {
    "read": _check_suite,
    "suite": _judge_suite,
    "cases": _judge_cases,
    "hearing": hear,
}
"""Called with the truth, the calls of two processes (the candidate's and the referee's), and what
the task says besides."""


def _serve(connection: socket.socket) -> None:
    truth: Any = None
    while True:
        try:
            way, told, more = pickle.loads(receive(connection))  # noqa: S301 - our parent's
            truth = told or truth
            calls, host = _Calls(connection, 0), _Calls(connection, 1)
            send(connection, _reply(WAYS[way], truth, calls, host, *more))
        except HungUp:
            return


def _reply(judge: Callable[..., Verdict], *task: object) -> bytes:
    try:
        verdict = judge(*task)
    except Unsupported as error:
        return b"B" + str(error).encode("utf-8", "replace")
    except GroundTruthError as error:
        return b"U" + str(error).encode("utf-8", "replace")
    except JailFault as error:
        return b"J" + str(error).encode("utf-8", "replace")
    except MemoryError:
        return b"M"
    except HungUp:
        raise
    except Exception:
        logger.exception("calls could not be judged")
        return b"E"
    return b"V" + encode_result(0, verdict)


if __name__ == "__main__":
    gc.set_threshold(50_000, 10, 10)  # see verifier.dispatch.working.freeze_heap
    zygote.run(_serve, MEMORY_BYTES)
