"""What can be done when somebody may not be safe."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import Command, Opening
from trim_bot.domain.ids import CaseId


@dataclass(frozen=True, slots=True)
class OpenSafety(Opening):
    """Show the fixed safety screen for a case."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class OpenConcern(Opening):
    """Show the way to a call for safety, also where nothing else opens; nobody is named there."""


@dataclass(frozen=True, slots=True)
class OpenSafetyCall(Opening):
    """Show a safety call to someone who was called: whom to ring."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class AcknowledgeSafety(Command):
    """Say that one has it; the call ends for the others."""

    case: CaseId
