"""JSON texts by their digest, kept parsed: the same object for everyone who asks for one."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

MAX_CHARS = 64 * 1024 * 1024


class ParsedTexts:
    """At most MAX_CHARS of text, as values; a larger one only alone. Thread-safe."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str, fetch: Callable[[], bytes | None]) -> Any:
        """The same object every time, as long as it is kept.

        Raises LookupError where there is no such text."""
        with self._lock:
            if digest in self._values:
                self._values.move_to_end(digest)
                return self._values[digest][1]
        text = fetch()
        if text is None:
            raise LookupError(f"the JSON text {digest} is no longer in Redis")
        value = json.loads(text)
        with self._lock:
            _, value = self._values.setdefault(digest, (len(text), value))
            while len(self._values) > 1 and self._chars() > MAX_CHARS:
                self._values.popitem(last=False)
        return value

    def _chars(self) -> int:
        return sum(size for size, _ in self._values.values())
