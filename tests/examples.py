"""Programs as data: files that say at their top what must come of them.

Comment lines there, `# key: value` or with another language's sign for `#`: `expect: <status>`
(several separated by `|`), `stdout:`, `stdin:` and `message:` (part of it) as string literals, and
`runs: <n>` where each of n runs must end the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"^\ufeff?(?://|#|--|;|!|\(\*) (\w+): (.*?)(?: \*\))?$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One program and its expected end; its language is the name of its folder."""

    language: str
    name: str
    source: str
    statuses: frozenset[str]
    stdin: bytes
    stdout: bytes | None
    message: str
    runs: int


def head_of(source: str, keys: Iterable[str]) -> tuple[dict[str, str], str]:
    """What the comment lines with these keys say, and the program without them."""
    wanted = frozenset(keys)
    head = {key: value for key, value in _LINE.findall(source) if key in wanted}
    return head, _LINE.sub(lambda line: "" if line[1] in wanted else line[0], source)


def several(expected: str) -> list[str]:
    """The alternatives of an `expect:` line."""
    return [name.strip() for name in expected.split("|")]


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """One of each file, by folder and name."""
    return [_read(path) for path in sorted(paths)]


def _read(path: Path) -> Example:
    source = path.read_text(encoding="utf-8")
    head, _ = head_of(source, ("expect", "stdin", "stdout", "message", "runs"))
    text = {
        key: ast.literal_eval(head[key]) for key in ("stdin", "stdout", "message") if key in head
    }
    return Example(
        language=path.parent.name,
        name=path.stem,
        source=source,
        statuses=frozenset(several(head["expect"])),
        stdin=text.get("stdin", "").encode(),
        stdout=text["stdout"].encode() if "stdout" in text else None,
        message=text.get("message", ""),
        runs=int(head.get("runs", 1)),
    )
