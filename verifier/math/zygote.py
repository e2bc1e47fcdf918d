"""The process that the math child is forked from, and the child: imports paid once, then killable.

Started by `verifier.math.child`. Whenever its parent asks, it kills the child there is and forks
the next one, which takes a millisecond; the child answers requests, one JSON object a line, on a
socket of its own. Both end when the parent does.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

from verifier.math.slow import compare, fault_of_reference

logger = logging.getLogger(__name__)

MEMORY_BYTES = 1 << 30
RECURSION_LIMIT = 4000
_SET_PDEATHSIG = 1


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """The reply to one request."""
    reference = str(request["reference"])
    if "answer" not in request:
        return {"fault": fault_of_reference(reference)}
    compared = compare(reference, str(request["answer"]), values_only=bool(request["values_only"]))
    return {"same": compared.same, "how": compared.how}


def _serve(connection: socket.socket) -> None:
    with connection, connection.makefile("rwb", buffering=0) as stream:
        for line in stream:
            request = json.loads(line)
            _limit_cpu(float(request["cpu_s"]))
            try:
                reply = answer(request)
            except Exception as error:
                logger.exception("a pair could not be compared")
                reply = {"error": type(error).__name__}
            stream.write(json.dumps(reply).encode("ascii") + b"\n")


def _limit_cpu(allowed_s: float) -> None:
    """A second bolt: the parent's watch ends the child before this does."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + allowed_s) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _confine() -> None:
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.setrecursionlimit(RECURSION_LIMIT)
    sys.set_int_max_str_digits(100_000)


def _fork(control: socket.socket, last_signal: int) -> int:
    """Fork a child, hand its socket to the parent, and return its process id. The parent also
    learns which signal ended the child before it, 0 for none."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            control.close()
            ours.close()
            _confine()
            if os.getppid() != 1:
                _serve(theirs)
            status = 0
        finally:
            os._exit(status)
    theirs.close()
    with ours:
        socket.send_fds(control, [f"{child} {last_signal}".encode("ascii")], [ours.fileno()])
    return child


def _end(child: int | None) -> int:
    """See to it that the child has ended; the signal that ended it."""
    if child is None:
        return 0
    os.kill(child, signal.SIGKILL)  # no harm where it has ended: it is not reaped yet
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def main() -> None:
    """`python -m verifier.math.zygote --fd N`"""
    parser = argparse.ArgumentParser(prog="verifier.math.zygote")
    parser.add_argument("--fd", type=int, required=True)
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal is the parent's affair
    # One pair through every part, so that no child pays for what is built on first use.
    compare("\\sqrt{2}+x", "x+2^{1/2}", values_only=False)
    compare("\\sum_{k=1}^{3} k", "\\sum_{k=1}^{3} k+0", values_only=False)
    gc.collect()
    gc.freeze()
    child: int | None = None
    with socket.socket(fileno=options.fd) as control:
        while control.recv(1):
            child = _fork(control, _end(child))
    _end(child)


if __name__ == "__main__":
    main()
