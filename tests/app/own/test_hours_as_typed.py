"""Hours as people write them come back as the calendar keeps them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.app.own.handlers import MONDAY_TO_FRIDAY, HoursNotRead, read_hours, write_hours

NINE_TO_FIVE = ((time(9), time(17)),)


@pytest.mark.parametrize("text", ["09:00-17:00", "9:00 - 17:00", "9.00–17.00", " 09:00 to 17:00 "])
def test_the_usual_ways_to_write_hours_are_read(text: str) -> None:
    hours = read_hours(text, MONDAY_TO_FRIDAY, "Europe/London")
    assert hours is not None
    assert hours.week == (NINE_TO_FIVE,) * 5 + ((), ())


def test_several_stretches_and_single_days() -> None:
    hours = read_hours("08:00-12:00, 22:00-06:00", ("6",), "Europe/London")
    assert hours is not None
    assert hours.week[6] == ((time(8), time(12)), (time(22), time(6)))
    assert not any(hours.week[:6])


def test_nothing_typed_is_no_hours() -> None:
    assert read_hours("  ", MONDAY_TO_FRIDAY, "Europe/London") is None
    assert write_hours(None) == ("", MONDAY_TO_FRIDAY)


@pytest.mark.parametrize(
    "text", ["9-5", "09:00", "24:00-25:00", "09:60-17:00", "09:00-17:00-18:00", ",", "a secret"]
)
def test_what_is_no_hours_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(HoursNotRead) as refused:
        read_hours(text, MONDAY_TO_FRIDAY, "Europe/London")
    assert text not in str(refused.value)


minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(
    st.lists(st.tuples(minutes, minutes), min_size=1, max_size=4),
    st.sets(st.sampled_from("0123456"), min_size=1),
)
def test_what_is_written_reads_the_same(spans: list[tuple[time, time]], days: set[str]) -> None:
    text = ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)
    hours = read_hours(text, days, "Europe/London")
    assert write_hours(hours) == (text, tuple(sorted(days)))
