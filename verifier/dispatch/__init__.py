"""Hands batches of rollouts to workers and gathers their verdicts; a queue backend lives here."""

from verifier.dispatch.dispatcher import (
    Cancelled,
    Dispatcher,
    DispatchError,
    KindReadiness,
    QueueFull,
    Readiness,
    Recalled,
    Unavailable,
    VerdictStream,
)
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher

__all__ = [
    "Cancelled",
    "DispatchError",
    "Dispatcher",
    "EmbeddedDispatcher",
    "KindReadiness",
    "QueueFull",
    "Readiness",
    "Recalled",
    "Unavailable",
    "VerdictStream",
]
