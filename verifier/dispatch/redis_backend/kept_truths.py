"""Ground truths by the digest of their text, kept a while: the same object for who asks for one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from verifier.errors import VerifierError
from verifier.model import TruthText

MAX_CHARS = 64 * 1024 * 1024


class Gone(VerifierError):
    """Something that was in Redis no longer is."""


class KeptTruths:
    """At most MAX_CHARS of text; a larger one only alone. Thread-safe."""

    def __init__(self) -> None:
        self._truths: OrderedDict[str, TruthText] = OrderedDict()
        self._chars = 0
        self._lock = threading.Lock()

    def get(self, digest: str, fetch: Callable[[], TruthText | None]) -> TruthText:
        """The same object every time, as long as it is kept.

        Raises Gone where there is no such text."""
        with self._lock:
            if digest in self._truths:
                self._truths.move_to_end(digest)
                return self._truths[digest]
        truth = fetch()
        if truth is None:
            raise Gone(f"the ground truth {digest} is no longer in Redis")
        with self._lock:
            if digest not in self._truths:
                self._truths[digest] = truth
                self._chars += len(truth.text)
            while len(self._truths) > 1 and self._chars > MAX_CHARS:
                _, oldest = self._truths.popitem(last=False)
                self._chars -= len(oldest.text)
            return self._truths.get(digest, truth)
