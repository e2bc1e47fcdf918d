"""The zygote of math children (`verifier.children`): they answer requests, a JSON object a line."""

from __future__ import annotations

import json
import logging
import resource
import socket
import sys
from collections.abc import Mapping
from typing import Any

from verifier.children import zygote
from verifier.math.comparison import compare, fault_of_reference

logger = logging.getLogger(__name__)

MEMORY_BYTES = 1 << 30
RECURSION_LIMIT = 4000


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """The reply to one request."""
    reference = str(request["reference"])
    if "answer" not in request:
        return {"fault": fault_of_reference(reference)}
    compared = compare(
        reference,
        str(request["answer"]),
        values_only=bool(request["values_only"]),
        tolerance=request.get("tolerance"),
    )
    return {"same": compared.same, "how": compared.how}


def _serve(connection: socket.socket) -> None:
    sys.setrecursionlimit(RECURSION_LIMIT)
    sys.set_int_max_str_digits(100_000)
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


def main() -> None:
    """`python -m verifier.math.zygote --fd N`"""
    # One pair through every part, so that no child pays for what is built on first use.
    compare("\\sqrt{2}+x", "x+2^{1/2}", values_only=False)
    compare("\\sum_{k=1}^{3} k", "\\sum_{k=1}^{3} k+0", values_only=False)
    zygote.run(_serve, MEMORY_BYTES)


if __name__ == "__main__":
    main()
