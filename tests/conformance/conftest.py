"""One jail of each kind for the whole session: conformance is about what runs leave behind."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from sandbox import JailUnavailable
from sandbox.pool import OPENERS, JailPool, open_pool


@pytest.fixture(scope="session", params=sorted(OPENERS))
def pool(request: pytest.FixtureRequest, not_here: Callable[[str], NoReturn]) -> Iterator[JailPool]:
    """A pool of one jail; skipped where this machine cannot have that kind (in CI: failed)."""
    try:
        pool = open_pool(request.param, 1)
    except JailUnavailable as refusal:
        not_here(str(refusal))
    with pool:
        yield pool
