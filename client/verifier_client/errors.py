"""What can go wrong between a trainer and the service.

ClientError
├── Refused       the request cannot be answered as it was sent; sending it again does not help
└── Unavailable   no answer within the client's patience
"""

from __future__ import annotations


class ClientError(Exception):
    """Base of what the clients raise; its text is a sentence for a person."""


class Refused(ClientError):
    """The service says what is wrong with the request."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Unavailable(ClientError):
    """Nothing answered, or nothing but "later"."""
