"""A report as one HTML file that opens offline, with every rollout in it.

Nothing of the data is markup or script: it lies in the file as compressed JSON in base64, and our
scripts write it into the page as text. The page's policy lets no other script run, by their hashes,
and nothing be loaded. Numbers and scripts come first and texts last: the summary is there while a
browser still reads those, and they are unpacked only when they are looked at.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from api.reports.comparison import Comparison
from api.reports.rollouts import Scored
from api.reports.summary import Report
from api.reports.texts import Texts

_FILES = Path(__file__).with_name("web")
_SCRIPTS = ("vendor/chart.umd.min.js", "dom.js", "data.js", "table.js", "charts.js", "rollout.js")
_CHUNK_CHARS = 256 * 1024
"""Texts that are unpacked together."""
MAX_PACKED_CHARS = 128 * 1024 * 1024
"""Of all texts in one page, as browsers open larger files badly; further ones are left out."""

Row = Mapping[str, Any]
_Place = tuple[int, int]
"""(chunk, place in it) of a rollout's texts."""


class Writable(Protocol):
    """Where a page goes."""

    def write(self, text: str, /) -> object: ...


def write_report(
    out: Writable, name: str, report: Report, rollouts: Sequence[Scored], rows: Iterable[Row]
) -> None:
    """`rows`: those that the rollouts were read from, once more."""
    numbers = report.as_json()
    with _spool() as texts:
        (places,) = _write_texts(texts, [rows])
        index = {
            "title": name,
            "interval": numbers["interval"],
            "all": numbers["all"],
            "by": numbers["by"],
            "problems": [[one["source"], one["problem"]] for one in numbers["problems"]],
            "rollouts": _columns(rollouts, places, _numbered(numbers["problems"])),
        }
        _write_page(out, name, "report.js", index, texts)


def write_comparison(
    out: Writable,
    names: tuple[str, str],
    found: Comparison,
    sides: tuple[Sequence[Scored], Sequence[Scored]],
    rows: tuple[Iterable[Row], Iterable[Row]],
) -> None:
    """`rows`: those that the rollouts of each side were read from, once more."""
    title = f"{names[0]} and {names[1]}"
    numbers = found.as_json()
    problems = _numbered(numbers["problems"])
    with _spool() as texts:
        places = _write_texts(texts, rows)
        columns = [_columns(side, some, problems) for side, some in zip(sides, places, strict=True)]
        index = {"title": title, "names": names, **numbers, "sides": columns}
        _write_page(out, title, "compare.js", index, texts)


def _numbered(problems: Iterable[Row]) -> dict[tuple[str, str], int]:
    return {(one["source"], one["problem"]): number for number, one in enumerate(problems)}


def _columns(
    rollouts: Sequence[Scored], places: Sequence[_Place], problems: Mapping[tuple[str, str], int]
) -> dict[str, list[Any]]:
    """A list for each field: much smaller than an object for each rollout."""
    return {
        "problem": [problems.get((one.source, one.problem), -1) for one in rollouts],
        "id": [one.id for one in rollouts],
        "row": [one.row + 1 for one in rollouts],
        "reward": [one.reward for one in rollouts],
        "outcome": [one.outcome for one in rollouts],
        "answer": [one.vote for one in rollouts],
        "truncated": [one.truncated for one in rollouts],
        "chars": [one.chars for one in rollouts],
        "tokens": [one.tokens for one in rollouts],
        "cpu_s": [one.cpu_s for one in rollouts],
        "chunk": [chunk for chunk, _ in places],
        "place": [place for _, place in places],
    }


def _write_texts(out: Writable, files: Iterable[Iterable[Row]]) -> list[list[_Place]]:
    """Where the texts of each row of each file are; (-1, 0): left out."""
    written = chunks = 0
    found = []
    for rows in files:
        places: list[_Place] = []
        for texts in _chunks(rows):
            packed = _packed(texts)
            if written + len(packed) > MAX_PACKED_CHARS:
                places += [(-1, 0)] * len(texts)
                continue
            out.write(_block(packed, f"texts-{chunks}"))
            places += [(chunks, place) for place in range(len(texts))]
            written += len(packed)
            chunks += 1
        found.append(places)
    return found


def _chunks(rows: Iterable[Row]) -> Iterator[list[Any]]:
    texts, chunk, chars = Texts(), [], 0
    for row in rows:
        text = texts.of(row)
        chunk.append(text)
        chars += sum(len(part) for part in text.values() if isinstance(part, str))
        if chars >= _CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


def _packed(content: Any) -> str:
    return base64.b64encode(gzip.compress(json.dumps(content).encode("ascii"), 6, mtime=0)).decode()


def _block(packed: str, name: str) -> str:
    """Data in a page: a script of no language that runs."""
    return f'<script type="application/octet-stream" id="{name}">{packed}</script>\n'


def _spool() -> IO[str]:
    """Where texts wait until what comes before them in the page is known."""
    return tempfile.TemporaryFile("w+", encoding="ascii", prefix="verifier-")


def _write_page(out: Writable, title: str, main: str, index: Any, texts: IO[str]) -> None:
    scripts = [_text(name) for name in (*_SCRIPTS, main)]
    style = _text("report.css")
    head = _text("report.html").format(
        title=html.escape(title.encode("utf-8", "replace").decode()),
        script_hashes=" ".join(map(_hash, scripts)),
        style_hash=_hash(style),
        style=style,
    )
    out.write(head)
    out.write(_block(_packed(index), "index"))
    for script in scripts:
        out.write(f"<script>{script}</script>\n")
    texts.seek(0)
    shutil.copyfileobj(texts, out, _CHUNK_CHARS)
    out.write("</html>\n")


def _text(name: str) -> str:
    """One of our files. A map of its source would be asked for where nothing is to be loaded."""
    return (_FILES / name).read_text(encoding="utf-8").partition("//# sourceMappingURL")[0]


def _hash(text: str) -> str:
    """As a Content-Security-Policy names an inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
