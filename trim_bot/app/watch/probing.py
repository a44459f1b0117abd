"""Tries what is away again, since nobody may ask for hours, and looks now and then whether the app is still taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

from trim_bot.app.watch.outages import Outages
from trim_bot.domain.errors import SafeError
from trim_bot.domain.outages import OutagePart

PROBE_SECONDS = 30
"""How often what is away is tried; its breaker lets a try through once a minute at most."""
ROUNDS = 10
"""Every so many rounds what seems well is asked too: a token may have been revoked in the quiet of a night."""


class Asked(Protocol):
    """A platform that can be asked what changes nothing. Both raise a SafeError while it is away."""

    async def try_again(self, place: str) -> None:
        """Ask a place of its way out."""
        ...

    async def look(self) -> None:
        """See whether the app is still taken, although nothing seems wrong."""
        ...


_PARTS: Mapping[str, tuple[OutagePart, ...]] = {
    "slack": (OutagePart.SLACK,),
    "teams": (OutagePart.TEAMS, OutagePart.TEAMS_KEYS, OutagePart.SIGN_IN, OutagePart.GRAPH),
}


class Probing:
    """Asks the platforms that are set up, by name."""

    def __init__(self, outages: Outages, platforms: Mapping[str, Asked]) -> None:
        self._outages = outages
        self._tries = {part: asked.try_again for name, asked in platforms.items() for part in _PARTS[name]}
        self._quiet = [asked.look for asked in platforms.values()]
        self._round = 0

    async def probe(self) -> None:
        """Try all that is away, each by itself: its way out tells what came of it."""
        self._round += 1
        for part, places in self._outages.places().items():
            for place in places if part in self._tries else ():
                await _quietly(partial(self._tries[part], place))
        if self._round % ROUNDS == 0:
            for look in self._quiet:
                await _quietly(look)


async def _quietly(asked: Callable[[], Awaitable[object]]) -> None:
    try:
        await asked()
    except SafeError:
        # The way out has heard it already, and tells of it.
        return
