"""What can go wrong between a trainer and the service.

ClientError
├── Unusable      a setting that cannot work, an address without a host say
├── Refused       the request cannot be answered as it was sent; sending it again does not help
├── Mismatched    the answer is not to what was asked, so nothing of it was used
├── Unavailable   no answer within the client's patience
└── Unjudged      rollouts without a verdict, where VERIFIER_UNJUDGED=raise

Trainers carry them from process to process, so each survives pickling.
"""

from __future__ import annotations


class ClientError(Exception):
    """Base of what the clients raise; its text is a sentence for a person."""


class Unusable(ClientError, ValueError):
    """A setting of the client cannot work."""


class Refused(ClientError):
    """The service says what is wrong with the request."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status = status

    def __str__(self) -> str:
        return str(self.args[1])


class Mismatched(ClientError):
    """An answer whose batch, number, ids or groups are not the request's."""


class Unavailable(ClientError):
    """Nothing answered, or nothing but "later"."""


class Unjudged(ClientError):
    """Some rollouts could not be judged, and the trainer was not to learn from the others alone."""
