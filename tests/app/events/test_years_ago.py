"""An event of years ago can be entered: the windows then count from the yes, and a late start is a path."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.app.cases.test_changing_hands import hold
from tests.builders import MONDAY, Town, log_values
from tests.reading import buttons, form_of, words_of
from trim_bot.app.seam.views import Done, FieldErrors
from trim_bot.domain.cases import CheckIn

pytestmark = pytest.mark.anyio
LONG_AGO = date(1987, 3, 6)


async def test_an_event_of_forty_years_ago_is_offered_held_and_followed_up(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    done = await town.send("priya", form, **log_values(town.actor("nurse"), on=LONG_AGO, mine=True))
    assert isinstance(done, Done) and done.name == "incident_logged"
    await town.clockwork.drain()
    offer = await town.open("nurse")
    assert "on Friday 6 March 1987." in words_of(offer)
    await town.press("nurse", offer, "offer_yes")
    first, month = await town.all(CheckIn, order_by="opens_at")
    assert first.opens_at == MONDAY, "it can be held at once"
    assert first.closes_at == MONDAY + timedelta(days=3)
    assert month.due_at == MONDAY + timedelta(days=21)
    await town.pass_time(days=2)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    assert buttons(case, "interview")
    await hold(town, "priya", case)
    _, after = await town.all(CheckIn, order_by="opens_at")
    assert after.due_at == MONDAY + timedelta(days=23)


@pytest.mark.parametrize(("on", "kept"), [(date(1966, 12, 31), True), (date(1966, 1, 1), False)])
async def test_sixty_years_are_the_end(town: Town, on: date, kept: bool) -> None:
    form = await town.say("priya", "peer", "log")
    view = await town.send("priya", form, **log_values(town.actor("nurse"), on=on))
    assert isinstance(view, Done) is kept
    if not kept:
        assert isinstance(view, FieldErrors) and "sixty years" in view.errors["ended_on"]


async def test_a_request_about_something_long_ago_becomes_a_talk(town: Town) -> None:
    form = await town.say("nurse", "support")
    await town.send("nurse", form, name="named", text="It came back", contact="")
    await town.clockwork.drain()
    taken = form_of(await town.press("priya", await town.open("priya"), "take_request"))
    old = await town.send("priya", taken, reply="", then="trauma", ended_on="1950-03-06", ended_at="10:00")
    assert isinstance(old, FieldErrors) and "sixty years" in old.errors["ended_on"]
    done = await town.send("priya", taken, reply="", then="trauma", ended_on="1987-03-06", ended_at="10:00")
    assert isinstance(done, Done) and done.name == "case"
