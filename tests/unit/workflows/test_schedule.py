"""The 72 hours are a not-before in every zone, and a late start is a path."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine import ExposureNeeded, schedule
from workflows.loader import shipped
from workflows.programme import Anchor, Around
from workflows.windows import NaiveTime, SettingsRefused, StageWindow, WindowSettings, days_after, faults_in

TRAUMA = shipped().get("trim_style_v1")
STRESS = shipped().get("straw_style_v1")
LONDON = ZoneInfo("Europe/London")
# Zones whose clocks change, by an hour, by half an hour, or by a whole day; and some that never do.
ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "UTC"]
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DELAYS = st.timedeltas(timedelta(days=-3), timedelta(days=120))


@given(ended=MOMENTS, delay=DELAYS, zone=ZONES)
def test_nothing_opens_within_72_hours_or_before_the_case(ended, delay, zone):
    opened = ended + delay
    first, month = schedule(TRAUMA, exposure_ended=ended, opened_at=opened, zone=zone)
    assert first.opens_at == max(ended + timedelta(hours=72), opened)
    for plan in (first, month):
        assert plan.opens_at >= opened
        assert plan.opens_at <= plan.due_at <= plan.closes_at
        assert plan.opens_at.tzinfo is UTC
    assert first.closes_at - first.opens_at > timedelta(days=1)
    assert month.opens_at > first.opens_at


@given(ended=MOMENTS, zone=ZONES, window=st.integers(1, 14), anchor=st.sampled_from(Anchor))
def test_the_month_window_holds_day_28_whatever_the_site_sets(ended, zone, window, anchor):
    settings = WindowSettings((StageWindow("month", anchor=anchor, window_days=window),))
    _, month = schedule(TRAUMA, exposure_ended=ended, opened_at=ended, zone=zone, settings=settings)
    if anchor is Anchor.EXPOSURE_END:
        assert month.opens_at <= ended + timedelta(days=28) <= month.closes_at
    assert month.due_at >= days_after(ended, 28, zone)
    assert month.opens_at == days_after(month.due_at, -window, zone) or _wall_was_skipped(month.due_at, zone)


def _wall_was_skipped(due: datetime, zone: ZoneInfo) -> bool:
    """Within two weeks of a change of the clocks the same wall time cannot always be walked back to."""
    near = [(due + timedelta(days=day)).astimezone(zone).utcoffset() for day in range(-16, 17)]
    return len(set(near)) > 1


@given(ended=MOMENTS, late=st.timedeltas(timedelta(days=7), timedelta(days=400)), zone=ZONES)
def test_a_late_start_opens_now_and_moves_the_month(ended, late, zone):
    opened = ended + late
    first, month = schedule(TRAUMA, exposure_ended=ended, opened_at=opened, zone=zone)
    assert first.opens_at == first.due_at == opened
    assert month.due_at == max(days_after(ended, 28, zone), days_after(opened, 21, zone))


def test_day_7_and_day_28_keep_the_wall_time_across_a_change_of_the_clocks():
    ended = datetime(2025, 3, 26, 22, 30, tzinfo=LONDON)
    first, month = schedule(TRAUMA, exposure_ended=ended, opened_at=ended, zone=LONDON)
    assert first.opens_at == ended.astimezone(UTC) + timedelta(hours=72)
    assert first.closes_at == datetime(2025, 4, 2, 22, 30, tzinfo=LONDON)
    assert month.due_at == datetime(2025, 4, 23, 22, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2025-03-29T01:30+00:00", 1, "2025-03-30T01:30+00:00"),  # 01:30 is skipped: it becomes 02:30 BST.
        ("2025-10-25T00:30+00:00", 1, "2025-10-26T00:30+00:00"),  # 01:30 comes twice: the first is meant.
        ("2025-10-26T01:30+00:00", 364, "2026-10-25T00:30+00:00"),  # Also from a second 01:30.
    ],
)
def test_skipped_and_repeated_wall_times(start, days, expected):
    assert days_after(datetime.fromisoformat(start), days, LONDON) == datetime.fromisoformat(expected)


def test_a_site_may_close_the_first_stage_later_but_not_open_it_sooner():
    ended = datetime(2025, 6, 1, 9, tzinfo=UTC)
    settings = WindowSettings((StageWindow("first", closes_after_days=10),))
    first, _ = schedule(TRAUMA, exposure_ended=ended, opened_at=ended, zone=LONDON, settings=settings)
    assert first.closes_at == ended + timedelta(days=10)


def test_every_fault_in_a_sites_windows_is_told_at_once():
    settings = WindowSettings(
        (
            StageWindow("first", anchor=Anchor.FIRST_INTERVIEW, closes_after_days=3),
            StageWindow("month", window_days=30),
            StageWindow("nowhere"),
        )
    )
    assert len(faults_in(settings, TRAUMA)) == 4
    with pytest.raises(SettingsRefused, match="nowhere"):
        schedule(TRAUMA, exposure_ended=None, opened_at=datetime.now(UTC), zone=LONDON, settings=settings)


def test_a_sites_window_never_opens_before_the_first_interview():
    first, month = TRAUMA.stages
    soon = replace(TRAUMA, stages=(first, replace(month, timing=Around(Anchor.EXPOSURE_END, 28, 7, 10))))
    assert faults_in(WindowSettings((StageWindow("month", window_days=9),)), soon) == ()
    assert len(faults_in(WindowSettings((StageWindow("month", window_days=10),)), soon)) == 1


def test_without_a_trauma_clock_the_conversation_opens_at_once():
    opened = datetime(2025, 6, 1, 9, tzinfo=UTC)
    (conversation,) = schedule(STRESS, exposure_ended=None, opened_at=opened, zone=LONDON)
    assert conversation.opens_at == opened


def test_the_trauma_clock_needs_an_aware_end_of_the_exposure():
    now = datetime(2025, 6, 1, 9, tzinfo=UTC)
    with pytest.raises(ExposureNeeded):
        schedule(TRAUMA, exposure_ended=None, opened_at=now, zone=LONDON)
    with pytest.raises(NaiveTime):
        schedule(TRAUMA, exposure_ended=now.replace(tzinfo=None), opened_at=now, zone=LONDON)
