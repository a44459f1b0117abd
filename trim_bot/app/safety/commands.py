"""What can be done when somebody may not be safe."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import CaseId


@dataclass(frozen=True, slots=True)
class OpenSafety(Opening):
    """Show the fixed safety screen for a case, whom to ring from a place in their list on."""

    case: CaseId
    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenConcern(Opening):
    """Show the way to a call for safety, also where nothing else opens; nobody is named there. From a place on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenSafetyCall(Opening):
    """Show a safety call to someone who was called: whom to ring."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class AcknowledgeSafety(Command):
    """Say that one has it; the call ends for the others."""

    case: CaseId
