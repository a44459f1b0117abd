"""Why one way told the administrator nothing: a closed word for the log, a sentence for whoever tries it."""

from __future__ import annotations

from trim_bot.domain.errors import SafeError, TryLater


class NotTaken(SafeError):
    """The other side answered that it will not take it."""

    text = "It was not taken"

    def __init__(self, said: str = "", cause: str = "") -> None:
        """`said` is a sentence without its end; `cause` a fixed word, or a status or code with its number."""
        super().__init__(said)
        self.cause = cause


def cause_of(error: Exception) -> str:
    """The closed word for what stood in the way; empty where the kind of error alone says it."""
    match error:
        case NotTaken():
            return error.cause
        case TryLater():
            return error.trouble.value
        case _:
            return ""
