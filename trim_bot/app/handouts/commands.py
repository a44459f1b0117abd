"""What can be asked of the poster and the leaflet."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import Opening


@dataclass(frozen=True, slots=True)
class OpenPoster(Opening):
    """Show the poster, as it is printed."""


@dataclass(frozen=True, slots=True)
class OpenLeaflet(Opening):
    """Show the leaflet, as it is printed."""
