"""The log says what failed and where, and never a word of what was being kept."""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path

import pytest

from trim_bot.app.seam.log_events import LogEvent, LogLevel
from trim_bot.bootstrap.process_log import OURS, Reticent, described, tell

SECRET = "a sentence somebody typed"


def record(name: str, message: str, *args: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord(name, logging.ERROR, "/a/b/place.py", 7, message, args, info)
    return Reticent().format(made)


def raised() -> BaseException:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        return error


def test_our_own_line_is_written_out() -> None:
    assert record(OURS, "%s", "closed keys_wrong").endswith("error trim_bot closed keys_wrong")


def test_a_line_carries_its_time_in_utc() -> None:
    made = logging.LogRecord(OURS, logging.ERROR, "/a/b/place.py", 7, "closed", (), None)
    made.created = 1_800_000_000.25
    assert Reticent().format(made).startswith("2027-01-15T08:00:00.250+00:00 error")


@pytest.mark.parametrize("message", [SECRET, f"while handling {SECRET}"])
def test_of_another_line_only_its_place_is_told(message: str) -> None:
    said = record("uvicorn.error", message, error=raised())
    assert SECRET not in said
    assert "uvicorn.error place.py:7 ValueError at test_process_log.py:" in said


def test_arguments_are_left_out_too() -> None:
    assert SECRET not in record("aiohttp.client", "got %s", SECRET)


def test_an_error_is_described_by_kind_and_line() -> None:
    error = raised()
    assert SECRET not in described(error)
    assert described(error).startswith("ValueError at test_process_log.py:")
    assert described(ValueError(SECRET)) == "ValueError"
    assert sys.exc_info() == (None, None, None)


@pytest.mark.parametrize("event", LogEvent)
def test_an_event_is_told_by_its_place_and_a_reference_to_quote(
    event: LogEvent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, OURS)
    reference = tell(event, raised(), "left")
    [record] = caplog.records
    line = record.getMessage()
    assert line.startswith(f"{event.value} left ValueError at test_process_log.py:")
    assert line.endswith(f" {reference}")
    assert re.fullmatch("[0-9a-f]{6}", reference)
    assert SECRET not in line
    levels = {LogLevel.NOTE: logging.INFO, LogLevel.WARNING: logging.WARNING, LogLevel.FAULT: logging.ERROR}
    assert record.levelno == levels[event.level]


def test_every_event_stands_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operate.md").read_text()
    words = re.findall(r"^\| `([a-z ,]+)` \| (note|warning|fault) \|", guide, re.MULTILINE)
    assert words == [(event.value, event.level.value) for event in LogEvent]
