"""An app over an obedient dispatcher, in memory or behind a real server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
import uvicorn

from api.app import create_app
from api.http.protocol import bounded_protocol
from api.settings import Settings
from tests.api.browser import browser  # noqa: F401 - a fixture
from tests.api.obedient import ObedientDispatcher
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher

Connect = Callable[..., contextlib.AbstractAsyncContextManager[httpx2.AsyncClient]]


@pytest.fixture
def dispatcher() -> ObedientDispatcher:
    return ObedientDispatcher()


@pytest.fixture
def connect(dispatcher: ObedientDispatcher) -> Connect:
    """`async with connect(setting=...) as client`: the app without a network between."""

    @contextlib.asynccontextmanager
    async def connected(**settings: Any) -> AsyncIterator[httpx2.AsyncClient]:
        app = create_app(Settings(**settings), dispatcher)
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url="http://verifier") as client,
        ):
            yield client

    return connected


@pytest.fixture
async def client(connect: Connect) -> AsyncIterator[httpx2.AsyncClient]:
    async with connect() as client:
        yield client


@pytest.fixture
async def judged() -> AsyncIterator[httpx2.AsyncClient]:
    """The app with a real worker."""
    app = create_app(Settings(), EmbeddedDispatcher(workers=1, sandbox="local"))
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://verifier", timeout=600) as client,
    ):
        yield client


@pytest.fixture
def serve(dispatcher: ObedientDispatcher) -> Connect:
    """`async with serve(setting=...) as client`: the app behind a real server."""

    @contextlib.asynccontextmanager
    async def serving(**settings: Any) -> AsyncIterator[httpx2.AsyncClient]:
        chosen = Settings(**settings)
        config = uvicorn.Config(
            create_app(chosen, dispatcher),
            http=bounded_protocol(chosen.bounds()),
            ws="none",
            port=0,
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        listener = config.bind_socket()
        # Not `serve`, which would take over the signals of the test run.
        running = asyncio.create_task(server._serve([listener]))
        while not server.started:  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        # To read all certificates takes longer than most requests, and nothing here is encrypted.
        async with httpx2.AsyncClient(base_url=address, timeout=600, verify=False) as client:
            yield client
        server.should_exit = True
        await running

    return serving


@pytest.fixture
async def served(serve: Connect) -> AsyncIterator[httpx2.AsyncClient]:
    """The app behind a real server, where answers stream and clients can leave."""
    async with serve() as client:
        yield client
