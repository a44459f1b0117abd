"""Whoever has no account in a chat is never said to be reached by chat message, nor asked whether they like it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import Town, log_values
from tests.reading import all_blocks, fields_of, form_of
from trim_bot.app.people.screens import REACH
from trim_bot.app.seam.gestures import Actor, Invoke
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, PersonCard, View
from trim_bot.domain.people import Account, Address, Member, Platform, Reach

pytestmark = pytest.mark.anyio


def ways(view: View) -> set[str]:
    """The ways of being reached that a profile asks about."""
    asked = fields_of(view)["reach"]
    assert isinstance(asked, Choice)
    return {one.value for one in asked.options}


async def test_somebody_without_an_account_is_told_in_person(town: Town) -> None:
    form = form_of(await town.say("priya", "peer", "log"))
    await town.send("priya", form, **log_values(direct=(), unlisted="Sam Reed"))
    [member] = [one for one in await town.all(Member) if one.name == "Sam Reed"]
    assert member.reach is Reach.IN_PERSON
    # As those were entered who have been known for longer.
    await town.write(lambda tx: tx.save(replace(member, reach=Reach.CHAT)))
    await town.clockwork.drain()
    shown = await town.open("priya")
    [person] = [one for one in all_blocks(shown) if isinstance(one, PersonCard)]
    assert (person.name, person.reach) == ("Sam Reed", REACH[Reach.IN_PERSON])


async def test_whoever_is_in_no_chat_is_not_asked_about_it(town: Town) -> None:
    assert Reach.CHAT.value in ways(await town.say("nurse", "peer", "profile"))
    [account] = await town.all(Account, member_id=town.ids["nurse"])
    address = Address(Platform.WEB, town.organisation.slug, "nurse@example.org")

    def leave_chat(tx: Tx) -> None:
        tx.save(replace(account, platform=Platform.WEB, address=address.text))

    await town.write(leave_chat)
    shown = await town.desk.receive(Actor(address), Invoke(("peer", "profile")))
    assert ways(shown) == {one.value for one in Reach} - {Reach.CHAT.value}
