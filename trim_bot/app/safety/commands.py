"""What can be done when somebody may not be safe."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import Command, Opening


@dataclass(frozen=True, slots=True)
class OpenSafety(Opening):
    """Show the fixed safety screen for a case."""

    case: str


@dataclass(frozen=True, slots=True)
class OpenSafetyCall(Opening):
    """Show a safety call to someone who was called: whom to ring."""

    case: str


@dataclass(frozen=True, slots=True)
class AcknowledgeSafety(Command):
    """Say that one has it; the call ends for the others."""

    case: str
