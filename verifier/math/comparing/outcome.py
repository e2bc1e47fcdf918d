"""What a rule can say of a pair, and how what it says of parts adds up."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable

from verifier.math.tree import Node

Ruling = bool | None
"""True and False are certain; None: no rule can tell."""
Same = Callable[[Node, Node], Ruling]
"""The comparison of a reference with an answer, whatever their forms."""


class NotMine(enum.Enum):
    """What a rule says of a pair that it is not about."""

    NOT_MINE = "not mine"


NOT_MINE = NotMine.NOT_MINE
Decision = Ruling | NotMine


def all_of(verdicts: Iterable[Ruling]) -> Ruling:
    """The verdict on a whole from those on its parts."""
    result: Ruling = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is None:
            result = None
    return result
