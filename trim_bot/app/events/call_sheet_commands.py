"""Telling people in person whom chat cannot reach: the call sheet of an event, and who takes which of its rows."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import Command, Opening


@dataclass(frozen=True, slots=True)
class OpenCallSheet(Opening):
    """Show the people of an event who are still to be told; name and phone of those one has taken."""

    incident: str


@dataclass(frozen=True, slots=True)
class TakeCall(Command):
    """Take one row: from now on it is one's own alone."""

    offer: str


@dataclass(frozen=True, slots=True)
class TakeCalls(Command):
    """Take the next rows that nobody has, a handful at once."""

    incident: str


@dataclass(frozen=True, slots=True)
class GiveBackCall(Command):
    """Give a row back, without a reason."""

    offer: str


@dataclass(frozen=True, slots=True)
class RecordCall(Command):
    """Record with one press what somebody said: `yes`, `not_now`, `no` or `not_reached`."""

    offer: str
    answer: str


@dataclass(frozen=True, slots=True)
class OpenGiveCalls(Opening):
    """Show those who can be given rows of a call sheet."""

    incident: str


@dataclass(frozen=True, slots=True)
class GiveCalls(Command):
    """Give some of the rows that nobody has to one colleague, who alone sees them then."""

    incident: str
    holder: str
    many: str
