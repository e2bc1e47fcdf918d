"""A pool of one jail, for the tests that take one of each kind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from sandbox import JailUnavailable
from sandbox.pool import JailPool, open_pool


@contextmanager
def pool_of_one(kind: str, not_here: Callable[[str], NoReturn]) -> Iterator[JailPool]:
    """Skips where this machine cannot have that kind of jail; in CI it fails."""
    try:
        pool = open_pool(kind, 1)
    except JailUnavailable as refusal:
        not_here(str(refusal))
    with pool:
        yield pool
