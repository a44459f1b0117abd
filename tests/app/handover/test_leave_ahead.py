"""Leave may begin later: until then somebody works as usual, and from then on what waits for them moves on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.beginnings import open_case_for
from tests.builders import Town
from tests.reading import blocks_of, field_of, form_of, values_of, words_of
from tests.working_time import is_open
from trim_bot.app.seam import mending
from trim_bot.app.seam.views import Choice, Done, FieldErrors, Link, View
from trim_bot.domain.calendar import (
    WorkCalendar,
    WorkingHours,
    last_open,
    next_daily_moment,
    next_open,
)
from trim_bot.domain.ids import PlaceId
from trim_bot.domain.people import Availability, Member
from trim_bot.domain.site import Place, Site
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind

pytestmark = pytest.mark.anyio
WEEKDAYS = WorkingHours("Europe/London", (((time(9), time(17)),),) * 5 + ((),) * 2)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


async def member(town: Town, name: str) -> Member:
    found = await town.write(lambda tx: tx.get(Member, town.ids[name]))
    assert found is not None
    return found


async def save(town: Town, name: str, **typed: str) -> View:
    """Somebody fills what they change in their profile."""
    form = form_of(await town.say(name, "peer", "profile"))
    standing = values_of(form)
    return await town.send(name, form, **{**standing, **typed})


async def away(town: Town, name: str) -> bool:
    me = await member(town, name)
    begun = me.away_from is None or me.away_from <= town.clock.now()
    return begun and me.away_until is not None and me.away_until > town.clock.now()


async def test_work_stays_until_leave_begins_and_moves_on_then(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    done = await save(town, "priya", availability="away", away_from="2026-11-25", away_until="2026-12-04")
    assert isinstance(done, Done)
    me = await member(town, "priya")
    assert me.away_from == datetime(2026, 11, 25, tzinfo=UTC)
    assert me.away_until == datetime(2026, 12, 5, tzinfo=UTC)
    assert me.availability is Availability.ROOM
    held = await open_steps(town, case.id)
    await town.clockwork.sweep()
    assert await open_steps(town, case.id) == held, "nothing moves before"
    await town.pass_time(days=2)
    await town.clockwork.sweep()
    assert town.ids["priya"] not in {
        step.holder for step in await open_steps(town, case.id) if step.opens_at < me.away_until
    }
    assert (await member(town, "priya")).away_from is None
    await town.pass_time(days=11)
    assert not await away(town, "priya")


async def open_steps(town: Town, case: str) -> list[Step]:
    kinds = (StepKind.CHECK_IN, StepKind.FIRST_CONTACT)
    return await town.all(Step, case_id=case, state=OPEN_STATES, kind=kinds)


async def test_leave_that_is_planned_is_shown_and_kept_with_room_until_then(town: Town) -> None:
    await save(town, "priya", availability="away", away_from="2026-11-25", away_until="2026-12-04")
    form = form_of(await town.say("priya", "peer", "profile"))
    standing = values_of(form)
    assert (standing["away_from"], standing["away_until"]) == ("2026-11-25", "2026-12-04")
    assert standing["availability"] == "room"
    assert isinstance(await save(town, "priya"), Done), "saved again as it stands"
    assert (await member(town, "priya")).away_from is not None


@pytest.mark.parametrize(("first", "last"), [("2026-12-05", "2026-12-04"), ("2026-12-05", "")])
async def test_a_first_day_needs_a_last_one_after_it(town: Town, first: str, last: str) -> None:
    wrong = await save(town, "priya", availability="away", away_from=first, away_until=last)
    assert isinstance(wrong, FieldErrors)
    assert wrong.errors == {"away_until": mending.AWAY_IN_ORDER}


async def test_a_first_day_that_is_today_is_leave_from_now_on(town: Town) -> None:
    await save(town, "priya", availability="away", away_from="2026-11-23", away_until="2026-12-04")
    me = await member(town, "priya")
    assert me.away_from is None
    assert await away(town, "priya")


HOURS = st.integers(0, 24 * 40).map(lambda hours: MONDAY + timedelta(hours=hours))


@given(HOURS, st.integers(0, 400), st.integers(1, 400))
def test_no_moment_of_leave_is_working_time_and_all_others_are_as_before(
    instant: datetime, begins: int, lasts: int
) -> None:
    first = MONDAY + timedelta(hours=begins)
    back = first + timedelta(hours=lasts)
    plain = WorkCalendar(WEEKDAYS)
    leave = replace(plain, away_from=first, away_until=back)
    inside = first <= instant < back
    assert is_open(leave, instant) == (is_open(plain, instant) and not inside)
    opens = next_open(leave, instant)
    assert not first <= opens < back and is_open(plain, opens)
    assert not first <= next_daily_moment(leave, instant, time(9, 30)) < back
    stretch = last_open(leave, instant, instant + timedelta(days=30))
    assert stretch is None or not (stretch[0] < back and stretch[1] > first)


PERTH = Place(PlaceId("perth"), "Perth yard", "Australia/Perth", "AU", "WA")


async def test_somebody_of_another_place_goes_by_its_clock_and_sees_its_numbers(town: Town) -> None:
    site = await town.write(lambda tx: tx.get(Site, "site"))
    assert site is not None
    lifeline = replace(site.numbers[0], label="Lifeline", number="13 11 14")
    perth = replace(PERTH, numbers=(lifeline,), extra_holidays=(date(2026, 11, 24),))
    await town.write(lambda tx: tx.save(replace(site, places=(perth,))))
    form = form_of(await town.say("nurse", "peer", "profile"))
    choice = field_of(form, "place", Choice)
    assert [option.label for option in choice.options] == [site.name, "Perth yard"]
    await save(town, "nurse", place="perth")
    assert (await member(town, "nurse")).place == "perth"
    support = await town.say("nurse", "support")
    read = [words_of(support), *(link.url for link in blocks_of(support, Link))]
    assert "13 11 14" in read[0] and not any(re.search(r"\b999\b", text) for text in read)
    assert "999" in words_of(await town.say("driver", "support"))
    await save(town, "nurse", place="site")
    assert (await member(town, "nurse")).place == ""
