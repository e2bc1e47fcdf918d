"""The state that all routes of an app share: settings, batches, problems, metrics."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from api.access.keys import Owner
from api.batches.registry import Batches
from api.http.budget import BodyBudget
from api.metrics.service import Metrics
from api.problems.registry import Problems
from api.runs.runs import Runs
from api.settings import Settings
from verifier.dispatch import Dispatcher


@dataclass(frozen=True, slots=True)
class Service:
    """One running service."""

    settings: Settings
    dispatcher: Dispatcher
    problems: Problems
    batches: Batches
    runs: Runs
    budget: BodyBudget
    metrics: Metrics


def owner_of(request: Request) -> Owner:
    """Whoever sent an authorized request."""
    owner = request.state.owner
    assert isinstance(owner, bytes)
    return owner


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
