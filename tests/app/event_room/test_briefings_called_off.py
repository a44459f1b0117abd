"""A group briefing that is not held leaves nobody without: not whoever was told, nor whoever was to be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.event_room.test_briefings import sent as released
from tests.app.event_room.test_briefings import set_it, town
from tests.app.event_room.test_planning_first import all_of, kept, logged, open_steps, room
from tests.builders import Town
from tests.reading import buttons, everything_in, name_of, words_of
from trim_bot.app.seam.views import Choice, View
from trim_bot.domain.briefings import BriefingInvite
from trim_bot.domain.incidents import Chosen, Exposure, Offer
from trim_bot.domain.planned_events import PlannedEvent, PlannedState, PlannedStep

pytestmark = pytest.mark.anyio
__all__ = ["town"]


async def call_off(town: Town) -> View:
    form = await town.press("lena", await room(town, "lena"), "briefing_set_up")
    answer = await town.press("lena", form, "briefing_call_off")
    await town.clockwork.drain()
    return answer


async def chosen(town: Town) -> dict[str, Chosen | None]:
    """What has gone out to whom."""
    names = {id: name for name, id in town.ids.items()}
    sent = [one for one in await town.all(Exposure) if one.sent_at is not None]
    return {names[one.member_id]: one.chosen for one in sent}


async def test_told_and_then_called_off_they_are_planned_again(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town, hours=100)
    await released(town, nurse="briefing")
    await call_off(town)
    assert "called off" in words_of(await town.open("nurse"))
    [planned] = await town.all(PlannedEvent)
    assert planned.state is PlannedState.PLANNED and await open_steps(town, PlannedStep.TO_PLAN)
    view = await room(town, "lena")
    values = {str(one.label): one.value for one in all_of(view, Choice)}
    assert values == {"Driver, close to it": "leaflet", "Nurse, directly involved": "talk"}
    assert buttons(view, "briefing_set_up")


async def test_told_and_then_called_off_the_clock_offers_what_fits(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town, hours=100)
    await released(town, nurse="briefing")
    await call_off(town)
    town.clock.pass_time(timedelta(hours=73))
    await town.clockwork.drain()
    assert await chosen(town) == {"nurse": Chosen.TALK, "driver": Chosen.LEAFLET}
    assert [one.member_id for one in await town.all(Offer)] == [town.ids["nurse"]]
    assert "called off" in words_of(await town.say("nurse", "me"))


async def test_called_off_before_the_message_went_and_set_again_it_still_comes(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town, hours=90)
    town.clock.pass_time(timedelta(hours=12))
    await town.clockwork.drain()
    await released(town)
    assert not town.messages("driver")
    await call_off(town)
    await set_it(town, hours=92)
    await released(town)
    town.clock.pass_time(timedelta(hours=14))
    await town.clockwork.drain()
    assert len(town.messages("driver")) == 1
    assert name_of(await town.open("driver")) == "briefing"
    assert len(await town.all(BriefingInvite)) == 1


async def test_set_again_whoever_was_told_finds_the_new_time_and_answers_anew(town: Town) -> None:
    await logged(town, "nurse", near=("driver",))
    await set_it(town, hours=50)
    await released(town)
    await town.press("driver", await town.open("driver"), "briefing_yes")
    await call_off(town)
    await set_it(town, hours=75)
    await released(town)
    page = await town.open("driver")
    assert "Thursday 26 November, 13:00" in words_of(page) and "You noted" not in everything_in(page)


async def test_chosen_for_one_that_is_off_whoever_was_close_to_it_finds_something_to_read(town: Town) -> None:
    await logged(town, "nurse", near=("driver", "porter"))
    await set_it(town, hours=100)
    await kept(town, "lena", await room(town, "lena"), driver="briefing", porter="nothing")
    await call_off(town)
    town.clock.pass_time(timedelta(hours=73))
    await town.clockwork.drain()
    assert await chosen(town) == {"nurse": Chosen.TALK, "driver": Chosen.LEAFLET}


async def test_once_the_clock_was_there_nothing_is_asked_or_kept_any_more(town: Town) -> None:
    await logged(town, "nurse", near=("driver", "porter"))
    await set_it(town, hours=24 * 8)
    await released(town, porter="briefing", driver="nothing")
    town.clock.pass_time(timedelta(hours=71))
    before = await room(town, "lena")
    town.clock.pass_time(timedelta(hours=2))
    await town.clockwork.drain()
    planning = await town.say("lena", "peer", "team")
    assert "to plan" not in everything_in(planning)
    events = await town.press("lena", planning, "events_to_plan")
    assert "by itself" not in everything_in(events)
    view = await room(town, "lena")
    assert "Nothing more can be chosen" in words_of(view) and not buttons(view, "choose_proposed")
    late = await kept(town, "lena", before, driver="leaflet")
    assert "Nothing more can be chosen" in words_of(late)
    assert "driver" not in await chosen(town)
    assert not await open_steps(town, PlannedStep.TO_PLAN)
