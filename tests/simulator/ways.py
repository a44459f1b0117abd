"""The town's platforms as one process reaches them: through the product's own breakers, which die with it."""

from __future__ import annotations

from integrations.ground.outgoing_calls import OutgoingCalls
from tests.simulator.platforms import Chats
from trim_bot.app.seam.ports import ListPage
from trim_bot.app.seam.views import Message
from trim_bot.domain.people import Address, Profile


class Reached:
    """Implements the ports `Messenger` and `Directory`."""

    def __init__(self, chats: Chats, name: str) -> None:
        self._chats = chats
        self._name = name
        self._ways = OutgoingCalls(lambda: chats.time.seconds)

    async def send(self, address: Address, message: Message, route: str) -> str:
        """Deliver, unless the workspace is known to be away."""
        await self._chats.hold()
        place = f"{self._name}:{address.workspace}"
        return await self._ways.ask(place, lambda: self._chats.send(address, message, route), workspace=place)

    async def look_up(self, address: Address, *, hours: bool = True) -> Profile:
        """What the platform tells of an account."""
        place = f"{self._name}:{address.workspace}"
        return await self._ways.ask(place, lambda: self._chats.look_up(address), workspace=place)

    async def page(self, workspace: str, cursor: str = "") -> ListPage:
        """Every account of a workspace, on one page."""
        place = f"{self._name}:{workspace}"
        found = await self._ways.ask(place, lambda: self._chats.everyone(workspace), workspace=place)
        return ListPage(tuple(found))
