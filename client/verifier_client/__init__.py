"""The trainer's side of a Verifier service: rollouts in, typed verdicts out.

Client, AsyncClient   POST /v1/score, with retries
trl, verl, openrlhf, nemo_gym, nemo_rl, areal, ms_swift, slime, skyrl_gym, verifiers, open_instruct,
roll, rllm, torchforge
                      what these trainers load as it stands: docs/trainers.md of the service
groups                statistics of groups
trainer               `judge` and `judge_now`, for any other
pass_rates            what a training has mastered, and what to train on next

Both clients have the same methods, awaited in `AsyncClient`:

    client = Client(url, api_key=, patience_s=, deadline_s=, connections=, unjudged=)
    scores = client.score(rollouts, batch_id=, deadline_s=, explain=True)    # or groups=...
    for result in client.stream(rollouts): ...                              # as each is ready
    client.register(name, ground_truth)                                     # {"problem": name}

What is not given comes from VERIFIER_URL, VERIFIER_API_KEY, VERIFIER_PATIENCE_S,
VERIFIER_DEADLINE_S, VERIFIER_CONNECTIONS and VERIFIER_UNJUDGED (`client.settings`). One client
serves every thread, event loop and forked process of a training: each process and each loop opens
connections of its own, and a pickled client is its settings. `scores.rewards` and `scores.results`
are in the order given, ids and groups the caller's own. Every error is a `ClientError` (see
`errors`).
"""

import importlib
from typing import TYPE_CHECKING, Any

from verifier_client.errors import ClientError, Mismatched, Refused, Unavailable, Unjudged, Unusable
from verifier_client.model import GroupSummary, Result, Scores

if TYPE_CHECKING:
    from verifier_client.async_client import AsyncClient
    from verifier_client.client import Client

__all__ = [
    "AsyncClient",
    "Client",
    "ClientError",
    "GroupSummary",
    "Mismatched",
    "Refused",
    "Result",
    "Scores",
    "Unavailable",
    "Unjudged",
    "Unusable",
]


def __getattr__(name: str) -> Any:
    """The clients once they are asked for: the service, which shares `final_part` with them, has no
    use for httpx2 in each of its workers."""
    if module := {"AsyncClient": "async_client", "Client": "client"}.get(name):
        return getattr(importlib.import_module(f"verifier_client.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
