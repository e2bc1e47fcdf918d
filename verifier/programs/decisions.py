"""Outputs that are decisions, each that something is possible followed by what proves it."""

from __future__ import annotations

from collections.abc import Sequence

_POSSIBLE, _IMPOSSIBLE = frozenset({"yes", "possible"}), frozenset({"no", "impossible"})


def with_proofs(output: str) -> Sequence[tuple[bool, Sequence[str]]] | None:
    """Of each decision of an output whether something is possible, and the lines behind it; None
    where the output does not begin with one."""
    found: list[tuple[bool, list[str]]] = []
    for line in filter(None, map(str.strip, output.splitlines())):
        word = line.lower()
        if word in _POSSIBLE or word in _IMPOSSIBLE:
            found.append((word in _POSSIBLE, []))
        elif not found:
            return None
        else:
            found[-1][1].append(line)
    return found or None


def decides_alike(expected: str, output: str) -> bool:
    """Whether an output has the decisions that are expected, if any are, and lines behind those
    that have some there."""
    wanted = with_proofs(expected)
    return wanted is None or _shape(wanted) == _shape(with_proofs(output) or [])


def _shape(decisions: Sequence[tuple[bool, Sequence[str]]]) -> list[tuple[bool, bool]]:
    return [(is_possible, bool(proof)) for is_possible, proof in decisions]
