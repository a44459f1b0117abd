"""Says that something went wrong: a fixed word and an opaque id, and nothing of any activity or error text."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from integrations.teams.wire import RenderError
from trim_bot.domain.errors import StoreUnavailable, TryLater, Undeliverable


class Reporter:
    """Hands one line to whoever keeps the log."""

    def __init__(self, sink: Callable[[str], None]) -> None:
        self._sink = sink

    def note(self, what: str) -> None:
        """Report one happening; `what` is a fixed word of ours."""
        self._sink(f"teams {what} {secrets.token_hex(6)}")

    def failed(self, error: BaseException) -> None:
        """Report an error by its kind alone: the text of a strange one may hold anything."""
        match error:
            case TryLater():
                self.note("not-answering")
            case Undeliverable():
                self.note("undeliverable")
            case StoreUnavailable():
                self.note("nothing-saved")
            case RenderError():
                self.note("cannot-show")
            case _:
                self.note("failure")
