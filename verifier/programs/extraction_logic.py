"""Runs inside a jail, as text: a client's own way to find the program in a completion.

The completion is standard input, and the program that is found, as JSON, the last of the output,
behind an empty line.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass
class CodeBlock:
    """What the logic hands in; of several the one of the highest priority counts."""

    priority: int
    code: str
    language: str = ""


def find(logic: str) -> None:
    """Run the logic and print what it handed in, or null."""
    blocks: list[CodeBlock] = []

    def submit_code_blocks(handed_in: Iterable[CodeBlock]) -> None:
        blocks.extend(handed_in)

    names: dict[str, Any] = {
        "CodeBlock": CodeBlock,
        "completion": sys.stdin.read(),
        "submit_code_blocks": submit_code_blocks,
    }
    exec(compile(logic, "<custom_extract_logic>", "exec"), names)  # noqa: S102 - for this
    best = max(blocks, key=lambda block: block.priority, default=None)
    sys.stdout.write("\n\n" + json.dumps(best.code if best else None))
