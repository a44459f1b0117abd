"""What can be done when somebody may not be safe."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import CaseId


@dataclass(frozen=True, slots=True)
class OpenConcern(Opening):
    """Show the way to a call for safety, also where nothing else opens; nobody is named there. From a place on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenSafetyCall(Opening):
    """Show a safety call to someone who was called: whom to ring."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class TakeBackSafety(Command):
    """Say that a call was pressed by mistake: it ends for everybody, and a lead looks once."""

    case: CaseId


class Spoken(Enum):
    """Whether somebody has spoken with the person since a call for safety."""

    YES = "yes"
    """They have; nothing is owed any more."""
    NOT_YET = "not_yet"
    """Not yet: it goes on waiting for whoever has it."""


@dataclass(frozen=True, slots=True)
class KeepAfterCall(Command):
    """Write down what followed a call for safety."""

    case: CaseId
    told_whom: str = field(repr=False)
    told_when: str = field(repr=False)
    told_why: str = field(repr=False)
    agreed: str = field(repr=False)
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class AcknowledgeSafety(Command):
    """Say that one has it; the call ends for the others."""

    case: CaseId
