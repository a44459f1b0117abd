"""What this process writes to its log: fixed words and opaque ids, never the text of a strange error."""

from __future__ import annotations

import logging
import os
import secrets
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import PurePath

from trim_bot.app.seam.log_events import LogEvent, LogLevel
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.settings.unknown_variables import unknown_here

OURS = "trim_bot"
_LOG = logging.getLogger(OURS)


class _Stores:
    """Which store is meant by the place that an error names; told once, since the log belongs to the process."""

    called: Callable[[str], str] = staticmethod(lambda place: "")


def name_stores(called: Callable[[str], str]) -> None:
    """From here on say which store an error is about. `called` gives `data`, `keys` or `ledger` for a place."""
    _Stores.called = staticmethod(called)


class Reticent(logging.Formatter):
    """Lets our own lines through; of any other it tells only who wrote it, how grave it is and where."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of the log, with no text that a library wrote."""
        # In UTC with its mark, so that lines of several machines, and rows of the journal, can be put in order.
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head = f"{at} {record.levelname.lower()} {record.name}"
        if record.name == OURS:
            return f"{head} {record.getMessage()}"
        kind = ""
        if record.exc_info and record.exc_info[1] is not None:
            kind = f" {described(record.exc_info[1])}"
        return f"{head} {PurePath(record.pathname).name}:{record.lineno}{kind}"


class _StandardError(logging.Handler):
    """Writes to what standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        # A full disk under the log must not end what the log tells of; readiness says that it is full.
        with suppress(OSError):
            sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()


def set_up_logging() -> None:
    """Send everything to standard error through the one formatter, whatever libraries set up before."""
    handler = _StandardError()
    handler.setFormatter(Reticent())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _LOG.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = name != "uvicorn.access"


_LEVELS = {LogLevel.NOTE: logging.INFO, LogLevel.WARNING: logging.WARNING, LogLevel.FAULT: logging.ERROR}


def tell(event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
    """Write of an event, with the kind of error and where it rose; returns a reference to quote."""
    reference = secrets.token_hex(3)
    words = (event.value, about, described(error) if error is not None else "", reference)
    _LOG.log(_LEVELS[event.level], "%s", " ".join(word for word in words if word))
    return reference


def tell_unknown_variables() -> None:
    """Name every variable of this process that looks like ours and is not, one line each; never a value."""
    for one in unknown_here(os.environ):
        tell(LogEvent.UNKNOWN_VARIABLE, about=one.name)


def described(error: BaseException) -> str:
    """The kind of an error and the line it rose from, and of a store which one and why.

    Its text may hold anything, so it is left out.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    about = ""
    if isinstance(error, StoreUnavailable):
        about = f" {_Stores.called(error.database) or 'store'} {error.trouble.value}"
    return f"{type(error).__name__}{about}{place}"
