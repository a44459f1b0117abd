"""Times, days and lists of people as they are typed mean the same in Slack, in Teams and in the browser."""

from __future__ import annotations

import pytest

from tests.e2e.doors import Door
from tests.e2e.screens import send
from tests.e2e.settling import MONDAY
from tests.e2e.slack_side import Modal
from tests.e2e.story import event
from tests.e2e.teams_side import Dialog
from trim_bot.app.seam import mending

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]


@pytest.mark.parametrize("typed", ["08:00 AM", "8:00", "0800", "8.00", "٠٨:٠٠", "۸:۰۰", "8:00\u202fam"])
async def test_a_time_is_taken_as_it_is_typed(door: Door, typed: str) -> None:
    cast = await door.cast()
    form = await cast.priya.say("peer", "log")
    done = await send(form, **event(cast.nurse, at=typed))
    assert "The event is logged" in done.title
    logged = await (await cast.priya.say("peer", "log")).press("logged")
    opened = await logged.press("incident")
    assert opened.standing("ended_at") == "08:00"


async def test_the_end_of_a_day_is_the_start_of_the_next(door: Door) -> None:
    cast = await door.cast()
    day = MONDAY.date()
    form = await cast.priya.say("peer", "log")
    done = await send(form, **event(cast.nurse, on=day.replace(day=day.day - 2), at="24:00"))
    assert "The event is logged" in done.title
    opened = await (await (await cast.priya.say("peer", "log")).press("logged")).press("incident")
    assert opened.standing("ended_at") == "00:00"
    assert opened.standing("ended_on") == day.replace(day=day.day - 1).isoformat()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("8", mending.MORNING_OR_EVENING),
        ("800", mending.HOUR_OR_MINUTES),
        ("20:00 am", mending.TIME_CONTRADICTS),
        ("midnight", mending.MIDNIGHT_OF_WHICH_DAY),
    ],
)
async def test_a_time_that_may_be_two_is_asked_for_again(door: Door, typed: str, said: str) -> None:
    cast = await door.cast()
    form = await cast.priya.say("peer", "log")
    form.fill(**event(cast.nurse, at=typed))
    after = await (form.submit(even_unfilled=True) if isinstance(form, Modal | Dialog) else form.submit())
    assert dict(after.errors) == {"ended_at": said}


async def test_a_bad_row_of_a_list_is_named_and_nothing_is_lost(door: Door) -> None:
    cast = await door.cast()
    rows = "Mei Chen;07700 900114\nByrne, Alex, 07700 900112\n، 07700 900199\nSam Reed، ٠٧٧٠٠ ٩٠٠١١٧"
    form = await cast.priya.say("peer", "log")
    after = await send(form, **event(unlisted=rows))
    assert dict(after.errors) == {"unlisted": mending.unlisted_rows([3])}
    assert str(after.standing("unlisted")).replace("\r\n", "\n") == rows
    done = await send(after, unlisted=rows.replace("، 07700 900199", "Ruth Adler، 07700 900199"))
    sheet = await done.press("call_sheet")
    taken = await sheet.press("call_take_some")
    for said in ("Mei Chen", "Alex Byrne", "Ruth Adler", "Sam Reed", "07700 900117", "07700 900199"):
        assert said in taken.text
    assert "By chat" not in taken.text
