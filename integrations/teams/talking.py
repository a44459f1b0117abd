"""Answers words typed to the app in its own chat with one neutral card, since whatever stands there stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from integrations.ground.drawing import Json
from integrations.ground.recently_seen import RecentlySeen
from integrations.teams.activities import Arrival
from integrations.teams.gestures import words_typed
from integrations.teams.render import home_card, opening_card
from integrations.teams.route import Route
from trim_bot.app.desk.calls import known_words

MOST_REMEMBERED = 1000
REMEMBERED_SECONDS = 15 * 60.0

FirstWord = Callable[[str, str], Awaitable[str | None]]
"""What a word typed in a tenant, without its slash, stands for: a first word of the desk, or None for no command."""
Say = Callable[[Route, str, Json], Awaitable[object]]
"""Sends a card into a 1:1 conversation of a tenant. Raises what `Reporter.failed` can tell."""


class Talking:
    """Looks for a command in what was typed, and at nothing else of it."""

    def __init__(self, say: Say, first_word: FirstWord, link: str) -> None:
        self._say = say
        self._first_word = first_word
        self._link = link
        self._answered: RecentlySeen[bool] = RecentlySeen(MOST_REMEMBERED, REMEMBERED_SECONDS)

    async def reply(self, arrival: Arrival) -> None:
        """Send the one card: a way to what was asked for, or the card that is the same for everybody.

        A message that comes again, because the first try took long, gets no second card.
        """
        if arrival.route is None:
            return
        key = f"{arrival.route.conversation} {arrival.id}"
        if arrival.id and self._answered.find(key):
            return
        self._answered.keep(key, True)
        command, verbs = words_typed(arrival.typed)
        first = await self._first_word(arrival.tenant, command) if command else None
        # The card stays in the chat, so it holds words of the desk alone: the next one typed may be a name.
        card = opening_card(known_words((first, *verbs))) if first is not None else home_card(self._link)
        await self._say(arrival.route, arrival.tenant, card)
