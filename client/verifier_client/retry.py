"""Decides when a request is retried and how long to wait: one `Attempts` a request."""

from __future__ import annotations

import random
import time

import httpx2

from verifier_client.errors import Refused, Unavailable

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
LATER = frozenset({429, 500, 502, 503, 504})
"""The queue is full, no worker is ready, or something on the way broke: worth asking again."""


class Attempts:
    """Counts the attempts of one request and ends them when patience does."""

    def __init__(self, patience_s: float) -> None:
        self._give_up_at = time.monotonic() + patience_s
        self._pause_s = FIRST_PAUSE_S

    def pause_after_error(self, what: str) -> float:
        """Seconds to wait after nothing, or half an answer, came. Raises Unavailable."""
        return self._pause(f"The service could not be reached ({what}).", "")

    def pause_after_end(self) -> float:
        """Seconds to wait after an answer that ended before all of it came. Raises Unavailable."""
        return self._pause("The service's answer ended early.", "")

    def pause_after(self, response: httpx2.Response) -> float:
        """Seconds to wait after an answer that is no success. Raises Refused, Unavailable."""
        sentence = _sentence(response)
        if response.status_code not in LATER:
            raise Refused(response.status_code, sentence)
        return self._pause(sentence, response.headers.get("retry-after", ""))

    def _pause(self, sentence: str, retry_after: str) -> float:
        # Trainers ask at the same moment; chance keeps them from coming back at the same moment.
        pause_s = self._pause_s * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)
        if retry_after.isdecimal():  # the other form, a date, our service does not send
            pause_s = max(pause_s, float(retry_after))
        if time.monotonic() + pause_s > self._give_up_at:
            raise Unavailable(f"{sentence} No time is left to retry (VERIFIER_PATIENCE_S).")
        return pause_s


def _sentence(response: httpx2.Response) -> str:
    """What the service says of the error; what stands between may answer in any form."""
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = None
    if isinstance(detail, str):
        return detail
    return f"{response.url} answered {response.status_code}, and not in the service's own words."
