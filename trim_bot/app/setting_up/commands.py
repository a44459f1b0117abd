"""What an administrator can ask of the set-up pages."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import Command


@dataclass(frozen=True, slots=True)
class SendTestMessage(Command):
    """Send whoever asks the one message there is, to see that it comes."""
