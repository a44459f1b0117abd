"""The town with a second platform: the same people in Teams, and ways to act there."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import Town
from tests.fakes import FakeDirectory, FakeMessenger
from tests.reading import blocks_of, buttons, form_of
from trim_bot.app.clock.clockwork import Clockwork
from trim_bot.app.desk.desk import Desk
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Press, Submit, Value
from trim_bot.app.seam.views import Facts, View
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Account, Address, Platform, Profile

TENANT = "tenant-1"


class TwoChats:
    """A town whose organisation has a Slack workspace and a Teams tenant."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.teams = FakeMessenger()
        self.people = FakeDirectory()

    async def open(self) -> None:
        """Add the tenant to the organisation, and a way to speak there."""
        town = self.town
        town.organisation = await town.store.found(
            town.organisation.slug, ChatWorkspace.parse(f"teams:{TENANT}")
        )
        outside = town.desk.outside
        town.desk = Desk(
            replace(
                outside,
                messengers={**outside.messengers, "teams": self.teams},
                directories={**outside.directories, "teams": self.people},
            )
        )
        town.clockwork = Clockwork(town.desk, town.lost.append)

    def actor(self, name: str) -> Actor:
        """Somebody's account in Teams, of which its directory knows."""
        address = Address(Platform.TEAMS, TENANT, f"o-{name}")
        self.people.profiles.setdefault(address.text, Profile(address, name.title(), zone="Europe/London"))
        return Actor(address)

    async def does(self, name: str, gesture: Gesture) -> View:
        """Make a gesture in Teams."""
        return await self.town.desk.receive(self.actor(name), gesture)

    async def say(self, name: str, *words: str) -> View:
        """Open something by its words."""
        return await self.does(name, Invoke(words))

    async def press(self, name: str, view: View, action: str, nth: int = 0, /, **values: Value) -> View:
        """Press a button."""
        button = buttons(view, action)[nth]
        return await self.does(name, Press(button.action, button.token, values))

    async def send(self, name: str, view: View, /, **values: Value) -> View:
        """Send a form."""
        form = form_of(view)
        return await self.does(name, Submit(form.name, form.token, values))

    async def member(self, name: str) -> MemberId:
        """Whose account it is."""
        address = self.actor(name).address.text
        [account] = await self.town.all(Account, address=address)
        return account.member_id

    async def enter(self, name: str, code: str) -> View:
        """Type a code in Teams."""
        form = await self.press(name, await self.say(name, "support", "link"), "enter_code")
        return await self.send(name, form, typed=code)

    async def link(self, name: str, as_: str = "") -> View:
        """Somebody gets a code in Slack, types it in Teams, and says in both that it is them."""
        asked = await self.enter(as_ or name, await code_of(self.town, name))
        await self.press(as_ or name, asked, "join_chats")
        return await self.confirm(name)

    async def confirm(self, name: str) -> View:
        """Whoever made the code says yes too, in Slack."""
        chats = await self.town.press(name, await self.town.say(name, "me"), "chats")
        return await self.town.press(name, chats, "confirm_join")


async def code_of(town: Town, name: str) -> str:
    """A code somebody gets in Slack, by the way a person goes."""
    chats = await town.press(name, await town.say(name, "me"), "chats")
    page = await town.press(name, chats, "chat_code")
    [facts] = blocks_of(page, Facts)
    return facts.rows[0][1]
