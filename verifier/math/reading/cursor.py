"""A place in the tokens of an answer, and the ways to move it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from verifier.math.reading.tokens import Token
from verifier.math.tree import Node

MAX_DEPTH = 150


class Unreadable(Exception):
    """The text is in a notation that this reader does not know."""


class TooComplex(Exception):
    """The text is longer or nested deeper than any answer in earnest."""


class Cursor(ABC):
    """Goes once over the tokens; every reader below is one of these."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._bars = 0
        """Absolute values that are open: a bar then closes one."""

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _is(self, text: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token is not None and token.kind in ("sign", "command") and token.text == text

    def _accept(self, *texts: str) -> str | None:
        token = self._peek()
        if token is not None and token.kind in ("sign", "command") and token.text in texts:
            self._at += 1
            return token.text
        return None

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise Unreadable

    def _next(self) -> Token:
        token = self._peek()
        if token is None:
            raise Unreadable
        self._at += 1
        return token

    def _nested(self, reading: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooComplex
        try:
            return reading()
        finally:
            self._depth -= 1

    @abstractmethod
    def _listing(self) -> Node:
        """Whole statements, as brackets hold them."""

    @abstractmethod
    def _sum(self) -> Node:
        """An expression."""

    @abstractmethod
    def _atom(self) -> Node:
        """An operand."""
