"""What a store is to run in a transaction, and what one run of it is given."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field

from sqlalchemy import Connection

from trim_bot.domain.key_use import KeyPurpose
from trim_bot.storage.journal import Ahead, Head
from trim_bot.storage.records.sealing import Keys, SealingSession


def _nothing() -> None:
    """There is nothing to do."""


@dataclass(slots=True)
class Attempt:
    """One run of a body in a transaction."""

    connection: Connection
    seals: SealingSession
    known: Head
    """The newest row of the organisation's journal that was known here before the transaction began."""
    ahead: Ahead
    before_commit: Callable[[], None] = _nothing
    """Called as the last thing before the commit, once every body of the transaction has ended."""
    committed: Callable[[], None] = _nothing
    """Called once the transaction is on disk."""
    is_last: bool = False
    """Whether no other body may follow in this transaction, since more was changed than is known here."""


Work = Callable[[Attempt], object]


@dataclass(slots=True, eq=False)
class Body:
    """What is to be run, for which organisation and for whom; an empty name has the facts of the deployment."""

    organisation: str
    work: Work
    keys: Keys
    """The keys of this piece of work, however often it is run."""
    purpose: KeyPurpose
    is_alone: bool = False
    """Whether it must be alone in writing its organisation."""
    joins: bool = False
    """Whether others may be run with it in one transaction."""
    waited: int = 0
    """How often another process was writing its organisation for as long as one waits for that at a time."""
    context: Context = field(default_factory=copy_context)
    """As it was where the body was given, so that it can say for whom keys are opened."""
    admitted: set[str] = field(default_factory=set)
    """The keys whose opening was counted already, in a run that was undone through no fault of this body."""
