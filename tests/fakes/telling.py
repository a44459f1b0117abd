"""What the log would be told, kept as lines."""

from __future__ import annotations

from trim_bot.app.seam.log_events import LogEvent
from trim_bot.bootstrap.process_log import described

REFERENCE = "4f2a9c"


class Telling:
    """Keeps each event as a line, without the reference."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def __call__(self, event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        """Keep it; every reference is the same."""
        words = (event.value, about, described(error) if error is not None else "")
        self.lines.append(" ".join(word for word in words if word))
        return REFERENCE
