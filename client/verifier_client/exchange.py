"""One request and its retries: what to send each time, how long to wait in between.

Does no input or output itself, so that both clients share it.
"""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass
from typing import Any

import httpx2

from verifier_client.compression import UNSUPPORTED, Compression
from verifier_client.connections import through_proxy
from verifier_client.errors import Refused, Unusable
from verifier_client.parts import Part, to_json
from verifier_client.reachability import Reachability
from verifier_client.retry import LATER, Attempts, is_verifiers, require_verifier

CONNECT_TIMEOUT_S = 10.0
LONGEST_BATCH_S = 3600.0
"""How long an answer may take where the batch has no deadline of its own."""
GRACE_S = 30.0
LINES = "application/x-ndjson"
_SERVER_ERROR = 500
_NOT_FOUND = 404
_CUT = httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError
"""The connection ended before all of the answer was there. As a rule it was idle, and was being
closed when the request came."""
CANCEL_WITHIN_S = 2.0
"""How long an interrupted trainer waits for the service to have heard of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to send."""

    method: str
    path: str
    body: bytes
    answer_s: float
    """How long the answer may take."""
    accept: str = "application/json"
    where: str = ""
    """Which part of a batch it is, for the sentence that says what is wrong with it."""
    prefers: str | None = None
    """What the service may do otherwise, if it knows how (RFC 7240)."""

    @classmethod
    def score(
        cls, part: Part, deadline_s: float | None, accept: str, *, rewards_only: bool
    ) -> Request:
        """One part of a batch."""
        return cls(
            method="POST",
            path="/v1/score",
            body=part.content(),
            answer_s=(deadline_s or LONGEST_BATCH_S) + GRACE_S,
            accept=accept,
            where=f"Of the rollouts from {part.first} on: " if part.first else "",
            prefers="return=minimal" if rewards_only else None,
        )

    @classmethod
    def register(cls, name: str, ground_truth: Any) -> Request:
        """A ground truth under its name."""
        path = f"/v1/problems/{urllib.parse.quote(name)}"
        return cls(method="PUT", path=path, body=to_json(ground_truth), answer_s=GRACE_S)


def cancelling(url: str, batch_id: str) -> dict[str, Any]:
    """What has a batch given up that nobody waits for any more, as httpx2 takes it."""
    return {
        "method": "DELETE",
        "url": f"{url}/v1/batches/{urllib.parse.quote(batch_id, safe='')}",
        "timeout": httpx2.Timeout(CANCEL_WITHIN_S),
    }


class Exchange:
    """Sends a request again until it is answered or patience ends."""

    def __init__(
        self,
        request: Request,
        patience_s: float,
        compression: Compression,
        reachability: Reachability,
    ) -> None:
        self._request = request
        self._compression = compression
        self._compressed = False
        self._attempts = Attempts(patience_s)
        self._reachability = reachability
        self._url = reachability.url
        self._failures = 0
        self._was_cut = False

    def attempt(self) -> dict[str, Any]:
        """What to send now, as httpx2 takes it."""
        request = self._request
        content, headers = self._compression.encoded(request.body)
        self._compressed = bool(headers)
        if request.prefers:
            headers = {**headers, "Prefer": request.prefers}
        self._url = self._reachability.url
        return {
            "method": request.method,
            "url": f"{self._url}{request.path}",
            "content": content,
            "headers": {"Content-Type": "application/json", "Accept": request.accept, **headers},
            "timeout": httpx2.Timeout(request.answer_s, connect=CONNECT_TIMEOUT_S),
        }

    def is_answered(self, response: httpx2.Response) -> bool:
        """Whether this is the answer; else `pause_after` says what to do."""
        self._compression.learn_from(response)
        is_refused = response.status_code < _SERVER_ERROR and is_verifiers(response)
        if response.is_success or is_refused:
            self._reachability.answered(self._url)
        return bool(response.is_success)

    def pause_after(self, response: httpx2.Response) -> float:
        """Seconds to wait after an answer that is no success. Raises Refused, Unavailable; Unusable
        where what answers seems to be no Verifier."""
        status = response.status_code
        if status == UNSUPPORTED and self._compressed:
            return 0.0
        if not self._reachability.has_answered:
            require_verifier(response)
        # What stands before a service may know nothing of it while that starts anew.
        is_unknown = status == _NOT_FOUND and not is_verifiers(response)
        is_later = status in LATER or is_unknown
        if status >= _SERVER_ERROR or is_unknown:
            self._reachability.failed(self._url, f"it answered {status}")
        if is_later and self._is_another_left():
            return 0.0
        try:
            return self._attempts.pause_after(response, is_later=is_later)
        except Refused as refused:
            raise Refused(refused.status, f"{self._request.where}{refused}") from None

    def pause_after_error(self, error: httpx2.RequestError) -> float:
        """Seconds to wait after nothing, or half an answer, came. Raises Unavailable; Unusable
        where the address cannot work."""
        what = f"{str(error) or type(error).__name__}{through_proxy(self._url)}"
        if self._reachability.cannot_work(error):
            raise Unusable(f"{self._url} cannot be asked ({what}); see VERIFIER_URL.")
        if isinstance(error, _CUT) and not self._was_cut:
            self._was_cut = True  # once is no outage: another connection may be better
            return 0.0
        self._reachability.failed(self._url, what)
        return 0.0 if self._is_another_left() else self._attempts.pause_after_error(what)

    def pause_after_end(self) -> float:
        """Seconds to wait after an answer that ended early. Raises Unavailable."""
        return 0.0 if self._is_another_left() else self._attempts.pause_after_end()

    def _is_another_left(self) -> bool:
        """Whether another address is asked now, before all of them have failed once more."""
        self._reachability.leave(self._url)
        self._failures += 1
        return self._failures % len(self._reachability) > 0
