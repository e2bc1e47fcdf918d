"""The parser: a place in the tokens of an answer, and the grammar's tables to read on from there.

Tokens are never changed. A reader that takes a part of one (`\\frac12`, "5 million dollars") leaves
the place within it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from verifier.errors import VerifierError
from verifier.math.reading.tokens import Token
from verifier.math.tree import Node

MAX_DEPTH = 150


_OPENING, _CLOSING = ("(", "[", "{", "\\{"), (")", "]", "}", "\\}")


class Unreadable(VerifierError):
    """The text is in a notation that this reader does not know."""


class TooComplex(VerifierError):
    """The text is longer or nested deeper than any answer in earnest."""


class Place(NamedTuple):
    """Where reading has come to, to return to if it turns out to be something else."""

    at: int
    taken: int
    """Characters of the token there that are read already."""
    bars: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is read how. Readers of signs begin at their sign, readers of commands behind theirs."""

    statements: Callable[[Parser], Node]
    expression: Callable[[Parser], Node]
    power: Callable[[Parser], Node]
    kinds: Mapping[str, Callable[[Parser], Node]]
    """Operands that are tokens of a kind: numbers, letters."""
    signs: Mapping[str, Callable[[Parser], Node]]
    """Operands that begin with a sign."""
    commands: Mapping[str, Callable[[Parser], Node]]
    """Operands that begin with a command."""
    postfixes: Mapping[str, Callable[[Parser, Node], Node | None]]
    """What may stand behind an operand; None: not behind this one, and nothing was read."""
    no_factors: frozenset[str]
    """Commands that begin an operand, but none that a product goes on with."""


class Parser:
    """Goes once over the tokens of one answer."""

    def __init__(self, tokens: list[Token], grammar: Grammar) -> None:
        self._tokens = tokens
        self._grammar = grammar
        self._at = 0
        self._taken = 0
        self._here: Token | None = None
        """The token at this place, or what is left of it."""
        self._depth = 0
        self._bars = 0
        self._look()

    # -- the place

    @property
    def place(self) -> Place:
        return Place(self._at, self._taken, self._bars)

    def return_to(self, place: Place) -> None:
        self._at, self._taken, self._bars = place
        self._look()

    def _look(self) -> None:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is not None and self._taken:
            is_spaced = token.text[self._taken - 1] == " "
            token = Token(token.kind, token.text[self._taken :], is_spaced)
        self._here = token

    @property
    def previous(self) -> Token:
        """What was read last."""
        token = self._tokens[self._at if self._taken else self._at - 1]
        return Token(token.kind, token.text[: self._taken]) if self._taken else token

    def texts_from(self, place: Place, count: int) -> str:
        """What so many tokens say from a place on."""
        return "".join(token.text for token in self._tokens[place.at : place.at + count])

    # -- one token

    def peek(self, ahead: int = 0) -> Token | None:
        """The token here, or so many further on; None behind the last."""
        if not ahead:
            return self._here
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def is_at(self, text: str, ahead: int = 0) -> bool:
        """Whether this sign or command stands here, or so many tokens further on."""
        token = self.peek(ahead)
        return token is not None and token.text == text and token.kind in ("sign", "command")

    def accept(self, *texts: str) -> str | None:
        """Read one of these signs or commands, if one stands here."""
        token = self._here
        if token is not None and token.text in texts and token.kind in ("sign", "command"):
            self.skip()
            return token.text
        return None

    def expect(self, text: str) -> None:
        """Read this sign or command. Raises Unreadable."""
        if not self.accept(text):
            raise Unreadable

    def next(self) -> Token:
        """Read a token. Raises Unreadable behind the last."""
        token = self._here
        if token is None:
            raise Unreadable
        self.skip()
        return token

    def skip(self, count: int = 1) -> None:
        """Go on behind the token here, or so many."""
        self._at += count
        self._taken = 0
        self._look()

    def take(self, characters: int) -> None:
        """Go on within the token here, behind so many of its characters; at its end, behind it."""
        self._taken += characters
        if self._taken >= len(self._tokens[self._at].text):
            self.skip()
        else:
            self._look()

    # -- by the grammar

    def part(self, length: int, reading: Callable[[Parser], Node]) -> Node:
        """What a reader makes of so many tokens from here, which must be all of them."""
        inner = Parser(self._tokens[self._at : self._at + length], self._grammar)
        node = reading(inner)
        if inner.peek() is not None:
            raise Unreadable
        self.skip(length)
        return node

    def statements(self) -> Node:
        """Whole statements, as brackets hold them; bars outside of them are not closed in here."""
        return self.without_bars(lambda parser: parser.nested(parser._grammar.statements))

    def expression(self) -> Node:
        """A sum, and what is said of it as a whole."""
        return self._grammar.expression(self)

    def power(self) -> Node:
        """An operand with what stands behind it."""
        return self._grammar.power(self)

    def atom(self) -> Node:
        """An operand. Raises Unreadable."""
        token = self._here
        reading = None
        if token is not None and token.kind == "sign":
            reading = self._grammar.signs.get(token.text)
        elif token is not None and token.kind == "command":
            reading = self._grammar.commands.get(token.text)
            self.skip()
        elif token is not None:
            reading = self._grammar.kinds.get(token.kind)
        if reading is None:
            raise Unreadable
        return reading(self)

    def postfix(self, node: Node) -> Node | None:
        """The operand with one thing more of what stands behind it; None where nothing does."""
        token = self._here
        if token is None or token.kind not in ("sign", "command"):
            return None
        reading = self._grammar.postfixes.get(token.text)
        return reading(self, node) if reading else None

    def begins_factor(self) -> bool:
        """Whether a factor stands here without a sign before it."""
        token = self._here
        if token is None:
            return False
        match token.kind:
            case "number" | "letter":
                return True
            case "command":
                known = token.text in self._grammar.commands
                return known and token.text not in self._grammar.no_factors
            case "sign":
                return (
                    token.text in ("(", "{")
                    or (token.text in ("|", "\\|") and not self._bars and self._closes(token.text))
                    or (token.text == "[" and not self._is_words(1))
                )
        return False

    def _closes(self, bar: str) -> bool:
        """Whether the bar here has another one within the same brackets: else it says "given"."""
        depth = 0
        for token in self._tokens[self._at + 1 :]:
            if token.kind == "sign":
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
                if depth < 0 or (token.text == bar and not depth):
                    break
        else:
            return False
        return depth == 0

    def _is_words(self, ahead: int) -> bool:
        token = self.peek(ahead)
        return token is not None and token.kind == "words"

    def nested(self, reading: Callable[[Parser], Node]) -> Node:
        """What a reader reads, one level deeper. Raises TooComplex."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooComplex
        try:
            return reading(self)
        finally:
            self._depth -= 1

    def between_bars(self, bar: str) -> Node:
        """An expression in which a bar closes an absolute value or a norm, and its closing bar."""
        self._bars += 1
        node = self.expression()
        self.expect(bar)
        self._bars -= 1
        return node

    def without_bars(self, reading: Callable[[Parser], Node]) -> Node:
        """What a reader reads within brackets, where bars outside of them are not closed."""
        bars, self._bars = self._bars, 0
        node = reading(self)
        self._bars = bars
        return node
