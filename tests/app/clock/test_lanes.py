"""Whatever is put into a lane is dealt with, however those before it end, and all that is sent is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.app.clock.test_sending import log
from tests.builders import MONDAY, Town
from trim_bot.app.clock.sending import AT_ONCE, Lanes, Letter
from trim_bot.app.seam.views import Message
from trim_bot.domain.ids import KeyId, MemberId
from trim_bot.domain.people import Address
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import OutboxState, Outgoing

pytestmark = pytest.mark.anyio
WORKSPACE = "slack:T1"


def letter(number: int) -> Letter:
    """One message, to somebody who gets no other."""
    outgoing = Outgoing(f"m{number}", "steady", MemberId(f"member{number}"), None, OutboxState.QUEUED, MONDAY)
    return Letter(Organisation("o", "acme", KeyId("key")), outgoing)


def dealing(done: list[str], until: asyncio.Event) -> Callable[[str, Letter], Awaitable[None]]:
    """Deals with a letter as soon as all may end, and notes that it did."""

    async def deal_with(workspace: str, one: Letter) -> None:
        await until.wait()
        done.append(one.outgoing.id)

    return deal_with


async def test_what_comes_as_everybody_who_works_there_ends_is_dealt_with() -> None:
    """One commit marks what several sent, so that they end in one turn of the loop; whoever puts comes in the same."""
    done: list[str] = []
    together = asyncio.Event()
    lanes = Lanes(dealing(done, together))
    for number in range(AT_ONCE):
        assert lanes.put(WORKSPACE, letter(number))
    await asyncio.sleep(0)

    async def one_more() -> None:
        await together.wait()
        assert lanes.put(WORKSPACE, letter(AT_ONCE))

    putting = asyncio.create_task(one_more())
    await asyncio.sleep(0)
    together.set()
    await putting
    await lanes.idle()
    assert done == [f"m{number}" for number in range(AT_ONCE + 1)]


async def test_no_more_work_at_once_than_may() -> None:
    at_work = most = 0

    async def deal_with(workspace: str, one: Letter) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0)
        at_work -= 1

    lanes = Lanes(deal_with)
    for number in range(5 * AT_ONCE):
        lanes.put(WORKSPACE, letter(number))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    await lanes.idle()
    assert (at_work, most) == (0, AT_ONCE)


async def test_those_who_send_beside_one_another_are_all_counted(town: Town) -> None:
    names = [f"person{number:02}" for number in range(AT_ONCE + 2)]
    for name in names:
        await town.add(name)
    send = town.slack.deliver

    async def slowly(address: Address, message: Message, route: str) -> str:
        await asyncio.sleep(0)
        return await send(address, message, route)

    town.slack.instead = slowly
    await log(town, *names)
    while await town.clockwork.run_due():
        pass
    assert await town.clockwork.deliver() == len(town.slack.sent) == len(names)
    assert await town.clockwork.deliver() == 0
