"""`verifier score --again`: which verdicts of a scored file have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from api.cli.files.source import Source

MAX_LISTED = 100
_KEPT = ("reward", "outcome", "verifier")


class Changes:
    """Counts and lists them; a row's `before` says what its verdict was."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._judges: Counter[tuple[str, str]] = Counter()
        self._listed: list[str] = []

    def told(
        self,
        number: int,
        content: Mapping[str, Any],
        before: Mapping[str, Any],
        added: dict[str, Any],
    ) -> dict[str, Any]:
        """What is added to the row, with what it was before where that is not the same."""
        self._judges[_judge(before), _judge(added)] += 1
        if (before["reward"], before["outcome"]) == (added["reward"], added["outcome"]):
            return added
        kept = {name: before[name] for name in _KEPT if name in before}
        self.count(number, content, {**added, "before": kept})
        return {**added, "before": kept}

    def count(self, number: int, content: Mapping[str, Any], added: Mapping[str, Any]) -> None:
        """A row that has changed, in this run or in the earlier one that it continues."""
        old, new = added["before"]["outcome"], added["outcome"]
        self._kinds[old, new] += 1
        if len(self._listed) < MAX_LISTED:
            named = f" ({content['id']})" if isinstance(content.get("id"), str) else ""
            self._listed.append(f"{self._source.place(number)}{named}: {old} -> {new}")

    def show(self, console: Console) -> None:
        """Each change, up to a number of them, then how many there were of each kind."""
        for line in self._listed:
            console.print(line)
        if self._kinds.total() > len(self._listed):
            console.print(f"... and {self._kinds.total() - len(self._listed)} more")
        kinds = ", ".join(f"{n} {old} -> {new}" for (old, new), n in self._kinds.most_common())
        pairs = "; ".join(f"{before}, now {now}" for before, now in self._judges)
        console.print(
            f"{self._kinds.total()} verdicts changed{': ' if kinds else ''}{kinds}."
            f"{f' Judged by {pairs}.' if pairs else ''}"
        )


def _judge(added: Mapping[str, Any]) -> str:
    """Version and options, in words."""
    by = added.get("verifier")
    if not isinstance(by, Mapping):
        return "an unknown version"
    return f"{by.get('version')} (options {by.get('options')})"
