"""Times and days as people type them are read, and whatever may mean two things is refused with the right doubt."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.domain.as_typed import ClockTime, NotRead, Unclear, read_clock, read_day

EIGHT = time(8)
READ = {
    "08:00 AM": EIGHT,
    "8:00": EIGHT,
    "08:00": EIGHT,
    "08:00:00": EIGHT,
    "0800": EIGHT,
    "0800h": EIGHT,
    "8.00": EIGHT,
    "8h": EIGHT,
    "8h00": EIGHT,
    "8 am": EIGHT,
    "8a.m.": EIGHT,
    "8.30": time(8, 30),
    "8 pm": time(20),
    "8 P.M.": time(20),
    "8:05pm": time(20, 5),
    "20:00 pm": time(20),
    "12 am": time(0),
    "12:30 am": time(0, 30),
    "12 pm": time(12),
    "noon": time(12),
    "0:15 am": time(0, 15),
    "٠٨:٠٠": EIGHT,
    "۸:۳۰": time(8, 30),
    "०८:००": EIGHT,
    "８：００": EIGHT,
    "\u200f٨:٠٠\u00a0م": time(20),
    "٨:٠٠ ص": EIGHT,
    "۸:۰۰ ب.ظ.": time(20),
    "8:00\u202fPM": time(20),
    "\u200e8:00\u200e": EIGHT,
}
DOUBTS = {
    "8": Unclear.MORNING_OR_EVENING,
    "20": Unclear.MORNING_OR_EVENING,
    "800": Unclear.HOUR_OR_MINUTES,
    "130 pm": Unclear.HOUR_OR_MINUTES,
    "20:00 am": Unclear.CONTRADICTS,
    "0:30 pm": Unclear.CONTRADICTS,
    "midnight": Unclear.MIDNIGHT,
    "8:5": Unclear.NOT_READ,
    "25:00": Unclear.NOT_READ,
    "24:01": Unclear.NOT_READ,
    "24:00 pm": Unclear.CONTRADICTS,
    "8:60": Unclear.NOT_READ,
    "8-9": Unclear.NOT_READ,
    "99": Unclear.NOT_READ,
    "in the morning": Unclear.NOT_READ,
    "08:00+01:00": Unclear.NOT_READ,
}


@pytest.mark.parametrize("typed", READ)
def test_a_time_is_read_as_it_is_typed(typed: str) -> None:
    assert read_clock(typed) == ClockTime(READ[typed])


def test_24_00_is_the_end_of_the_day() -> None:
    assert (
        read_clock("24:00") == read_clock("2400") == read_clock("٢٤:٠٠") == ClockTime(time(0), next_day=True)
    )


@pytest.mark.parametrize("typed", DOUBTS)
def test_what_may_mean_two_things_says_why(typed: str) -> None:
    with pytest.raises(NotRead) as refused:
        read_clock(typed)
    assert refused.value.why is DOUBTS[typed]
    assert typed not in str(refused.value)


@given(st.times())
def test_every_time_of_the_clock_is_read_back(at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    half = "am" if at.hour < 12 else "pm"
    for text in (
        f"{at:%H:%M}",
        f"{at:%H%M}",
        f"{at.hour}:{at.minute:02d}",
        f"{at.hour % 12 or 12}:{at.minute:02d} {half}",
    ):
        assert read_clock(text).at == at


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotRead):
        assert isinstance(read_clock(text), ClockTime)
    with suppress(NotRead):
        assert isinstance(read_day(text), date)


DAY = date(2026, 11, 24)
DAYS = {
    "2026-11-24": DAY,
    "2026/11/24": DAY,
    "24/11/2026": DAY,
    "11/24/2026": DAY,
    "24.11.2026": DAY,
    "24 Nov 2026": DAY,
    "Tuesday, 24 November 2026": DAY,
    "November 24, 2026": DAY,
    "24th november 2026": DAY,
    "٢٠٢٦-١١-٢٤": DAY,
    "۲۴/۱۱/۲۰۲۶": DAY,
    "5/5/2026": date(2026, 5, 5),
    "3 Sept 2026": date(2026, 9, 3),
}


@pytest.mark.parametrize("typed", DAYS)
def test_a_day_is_read_as_it_is_typed(typed: str) -> None:
    assert read_day(typed) == DAYS[typed]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("03/05/2026", Unclear.DAY_OR_MONTH),
        ("3.5.2026", Unclear.DAY_OR_MONTH),
        ("24/11/26", Unclear.NOT_READ),
        ("30 February 2026", Unclear.NOT_READ),
        ("3 Ju 2026", Unclear.NOT_READ),
        ("3 Jul", Unclear.NOT_READ),
        ("tomorrow", Unclear.NOT_READ),
    ],
)
def test_a_day_that_may_be_two_says_so(typed: str, why: Unclear) -> None:
    with pytest.raises(NotRead) as refused:
        read_day(typed)
    assert refused.value.why is why
