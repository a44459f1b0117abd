"""Errors whose text is safe to show: none of them ever carries what a person wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import ClassVar


class FixedText(Exception):
    """An error that says `text` wherever its class is raised, unless it is given words of its own."""

    text: ClassVar[str] = ""

    def __init__(self, said: str = "") -> None:
        super().__init__(said or self.text)


class SafeError(FixedText):
    """Base of every error of ours; its text may be shown to anyone."""


class NotOpen(SafeError):
    """This is no longer open to you. Nothing is said about whether it exists."""

    text = "No longer open to you"

    def __init__(self, reason: str = "not entitled") -> None:
        """`reason` is a fixed word for the journal, never shown."""
        super().__init__()
        self.reason = reason


class RecordAltered(SafeError):
    """A record is not as the desk wrote it, does not open, or was taken out; its text says nothing of which."""

    text = "Something here is not as the desk kept it"

    def __init__(self, table: str = "") -> None:
        """`table` names the kind of record where that is known; for whoever runs the desk, and shown to nobody else."""
        super().__init__()
        self.table = table


class JournalInDoubt(RecordAltered):
    """Rows of the journal were changed or taken out, so that nobody can be shown what must be written down there."""

    text = "The journal of this organisation is not whole"


class Invalid(SafeError):
    """Something to mend in a form; `errors` are keyed by field name and safe to show."""

    text = "Some answers need another look"

    def __init__(self, **errors: str) -> None:
        super().__init__()
        self.errors = errors


class StoreTrouble(Enum):
    """Why a store takes nothing now, or gives nothing."""

    FULL = "full"
    """Its disk is full, or it may not grow."""
    READ_ONLY = "read_only"
    """It can be read and not written."""
    DAMAGED = "damaged"
    """What is in it is not what was written."""
    BUSY = "busy"
    """Another process keeps it locked."""
    REFUSED = "refused"
    """The login at hand may not do this."""
    NOT_LET_IN = "not_let_in"
    """Its server answers, was given a password, and lets nobody in by it."""
    HELD_BACK = "held_back"
    """Far more was opened in an hour than ordinary use asks for."""
    AWAY = "away"
    """It does not answer."""


class StoreUnavailable(SafeError):
    """A store cannot be used now; nothing was saved and the same gesture can be made again."""

    text = "Nothing was saved"

    def __init__(self, trouble: StoreTrouble = StoreTrouble.AWAY, database: str = "") -> None:
        """`database` is the file or the name of the database that it is about; never shown to people."""
        super().__init__()
        self.trouble = trouble
        self.database = database


class OrganisationChanged(StoreUnavailable):
    """An organisation is not as it was remembered: nothing was saved, and it has to be looked up anew."""

    def __init__(self) -> None:
        super().__init__(StoreTrouble.BUSY)


class NotSettled(StoreUnavailable):
    """An organisation that was founded and has no settings yet: nothing can be done in it before it has."""


MOST_AWAY = 3
"""After how many refusals of a store in a row the rest is left for another time."""


class EachInTurn:
    """Lets every one of several have its turn although one fails; the first failure is raised when all had it."""

    def __init__(self) -> None:
        self._first: Exception | None = None
        self._away = 0

    @contextmanager
    def turn(self, otherwise: Callable[[], object] | None = None) -> Iterator[None]:
        """One of them. Raises StoreUnavailable at once when a store was away several times in a row.

        Any other failure of this one is told to `otherwise` where that is given, and is then not raised.
        """
        try:
            yield
        except Exception as fault:
            # One that is not settled yet says nothing of the store.
            away = isinstance(fault, StoreUnavailable) and not isinstance(fault, NotSettled)
            if otherwise is not None and not away:
                otherwise()
            else:
                # Raised by `tell`, when the others have had their turn.
                self._first = self._first or fault
            self._away = self._away + 1 if away else 0
            if self._away == MOST_AWAY:
                raise
        else:
            self._away = 0

    def tell(self) -> None:
        """All have had their turn: raise the first failure, if there was any."""
        if self._first is not None:
            raise self._first


class Undeliverable(SafeError):
    """The platform will never take a message for this address."""

    text = "This person cannot be reached here"


class Trouble(Enum):
    """Why a platform, or one workspace of it, cannot be asked now. None of these is the fault of a person in it."""

    REFUSED = "refused"
    """Nobody takes the connection, or the name of the host leads nowhere."""
    FAILING = "failing"
    """It answers that it is not well (5xx), breaks off, or something in between answers in its place."""
    SLOW = "slow"
    """It took the call and did not answer in the time there is."""
    ASKED_TO_WAIT = "asked_to_wait"
    """It asks for fewer calls (429)."""
    NOT_TAKEN = "not_taken"
    """The workspace does not take the app: its token is wrong, revoked, or without a right that is needed."""
    WHOLE_ENTERPRISE = "whole_enterprise"
    """The token is for every workspace of an enterprise at once, which the desk is not made for."""
    UNSURE = "unsure"
    """It could not be told apart, or the trouble is our own and passes."""


class TryLater(SafeError):
    """The platform or the workspace is away, or asks to wait: it says nothing about the person."""

    text = "The platform is not answering"

    def __init__(
        self,
        after_seconds: float | None = None,
        trouble: Trouble = Trouble.UNSURE,
        workspace: str = "",
        at: str = "",
    ) -> None:
        """`after_seconds` is when to ask again, where that is known: the platform's wish, or ours.

        `workspace` (`slack:TEAM`, `teams:TENANT`) is whose calls all wait; empty where it is not one of these. `at` is
        the host that was asked, where that is known.
        """
        super().__init__()
        self.at = at
        self.after_seconds = after_seconds
        self.trouble = trouble
        self.workspace = workspace


class Unsendable(SafeError):
    """The platform cannot read what was sent: a fault of ours, neither the person's nor passing by itself."""

    text = "This message could not be sent"


class NotThere(SafeError):
    """The platform knows nobody at this address."""

    text = "Nobody is known at this address"


class PlaceUnknown(SafeError):
    """The platform knows this place of its list no more: it has to be read from its beginning."""

    text = "The list has to be read from its beginning"
