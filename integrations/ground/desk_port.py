"""The one door of the desk, as every adapter that hands gestures on sees it."""

from __future__ import annotations

from typing import Protocol

from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.views import View


class DeskLike(Protocol):
    """Whoever answers gestures."""

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer one gesture."""
        ...
