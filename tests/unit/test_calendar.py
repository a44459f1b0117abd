"""Working time as people arrange it: weeks, nights, rosters, leave and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.working_time import is_open
from trim_bot.domain.calendar import (
    DayHours,
    NeverOpen,
    Shift,
    WorkCalendar,
    WorkingHours,
    add_working_days,
    next_open,
)
from trim_bot.domain.zones import UnknownZone, at_local

ZONE = "Europe/London"
NINE_TO_FIVE: DayHours = ((time(9), time(17)),)
NIGHT: DayHours = ((time(22), time(6)),)
OFFICE = WorkingHours(ZONE, (NINE_TO_FIVE,) * 5 + ((), ()))
NIGHTS = WorkingHours(ZONE, (NIGHT,) * 5 + ((), ()))
MONDAY = date(2026, 11, 23)


def on(days: int, hour: int, minute: int = 0) -> datetime:
    """So many days after the Monday, by the clock in the zone (winter: UTC)."""
    return datetime.combine(MONDAY, time(hour, minute), UTC) + timedelta(days=days)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        (on(0, 8, 59), on(0, 9)),
        (on(0, 9), on(0, 9)),
        (on(0, 16, 59), on(0, 16, 59)),
        (on(0, 17), on(1, 9)),
        (on(4, 17), on(7, 9)),
        (on(5, 12), on(7, 9)),
    ],
)
def test_an_office_week(asked: datetime, opens: datetime) -> None:
    calendar = WorkCalendar(OFFICE)
    assert next_open(calendar, asked) == opens
    assert is_open(calendar, asked) == (asked == opens)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        (on(0, 3), on(0, 22)),
        (on(0, 23), on(0, 23)),
        (on(1, 5, 59), on(1, 5, 59)),
        (on(1, 6), on(1, 22)),
        (on(5, 3), on(5, 3)),
        (on(5, 6), on(7, 22)),
    ],
)
def test_a_night_shift_runs_into_the_next_day(asked: datetime, opens: datetime) -> None:
    assert next_open(WorkCalendar(NIGHTS), asked) == opens


def test_equal_times_are_a_whole_day() -> None:
    calendar = WorkCalendar(WorkingHours(ZONE, (((time(9), time(9)),),) + ((),) * 6))
    assert next_open(calendar, on(1, 8, 59)) == on(1, 8, 59)
    assert next_open(calendar, on(1, 9)) == on(7, 9)


def test_several_stretches_in_any_order() -> None:
    split = WorkCalendar(WorkingHours(ZONE, (((time(14), time(18)), (time(6), time(10))),) * 7))
    assert next_open(split, on(0, 5)) == on(0, 6)
    assert next_open(split, on(0, 10)) == on(0, 14)
    assert next_open(split, on(0, 18)) == on(1, 6)


def test_leave_ends_at_its_instant_even_in_the_middle_of_a_day() -> None:
    calendar = WorkCalendar(OFFICE, away_until=on(2, 11))
    assert not is_open(calendar, on(0, 10))
    assert next_open(calendar, on(0, 10)) == on(2, 11)
    assert next_open(WorkCalendar(OFFICE, away_until=on(5, 0)), on(0, 10)) == on(7, 9)
    assert next_open(calendar, on(3, 10)) == on(3, 10)


def test_nothing_is_open_on_a_holiday() -> None:
    calendar = WorkCalendar(OFFICE, holidays=frozenset({MONDAY, MONDAY + timedelta(days=1)}))
    assert next_open(calendar, on(0, 10)) == on(2, 9)


def test_a_holiday_cuts_the_night_that_runs_into_it_and_drops_the_one_that_starts_on_it() -> None:
    calendar = WorkCalendar(NIGHTS, holidays=frozenset({MONDAY + timedelta(days=1)}))
    assert next_open(calendar, on(0, 23, 59)) == on(0, 23, 59)
    assert next_open(calendar, on(1, 0)) == on(2, 22)


def test_a_roster_replaces_the_week_on_the_days_it_covers_and_no_others() -> None:
    roster = (Shift(on(3, 18), on(4, 2)), Shift(on(1, 6), on(1, 8)))
    calendar = WorkCalendar(OFFICE, shifts=roster)
    assert next_open(calendar, on(0, 10)) == on(0, 10)
    assert next_open(calendar, on(1, 0)) == on(1, 6)
    assert next_open(calendar, on(1, 8)) == on(3, 18)
    assert next_open(calendar, on(4, 1)) == on(4, 1)
    assert next_open(calendar, on(4, 2)) == on(7, 9)


def test_a_roster_cuts_the_weekly_night_before_it() -> None:
    calendar = WorkCalendar(NIGHTS, shifts=(Shift(on(1, 12), on(1, 20)),))
    assert is_open(calendar, on(0, 23))
    assert next_open(calendar, on(1, 0)) == on(1, 12)
    assert next_open(calendar, on(1, 20)) == on(2, 22)


def test_a_shift_of_several_days_is_open_throughout_but_for_holidays() -> None:
    on_call = (Shift(on(0, 8), on(4, 8)),)
    calendar = WorkCalendar(OFFICE, shifts=on_call, holidays=frozenset({MONDAY + timedelta(days=2)}))
    assert is_open(calendar, on(1, 23))
    assert next_open(calendar, on(2, 5)) == on(3, 0)
    assert is_open(calendar, on(4, 7, 59))


@pytest.mark.parametrize(
    ("asked", "days", "then"),
    [
        (on(0, 10), 0, on(0, 10)),
        (on(0, 10), 2, on(2, 10)),
        (on(3, 10), 2, on(7, 10)),
        (on(5, 10), 2, on(9, 9)),
        (on(0, 20), 1, on(2, 9)),
        (on(0, 10), 300, on(420, 10)),
    ],
)
def test_working_days_are_counted_over_weekends(asked: datetime, days: int, then: datetime) -> None:
    calendar = WorkCalendar(WorkingHours("UTC", OFFICE.week))
    assert add_working_days(calendar, asked, days) == then


def test_working_days_are_counted_over_holidays_and_after_leave() -> None:
    calendar = WorkCalendar(OFFICE, holidays=frozenset({MONDAY + timedelta(days=1)}))
    assert add_working_days(calendar, on(0, 10), 2) == on(3, 10)
    away = WorkCalendar(OFFICE, away_until=on(2, 11))
    assert add_working_days(away, on(0, 10), 1) == on(3, 11)


def test_a_night_counts_once_for_the_evening_it_begins() -> None:
    calendar = WorkCalendar(NIGHTS)
    assert add_working_days(calendar, on(1, 3), 1) == on(2, 3)
    assert add_working_days(calendar, on(5, 3), 1) == on(8, 3)
    assert add_working_days(calendar, on(0, 23), 1) == on(1, 23)


def test_a_shorter_day_moves_the_end_on_and_never_back() -> None:
    hours = WorkingHours(ZONE, (NINE_TO_FIVE, ((time(9), time(12)),), NINE_TO_FIVE, (), (), (), ()))
    assert add_working_days(WorkCalendar(hours), on(0, 15), 1) == on(2, 9)


def test_working_days_keep_clock_time_when_clocks_change() -> None:
    calendar = WorkCalendar(OFFICE)
    friday = at_local(date(2026, 10, 23), time(10), ZONE)
    assert add_working_days(calendar, friday, 1) == at_local(date(2026, 10, 26), time(10), ZONE)


@pytest.mark.parametrize(
    "calendar",
    [
        WorkCalendar(WorkingHours(ZONE, ((),) * 7)),
        WorkCalendar(OFFICE, away_until=on(500, 10)),
        WorkCalendar(OFFICE, holidays=frozenset(MONDAY + timedelta(days=n) for n in range(600))),
    ],
    ids=["no hours", "away too long", "always a holiday"],
)
def test_never_open_is_said_and_not_searched_for_ever(calendar: WorkCalendar) -> None:
    with pytest.raises(NeverOpen, match="400 days"):
        next_open(calendar, on(0, 10))
    with pytest.raises(NeverOpen):
        add_working_days(calendar, on(0, 10), 1)
    assert not is_open(calendar, on(0, 10))


def test_the_end_of_all_work_stops_a_count() -> None:
    calendar = WorkCalendar(WorkingHours(ZONE, ((),) * 7), shifts=(Shift(on(0, 9), on(0, 17)),))
    assert add_working_days(calendar, on(0, 8), 0) == on(0, 9)
    with pytest.raises(NeverOpen):
        add_working_days(calendar, on(0, 8), 1)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(UnknownZone):
        WorkingHours("Europe/Nowhere", OFFICE.week)
    with pytest.raises(ValueError, match="seven"):
        WorkingHours(ZONE, OFFICE.week[:6])
    with pytest.raises(ValueError, match="without a zone"):
        WorkingHours(ZONE, (((time(9, tzinfo=UTC), time(17)),),) * 7)
    with pytest.raises(ValueError, match="after it starts"):
        Shift(on(1, 9), on(1, 9))
    naive = on(1, 9).replace(tzinfo=None)
    for call in (
        lambda: Shift(naive, on(1, 9)),
        lambda: WorkCalendar(OFFICE, away_until=naive),
        lambda: next_open(WorkCalendar(OFFICE), naive),
    ):
        with pytest.raises(ValueError, match="no zone"):
            call()
    with pytest.raises(ValueError, match="negative"):
        add_working_days(WorkCalendar(OFFICE), on(0, 9), -1)
