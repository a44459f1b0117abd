"""Says that something went wrong: a fixed word and an opaque id, and nothing of any request or error text."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from integrations.slack.web_api import Refused
from integrations.slack.wire import RenderError
from trim_bot.domain.errors import TryLater


class Reporter:
    """Hands one line to whoever keeps the log."""

    def __init__(self, sink: Callable[[str], None]) -> None:
        self._sink = sink

    def note(self, what: str) -> None:
        """Report one happening; `what` is a fixed word of ours, or Slack's own short code."""
        self._sink(f"slack {what} {secrets.token_hex(6)}")

    def failed(self, error: BaseException) -> None:
        """Report an error by its kind alone: the text of a strange one may hold anything."""
        match error:
            case Refused(code=code):
                self.note(f"refused:{code}")
            case TryLater():
                self.note("not-answering")
            case RenderError():
                self.note("cannot-show")
            case _:
                self.note("failure")
