"""Every zone over ten years: opening times are open, first, and keep the rules for gaps and folds."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.working_time import is_open
from trim_bot.domain.calendar import (
    DayHours,
    WorkCalendar,
    WorkingHours,
    add_working_days,
    next_open,
)
from trim_bot.domain.zones import at_local, known_zone, local

ZONES = sorted(zone for zone in available_timezones() if known_zone(zone))
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
MINUTES = int((LAST - FIRST) / timedelta(minutes=1))
NOON = time(12)
instants = st.integers(0, MINUTES).map(lambda n: FIRST + timedelta(minutes=n))
DAYS: DayHours = ((time(9), time(12, 30)), (time(13, 15), time(17)))
NIGHTS: DayHours = ((time(21, 30), time(5, 45)),)
WEEKS = {"days": (DAYS,) * 5 + ((), ()), "nights": (NIGHTS, (), NIGHTS, NIGHTS, (), NIGHTS, ())}


def works(calendar: WorkCalendar, instant: datetime) -> bool:
    """Working time told from the clock on the wall alone, without any of the product's arithmetic."""
    if calendar.away_until is not None and instant < calendar.away_until:
        return False
    wall = instant.astimezone(ZoneInfo(calendar.hours.zone)).replace(tzinfo=None)
    today, yesterday, clock = wall.date(), wall.date() - timedelta(days=1), wall.time()
    if today in calendar.holidays:
        return False
    begun = any(
        start <= clock and (clock < end or end <= start)
        for start, end in calendar.hours.week[today.weekday()]
    )
    running = yesterday not in calendar.holidays and any(
        end <= start and clock < end for start, end in calendar.hours.week[yesterday.weekday()]
    )
    return begun or running


def sample(zone: str, week: str, random_: random.Random) -> tuple[WorkCalendar, datetime]:
    asked = FIRST + timedelta(minutes=random_.randrange(MINUTES))
    day = asked.date()
    holidays = frozenset(day + timedelta(days=random_.randrange(-1, 9)) for _ in range(random_.randrange(3)))
    away = asked + timedelta(minutes=random_.randrange(8000)) if random_.random() < 0.3 else None
    return WorkCalendar(WorkingHours(zone, WEEKS[week]), (), away, holidays), asked


@pytest.mark.parametrize("week", WEEKS)
def test_in_every_zone_the_next_opening_is_open_and_not_before(week: str) -> None:
    chance = random.Random(week)  # noqa: S311
    for zone in ZONES:
        for _ in range(8):
            calendar, asked = sample(zone, week, chance)
            opens = next_open(calendar, asked)
            assert opens >= asked, (calendar, asked)
            assert works(calendar, opens), (calendar, asked)
            assert opens == asked or not works(calendar, opens - timedelta(minutes=1)), (calendar, asked)
            assert next_open(calendar, opens) == opens
            assert is_open(calendar, asked) == works(calendar, asked), (calendar, asked)


@given(st.sampled_from(ZONES), st.sampled_from(sorted(WEEKS)), st.randoms(use_true_random=False))
def test_no_open_minute_is_passed_over(zone: str, week: str, chance: random.Random) -> None:
    calendar, asked = sample(zone, week, chance)
    opens = next_open(calendar, asked)
    assert works(calendar, opens)
    minute = asked
    while minute < opens:
        assert not works(calendar, minute)
        minute += timedelta(minutes=1)


def changes(zone: str) -> list[tuple[date, timedelta]]:
    """The days of the ten years on which clocks in the zone change, and by how much they go forward."""
    found = []
    day = FIRST
    place = ZoneInfo(zone)
    while day < LAST:
        before, after = (
            at.astimezone(place).utcoffset() or timedelta() for at in (day, day + timedelta(days=1))
        )
        if before != after:
            found.append((day.date(), after - before))
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize("zone", ["Europe/London", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe"])
def test_around_every_change_each_clock_time_keeps_the_rules(zone: str) -> None:
    place = ZoneInfo(zone)
    found = changes(zone)
    assert len(found) >= 18
    for around, _ in found:
        wall = datetime.combine(around - timedelta(days=1), time())
        before = at_local(wall.date(), time(), zone)
        for _ in range(3 * 96):
            instant = at_local(wall.date(), wall.time(), zone)
            shown = instant.astimezone(place)
            assert before <= instant
            assert shown.fold == 0
            if shown.replace(tzinfo=None) != wall:
                last = (instant - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None)
                assert last < wall < shown.replace(tzinfo=None)
            before = instant
            wall += timedelta(minutes=15)


def test_the_missing_hour_moves_to_its_end_and_the_repeated_one_is_the_first() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert at_local(spring, time(1, 30), "Europe/London") == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert at_local(spring, time(1, 30, 5, 7), "Europe/London") == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert at_local(autumn, time(1, 30), "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert at_local(autumn, time(1, 30, fold=1), "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_never_was_is_passed_over() -> None:
    midnight = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert at_local(date(2011, 12, 30), NOON, "Pacific/Apia") == midnight
    assert at_local(date(2011, 12, 31), time(), "Pacific/Apia") == midnight
    calendar = WorkCalendar(WorkingHours("Pacific/Apia", (((time(9), time(17)),),) * 7))
    assert next_open(calendar, midnight) == midnight + timedelta(hours=9)


def test_hours_that_touch_the_missing_or_repeated_hour() -> None:
    hours = WorkCalendar(WorkingHours("Europe/London", (((time(1, 15), time(1, 45)),),) * 7))
    # In spring the stretch lies wholly in the gap, so that day has none; in autumn only the first counts.
    assert next_open(hours, datetime(2026, 3, 29, 0, tzinfo=UTC)) == datetime(2026, 3, 30, 0, 15, tzinfo=UTC)
    assert next_open(hours, datetime(2026, 10, 25, 0, tzinfo=UTC)) == datetime(
        2026, 10, 25, 0, 15, tzinfo=UTC
    )
    assert next_open(hours, datetime(2026, 10, 25, 1, tzinfo=UTC)) == datetime(
        2026, 10, 26, 1, 15, tzinfo=UTC
    )
    begins = WorkCalendar(WorkingHours("Europe/London", (((time(1, 30), time(4)),),) * 7))
    assert next_open(begins, datetime(2026, 3, 29, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@given(st.sampled_from(ZONES), instants)
def test_an_instant_comes_back_from_its_clock_time_unless_it_is_a_repeat(
    zone: str, instant: datetime
) -> None:
    shown = local(instant, zone)
    assert shown == instant
    back = at_local(shown.date(), shown.time(), zone)
    assert (back == instant) == (shown.fold == 0)


@given(st.sampled_from(ZONES), st.sampled_from(sorted(WEEKS)), instants, st.integers(0, 12))
def test_more_working_days_never_end_sooner(zone: str, week: str, asked: datetime, days: int) -> None:
    calendar = WorkCalendar(WorkingHours(zone, WEEKS[week]))
    one, two = (add_working_days(calendar, asked, count) for count in (days, days + 1))
    assert asked <= one < two
    assert works(calendar, one)
    assert local(two, zone).date() > local(one, zone).date()


def test_only_iana_names_are_zones() -> None:
    assert len(ZONES) > 400
    assert all(known_zone(zone) for zone in ("UTC", "Europe/London", "Asia/Kathmandu"))
    for name in ("", "Factory", "localtime", "europe/london", "../etc/passwd", "GMT+25", "Europe"):
        assert not known_zone(name)
