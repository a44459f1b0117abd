"""What a person does at a screen, whichever door they came through, so that one story runs through all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from trim_bot.app.events.check_screens import CHECK_TITLE

Filling = str | bool | Sequence[str]
"""Text, one choice, one person, a date or a time; a tick; several choices or people."""


class Screen(Protocol):
    """One page or modal on somebody's screen."""

    @property
    def title(self) -> str:
        """Its title, as long as the door shows it."""
        ...

    @property
    def errors(self) -> Mapping[str, str]:
        """What has to be mended, by field."""
        ...

    @property
    def text(self) -> str:
        """Everything that can be read on it."""
        ...

    @property
    def form(self) -> str:
        """The name of its form, or empty."""
        ...

    def fields(self) -> Sequence[str]:
        """Names of the fields, in order."""
        ...

    def choices(self, field: str) -> Sequence[str]:
        """The values a field offers; none for a field that is typed into."""
        ...

    def standing(self, field: str) -> Filling:
        """What stands in a field."""
        ...

    def has(self, action: str) -> bool:
        """Whether there is a button for this action."""
        ...

    def fill(self, **values: Filling) -> None:
        """Type or choose; whatever is not named stays as it stands."""
        ...

    async def submit(self) -> Screen:
        """Send the form, and see what comes."""
        ...

    async def press(self, action: str, nth: int = 0) -> Screen:
        """Press a button, and see what comes."""
        ...


class Person(Protocol):
    """Somebody at one of the doors."""

    @property
    def ref(self) -> str:
        """What stands for them in a field that chooses people."""
        ...

    async def say(self, *words: str) -> Screen:
        """Type a command, or open the page that stands for it."""
        ...

    async def told(self) -> int:
        """How many messages they have had."""
        ...

    async def open_newest(self) -> Screen:
        """Press Open on the newest message."""
        ...


async def send(screen: Screen, **values: Filling) -> Screen:
    """Fill a form and send it; where many offers are shown before they go, look at them and send them."""
    screen.fill(**values)
    answer = await screen.submit()
    return await answer.submit() if answer.title == CHECK_TITLE else answer
