"""One form of log lines for every process of ours, on its standard error.

Text: `TIME LEVEL NAME[PID]: sentence key=value ...`; VERIFIER_LOG_FORMAT=json makes it an object.
What a line is about (a batch, a trace) is set around the work by `about` and stands in every line
of it, in whichever process. What an exception says may be of a completion or a ground truth, so
only its type and where it came from are told, unless VERIFIER_LOG_LEVEL is DEBUG.
"""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

FIELDS = "fields"
"""Of a record: what is told beside the sentence, `extra={FIELDS: {...}}`."""
BURST, BURST_S = 5, 30.0
"""Of one warning, so many lines in so many seconds; then how many there were."""
_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed


@contextmanager
def about(**words: str) -> Iterator[None]:
    """Lines of this context are about these, beside what they are about already."""
    token = _about.set({**_about.get(), **words})
    try:
        yield
    finally:
        _about.reset(token)


def now_about() -> Mapping[str, str]:
    """What lines are about here, to be taken along to another process."""
    return _about.get()


def words_of(text: str) -> Mapping[str, str]:
    """What was taken along as JSON; nothing where it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def configure(name: str) -> None:
    """Write the lines of this process, which is called so. Raises ValueError for a setting that
    cannot be used."""
    level = os.environ.get("VERIFIER_LOG_LEVEL", "INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("VERIFIER_LOG_LEVEL should be DEBUG, INFO, WARNING or ERROR")
    form = os.environ.get("VERIFIER_LOG_FORMAT", "text")
    if form not in _FORMS:
        raise ValueError("VERIFIER_LOG_FORMAT should be text or json")
    handler = logging.StreamHandler()
    handler.setFormatter(_FORMS[form](name, is_open=level == "DEBUG"))
    handler.addFilter(Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # It tells of every start and stop in its own words; ours say the same.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


class Seldom(logging.Filter):
    """Lets BURST warnings of one wording pass in BURST_S, and says with the next how many did not:
    an outage fills no disk."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: dict[tuple[str, str], tuple[float, int]] = {}
        """When the first of a wording came, and how many since."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See logging.Filter."""
        if record.levelno < logging.WARNING:
            return True
        wording = record.name, str(record.msg)
        began, so_far = self._passed.get(wording, (time.monotonic(), 0))
        if time.monotonic() - began > BURST_S:
            left_out = so_far - BURST
            if left_out > 0:
                record.__dict__[FIELDS] = {**_fields(record), "left_out": left_out}
            began, so_far = time.monotonic(), 0
        self._passed[wording] = began, so_far + 1
        return so_far < BURST


class _Form(logging.Formatter):
    def __init__(self, name: str, *, is_open: bool) -> None:
        super().__init__()
        self._name = name
        self._is_open = is_open

    def _said(self, record: logging.LogRecord) -> Mapping[str, object]:
        said = {**_about.get(), **_fields(record)}
        if record.exc_info and record.exc_info[1]:
            said["exception"] = self._exception(record.exc_info[1])
        return said

    def _exception(self, error: BaseException) -> str:
        if self._is_open:
            return "".join(traceback.format_exception(error))
        frames = traceback.extract_tb(error.__traceback__)
        places = (f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
        return f"{type(error).__name__} at {' > '.join(places)}"


class _Text(_Form):
    def format(self, record: logging.LogRecord) -> str:
        words = " ".join(f"{key}={_word(value)}" for key, value in self._said(record).items())
        who = f"{self._name}[{record.process}]"
        line = f"{self.formatTime(record)} {record.levelname} {who}: {record.getMessage()}"
        return _on_one_line(f"{line} {words}".rstrip())


class _Json(_Form):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(
            {
                "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
                + f".{int(record.msecs):03d}Z",
                "level": record.levelname,
                "process": self._name,
                "pid": record.process,
                "logger": record.name,
                "message": record.getMessage(),
                **self._said(record),
            },
            default=str,
        )


_FORMS: Mapping[str, type[_Form]] = {"text": _Text, "json": _Json}


def _fields(record: logging.LogRecord) -> Mapping[str, object]:
    fields = getattr(record, FIELDS, {})
    return fields if isinstance(fields, Mapping) else {}


def _word(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return json.dumps(text) if not text or any(sign in text for sign in ' ="\n') else text


def _on_one_line(text: str) -> str:
    """No line of ours can be forged by what stands in one."""
    return text.translate({**dict.fromkeys(range(32), " "), 0x7F: " ", 0x85: " ", 0x2028: " "})
