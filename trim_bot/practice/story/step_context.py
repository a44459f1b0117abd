"""What every step of the story is given: the members to act as, the clock, and ways to check what they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Answer, Done, FieldErrors, Form, View
from trim_bot.bootstrap.running import Running
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Organisation
from trim_bot.practice.acting_member import ActingMembers, StoryBroken, buttons
from trim_bot.practice.history import event_of
from trim_bot.practice.organisation import sample
from trim_bot.practice.workspace import Workspace

T = TypeVar("T")


class Teller(Protocol):
    """Shows the story while it is played."""

    def screen(self, who: str, did: str, view: View) -> None:
        """What one member sees after doing something."""
        ...

    def note(self, text: str) -> None:
        """One line about what happens between screens."""
        ...

    def passed(self, number: int, step: str) -> None:
        """A step happened as it should."""
        ...

    def failed(self, number: int, step: str, why: str) -> None:
        """A step did not; `why` is safe to show."""
        ...


@dataclass(slots=True)
class StepContext:
    """One performance. `kept` holds screens that a later step goes on from."""

    running: Running
    workspace: Workspace
    organisation: Organisation
    acting: ActingMembers
    folder: Path
    teller: Teller
    kept: dict[str, View] = field(default_factory=dict)
    code: str = ""
    """The reply code of the signed-out request."""

    async def say(self, who: str, *words: str) -> View:
        """Type a command, and show the answer."""
        return self._shown(who, "types /" + " ".join(words), await self.acting.say(who, *words))

    async def press(self, who: str, view: View, action: str, nth: int = 0, /, **values: Value) -> View:
        """Press a button, and show the answer."""
        did = "presses " + ", ".join(f"“{one.label}”" for one in buttons(view, action)[nth : nth + 1])
        return self._shown(who, did, await self.acting.press(who, view, action, nth, **values))

    async def send(self, who: str, view: View, /, **values: Value) -> View:
        """Send a form, and show the answer."""
        return self._shown(who, "sends the form", await self.acting.send(who, view, **values))

    async def open(self, who: str) -> View:
        """Open the newest message, and show the answer."""
        return self._shown(who, "presses Open on a message", await self.acting.open(who))

    async def stop(self, who: str) -> View:
        """Press Stop these messages, and show the answer."""
        return self._shown(who, "presses Stop these messages", await self.acting.stop(who))

    async def due(self) -> None:
        """Let everything that is due happen."""
        await self.acting.drain()

    async def days(self, count: float) -> None:
        """Let some days pass, then wait for working time."""
        workspace = self.workspace
        await workspace.move(workspace.working(workspace.now() + timedelta(days=count)))
        self.teller.note(f"It is now {workspace.spoken()}.")

    def told(self, who: str) -> int:
        """How many messages somebody has had; all of them say the same."""
        return len(self.acting.chat(who))

    async def log(self, by: str, *direct: str) -> View:
        """Log an event that ended an hour ago, with oneself for the talks."""
        form = await self.say(by, "peer", "log")
        values = event_of(self.workspace.site, self.workspace.now(), *direct, mine=True)
        logged = named(await self.send(by, form, **values), "incident_logged")
        await self.due()
        return logged

    async def read(self, body: Callable[[Tx], T]) -> T:
        """Look into the store, to check."""
        return await self.running.deployment.store.read(OrganisationId(self.organisation.id), body)

    def _shown(self, who: str, did: str, view: View) -> View:
        self.teller.screen(sample(who).name if who else "Someone signed out", did, view)
        return view


def expect(so: bool, what_is_wrong: str) -> None:
    """Raise StoryBroken unless something is so."""
    if not so:
        raise StoryBroken(what_is_wrong)


def named(view: View, name: str) -> View:
    """The view, if it is the one that should come now. Raises StoryBroken."""
    shown = view.form if isinstance(view, FieldErrors) else view
    expect(isinstance(shown, Form | Done), f"nothing is shown where {name} should be")
    got = shown.name if isinstance(shown, Form | Done) else ""
    expect(got == name, f"{got} is shown where {name} should be")
    return view


def says(view: View, *words: str) -> None:
    """Raise StoryBroken unless all these words are on the screen."""
    text = repr(view)
    for one in words:
        expect(one in text, f"the screen does not say: {one}")


def silent(view: View, *words: str) -> None:
    """Raise StoryBroken if any of these words is on the screen."""
    text = repr(view)
    expect(not any(one in text for one in words), "the screen says what it must not say")


def refused(view: View) -> bool:
    """Whether this is not open to whoever asked."""
    return isinstance(view, Done) and view.answer is Answer.REFUSED
