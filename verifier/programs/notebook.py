"""Runs inside a jail, as text: the cells of a notebook, one after another in one namespace.

What it reports of each cell is what Jupyter would show: what was written, the value that the cell
ends in, figures, an exception. The cells after one that raised are run all the same. They share
this process and may rewrite any of it: the report is theirs, and nothing is judged by it.
"""

import ast
import base64
import contextlib
import io
import json
import linecache
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from types import ModuleType
from typing import Any, TextIO

REPORT = ".cells.json"
"""The file in the run's folder that tells of the cells, as a list."""
MAX_CHARS = 256 * 1024
"""Of what one stream or one value of a cell is told."""
MAX_FRAMES = 20
"""Of an exception, the last ones."""
_STREAMS = {1: "stdout", 2: "stderr"}
_SHOWN_AS = {"text/html": "_repr_html_", "text/latex": "_repr_latex_", "image/png": "_repr_png_"}


def play(cells: Sequence[str]) -> None:
    """Run the cells and write the report."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # as other processes'
    warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
    displayed: list[dict[str, str]] = []
    notebook = sys.modules["__main__"] = ModuleType("__main__")
    names = vars(notebook)
    names["display"] = lambda *values: displayed.extend(map(_shown, values))
    report = []
    for number, source in enumerate(cells, 1):
        displayed.clear()
        errors: list[dict[str, Any]] = []
        with _written() as streams:
            for part in (partial(_run, source, f"<cell {number}>", names), _figures):
                try:
                    displayed += part()
                except BaseException as error:  # noqa: BLE001 - the next cell is run all the same
                    errors.append(_told(error))
        report.append({**streams, "display": list(displayed), "error": errors})
    with open(REPORT, "w", encoding="utf-8") as file:
        json.dump(report, file)


def _run(source: str, name: str, names: dict[str, Any]) -> list[dict[str, str]]:
    """What the value of the cell's last expression looks like, if it has one."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    body = ast.parse(source, name).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), name, "exec"), names)  # noqa: S102 - what this jail is for
    if not isinstance(last, ast.Expr):
        return []
    value = eval(compile(ast.Expression(last.value), name, "eval"), names)  # noqa: S307 - likewise
    if value is None:
        return []
    names["_"] = value
    return [] if source.rstrip().endswith(";") else [_shown(value)]


def _shown(value: Any) -> dict[str, str]:
    shown = {"text/plain": repr(value)[:MAX_CHARS]}
    for kind, method in _SHOWN_AS.items():
        show = None if isinstance(value, type) else getattr(value, method, None)
        found = show() if callable(show) else None
        if isinstance(found, str | bytes):
            shown[kind] = base64.b64encode(found).decode() if isinstance(found, bytes) else found
    return shown


def _figures() -> list[dict[str, str]]:
    """Those of matplotlib's that the cell left open, as pictures."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    pictures = []
    for number in pyplot.get_fignums() if pyplot else ():
        figure, picture = pyplot.figure(number), io.BytesIO()  # type: ignore[union-attr]
        figure.savefig(picture, format="png", bbox_inches="tight")
        encoded = base64.b64encode(picture.getvalue()).decode()
        pictures.append({"text/plain": repr(figure), "image/png": encoded})
    if pyplot:
        pyplot.close("all")
    return pictures


@contextlib.contextmanager
def _written() -> Iterator[dict[str, str]]:
    """What is written to standard output and error meanwhile, by other processes too."""
    streams: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        for descriptor, stream in ((1, sys.stdout), (2, sys.stderr)):
            stack.enter_context(_kept(descriptor, stream, streams))
        yield streams


@contextlib.contextmanager
def _kept(descriptor: int, stream: TextIO, streams: dict[str, str]) -> Iterator[None]:
    """Has a file in the place of a stream meanwhile, whose text is put into `streams`."""
    own = os.dup(descriptor)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), descriptor)
        try:
            yield
        finally:
            stream.flush()
            os.dup2(own, descriptor)
            os.close(own)
            file.seek(0)
            streams[_STREAMS[descriptor]] = file.read(MAX_CHARS).decode(errors="replace")


def _told(error: BaseException) -> dict[str, Any]:
    place = error.__traceback__
    while place and place.tb_frame.f_globals is globals():  # what is here is none of the cell's
        place = place.tb_next
    lines = traceback.format_exception(error.with_traceback(place), limit=-MAX_FRAMES)
    return {"ename": type(error).__name__, "evalue": str(error), "traceback": lines}
