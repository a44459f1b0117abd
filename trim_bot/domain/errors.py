"""Errors whose text is safe to show: none of them ever carries what a person wrote."""

from __future__ import annotations


class SafeError(Exception):
    """Base of every error of ours; its text may be shown to anyone."""


class NotOpen(SafeError):
    """This is no longer open to you. Nothing is said about whether it exists."""

    def __init__(self, reason: str = "not entitled") -> None:
        """`reason` is a fixed word for the journal, never shown."""
        super().__init__("This is no longer open to you")
        self.reason = reason


class Invalid(SafeError):
    """Something to mend in a form; `errors` are keyed by field name and safe to show."""

    def __init__(self, **errors: str) -> None:
        super().__init__("Some answers need another look")
        self.errors = errors


class StoreUnavailable(SafeError):
    """The database is locked or gone; nothing was saved and the same gesture can be made again."""

    def __init__(self) -> None:
        super().__init__("Nothing was saved, please try again")


class Undeliverable(SafeError):
    """The platform will never take a message for this address."""

    def __init__(self) -> None:
        super().__init__("This person cannot be reached here")


class TryLater(SafeError):
    """The platform could not take the message now. `after_seconds` is its own wish, if it told one."""

    def __init__(self, after_seconds: float | None = None) -> None:
        super().__init__("The platform is not answering")
        self.after_seconds = after_seconds


class NotThere(SafeError):
    """The platform knows nobody at this address."""

    def __init__(self) -> None:
        super().__init__("Nobody is known at this address")
