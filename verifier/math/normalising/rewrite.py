"""What one rule of spelling is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One rule of spelling. A pattern that is a plain text stands for itself."""

    name: str
    """What it is about, in a few words."""
    pattern: str | re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]
    example: tuple[str, str]
    """A text, and what all of normalising makes of it."""
    needs: str = ""
    """What any text that the pattern matches holds: others are not searched."""

    def __call__(self, text: str) -> str:
        if self.needs not in text:
            return text
        if isinstance(self.pattern, re.Pattern):
            return self.pattern.sub(self.replacement, text)
        assert isinstance(self.replacement, str)
        return text.replace(self.pattern, self.replacement)
