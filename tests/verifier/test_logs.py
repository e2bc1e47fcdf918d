"""Lines of the log: one form, about what they are, without data, and not without end."""

import json
import logging
import time
from collections.abc import Callable, Iterator

import pytest

from verifier import logs

SECRET = "the expected output"


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What is written after `logs.configure`."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield lambda: capsys.readouterr().err
    logger.handlers[:] = handlers
    logger.setLevel(level)


def fail() -> None:
    raise ValueError(SECRET)


def write_a_failure() -> None:
    with logs.about(batch="step 7", trace="t"):
        try:
            fail()
        except ValueError:
            fields = {logs.FIELDS: {"rollouts": 3, "took_s": 0.25}}
            logging.getLogger("x").exception("it failed: %s", "why", extra=fields)


def test_a_line_is_about_its_batch_and_shows_no_data(written: Callable[[], str]) -> None:
    logs.configure("worker")
    write_a_failure()
    line = written()
    assert line.count("\n") == 1
    assert "ERROR worker[" in line
    assert 'it failed: why batch="step 7" trace=t rollouts=3 took_s=0.250 exception=' in line
    assert "ValueError at test_logs.py:" in line
    assert SECRET not in line


def test_json_says_the_same(written: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFIER_LOG_FORMAT", "json")
    logs.configure("worker")
    write_a_failure()
    line = written()
    said = json.loads(line)
    assert {"process": "worker", "level": "ERROR", "message": "it failed: why", "batch": "step 7",
            "rollouts": 3, "took_s": 0.25}.items() <= said.items()  # fmt: skip
    assert SECRET not in line


def test_what_went_wrong_is_shown_to_who_asks_for_it(
    written: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFIER_LOG_LEVEL", "debug")
    logs.configure("worker")
    write_a_failure()
    assert SECRET in written()


def test_no_line_can_be_forged(written: Callable[[], str]) -> None:
    logs.configure("api")
    with logs.about(batch="x\n2026-01-01 INFO api[1]: all is well"):
        logging.getLogger("x").warning("one\r\nline\x85only %s", "\x1b[2J")
    line = written()
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_an_outage_writes_a_few_lines_and_then_how_many_there_were(
    written: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure("worker")
    logger = logging.getLogger("x")
    for n in range(100):
        logger.warning("Redis does not answer (%s)", n)
        logger.info("batch ended")
    lines = written()
    assert lines.count("does not answer") == logs.BURST
    assert lines.count("batch ended") == 100
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + logs.BURST_S + 1)
    logger.warning("Redis does not answer (%s)", 100)
    assert f"(100) left_out={100 - logs.BURST}" in written()


@pytest.mark.parametrize("name", ["VERIFIER_LOG_LEVEL", "VERIFIER_LOG_FORMAT"])
def test_a_setting_that_cannot_be_used_is_named(
    name: str, written: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "loud")
    with pytest.raises(ValueError, match=name):
        logs.configure("api")
