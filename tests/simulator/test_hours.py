"""The product and the simulator work out working hours apart, and agree, also where the clocks change."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.hours import spans
from tests.simulator.people import EARLY, NIGHTS, OFFICE, Person, rota
from trim_bot.domain.calendar import Shift, WorkCalendar, WorkingHours, next_open
from trim_bot.domain.people import Address, Platform
from trim_bot.locale.public_holidays import PublicHolidays

CHANGES = {
    "Europe/London": (datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 14, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 10, 3, tzinfo=UTC), datetime(2027, 4, 3, tzinfo=UTC)),
    "Australia/Perth": (datetime(2026, 10, 3, tzinfo=UTC), datetime(2027, 4, 3, tzinfo=UTC)),
}


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("seed", range(6))
def test_hours_and_rosters_are_the_same_twice_across_a_change_of_clocks(zone: str, seed: int) -> None:
    chance = random.Random(f"{zone} {seed}")
    for change in CHANGES[zone]:
        begin = change - timedelta(days=chance.randrange(4, 12))
        shifts = rota(zone, begin.date(), 3, chance) if seed % 2 else ()
        week = chance.choice((OFFICE, EARLY, NIGHTS))
        away = (begin - timedelta(days=9), begin + timedelta(days=chance.randrange(6))) if seed > 3 else None
        person = Person("P", (Address(Platform.SLACK, "T1", "U1"),), frozenset(), zone, week, shifts, away)
        end = begin + timedelta(days=30)
        holidays = PublicHolidays().between("GB", "ENG", begin.date(), end.date())
        calendar = WorkCalendar(
            WorkingHours(zone, week),
            tuple(Shift(*one) for one in shifts),
            away[1] if away else None,
            holidays,
        )
        ours = spans(person, (zone, "GB", "ENG"), begin, end)
        at = begin
        while at < end - timedelta(days=8):
            first = next_open(calendar, at)
            expected = next(max(start, at) for start, stop in ours if stop > at)
            assert first == expected, (zone, seed, at)
            at += timedelta(minutes=chance.randrange(7, 200))


def test_a_night_is_one_stretch_also_when_it_is_asked_for_after_midnight() -> None:
    night = datetime(2026, 9, 27, 22, tzinfo=UTC), datetime(2026, 9, 28, 6, tzinfo=UTC)
    person = Person("P", (), frozenset(), "UTC", None, (night,))
    found = spans(person, ("UTC", "GB", "ENG"), datetime(2026, 9, 28, tzinfo=UTC), night[1])
    assert found == [night]
