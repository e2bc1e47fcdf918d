"""Hostile and odd programs as data: `programs/<name>.py`, each with what must come of it.

Comment lines at the top say so: `# expect: <status>` (several separated by `|`),
`# stdout: <text>`, `# stdin: <text>`; texts are Python string literals.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Example:
    """One program and its expected end."""

    name: str
    source: str
    statuses: frozenset[str]
    stdin: bytes
    stdout: bytes | None


def read_examples() -> list[Example]:
    """All of them, by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.py"))]


def _read(path: Path) -> Example:
    source = path.read_text()
    head = dict(re.findall(r"^\ufeff?# (\w+): (.*)$", source, re.MULTILINE))
    text = {key: ast.literal_eval(head[key]).encode() for key in ("stdin", "stdout") if key in head}
    return Example(
        name=path.stem,
        source=source,
        statuses=frozenset(head["expect"].split(" | ")),
        stdin=text.get("stdin", b""),
        stdout=text.get("stdout"),
    )
