"""A site that plans first, through each door: a lead chooses and releases, and each finds what was chosen for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.conftest import Begin
from tests.e2e.doors import Door
from tests.e2e.screens import Person, Screen, send
from tests.e2e.settling import MONDAY, SITE
from tests.e2e.story import event

pytestmark = pytest.mark.anyio
PLACE = "Training room 2"


@pytest.fixture(params=["slack", "teams", "browser"])
async def planning(request: pytest.FixtureRequest, begin: Begin) -> Door:
    """One of the three ways in, at a site that plans first."""
    platform = "web" if request.param == "browser" else request.param
    return Door(request.param, await begin(platform, f"plan_first = true\n{SITE}"))


async def welcomed(planning: Door, *people: Person) -> list[int]:
    """How many messages each has had once the welcome is over, which whoever is met gets."""
    for one in people:
        await one.say("support")
    await planning.at.drain()
    return [await one.told() for one in people]


async def room(lead: Person) -> Screen:
    events = await (await lead.say("peer", "team")).press("events_to_plan")
    return await events.press("event_room")


async def test_planned_released_and_found(planning: Door) -> None:
    priya, lena, nurse, driver = [
        await planning.person(name) for name in ("priya", "lena", "nurse", "driver")
    ]
    before = await welcomed(planning, nurse, driver)
    form = await priya.say("peer", "log")
    done = await send(form, **event(nurse, peripheral=[driver.ref]))
    assert done.title.startswith("The event is logged") and "Nothing is sent yet" in done.text
    await planning.at.drain()
    assert [await one.told() for one in (nurse, driver)] == before
    set_up = await (await room(lena)).press("briefing_set_up")
    held = MONDAY + timedelta(hours=50)
    leader = next(one for one in set_up.choices("leader") if one)
    kept = await send(set_up, held_on=held.date().isoformat(), held_at="12:00", where=PLACE, leader=leader)
    assert "The briefing is set" in kept.title
    people = await room(lena)
    assert sorted(str(people.standing(name)) for name in people.fields()) == ["briefing", "talk"]
    going = await send(people)
    assert going.form == "release_event"
    gone = await going.submit()
    assert "It has gone out" in gone.title
    await planning.at.drain()
    offer = await nurse.open_newest()
    assert [offer.has(one) for one in ("offer_no", "offer_later", "offer_yes")] == [True] * 3
    await offer.press("offer_yes")
    told = await driver.open_newest()
    assert PLACE in told.text
    noted = await told.press("briefing_yes")
    assert "You noted yes" in noted.text
    page = await room(lena)
    assert "A talk was offered" in page.text and "The group briefing was put on their page" in page.text
    assert not any(word in page.text for word in ("noted yes", "said yes", "accepted"))


async def test_two_leads_release_at_once_and_it_goes_out_once(planning: Door) -> None:
    priya, lena, dora, nurse = [await planning.person(name) for name in ("priya", "lena", "dora", "nurse")]
    [before] = await welcomed(planning, nurse)
    await send(await priya.say("peer", "log"), **event(nurse))
    one, other = [await send(await room(lead)) for lead in (lena, dora)]
    first, second = await one.submit(), await other.submit()
    assert "It has gone out" in first.title and "gone out once" in second.text
    await planning.at.drain()
    assert await nurse.told() == before + 1
