"""Lets a story act as any sample member, by the same gestures that a person makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from integrations.web.bare_practice import PracticeMessenger
from integrations.web.ports import PracticeMessage
from trim_bot.app.desk.desk import Desk
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Press, Submit, Value
from trim_bot.app.seam.views import Button, FieldErrors, Form, Message, Nothing, View
from trim_bot.domain.errors import SafeError
from trim_bot.domain.people import Address, Platform
from trim_bot.practice.organisation import SLUG, sample

NOBODY = ""
"""Acts signed out."""


class StoryBroken(SafeError):
    """The desk did not answer as the story says."""


class ReadableClock(Protocol):
    """A clock that can be read."""

    def now(self) -> datetime:
        """Business time, UTC."""
        ...


class ActingMembers:
    """The sample members at one desk. `drain` does what is due by business time."""

    def __init__(
        self, desk: Desk, clock: ReadableClock, chats: PracticeMessenger, drain: Callable[[], Awaitable[int]]
    ) -> None:
        self.desk = desk
        self.clock = clock
        self.drain = drain
        self._chats = chats

    async def say(self, who: str, *words: str) -> View:
        """Type a command, or open an entry page."""
        return await self._receive(who, Invoke(words))

    async def press(self, who: str, view: View, action: str, nth: int = 0, /, **values: Value) -> View:
        """Press the nth button with this action. Raises StoryBroken when there is none."""
        found = buttons(view, action)
        if len(found) <= nth:
            raise StoryBroken(f"there is no button {action}")
        return await self._receive(who, Press(action, found[nth].token, values))

    async def send(self, who: str, view: View, /, **values: Value) -> View:
        """Send a form. Raises StoryBroken when the view is none."""
        form = form_of(view)
        return await self._receive(who, Submit(form.name, form.token, values))

    async def open(self, who: str, nth: int = -1) -> View:
        """Press Open on a message; the newest by default. Raises StoryBroken when there is none."""
        chat = self.chat(who)
        if not chat:
            raise StoryBroken("there is no message to open")
        return await self._receive(who, Press("open", chat[nth].message.open_token))

    async def stop(self, who: str) -> View:
        """Press Stop these messages on the newest message."""
        chat = self.chat(who)
        if not chat:
            raise StoryBroken("there is no message to stop")
        return await self._receive(who, Press("stop", chat[-1].message.stop_token))

    def chat(self, who: str) -> list[PracticeMessage]:
        """Everything somebody was sent, oldest first."""
        return list(self._chats.messages(sample(who).address))

    async def _receive(self, who: str, gesture: Gesture) -> View:
        return await self.desk.receive(Actor(Address(Platform.WEB, SLUG, who)), gesture)


def form_of(view: View) -> Form:
    """The form of a view, also when it came back with things to mend. Raises StoryBroken."""
    if isinstance(view, FieldErrors):
        return view.form
    if not isinstance(view, Form):
        raise StoryBroken("there is no form here")
    return view


def buttons(view: View, action: str) -> list[Button]:
    """The buttons of a view with this action."""
    if isinstance(view, Message | Nothing):
        return []
    shown = view.form if isinstance(view, FieldErrors) else view
    found = [block for block in shown.blocks if isinstance(block, Button) and block.action == action]
    back = shown.back if isinstance(shown, Form) else None
    return [*found, back] if back is not None and back.action == action else found


async def answer_all(acting: ActingMembers, who: str, view: View, answer: str) -> View:
    """Give every question of every step one answer, up to the last step. Raises StoryBroken."""
    for _ in range(12):
        form = form_of(view)
        if form.name != "questions":
            return view
        values: dict[str, Value] = {one.name: answer for one in form.inputs() if one.name.startswith("q_")}
        view = await acting.send(who, form, **values)
    raise StoryBroken("the questions never came to an end")
