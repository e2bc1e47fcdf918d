"""The trainer's side of a Verifier service: rollouts in, typed verdicts out.

Client, AsyncClient   POST /v1/score, with retries
trl, verl, openrlhf   reward functions that these trainers load as they stand
"""

from verifier_client.client import AsyncClient, Client
from verifier_client.errors import ClientError, Refused, Unavailable
from verifier_client.model import GroupSummary, Result, Scores

__all__ = [
    "AsyncClient",
    "Client",
    "ClientError",
    "GroupSummary",
    "Refused",
    "Result",
    "Scores",
    "Unavailable",
]
