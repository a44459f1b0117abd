"""Everyone of a workspace is met and welcomed alike, so that being known to the desk says nothing."""

from __future__ import annotations

import pytest

from tests.builders import Town
from trim_bot.app.ports import Tx
from trim_bot.app.staff import Staff
from trim_bot.app.views import Done, MessageKind
from trim_bot.domain.people import Account, Member, Profile

pytestmark = pytest.mark.anyio


async def everyone(town: Town) -> dict[str, Member]:
    return {one.name: one for one in await town.write(lambda tx: tx.find(Member))}


async def test_all_staff_are_met_once_and_get_the_same_welcome(town: Town) -> None:
    for name in ("nina", "otto"):
        actor = town.actor(name)
        town.directory.profiles[actor.address.text] = Profile(actor.address, name.title(), "Europe/Paris")
    staff = Staff(town.desk.outside)
    assert await staff.meet_everyone() > 0
    assert await staff.meet_everyone() == 0
    await town.clockwork.drain()
    assert [one.kind for one in town.messages("nina")] == [MessageKind.WELCOME]
    assert [one.kind for one in town.messages("otto")] == [MessageKind.WELCOME]
    assert (await everyone(town))["Nina"].zone == "Europe/Paris"
    home = await town.open("nina")
    assert isinstance(home, Done)
    assert home.name == "home"


async def test_who_has_left_is_noted_and_who_comes_back_too(town: Town) -> None:
    actor = town.actor("nurse")
    staff = Staff(town.desk.outside)
    await staff.meet_everyone()
    for left in (True, False):
        town.directory.profiles[actor.address.text] = Profile(actor.address, "Nurse", left=left)
        assert await staff.meet_everyone() == 1
        assert (await everyone(town))["Nurse"].left is left


async def test_strangers_and_bots_are_never_entered(town: Town) -> None:
    actor = town.actor("robot")
    town.directory.profiles[actor.address.text] = Profile(actor.address, "Robot", left=True)
    await Staff(town.desk.outside).meet_everyone()
    assert "Robot" not in await everyone(town)


async def test_a_platform_that_is_down_waits(town: Town) -> None:
    town.directory.down = True
    assert await Staff(town.desk.outside).meet_everyone() == 0


async def test_a_name_that_could_not_be_learnt_is_asked_for_again(town: Town) -> None:
    actor = town.actor("nina")
    town.directory.down = True
    await town.say("nina", "support")
    assert "" in await everyone(town)
    town.directory.down = False
    town.directory.profiles[actor.address.text] = Profile(actor.address, "Nina")
    await town.say("nina", "support")
    assert "Nina" in await everyone(town)
    assert "" not in await everyone(town)


async def test_someone_erased_is_met_afresh(town: Town) -> None:
    await town.say("nurse", "support")

    def erase(tx: Tx) -> None:
        for account in tx.find(Account, member_id=town.ids["nurse"]):
            tx.drop(Account, account.id)
        tx.drop(Member, town.ids["nurse"])

    await town.write(erase)
    await town.say("nurse", "support")
    members = await everyone(town)
    assert members["Nurse"].id != town.ids["nurse"]


async def test_somebody_who_has_erased_themself_stays_gone(town: Town) -> None:
    staff = Staff(town.desk.outside)
    await staff.meet_everyone()
    await town.send("nurse", await town.press("nurse", await town.say("nurse", "me"), "erase"), sure=True)
    await staff.meet_everyone()
    [nurse] = [one for one in await town.write(lambda tx: tx.find(Member)) if one.id == town.ids["nurse"]]
    assert nurse.left
