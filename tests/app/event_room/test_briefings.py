"""Group briefings: set by a lead, led by a colleague who says so, and an answer that only its owner sees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.event_room.test_planning_first import all_of, kept, logged, open_steps, room
from tests.builders import MONDAY, Town
from tests.reading import buttons, everything_in, field_of, name_of, unsigned, words_of
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.views import Choice, Done, FieldErrors, TextInput, View
from trim_bot.domain.briefings import Briefing, BriefingAnswer, BriefingInvite, BriefingState
from trim_bot.domain.incidents import Chosen, Incident, Offer
from trim_bot.domain.people import Role
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.steps import Rung

pytestmark = pytest.mark.anyio
PLACE = "Training room 2"


@pytest.fixture
async def town() -> Town:
    """A site that plans first, with two leads, a deputy and two practitioners."""
    found = Town()
    await found.found()
    await found.settle(plan_first=True)
    for name in ("priya", "paul"):
        await found.add(name, Role.PRACTITIONER)
    for name in ("lena", "lars"):
        await found.add(name, Role.LEAD, Role.PRACTITIONER)
    await found.add("dev", Role.DEPUTY)
    for name in ("nurse", "driver", "porter"):
        await found.add(name)
    return found


def on(town: Town, hours: int, leader: str = "paul") -> dict[str, Value]:
    """So many hours after the event was logged, by the clock of London, which stands at UTC that day."""
    there = MONDAY + timedelta(hours=hours)
    return {
        "held_on": there.date().isoformat(), "held_at": f"{there:%H:%M}", "where": PLACE, "leader": town.ids[leader],
    }  # fmt: skip


async def set_it(town: Town, by: str = "lena", hours: int = 50, leader: str = "paul") -> View:
    form = await town.press(by, await room(town, by), "briefing_set_up")
    answer = await town.send(by, form, **on(town, hours, leader))
    await town.clockwork.drain()
    return answer


async def sent(town: Town, **chosen: str) -> View:
    going = await kept(town, "lena", await room(town, "lena"), **chosen)
    answer = await town.send("lena", going, holders=())
    await town.clockwork.drain()
    return answer


async def test_it_can_be_chosen_once_it_is_set_and_is_proposed_for_those_close_to_it(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    before = {one.value for field in all_of(await room(town, "lena"), Choice) for one in field.options}
    assert Chosen.BRIEFING.value not in before
    assert name_of(await set_it(town)) == "briefing_set"
    values = {str(one.label): one.value for one in all_of(await room(town, "lena"), Choice)}
    assert values["Driver, close to it"] == Chosen.BRIEFING.value
    assert values["Nurse, directly involved"] == Chosen.TALK.value
    for name in ("nurse", "driver"):
        assert not town.messages(name)


async def test_those_chosen_find_it_on_their_page_behind_the_one_message(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    answer = await sent(town)
    assert "told of the group briefing" in words_of(answer)
    assert len(town.messages("driver")) == 1
    page = await town.open("driver")
    assert name_of(page) == "briefing"
    for said in (PLACE, "Wednesday 25 November, 12:00 (London time)", "Nobody has to speak"):
        assert said in words_of(page)
    own = await town.say("driver", "me")
    assert name_of(await town.press("driver", own, "briefing")) == "briefing"
    assert not buttons(await town.say("nurse", "me"), "briefing")


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_what_somebody_notes_is_theirs_alone(town: Town, answer: str) -> None:
    await logged(town, "nurse", near=("driver", "porter"))
    await set_it(town)
    await sent(town)
    await town.press(
        "paul", await town.press("paul", await town.say("paul", "waiting"), "open"), "briefing_lead"
    )
    views = ("lena", "paul")
    before = [unsigned(await room(town, "lena")), unsigned(await _led(town))]
    sent_before = {name: len(town.messages(name)) for name in (*views, "driver")}
    page = await town.press("driver", await town.open("driver"), f"briefing_{answer}")
    await town.clockwork.drain()
    assert f"noted {answer}" in words_of(page)
    assert before == [unsigned(await room(town, "lena")), unsigned(await _led(town))]
    assert sent_before == {name: len(town.messages(name)) for name in sent_before}
    noted = {one.member_id: one.answer for one in await town.all(BriefingInvite)}
    assert noted == {town.ids["driver"]: BriefingAnswer(answer), town.ids["porter"]: None}
    other = "no" if answer == "yes" else "yes"
    assert f"noted {other}" in words_of(await town.press("driver", page, f"briefing_{other}"))


async def _led(town: Town) -> View:
    own = await town.say("paul", "me")
    return await town.press("paul", own, "lead_briefing")


async def test_whoever_leads_it_says_so_and_is_asked_once_more_the_day_before(town: Town) -> None:
    await logged(town, "nurse")
    await set_it(town, hours=72)
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert step.holder == town.ids["paul"]
    page = await town.press("paul", await town.say("paul", "waiting"), "open")
    assert name_of(page) == "lead_briefing" and "Nurse" not in everything_in(page)
    page = await town.press("paul", page, "briefing_lead")
    assert "You lead it" in words_of(page)
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert step.opens_at == MONDAY + timedelta(hours=48)
    town.clock.pass_time(timedelta(hours=49))
    await town.clockwork.drain()
    page = await town.press("paul", await town.say("paul", "waiting"), "open")
    await town.press("paul", page, "briefing_lead")
    assert not await open_steps(town, PlannedStep.LEAD_BRIEFING)


async def test_whoever_cannot_lead_it_passes_it_on_and_a_lead_takes_it(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    page = await town.press("paul", await town.say("paul", "waiting"), "open")
    answer = await town.press("paul", page, "briefing_pass_on")
    assert name_of(answer) == "briefing_passed_on"
    [step] = await open_steps(town, PlannedStep.LEAD_BRIEFING)
    assert step.rung is Rung.LEAD
    holder = next(name for name, id in town.ids.items() if id == step.holder)
    await sent(town)
    assert "Paul" not in everything_in(await town.open("driver"))
    await town.clockwork.drain()
    page = await town.press(holder, await town.say(holder, "waiting"), "open")
    await town.press(holder, page, "briefing_lead")
    assert holder.title() in words_of(await town.open("driver"))
    assert name_of(await town.press("paul", page, "briefing_lead")) != "lead_briefing"


async def test_unanswered_it_climbs(town: Town) -> None:
    await logged(town, "nurse")
    await set_it(town, hours=24 * 9)
    rungs: list[Rung] = []
    for _ in range(8):
        town.clock.pass_time(timedelta(hours=12))
        await town.clockwork.drain()
        rungs += [step.rung for step in await open_steps(town, PlannedStep.LEAD_BRIEFING)]
    assert list(dict.fromkeys(rungs)) == [Rung.ASSIGNED, Rung.LEAD, Rung.DEPUTY, Rung.NOBODY]


async def test_called_off_it_says_so_and_nothing_goes_out_any_more(town: Town) -> None:
    await logged(town, "nurse", "porter", near=("driver",))
    await set_it(town)
    await sent(town, porter="nothing")
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    assert name_of(await town.press("lena", form, "briefing_call_off")) == "briefing_off"
    assert "called off" in words_of(await town.open("driver"))
    assert "called off" in words_of(await town.say("driver", "me"))
    [briefing] = await town.all(Briefing)
    assert briefing.state is BriefingState.CALLED_OFF
    for kind in (PlannedStep.BRIEFING, PlannedStep.LEAD_BRIEFING):
        assert not await open_steps(town, kind)
    options = {one.value for field in all_of(await room(town, "lena"), Choice) for one in field.options}
    assert Chosen.BRIEFING.value not in options


async def test_a_change_is_on_the_page_of_whoever_was_told_and_writes_to_nobody(town: Town) -> None:
    await logged(town, "nurse", "porter", near=("driver",))
    await set_it(town)
    await sent(town, porter="nothing")
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    assert field_of(form, "where", TextInput).value == PLACE
    await town.send("lena", form, **{**on(town, 60), "where": "The canteen"})
    await town.clockwork.drain()
    assert len(town.messages("driver")) == 1
    assert "The canteen" in words_of(await town.open("driver"))


async def test_chosen_for_a_briefing_that_is_off_nobody_directly_involved_is_left_without(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town, hours=100)
    await kept(town, "lena", await room(town, "lena"), nurse="briefing")
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    await town.press("lena", form, "briefing_call_off")
    town.clock.pass_time(timedelta(hours=73))
    await town.clockwork.drain()
    assert [one.member_id for one in await town.all(Offer)] == [town.ids["nurse"]]
    assert not await town.all(BriefingInvite)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("held_on", {"held_on": "2026-11-20"}),
        ("held_on", {"held_on": "2028-11-20"}),
        ("where", {"where": ""}),
        ("leader", {"leader": ""}),
        ("leader", {"leader": "nobody"}),
    ],
)
async def test_what_has_to_be_mended_is_said_and_kept(
    town: Town, field: str, changes: dict[str, Value]
) -> None:
    await logged(town, "nurse")
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    answer = await town.send("lena", form, **{**on(town, 50), **changes})
    assert isinstance(answer, FieldErrors) and set(answer.errors) == {field}
    assert field_of(answer, "where", TextInput).value == {**on(town, 50), **changes}["where"]
    assert not await town.all(Briefing)


async def test_nobody_who_was_part_of_it_can_lead_it(town: Town) -> None:
    await logged(town, "nurse", "paul")
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    assert town.ids["paul"] not in [one.value for one in field_of(form, "leader", Choice).options]
    answer = await town.send("lena", form, **on(town, 50))
    assert isinstance(answer, FieldErrors) and not await town.all(Briefing)


@pytest.mark.parametrize("name", ["nurse", "priya", "lars"])
async def test_nobody_else_opens_what_somebody_was_told(town: Town, name: str) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    await sent(town)
    page = await town.open("driver")
    answer = await town.press(name, page, "briefing_yes")
    assert isinstance(answer, Done) and PLACE not in everything_in(answer)
    assert all(one.answer is None for one in await town.all(BriefingInvite))


async def test_somebody_taken_off_the_event_finds_it_no_more(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town)
    await sent(town)
    listed = await town.press("priya", await town.say("priya", "home"), "logged")
    form = await town.press("priya", listed, "incident")
    [event] = await town.all(Incident)
    there = event.ended_at
    values = {"ended_on": there.date().isoformat(), "ended_at": f"{there:%H:%M}"}
    await town.send("priya", form, **values, take_out=(town.ids["driver"],))
    assert not buttons(await town.say("driver", "me"), "briefing")
