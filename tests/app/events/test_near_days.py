"""Today and yesterday stand beside the date, by the clock of the form; two days in one form are asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MONDAY, Town, log_values
from tests.reading import fields_of, form_of, name_of
from trim_bot.app.seam import mending
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.text_kinds import OTHER_DAY
from trim_bot.app.seam.views import Choice, FieldErrors, View
from trim_bot.domain.incidents import Incident

pytestmark = pytest.mark.anyio
TODAY = MONDAY.date()
YESTERDAY = TODAY - timedelta(days=1)


async def send(town: Town, days: dict[str, Value], at: str = "07:00") -> View:
    """The form for an event, sent with these days."""
    form = form_of(await town.say("priya", "peer", "log"))
    values = log_values(town.actor("nurse"))
    del values["ended_on"]
    return await town.send("priya", form, **(values | {"ended_at": at} | days))


async def test_the_choices_carry_their_dates(town: Town) -> None:
    near = fields_of(await town.say("priya", "peer", "log"))["near_ended_on"]
    assert isinstance(near, Choice)
    assert [one.value for one in near.options] == [TODAY.isoformat(), YESTERDAY.isoformat(), OTHER_DAY]
    assert near.options[0].label == "Today, Monday 23 November"


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        ({"near_ended_on": TODAY.isoformat()}, TODAY),
        ({"near_ended_on": YESTERDAY.isoformat()}, YESTERDAY),
        ({"near_ended_on": YESTERDAY.isoformat(), "ended_on": YESTERDAY.isoformat()}, YESTERDAY),
        ({"near_ended_on": OTHER_DAY, "ended_on": "20 Nov 2026"}, TODAY - timedelta(days=3)),
        ({"ended_on": "2026-11-20"}, TODAY - timedelta(days=3)),
    ],
)
async def test_each_way_to_say_a_day_is_taken(town: Town, days: dict[str, Value], meant: object) -> None:
    assert name_of(await send(town, days)) == "incident_logged"
    [incident] = await town.all(Incident)
    assert incident.ended_at.date() == meant


@pytest.mark.parametrize(
    ("days", "errors"),
    [
        ({}, {"ended_on": mending.GIVE_DAY}),
        ({"near_ended_on": OTHER_DAY}, {"ended_on": mending.GIVE_DAY}),
        ({"near_ended_on": TODAY.isoformat(), "ended_on": "2026-11-20"}, {"ended_on": mending.ONE_DAY}),
        ({"near_ended_on": "2026-11-20"}, {"near_ended_on": mending.CHOOSE_ONE}),
        ({"near_ended_on": TODAY.isoformat(), "ended_at": "24:00"}, {"ended_on": mending.DATE_IN_FUTURE}),
        ({"near_ended_on": TODAY.isoformat(), "ended_at": "23:00"}, {"ended_at": mending.DATE_IN_FUTURE}),
    ],
)
async def test_what_is_not_one_day_is_asked_for_again(
    town: Town, days: dict[str, Value], errors: dict[str, str]
) -> None:
    view = await send(town, days)
    assert isinstance(view, FieldErrors)
    assert dict(view.errors) == errors


async def test_today_of_a_form_that_was_open_over_midnight_is_the_day_it_said(town: Town) -> None:
    form = form_of(await town.say("priya", "peer", "log"))
    values = log_values(town.actor("nurse")) | {"near_ended_on": TODAY.isoformat(), "ended_on": ""}
    town.clock.move(timedelta(hours=20))
    assert name_of(await town.send("priya", form, **values)) == "incident_logged"
    [incident] = await town.all(Incident)
    assert incident.ended_at.date() == TODAY
