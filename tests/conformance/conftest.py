"""One jail of each kind for the whole session: conformance is about what runs leave behind."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from sandbox.pool import OPENERS, JailPool
from tests.pools import pool_of_one


@pytest.fixture(scope="session", params=sorted(OPENERS))
def pool(request: pytest.FixtureRequest, not_here: Callable[[str], NoReturn]) -> Iterator[JailPool]:
    with pool_of_one(request.param, not_here) as pool:
        yield pool
