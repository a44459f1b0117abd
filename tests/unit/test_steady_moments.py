"""Steady moments lie in working time, once a working day, and come in order, whatever the hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.working_time import is_open
from trim_bot.domain.calendar import NeverOpen, Shift, WorkCalendar, WorkingHours, next_daily_moment

HALF_PAST_NINE = time(9, 30)
START = datetime(2026, 3, 1, tzinfo=UTC)
quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, 15 * (quarter % 4)))
spans = st.tuples(quarters, quarters)
weeks = st.lists(st.lists(spans, max_size=1).map(tuple), min_size=7, max_size=7).map(tuple)
zones = st.sampled_from(["Europe/London", "Australia/Perth", "America/New_York", "Pacific/Apia"])


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Hours by the week, with a roster of shifts for some days, leave and a holiday."""
    begins = START + timedelta(days=draw(st.integers(0, 20)), hours=draw(st.integers(0, 23)))
    shifts = tuple(
        Shift(begins + timedelta(days=2 * number), begins + timedelta(days=2 * number, hours=9))
        for number in range(draw(st.integers(0, 4)))
    )
    away = draw(st.none() | st.integers(0, 30).map(lambda days: START + timedelta(days=days)))
    holidays = frozenset(draw(st.lists(st.dates(date(2026, 3, 1), date(2026, 4, 10)), max_size=2)))
    return WorkCalendar(WorkingHours(draw(zones), draw(weeks)), shifts, away, holidays)


@given(calendars(), st.integers(0, 20), st.integers(0, 40 * 24 * 60))
def test_a_steady_moment_is_later_in_working_time_and_once_a_day(
    calendar: WorkCalendar, minutes: int, ahead: int
) -> None:
    after = START + timedelta(minutes=ahead)
    found: list[datetime] = []
    try:
        for _ in range(5):
            found.append(next_daily_moment(calendar, found[-1] if found else after, HALF_PAST_NINE, minutes))
    except NeverOpen:
        pass
    assert all(is_open(calendar, moment) for moment in found)
    assert all(earlier < later for earlier, later in zip([after, *found], found, strict=False))
    if calendar.away_until is not None:
        assert all(moment >= calendar.away_until for moment in found)


def test_a_day_without_the_time_in_it_has_its_moment_early_in_the_day() -> None:
    late = WorkCalendar(WorkingHours("Europe/London", (((time(14), time(22)),),) * 7))
    assert next_daily_moment(late, START, HALF_PAST_NINE, 7) == datetime(2026, 3, 1, 14, 7, tzinfo=UTC)


def test_where_clocks_change_it_stays_at_the_same_time_of_day() -> None:
    days = WorkCalendar(WorkingHours("Europe/London", (((time(9), time(17)),),) * 7))
    before = next_daily_moment(days, datetime(2026, 3, 28, tzinfo=UTC), HALF_PAST_NINE, 5)
    after = next_daily_moment(days, before, HALF_PAST_NINE, 5)
    assert (before, after) == (
        datetime(2026, 3, 28, 9, 35, tzinfo=UTC),
        datetime(2026, 3, 29, 8, 35, tzinfo=UTC),
    )


def test_a_site_that_chose_days_which_nobody_works_says_so() -> None:
    days = WorkCalendar(WorkingHours("Europe/London", (((time(9), time(17)),),) * 5 + ((), ())))
    with pytest.raises(NeverOpen):
        next_daily_moment(days, START, HALF_PAST_NINE, 0, frozenset({5, 6}))
