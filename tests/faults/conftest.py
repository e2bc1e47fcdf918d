"""The fixtures of dispatch: a Redis of each test's own, and workers that may be killed."""

from tests.verifier.dispatch.conftest import patience, server, workers

__all__ = ["patience", "server", "workers"]
