"""Decides when a request is retried and how long to wait: one `Attempts` a request."""

from __future__ import annotations

import random
import time

import httpx2

from verifier_client.connections import through_proxy
from verifier_client.errors import Refused, Unavailable, Unusable

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
LATER = frozenset({408, 429, 500, 502, 503, 504, *range(520, 531)})
"""The queue is full, no worker is ready, or something on the way broke (with numbers of its own
from 520 on): worth asking again."""
TOO_LARGE = 413
_PROBLEM = "application/problem+json"


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

    def pause_after(self, response: httpx2.Response, *, is_later: bool) -> float:
        """Seconds to wait after an answer that is no success. Raises Unavailable, and Refused where
        it says nothing of later."""
        sentence = _sentence(response)
        if not is_later:
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


def is_verifiers(response: httpx2.Response) -> bool:
    """Whether an answer that is no success has the form of a Verifier's."""
    return bool(response.headers.get("content-type", "").startswith(_PROBLEM))


def require_verifier(response: httpx2.Response) -> None:
    """Raises Unusable where a first answer is a refusal by something else: a server of the model at
    the same port, say, whose words on a request would be taken for a fault of its rollouts."""
    if not is_verifiers(response) and response.status_code not in {*LATER, TOO_LARGE}:
        raise Unusable(f"{_sentence(response)} Is a Verifier there? See VERIFIER_URL.")


def _sentence(response: httpx2.Response) -> str:
    """What the service says of the error; what stands between may answer in any form."""
    try:
        detail = response.json()["detail"] if is_verifiers(response) else None
    except (ValueError, KeyError, TypeError):
        detail = None
    if isinstance(detail, str):
        return detail
    url, location = str(response.url), response.headers.get("location")
    asked = f"{url}{through_proxy(url)} answered {response.status_code}"
    moved = f" and points to {location}" if location and response.is_redirect else ""
    return f"{asked}{moved}, and not in the service's own words."
