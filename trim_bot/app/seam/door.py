"""The one door as an adapter sees it: gestures go in, views come out."""

from __future__ import annotations

from typing import Protocol

from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.languages import Language
from trim_bot.app.seam.views import View


class DeskLike(Protocol):
    """Whoever answers gestures."""

    def language_of(self, actor: Actor) -> Language:
        """In which language somebody reads, as far as it is known without asking the store."""
        ...

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer one gesture."""
        ...
