"""Dispatch: submits batches of rollouts to workers and gathers their verdicts."""

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
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher
from verifier.dispatch.figures import Figures

__all__ = [
    "Cancelled",
    "DispatchError",
    "Dispatcher",
    "EmbeddedDispatcher",
    "Figures",
    "KindReadiness",
    "NamedBatches",
    "QueueFull",
    "Readiness",
    "Recalled",
    "Unavailable",
    "VerdictStream",
]
