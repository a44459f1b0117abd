"""What the owner of a chat holds of a town, as the adapters gave it to the platforms; and what was really so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from integrations.slack.render import render_message
from integrations.teams.render import message_card
from tests.fakes import FakeClock, FakeMessenger
from tests.owner.story import Answer, Story
from trim_bot.app.seam.views import Message
from trim_bot.domain.people import Address


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as the platform keeps it."""

    at: datetime
    to: str
    slack: object
    """Text and blocks, with what the buttons carry."""
    teams: object
    """The card."""


@dataclass(frozen=True, slots=True)
class Export:
    """All that the owner holds beside what every employer knows, and what was really so."""

    story: Story
    messages: tuple[Stored, ...]
    presses: tuple[tuple[datetime, str], ...]
    """Who pressed *Open*, and when; empty where the platform logs no such thing."""
    answers: Mapping[tuple[int, str], Answer]
    """By event and person, what they really answered."""
    supported: frozenset[str]
    """Who has, or had, a case or a colleague who took their request."""
    in_danger: frozenset[str]
    """For whom somebody was called."""
    holders: frozenset[str]
    """Practitioners who hold, or held, any of it."""


def as_stored(at: datetime, to: str, message: Message) -> Stored:
    """A message as both platforms are given it to keep, by the adapters' own hand."""
    slack = render_message(message)
    return Stored(at, to, (slack.text, slack.blocks), message_card(message))


class Keeping(FakeMessenger):
    """A platform that keeps what it is given, by its own clock."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock = clock
        self.kept: list[Stored] = []

    async def deliver(self, address: Address, message: Message, route: str) -> str:
        self.kept.append(as_stored(self.clock.now(), address.user, message))
        return await super().deliver(address, message, route)
