"""Says that something went wrong: a fixed word and an opaque id, and nothing of any request or error text."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from integrations.ground.drawing import RenderError
from trim_bot.domain.errors import TryLater

Word = Callable[[BaseException], str | None]
"""The fixed word for an error that only one platform has; None for every other."""


class Reporter:
    """Hands one line to whoever keeps the log."""

    def __init__(self, platform: str, sink: Callable[[str], None], word: Word) -> None:
        """`platform` stands first in each line; `word` is asked before the words that all platforms share."""
        self._platform = platform
        self._sink = sink
        self._word = word

    def note(self, what: str) -> None:
        """Report one happening; `what` is a fixed word of ours, or the platform's own short code."""
        self._sink(f"{self._platform} {what} {secrets.token_hex(6)}")

    def failed(self, error: BaseException) -> None:
        """Report an error by its kind alone: the text of a strange one may hold anything."""
        self.note(self._word(error) or shared_word(error))


def shared_word(error: BaseException) -> str:
    """The fixed word for what can go wrong on every platform."""
    match error:
        case TryLater():
            return "not-answering"
        case RenderError():
            return "cannot-show"
        case _:
            return "failure"
