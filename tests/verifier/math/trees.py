"""Answers as trees, for the tests of what reads and compares them."""

from collections.abc import Callable

from verifier.math.comparing.forms import canonical
from verifier.math.comparing.outcome import Decision, Same
from verifier.math.comparing.rules import same
from verifier.math.normalising import normalise
from verifier.math.reading import read
from verifier.math.tree import Node


def tree(text: str) -> Node:
    """What an answer is read as."""
    return read(normalise(text))


def formed(text: str) -> Node:
    """The same in the form that rules compare."""
    return canonical(tree(text))


def decided(rule: Callable[[Node, Node, Same], Decision], reference: str, answer: str) -> Decision:
    """What one rule says of a pair."""
    return rule(formed(reference), formed(answer), same)
