"""Whether the service answers, and at which of its addresses: what all requests of a client share.

The logger `verifier_client` tells of an outage once when it begins and once when it has ended.
Knows no lock, which a fork could find held: what is shared is changed in single steps.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Sequence

logger = logging.getLogger("verifier_client")


class Reachability:
    """Of one service, at one address or several. Thread-safe."""

    def __init__(self, urls: Sequence[str], patience_s: float) -> None:
        self._urls = urls
        self._patience_s = patience_s
        self._at = 0
        self._since: dict[str, float] = {}
        """Under `outage`, while there is one: when it began."""
        self.has_answered = False
        """Whether there is, or was, such a service."""

    def __len__(self) -> int:
        return len(self._urls)

    @property
    def url(self) -> str:
        """Where to ask now."""
        return self._urls[self._at]

    def leave(self, url: str) -> None:
        """Have the next address asked, if this one still is."""
        if self.url == url:
            self._at = (self._at + 1) % len(self._urls)

    def failed(self, url: str, what: str) -> None:
        """It does not serve there."""
        now = time.monotonic()
        if self._since.setdefault("outage", now) == now:
            logger.warning(
                "The service at %s does not serve (%s); it is asked again for %g s.",
                url,
                what,
                self._patience_s,
            )

    def answered(self, url: str) -> None:
        """It serves there."""
        self.has_answered = True
        if self._since and (since := self._since.pop("outage", None)) is not None:
            lasted_s = time.monotonic() - since
            logger.warning("The service at %s serves again, after %.1f s.", url, lasted_s)

    def cannot_work(self, error: BaseException) -> bool:
        """Whether no asking again helps: there is no such name, nor was there, or what listens
        there speaks no TLS or shows a certificate that is none."""
        causes = _causes(error)
        return any(isinstance(cause, ssl.SSLError) for cause in causes) or (
            not self.has_answered
            and any(
                isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME
                for cause in causes
            )
        )


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
