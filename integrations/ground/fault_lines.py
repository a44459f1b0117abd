"""What the adapters log: a fixed word and an opaque id, while vendors' libraries are silent about all they see."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection

from integrations.ground.drawing import RenderError
from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.domain.errors import TryLater

Word = Callable[[BaseException], str | None]
"""The fixed word for an error that only one platform has; None for every other."""


AWAY_SECONDS = 10 * 60.0
"""How often at most it is told that something was not answered."""


class Reporter:
    """Tells the log of what happens on one platform."""

    def __init__(
        self, platform: LogEvent, tell: Tell, word: Word, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`platform` stands first in each line; `word` is asked before the words that all platforms share."""
        self._monotonic = monotonic
        self._said_away: float | None = None
        self._platform = platform
        self._tell = tell
        self._word = word

    def note(self, what: str) -> None:
        """Report one happening; `what` is a fixed word of ours, or the platform's own short code."""
        self._tell(self._platform, about=what)

    def failed(self, error: BaseException) -> None:
        """Report an error by its kind and place: the text of a strange one may hold anything.

        That a platform does not answer is told once in a while: the outage is told by itself, with its cause.
        """
        if isinstance(error, TryLater):
            now = self._monotonic()
            if self._said_away is not None and now - self._said_away < AWAY_SECONDS:
                return
            self._said_away = now
        self._tell(self._platform, error, self._word(error) or shared_word(error))


def shared_word(error: BaseException) -> str:
    """The fixed word for what can go wrong on every platform."""
    match error:
        case TryLater():
            return "not-answering"
        case RenderError():
            return "cannot-show"
        case _:
            return "failure"


SILENT = logging.CRITICAL + 1


def silent_logger() -> logging.Logger:
    """A logger that drops everything, whatever levels are set elsewhere, for libraries that take one.

    Some copy level, filters and `disabled` of the one they are given, so their own loggers fall silent too.
    What is worth knowing is reported by the adapter itself, with an opaque id.
    """
    logger = logging.Logger("integrations.silent")
    _close(logger)
    return logger


def silence(families: Collection[str]) -> None:
    """Close the loggers of these libraries and all below them, whatever levels and handlers are set elsewhere.

    A logger that is made later is silent by the level of its family, until it is given one of its own.
    """
    below = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in families]
    for name in {*families, *below}:
        _close(logging.getLogger(name))


def _close(logger: logging.Logger) -> None:
    logger.setLevel(SILENT)
    logger.propagate = False
    logger.disabled = True
    logger.addFilter(_nothing)
    if not logger.handlers:
        # Without one, Python writes what is at least a warning to the terminal.
        logger.addHandler(logging.NullHandler())


def _nothing(_record: logging.LogRecord) -> bool:
    return False
