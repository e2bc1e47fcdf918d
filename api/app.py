"""The HTTP application: its routes, and the life of the dispatcher behind them."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib.metadata
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import PlainTextResponse, Response

from api.access.accounts import Accounts
from api.access.auth import require_key
from api.access.keys import KeyRing, Owner
from api.batches.ingest import read_value
from api.batches.registry import Batches
from api.http.body import received
from api.http.budget import Body, BodyBudget
from api.http.errors import Refusal, add_error_handlers
from api.http.hosts import KnownHosts
from api.http.short_way import ShortWay
from api.http.trace import Traced
from api.metrics.http import CountedRequests, watch_loop
from api.metrics.judging import JudgingCounts
from api.metrics.service import Metrics
from api.problems.registry import ProblemRegistry, Problems
from api.routes import (
    nemo_gym,
    notebooks,
    open_instruct,
    openapi,
    openrlhf,
    overview,
    sandbox_fusion,
    score,
    slime,
    submit,
)
from api.routes.pages import add_pages
from api.runs.runs import Runs
from api.settings import Settings
from api.state import Service, owner_of, service_of
from verifier.dispatch import Dispatcher

THREADS = 3
"""That read bodies and write answers: more of them would only keep the event loop, and each other,
from the interpreter."""
public = APIRouter()
problems = APIRouter()


def create_app(
    settings: Settings,
    dispatcher: Dispatcher,
    registry: Problems | None = None,
    key_ring: KeyRing | None = None,
) -> FastAPI:
    """An app that starts and stops `dispatcher` with itself."""

    keys = key_ring or settings.key_ring()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threads = ThreadPoolExecutor(THREADS, "bodies")
        asyncio.get_running_loop().set_default_executor(threads)
        await dispatcher.start()
        watching = [asyncio.create_task(keys.watch()), asyncio.create_task(watch_loop(metrics))]
        try:
            yield
        finally:
            for task in watching:
                task.cancel()
            await dispatcher.stop()
            await batches.close()

    app = FastAPI(
        title="Verifier",
        summary="Rewards for GRPO: judges batches of math and code rollouts.",
        version=importlib.metadata.version("grpo-verifier"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # A span a request, where `verifier.tracing` sends them; nothing that quotes a body.
        telemetry={"operation_spans": False, "logs": False, "metrics": False},
    )
    metrics = Metrics(keys)
    registry = registry or ProblemRegistry(settings.max_problems, settings.max_problems_bytes)
    budget = BodyBudget(settings.max_held_bytes)
    accounts = Accounts(keys, metrics.registry, settings.queue)
    batches = Batches(
        dispatcher,
        budget,
        accounts,
        JudgingCounts(metrics),
        settings.max_kept_rollouts,
        settings.keep_results_s,
    )
    runs = Runs(dispatcher, budget, accounts, metrics)
    app.state.service = Service(settings, dispatcher, registry, batches, runs, budget, metrics)
    add_error_handlers(app)
    checks = [require_key(keys)]
    authorized = [Depends(check) for check in checks]
    app.router.routes.insert(0, ShortWay("/v1/score", checks, score.score))
    app.include_router(public)
    app.include_router(score.router, dependencies=authorized)
    app.include_router(openrlhf.router, dependencies=authorized)
    for protocol in (sandbox_fusion, notebooks, submit, slime, nemo_gym, open_instruct):
        app.include_router(protocol.router, dependencies=authorized)
    app.include_router(problems, dependencies=authorized)
    app.include_router(overview.router, dependencies=authorized)
    add_pages(app, keys_needed=keys.needed)
    openapi.add_schemas(app)
    if not keys.needed or settings.allowed_hosts:
        app.add_middleware(KnownHosts, hosts=[settings.host, *settings.allowed_hosts])
    app.add_middleware(CountedRequests, metrics=metrics)
    app.add_middleware(Traced)
    return app


@public.get("/healthz", summary="Whether the service answers")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@public.get("/readyz", summary="Whether rollouts can be judged now", responses=openapi.NOT_READY)
async def readyz(request: Request) -> dict[str, Any]:
    """Ready once a worker has judged known rollouts, math and code, rightly."""
    readiness = dataclasses.asdict(await service_of(request).dispatcher.readiness())
    if not readiness.pop("ready"):
        raise Refusal(503, readiness.pop("detail"), headers={"Retry-After": "5"}, **readiness)
    return {"status": "ready", **readiness}


@public.get("/metrics", summary="Numbers for Prometheus", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """`deploy/monitoring` has alerts on them. What is counted of requests and batches is this
    process's; what is counted of workers and the queue is all processes' and the same at each."""
    service = service_of(request)
    service.metrics.runs_waiting.set(service.runs.waiting)
    readiness, figures = await asyncio.gather(
        service.dispatcher.readiness(), service.dispatcher.figures()
    )
    page = service.metrics.page(readiness, figures, service.budget.held_bytes)
    return Response(page, media_type=CONTENT_TYPE_LATEST)


@problems.put("/v1/problems/{name:path}", summary="Register a ground truth", **openapi.PUT_PROBLEM)
async def put_problem(request: Request, name: str) -> Response:
    """Kept until the service ends, or in its Redis or folder; the same name again replaces it from
    then on. It is the key's that was sent: with another key there is no such name.

    `sha256:<hex>` names a ground truth by the digest of its canonical JSON (keys sorted, no white
    space, everything beyond ASCII escaped), which is verified."""
    service = service_of(request)
    async with received(request, service.settings, service.budget) as body:
        entry, new = await asyncio.to_thread(
            _register, service.problems, owner_of(request), name, body
        )
    return Response(json.dumps(entry.public()), 201 if new else 200, media_type="application/json")


def _register(registry: Problems, owner: Owner, name: str, body: Body) -> Any:
    return registry.put(owner, name, read_value(body))


@problems.get(
    "/v1/problems/{name:path}",
    summary="Whether a ground truth is registered",
    **openapi.GET_PROBLEM,
)
async def get_problem(request: Request, name: str) -> dict[str, Any]:
    """Its digest and size; never the ground truth itself."""
    entry = await asyncio.to_thread(service_of(request).problems.get, owner_of(request), name)
    if entry is None:
        raise Refusal(404, "No problem has this name; register it with PUT /v1/problems/{name}.")
    return entry.public()
