"""The math child: a killable process (`verifier.children.warm_child`) that compares answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from verifier.children.warm_child import ChildLost, LimitReached, WarmChild

__all__ = ["ChildLost", "LimitReached", "MathChild"]

MAX_REPLY_BYTES = 65536


class MathChild(WarmChild):
    """Compares answers. Belongs to one thread."""

    def __init__(self) -> None:
        """Starts the zygote; its imports go on while the caller does other things."""
        super().__init__("verifier.math.zygote")

    def ask(self, request: Mapping[str, Any], cpu_s: float) -> dict[str, Any]:
        """The child's reply. Raises LimitReached or ChildLost; the next call has a new child."""
        child = self._ready()
        line = json.dumps({**request, "cpu_s": cpu_s}).encode("ascii") + b"\n"
        try:
            limit = self._cpu_used() + cpu_s
            child.sendall(line)
            reply: dict[str, Any] = json.loads(self._reply(limit))
        except (OSError, EOFError):
            self._raise_for_end()
        except BaseException:
            self._drop()
            raise
        if "error" in reply:
            raise ChildLost(f"The comparison failed ({reply['error']}); the log says more.")
        return reply

    def _reply(self, limit_s: float) -> bytes:
        """One line."""
        assert self._child is not None
        received = b""
        while not received.endswith(b"\n"):
            self._await_reply(limit_s)
            chunk = self._child.recv(MAX_REPLY_BYTES)
            if not chunk:
                raise EOFError
            received += chunk
            if len(received) > MAX_REPLY_BYTES:
                raise ChildLost("The math child replied with too much.")
        return received
