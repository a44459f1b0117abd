"""Nobody is written to before the set-up is done and somebody says so; then everybody is, once."""

from __future__ import annotations

import pytest

from tests.app.workspaces.test_founding import founder
from tests.builders import TEAM, Town
from tests.fakes import FakeStore
from trim_bot.app.people.note_days import begin_note
from trim_bot.app.people.welcome_hold import allow_welcome, hold_welcome, welcome_waits
from trim_bot.app.workspaces.founding import Founder
from trim_bot.app.workspaces.greeting import NotSetUp, greet_everybody, must_be_set_up
from trim_bot.app.workspaces.reaching import Reaching
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.people import Address, Platform, Profile
from trim_bot.domain.policy import DAY

pytestmark = pytest.mark.anyio


def makes(town: Town) -> Founder:
    assert isinstance(town.store, FakeStore)
    return founder(town.store)


async def listed(town: Town, *names: str) -> None:
    """Staff whom the platform tells of, met as at a first start."""
    for name in names:
        actor = town.actor(name)
        town.directory.profiles[actor.address.text] = Profile(actor.address, name.title())
    await Staff(town.desk.outside).meet_everyone()
    await town.clockwork.drain()


@pytest.fixture
async def held(town: Town) -> Town:
    """A town in which nobody may be written to yet; `town` has a lead and practitioners."""
    await town.write(lambda tx: hold_welcome(tx, town.clock.now()))
    return town


async def greeted(town: Town) -> bool:
    done = await greet_everybody(town.store, town.clock, makes(town), town.organisation)
    await town.clockwork.drain()
    return done.began


async def test_staff_are_met_and_nobody_is_written_to_until_somebody_says_so(held: Town) -> None:
    await listed(held, "nina", "otto")
    route = Address(Platform.SLACK, TEAM, "UPIA")
    held.directory.profiles[route.text] = Profile(route, "Pia")
    await Reaching(held.desk.outside).arrived(route, "D1")
    assert not held.messages("nina") + held.messages("otto") + held.messages("pia")
    assert await greeted(held)
    assert [len(held.messages(one)) for one in ("nina", "otto", "pia")] == [1, 1, 1]
    assert not await held.write(welcome_waits)


async def test_who_comes_later_is_welcomed_as_they_come_and_nobody_twice(held: Town) -> None:
    await listed(held, "nina")
    assert await greeted(held)
    await listed(held, "otto")
    assert not await greeted(held)
    assert [len(held.messages(one)) for one in ("nina", "otto")] == [1, 1]


async def away(town: Town, name: str, *, left: bool) -> None:
    """The platform tells that somebody is switched off, or back."""
    actor = town.actor(name)
    town.directory.profiles[actor.address.text] = Profile(actor.address, name.title(), left=left)
    await Staff(town.desk.outside).meet_everyone()
    await town.clockwork.drain()


async def test_who_was_away_on_that_day_is_welcomed_when_they_come_back_and_nobody_twice(held: Town) -> None:
    await listed(held, "nina", "otto")
    await away(held, "nina", left=True)
    assert await greeted(held)
    assert [len(held.messages(one)) for one in ("nina", "otto")] == [0, 1]
    for left in (False, True, False):
        await away(held, "nina", left=left)
        await away(held, "otto", left=left)
    assert [len(held.messages(one)) for one in ("nina", "otto")] == [1, 1]


async def test_who_comes_back_before_that_day_waits_with_everybody(held: Town) -> None:
    await listed(held, "nina")
    for left in (True, False):
        await away(held, "nina", left=left)
    assert not held.messages("nina")
    assert await greeted(held)
    assert len(held.messages("nina")) == 1


async def test_what_was_cut_short_goes_on(held: Town) -> None:
    await listed(held, "nina")
    await held.write(allow_welcome)
    assert not await greeted(held)
    assert len(held.messages("nina")) == 1


async def test_the_monthly_note_waits_as_well_and_begins_then(held: Town) -> None:
    await listed(held, "nina")
    await held.write(lambda tx: begin_note(tx, held.clock.now()))
    held.clock.move(30 * DAY)
    await held.clockwork.drain()
    assert not held.messages("nina")
    await greeted(held)
    assert len(held.messages("nina")) == 1
    for _ in range(29):
        held.clock.move(DAY)
        await held.clockwork.drain()
    assert len(held.messages("nina")) == 2


async def test_a_desk_that_greeted_before_goes_on_after_an_upgrade(town: Town) -> None:
    await listed(town, "nina")
    assert len(town.messages("nina")) == 1
    assert not await greeted(town)
    assert len(town.messages("nina")) == 1


async def test_nobody_is_greeted_before_there_is_anything_to_tell_of() -> None:
    store = FakeStore()
    one = await founder(store).found("acme", ChatWorkspace.parse("slack:T1"))
    with pytest.raises(NotSetUp) as refused:
        await must_be_set_up(store, founder(store), one)
    assert [what.split(" (")[0] for what in refused.value.lacking] == [
        "apply your site file",
        "name a practitioner",
        "name a lead",
    ]
