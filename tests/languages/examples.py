"""Programs as data: `<language>/<name>.<extension>`, each with what must come of it.

Comment lines at the top say so: `expect: <status>` (several separated by `|`), `stdout:`, `stdin:`,
`message:` (part of it) as string literals, and `runs: <n>` where each of n runs must end the same.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """One program and its expected end."""

    language: str
    name: str
    source: str
    statuses: frozenset[str]
    stdin: bytes
    stdout: bytes | None
    message: str
    runs: int


def read_examples() -> list[Example]:
    """All of them, by language and name."""
    return [_read(path) for path in sorted(FOLDER.glob("[a-z]*/*.*"))]


def _read(path: Path) -> Example:
    source = path.read_text(encoding="utf-8")
    head = dict(re.findall(r"^(?://|#) (\w+): (.*)$", source, re.MULTILINE))
    text = {
        key: ast.literal_eval(head[key]) for key in ("stdin", "stdout", "message") if key in head
    }
    return Example(
        language=path.parent.name,
        name=path.stem,
        source=source,
        statuses=frozenset(head["expect"].split(" | ")),
        stdin=text.get("stdin", "").encode(),
        stdout=text["stdout"].encode() if "stdout" in text else None,
        message=text.get("message", ""),
        runs=int(head.get("runs", 1)),
    )
