"""Dispatch: submits batches of rollouts to workers and gathers their verdicts.

The backends, `embedded.dispatcher` and `redis_backend.api_side.dispatcher`, are imported by who
uses one: a worker would have to wait for what only an API process needs.
"""

from verifier.dispatch.dispatcher import (
    Cancelled,
    Dispatcher,
    DispatchError,
    KindReadiness,
    NamedBatches,
    QueueFull,
    Readiness,
    Recalled,
    Unavailable,
    VerdictStream,
)
from verifier.dispatch.figures import Figures

__all__ = [
    "Cancelled",
    "DispatchError",
    "Dispatcher",
    "Figures",
    "KindReadiness",
    "NamedBatches",
    "QueueFull",
    "Readiness",
    "Recalled",
    "Unavailable",
    "VerdictStream",
]
