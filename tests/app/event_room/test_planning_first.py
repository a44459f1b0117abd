"""A site that plans first: nothing goes out until a lead releases it, or three days have gone by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from tests.app.handover.test_planning import manages
from tests.builders import Town, log_values
from tests.reading import buttons, everything_in, form_of, name_of, unsigned, words_of
from trim_bot.app.event_room.screens import FIELD
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, Choices, Done, FieldErrors, Message, View
from trim_bot.domain.incidents import Chosen, Exposure, Offer
from trim_bot.domain.people import Member, Role
from trim_bot.domain.planned_events import PlannedEvent, PlannedState, PlannedStep
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import OPEN_STATES, Rung, Step

pytestmark = pytest.mark.anyio
C = TypeVar("C", Choice, Choices)


def all_of(view: View, kind: type[C]) -> list[C]:
    """The fields of a form of one kind."""
    return [one for one in form_of(view).inputs() if isinstance(one, kind)]


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
    await found.add("cora", Role.COORDINATOR)
    for name in ("nurse", "driver", "porter", "clerk"):
        await found.add(name)
    return found


async def logged(
    town: Town, *direct: str, near: tuple[str, ...] = (), by: str = "priya", unlisted: str = ""
) -> View:
    values = log_values(*(town.actor(name) for name in direct), unlisted=unlisted)
    values["peripheral"] = tuple(town.actor(name).address.text for name in near)
    answer = await town.send(by, await town.say(by, "peer", "log"), **values)
    await town.clockwork.drain()
    return answer


async def room(town: Town, name: str) -> View:
    planning = await town.say(name, "peer", "team")
    events = await town.press(name, planning, "events_to_plan")
    return await town.press(name, events, "event_room")


async def kept(town: Town, name: str, view: View, **chosen: str) -> View:
    """Keep what stands in the fields, but for people named here."""
    values = {one.name: one.value for one in all_of(view, Choice) if one.name.startswith(FIELD)}
    for person, what in chosen.items():
        [field] = [one.name for one in all_of(view, Choice) if person.title() in str(one.label)]
        values[field] = what
    return await town.send(name, view, **values)


async def release(town: Town, name: str, **chosen: str) -> View:
    view = await kept(town, name, await room(town, name), **chosen)
    holders = tuple(one for field in all_of(view, Choices) for one in field.value)
    answer = await town.send(name, view, holders=holders)
    await town.clockwork.drain()
    return answer


def kind_of_message(town: Town, name: str) -> Message:
    """All of a message but what its buttons carry."""
    return replace(town.messages(name)[0], open_token="", stop_token="")


async def open_steps(town: Town, kind: PlannedStep) -> list[Step]:
    return await town.all(Step, kind=kind, state=OPEN_STATES)


async def test_nothing_goes_out_when_an_event_is_logged(town: Town) -> None:
    answer = await logged(town, "nurse", near=("driver",))
    assert name_of(answer) == "incident_planned" and "Nothing is sent yet" in words_of(answer)
    assert not await town.all(Offer)
    for name in ("nurse", "driver"):
        assert not town.messages(name)
        assert await town.waiting(name) == 0
    [planned] = await town.all(PlannedEvent)
    assert planned.state is PlannedState.PLANNED


async def test_the_degree_changes_what_is_proposed(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    values = {str(one.label): one.value for one in all_of(await room(town, "lena"), Choice)}
    assert values == {
        "Driver, close to it": Chosen.LEAFLET.value,
        "Nurse, directly involved": Chosen.TALK.value,
    }
    assert all(one.chosen is None for one in await town.all(Exposure))


async def test_a_release_sends_what_was_chosen_and_nothing_else(town: Town) -> None:
    await logged(town, "nurse", "porter", near=("driver",))
    answer = await release(town, "lena", porter="nothing")
    assert name_of(answer) == "event_released"
    [offer] = await town.all(Offer)
    assert offer.member_id == town.ids["nurse"]
    assert offer.proposed in {town.ids[name] for name in ("priya", "paul", "lena", "lars")}
    assert len(town.messages("nurse")) == len(town.messages("driver")) == 1
    assert kind_of_message(town, "nurse") == kind_of_message(town, "driver")
    assert not town.messages("porter")
    assert name_of(await town.open("nurse")) == "offer"
    leaflet = await town.open("driver")
    assert name_of(leaflet) == "leaflet_left"
    own = await town.say("driver", "me")
    assert name_of(await town.press("driver", own, "leaflet_left")) == "leaflet_left"
    assert not buttons(await town.say("porter", "me"), "leaflet_left")


async def test_an_answer_shows_nowhere_in_the_room(town: Town) -> None:
    await logged(town, "nurse", "porter", near=("driver",))
    await release(town, "lena", porter="nothing")
    before = unsigned(await room(town, "lena"))
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await town.open("driver")
    await town.clockwork.drain()
    after = unsigned(await room(town, "lena"))
    assert after == before


async def test_a_lead_never_sees_whom_she_manages_and_another_one_does(town: Town) -> None:
    await manages(town, "lena", "nurse")
    await logged(town, "nurse", "porter")
    seen = await room(town, "lena")
    assert "Porter" in words_of(seen)
    assert "Nurse" not in everything_in(seen)
    await release(town, "lena")
    assert [one.member_id for one in await town.all(Offer)] == [town.ids["porter"]]
    [step] = await open_steps(town, PlannedStep.TO_PLAN)
    assert step.holder != town.ids["lena"] and step.rung in (Rung.LEAD, Rung.DEPUTY)
    assert not buttons(await town.say("lena", "peer", "team"), "events_to_plan")
    await release(town, "dev")
    assert len(await town.all(Offer)) == 2
    assert not await open_steps(town, PlannedStep.TO_PLAN)
    assert not await open_steps(town, PlannedStep.BY_ITSELF)


async def test_an_event_of_people_a_lead_manages_alone_is_never_hers(town: Town) -> None:
    await manages(town, "lena", "nurse")
    await manages(town, "lars", "nurse")
    await logged(town, "nurse")
    [step] = await open_steps(town, PlannedStep.TO_PLAN)
    assert step.holder == town.ids["dev"]
    events = await town.say("lena", "peer", "team")
    assert not buttons(events, "events_to_plan")


async def test_a_lead_who_was_part_of_it_opens_nothing(town: Town) -> None:
    await logged(town, "nurse")
    page = await room(town, "lena")
    first = await town.press(
        "lena",
        await town.press("lena", await town.say("lena", "peer", "team"), "events_to_plan"),
        "event_room",
    )
    await _add(town, "lena")
    [step] = await open_steps(town, PlannedStep.TO_PLAN)
    assert step.holder != town.ids["lena"]
    refused = await kept(town, "lena", first)
    assert isinstance(refused, Done) and name_of(refused) not in ("release_event", "event_released")
    assert not await town.all(Offer)
    assert name_of(page) == "event_room"


async def _add(town: Town, name: str) -> None:
    listed = await town.press("priya", await town.say("priya", "home"), "logged")
    form = form_of(await town.press("priya", listed, "incident"))
    values = {one.name: getattr(one, "value", "") for one in form.inputs()}
    await town.send("priya", form, **{**values, "more": (town.actor(name).address.text,)})


@pytest.mark.parametrize("name", ["priya", "cora", "nurse"])
async def test_only_leads_open_it(town: Town, name: str) -> None:
    await logged(town, "nurse")
    view = await town.say(name, "events_to_plan")
    assert "Nurse" not in everything_in(view) and name_of(view) != "events_to_plan"


async def test_two_leads_release_at_once_and_it_goes_out_once(town: Town) -> None:
    await logged(town, "nurse")
    one = await kept(town, "lena", await room(town, "lena"))
    other = await kept(town, "lars", await room(town, "lars"))
    first = await town.send("lena", one, holders=())
    second = await town.send("lars", other, holders=())
    again = await town.send("lena", one, holders=())
    assert name_of(first) == name_of(again) == "event_released"
    assert "gone out once" in words_of(second)
    assert len(await town.all(Offer)) == 1


async def test_what_another_lead_changed_meanwhile_is_looked_at_again(town: Town) -> None:
    await logged(town, "nurse", "porter")
    one = await kept(town, "lena", await room(town, "lena"))
    await kept(town, "lars", await room(town, "lars"), porter="leaflet")
    answer = await town.send("lena", one, holders=())
    assert isinstance(answer, FieldErrors) and not await town.all(Offer)
    assert name_of(await town.send("lena", answer, holders=())) == "event_released"


async def test_a_page_that_was_saved_meanwhile_keeps_what_was_typed(town: Town) -> None:
    await logged(town, "nurse")
    mine, theirs = await room(town, "lena"), await room(town, "lars")
    await kept(town, "lars", theirs, nurse="nothing")
    answer = await kept(town, "lena", mine, nurse="leaflet")
    assert isinstance(answer, FieldErrors)
    [field] = all_of(answer, Choice)
    assert field.value == "leaflet"


async def test_it_goes_to_nobody_who_is_gone(town: Town) -> None:
    await logged(town, "nurse", "porter")
    form = await kept(town, "lena", await room(town, "lena"))

    def leave(tx: Tx) -> None:
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        tx.save(replace(member, left=True))

    await town.write(leave)
    answer = await town.send("lena", form, holders=())
    if isinstance(answer, FieldErrors):
        answer = await town.send("lena", answer, holders=())
    assert [one.member_id for one in await town.all(Offer)] == [town.ids["porter"]]
    [planned] = await town.all(PlannedEvent)
    assert planned.state is PlannedState.RELEASED


async def test_somebody_taken_off_the_event_gets_nothing(town: Town) -> None:
    await logged(town, "nurse", "porter")
    form = await kept(town, "lena", await room(town, "lena"))
    listed = await town.press("priya", await town.say("priya", "home"), "logged")
    event = form_of(await town.press("priya", listed, "incident"))
    values = {one.name: getattr(one, "value", "") for one in event.inputs()}
    await town.send("priya", event, **{**values, "take_out": (town.ids["nurse"],)})
    answer = await town.send("lena", form, holders=())
    assert isinstance(answer, FieldErrors)
    await town.send("lena", answer, holders=())
    assert [one.member_id for one in await town.all(Offer)] == [town.ids["porter"]]


async def test_somebody_added_is_planned_too(town: Town) -> None:
    await logged(town, "nurse")
    await release(town, "lena")
    await _add(town, "porter")
    assert len(await town.all(Offer)) == 1
    await release(town, "lena")
    assert len(await town.all(Offer)) == 2


async def test_unreleased_a_lead_is_asked_then_the_deputy(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    [step] = await open_steps(town, PlannedStep.TO_PLAN)
    assert step.rung is Rung.LEAD
    first = next(name for name, id in town.ids.items() if id == step.holder)
    assert await town.waiting(first) == 0
    town.clock.pass_time(timedelta(hours=24, minutes=30))
    await town.clockwork.drain()
    assert await town.waiting(first) == 1
    town.clock.pass_time(timedelta(hours=40))
    await town.clockwork.drain()
    [step] = await open_steps(town, PlannedStep.TO_PLAN)
    assert step.rung in (Rung.LEAD, Rung.DEPUTY)


@pytest.mark.parametrize("kind", ["other", "suicide"])
async def test_a_trigger_asks_a_lead_at_once(town: Town, kind: str) -> None:
    values = log_values(town.actor("nurse")) | {"kind": kind}
    answer = await town.send("priya", await town.say("priya", "peer", "log"), **values)
    [step] = await open_steps(town, PlannedStep.TO_PLAN)
    at_once = step.opens_at <= town.clock.now()
    assert at_once is (kind == "suicide")
    assert ("asked at once" in words_of(answer)) is at_once


async def test_after_three_days_those_directly_involved_are_offered_a_talk(town: Town) -> None:
    await logged(town, "nurse", "porter", near=("driver", "clerk"))
    await kept(town, "lena", await room(town, "lena"), porter="nothing", clerk="nothing")
    town.clock.pass_time(timedelta(hours=71))
    await town.clockwork.drain()
    assert not await town.all(Offer)
    town.clock.pass_time(timedelta(hours=2))
    await town.clockwork.drain()
    assert {one.member_id for one in await town.all(Offer)} == {town.ids["nurse"], town.ids["porter"]}
    sent = {one.member_id: one.chosen for one in await town.all(Exposure) if one.sent_at is not None}
    assert sent.pop(town.ids["driver"]) is Chosen.LEAFLET and town.ids["clerk"] not in sent
    [planned] = await town.all(PlannedEvent)
    assert planned.state is PlannedState.RELEASED
    assert not await open_steps(town, PlannedStep.TO_PLAN)


async def counted(town: Town) -> int:
    """How often something came to the end of the ladder, in the weeks of these tests."""

    def totals(tx: Tx) -> int:
        weeks = [tx.counts.totals(f"2026-W{week}") for week in range(47, 53)]
        return sum(week.get(Measure.NO_OWNER, 0) for week in weeks)

    return await town.write(totals)


async def test_with_nobody_to_lead_the_clock_still_offers(town: Town) -> None:
    for name in ("lena", "lars", "dev"):
        await manages(town, name, "nurse")
    await logged(town, "nurse")
    assert not await counted(town)
    town.clock.pass_time(timedelta(hours=25))
    await town.clockwork.drain()
    [step] = await open_steps(town, PlannedStep.TO_PLAN)
    assert step.rung is Rung.NOBODY and await counted(town) == 1
    town.clock.pass_time(timedelta(hours=48))
    await town.clockwork.drain()
    assert len(await town.all(Offer)) == 1


async def test_without_an_account_a_talk_is_offered_in_person(town: Town) -> None:
    await logged(town, unlisted="Guard One, 07700 900101")
    [field] = all_of(await room(town, "lena"), Choice)
    assert Chosen.LEAFLET.value not in [one.value for one in field.options]
    await release(town, "lena")
    assert len(await town.all(Offer)) == 1
    assert await town.waiting("priya") == 1


async def test_a_practitioner_named_is_none_the_person_is_managed_by(town: Town) -> None:
    await manages(town, "paul", "nurse")
    await logged(town, "nurse")
    view = await kept(town, "lena", await room(town, "lena"))
    [field] = all_of(view, Choices)
    assert town.ids["paul"] not in [one.value for one in field.options]


async def test_all_that_is_proposed_is_chosen_by_one_press(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    view = await town.press("lena", await room(town, "lena"), "choose_proposed")
    assert name_of(view) == "release_event"
    await town.send("lena", view, holders=())
    assert len(await town.all(Offer)) == 1 and len(await open_steps(town, PlannedStep.LEAFLET)) == 1


async def test_a_site_that_does_not_plan_offers_at_once(town: Town) -> None:
    await town.settle(plan_first=False)
    await logged(town, "nurse")
    assert len(await town.all(Offer)) == 1 and not await town.all(PlannedEvent)


async def test_talks_are_shared_out_by_room_and_past_whoever_manages_the_person(town: Town) -> None:
    await town.settle(most_open_cases=1)
    await manages(town, "paul", "nurse")
    await logged(town, "nurse", "driver", "porter")
    view = await kept(town, "lena", await room(town, "lena"))
    await town.send("lena", view, holders=(town.ids["paul"], town.ids["priya"]))
    named = {one.member_id: one.proposed for one in await town.all(Offer)}
    assert named[town.ids["nurse"]] == town.ids["priya"]
    given = [one for one in named.values() if one is not None]
    assert sorted(given) == sorted({town.ids["paul"], town.ids["priya"]})
