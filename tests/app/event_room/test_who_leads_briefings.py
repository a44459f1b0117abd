"""Who may lead a group briefing and who stands in the lists for it: nobody who would learn of somebody they manage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.event_room.test_briefings import on, sent, set_it, town
from tests.app.event_room.test_planning_first import all_of, counted, kept, logged, open_steps, room
from tests.app.handover.test_planning import manages
from tests.builders import Town
from tests.reading import buttons, everything_in, field_of, name_of, words_of
from trim_bot.app.seam.views import Choice, Choices, FieldErrors, View
from trim_bot.domain.briefings import Briefing
from trim_bot.domain.incidents import Incident
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.steps import Rung

pytestmark = pytest.mark.anyio
__all__ = ["town"]


async def add(town: Town, *names: str) -> None:
    """Add people to the event, by whoever logged it."""
    listed = await town.press("priya", await town.say("priya", "home"), "logged")
    form = await town.press("priya", listed, "incident")
    [event] = await town.all(Incident)
    ended = {"ended_on": event.ended_at.date().isoformat(), "ended_at": f"{event.ended_at:%H:%M}"}
    more = tuple(town.actor(name).address.text for name in names)
    assert name_of(await town.send("priya", form, **ended, more=more)) == "incident_corrected"
    await town.clockwork.drain()


async def leads_it(town: Town, name: str) -> View:
    page = await town.press(name, await town.say(name, "waiting"), "open")
    return await town.press(name, page, "briefing_lead")


async def could_lead(town: Town, by: str = "lena") -> set[str]:
    form = await town.press(by, await room(town, by), "briefing_set_up")
    listed = {one.value for one in field_of(form, "leader", Choice).options}
    return {name for name, id in town.ids.items() if id in listed}


async def could_hold(town: Town, by: str = "lena") -> set[str]:
    [field] = all_of(await kept(town, by, await room(town, by)), Choices)
    listed = {one.value for one in field.options}
    return {name for name, id in town.ids.items() if id in listed}


async def test_nobody_leads_it_who_manages_one_of_its_people(town: Town) -> None:
    await manages(town, "paul", "driver")
    await logged(town, "nurse", near=("driver",))
    assert "paul" not in await could_lead(town)
    assert isinstance(await set_it(town), FieldErrors)
    assert not await town.all(Briefing)


async def test_the_ladder_passes_over_whoever_manages_one_of_its_people(town: Town) -> None:
    await manages(town, "lars", "driver")
    await manages(town, "lena", "driver")
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    page = await town.press("paul", await town.say("paul", "waiting"), "open")
    await town.press("paul", page, "briefing_pass_on")
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert step.rung is Rung.DEPUTY and step.holder == town.ids["dev"]


async def test_whoever_comes_to_manage_one_of_its_people_opens_nothing_to_lead(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    page = await town.press("paul", await town.say("paul", "waiting"), "open")
    await manages(town, "paul", "driver")
    assert name_of(await town.press("paul", page, "briefing_lead")) != "lead_briefing"
    assert not buttons(await town.say("paul", "me"), "lead_briefing")


@pytest.mark.parametrize("part", ["paul", "porter"])
async def test_no_list_says_whether_somebody_she_manages_was_part_of_it(town: Town, part: str) -> None:
    await manages(town, "lena", "paul")
    await logged(town, "nurse", part)
    assert not {"paul", "lena"} & await could_lead(town)
    assert "paul" not in await could_hold(town)
    assert {"priya", "lars"} <= await could_lead(town)


@pytest.mark.parametrize("hidden", ["nurse", "porter"])
async def test_no_list_says_that_her_manager_has_somebody_in_it(town: Town, hidden: str) -> None:
    await manages(town, "paul", "lena")
    await manages(town, "lena", "nurse")
    await logged(town, "driver", hidden)
    assert not {"paul", "lena"} & await could_lead(town)


async def test_whoever_leads_it_and_is_found_to_be_part_of_it_leads_it_no_more(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    await sent(town)
    assert "You lead it" in words_of(await leads_it(town, "paul"))
    await add(town, "paul")
    [briefing] = await town.all(Briefing)
    assert briefing.leader is None
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert step.rung is Rung.LEAD and step.opens_at <= town.clock.now()
    assert "Paul" not in everything_in(await town.open("driver"))


async def test_whoever_is_asked_and_manages_somebody_added_is_asked_no_more(town: Town) -> None:
    await manages(town, "paul", "porter")
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    await add(town, "porter")
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert step.rung is Rung.LEAD and step.holder != town.ids["paul"]


async def test_somebody_added_changes_nothing_for_a_leader_without_a_tie(town: Town) -> None:
    await logged(town, "nurse")
    await set_it(town, hours=72)
    await leads_it(town, "paul")
    before = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    await add(town, "porter")
    assert await open_steps(town, PlannedStep.LEAD_BRIEFING) == before
    [briefing] = await town.all(Briefing)
    assert briefing.leader == town.ids["paul"]


async def test_whoever_is_asked_is_named_once_they_have_said_that_they_lead_it(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town, hours=72)
    await sent(town)
    assert "Paul" not in everything_in(await town.open("driver"))
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    assert field_of(form, "leader", Choice).value == town.ids["paul"]
    await leads_it(town, "paul")
    assert "Paul" in words_of(await town.open("driver"))
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    said = await town.send("lena", form, **{**on(town, 72), "where": "The canteen"})
    assert "has said so" in words_of(said) and "Paul" in words_of(await town.open("driver"))
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    said = await town.send("lena", form, **on(town, 75))
    assert "finds the change" in words_of(said) and "Paul" not in everything_in(await town.open("driver"))


@pytest.mark.parametrize("hours", [29, 32, 52])
async def test_unanswered_it_is_handed_on_while_there_is_time_before_it_is_held(
    town: Town, hours: int
) -> None:
    await logged(town, "nurse")
    await set_it(town, hours=hours)
    rungs: list[Rung] = []
    for _ in range((hours - 1) * 2):
        town.clock.pass_time(timedelta(minutes=30))
        await town.clockwork.drain()
        rungs += [step.rung for step in await open_steps(town, PlannedStep.LEAD_BRIEFING)]
    assert Rung.LEAD in rungs
    town.clock.pass_time(timedelta(hours=1))
    await town.clockwork.drain()
    assert await open_steps(town, PlannedStep.LEAD_BRIEFING)


async def test_at_the_end_of_the_ladder_it_is_counted_once(town: Town) -> None:
    await logged(town, "nurse")
    await set_it(town, hours=90)
    for _ in range(3):
        [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
        [name] = [one for one, id in town.ids.items() if id == step.holder]
        page = await town.press(name, await town.say(name, "waiting"), "open")
        last = await town.press(name, page, "briefing_pass_on")
        assert name_of(last) == "briefing_passed_on"
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert step.rung is Rung.NOBODY and await counted(town) == 1
    for name in ("lena", "lars", "dev"):
        await town.press(name, page, "briefing_pass_on")
    assert await counted(town) == 1


async def test_what_is_said_once_it_is_set_is_so(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    said = await set_it(town, hours=72, leader="lena")
    assert "You lead it" in words_of(said) and "is asked to say so" not in everything_in(said)
    assert "Nobody else was told" in words_of(said)
    await sent(town, nurse="nothing")
    await town.press("driver", await town.open("driver"), "briefing_yes")
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    said = await town.send("lena", form, **on(town, 75, "lena"))
    assert "finds the change" in words_of(said) and "Nobody else was told" not in everything_in(said)
    assert "You noted" not in everything_in(await town.open("driver"))
