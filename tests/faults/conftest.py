"""The fixtures of dispatch: a Redis of each test's own, and workers that may be killed."""

from tests.dispatch.conftest import server, workers

__all__ = ["server", "workers"]
