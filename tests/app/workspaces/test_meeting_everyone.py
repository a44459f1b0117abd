"""Everyone of a workspace is met and welcomed alike, so that being known to the desk says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from tests.app.own.test_profile import fill
from tests.app.two_chats import TwoChats
from tests.builders import Town
from tests.fakes import FakeDirectory
from trim_bot.app.seam.ports import ListPage, Tx
from trim_bot.app.seam.views import Done
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Account, Member, Platform, Profile

pytestmark = pytest.mark.anyio


async def everyone(town: Town) -> dict[str, Member]:
    return {one.name: one for one in await town.all(Member)}


async def test_all_staff_are_met_once_and_get_the_same_welcome(town: Town) -> None:
    for name in ("nina", "otto"):
        actor = town.actor(name)
        town.directory.profiles[actor.address.text] = Profile(actor.address, name.title(), "Europe/Paris")
    staff = Staff(town.desk.outside)
    assert await staff.meet_everyone() > 0
    assert await staff.meet_everyone() == 0
    await town.clockwork.drain()
    assert len(town.messages("nina")) == len(town.messages("otto")) == 1
    assert (await everyone(town))["Nina"].zone == "Europe/Paris"
    home = await town.open("nina")
    assert isinstance(home, Done)
    assert home.name == "welcome"


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


@pytest.mark.parametrize("fault", [RuntimeError("a list in another shape"), StoreUnavailable()])
async def test_a_workspace_in_which_something_fails_stops_none_behind_it(
    town: Town, fault: Exception
) -> None:
    both = TwoChats(town)
    await both.open()
    both.actor("nina")
    assert town.organisation.workspaces[0].platform is Platform.SLACK

    class Faulty(FakeDirectory):
        async def page(self, workspace: str, cursor: str = "") -> ListPage:
            raise fault

    directories = {**town.desk.outside.directories, "slack": Faulty()}
    with pytest.raises(type(fault)):
        await Staff(replace(town.desk.outside, directories=directories)).meet_everyone()
    assert "Nina" in await everyone(town)


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
    [nurse] = [one for one in await town.all(Member) if one.id == town.ids["nurse"]]
    assert nurse.left


WEEK = (((time(9), time(17)),),) * 5 + ((), ())
TOLD = WorkingHours("Europe/Paris", WEEK)


async def nina(town: Town) -> Member:
    return (await everyone(town))["Nina"]


async def told(town: Town, **more: Any) -> None:
    """What the platform tells of Nina from now on; everyone of the workspace is gone through."""
    address = town.actor("nina").address
    profile = Profile(address, "Nina", "Europe/Paris", "fr", TOLD)
    town.directory.profiles[address.text] = replace(profile, **more)
    await Staff(town.desk.outside).meet_everyone()


async def test_zone_hours_and_language_are_taken_from_the_platform(town: Town) -> None:
    await told(town)
    member = await nina(town)
    assert (member.zone, member.hours, member.language) == ("Europe/Paris", TOLD, "fr")


async def test_what_the_platform_learns_later_is_taken_too(town: Town) -> None:
    await told(town, zone="", hours=None)
    assert (await nina(town)).hours is None
    await told(town)
    member = await nina(town)
    assert (member.zone, member.hours) == ("Europe/Paris", TOLD)


async def test_what_somebody_has_said_of_themself_is_never_overwritten(town: Town) -> None:
    await told(town)
    await fill(town, "nina", zone="Europe/Dublin", hours="10:00-14:00", days=("0", "1"))
    own = await nina(town)
    assert (own.zone, own.hours and own.hours.zone) == ("Europe/Dublin", "Europe/Dublin")
    await told(town, zone="Asia/Tokyo", language="ja")
    assert await nina(town) == own


async def test_hours_of_the_platform_are_read_in_one_s_own_zone(town: Town) -> None:
    await told(town, hours=None)
    await fill(town, "nina", zone="Europe/Dublin", hours="")
    await told(town)
    member = await nina(town)
    assert (member.zone, member.hours) == ("Europe/Dublin", WorkingHours("Europe/Dublin", WEEK))


async def test_who_was_entered_by_what_a_gesture_calls_them_is_mended_once_the_platform_can_be_asked(
    town: Town,
) -> None:
    actor, staff = town.actor("sam"), Staff(town.desk.outside)
    town.directory.profiles[actor.address.text] = Profile(actor.address, "sam.smith", handle="sam.smith")
    await town.open("sam")
    assert "sam.smith" in await everyone(town), "better than nobody to ring"
    told = Profile(actor.address, "Sam Smith", zone="Europe/Paris", handle="sam.smith")
    town.directory.profiles[actor.address.text] = told
    assert await staff.meet_everyone() > 0
    assert (await everyone(town))["Sam Smith"].zone == "Europe/Paris"
    town.directory.profiles[actor.address.text] = replace(told, name="S. Smith")
    assert await staff.meet_everyone() == 0
    assert "Sam Smith" in await everyone(town), "a name that is no such call stays as it was"
