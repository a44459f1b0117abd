"""Each accepted exposure has conversations of its own; no other one moves them, and one talk may stand for several."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from workflows.engine import (
    AskSupervisor,
    HeldInterview,
    Owed,
    PlanStage,
    Reason,
    after_interview,
    another_exposure,
    may_stand_for,
    schedule,
)
from workflows.loader import shipped
from workflows.programme import Anchor
from workflows.windows import StageWindow, WindowSettings

TRAUMA = shipped().get("trim_style_v1")
STRESS = shipped().get("straw_style_v1")
ZONE = ZoneInfo("Europe/London")
ENDED = datetime(2026, 11, 30, 9, tzinfo=UTC)
LATER = st.timedeltas(timedelta(), timedelta(days=400))
SETTINGS = st.sampled_from(Anchor).map(
    lambda anchor: WindowSettings((StageWindow("month", anchor=anchor),)),
)


@given(gap=LATER, late=LATER, settings=SETTINGS)
def test_another_exposure_is_planned_as_if_there_were_no_other(gap, late, settings):
    ended = ENDED + gap
    accepted = ended + late
    effects = another_exposure(
        TRAUMA, exposure_ended=ended, accepted_at=accepted, zone=ZONE, settings=settings
    )
    alone = schedule(TRAUMA, exposure_ended=ended, opened_at=accepted, zone=ZONE, settings=settings)
    assert effects == (*map(PlanStage, alone), AskSupervisor(Reason.SECOND_EXPOSURE))
    assert alone[0].opens_at >= ended + timedelta(hours=72)


def test_off_the_trauma_clock_nothing_follows():
    assert another_exposure(STRESS, exposure_ended=ENDED, accepted_at=ENDED, zone=ZONE) == ()


def test_yes_to_events_on_four_days_leaves_the_month_of_the_first_where_it_was():
    """Held on 3 December; events ended on 3, 20 and 29 December and on 20 January."""
    held_at = datetime(2026, 12, 3, 10, tzinfo=UTC)
    [month] = after_interview(TRAUMA, HeldInterview("first", held_at, held_at, ENDED), zone=ZONE)
    assert month.due_at == datetime(2026, 12, 28, 9, tzinfo=UTC)
    days = [(2026, 12, 3), (2026, 12, 20), (2026, 12, 29), (2027, 1, 20)]
    ends = [datetime(*day, 9, tzinfo=UTC) for day in days]
    planned = [
        {one.planned.stage_id: one.planned.due_at for one in effects if isinstance(one, PlanStage)}
        for effects in (
            another_exposure(TRAUMA, exposure_ended=one, accepted_at=one, zone=ZONE) for one in ends
        )
    ]
    assert [one["first"] for one in planned] == [end + timedelta(days=3) for end in ends]
    assert [one["month"] for one in planned] == [end + timedelta(days=28) for end in ends]


def owed(exposure, stage, days):
    return Owed(f"{exposure}-{stage}", exposure, stage, ENDED + timedelta(days=days))


def test_one_talk_stands_for_the_earliest_open_one_of_each_other_exposure():
    held = owed("a", "month", 21)
    waiting = [
        held,
        owed("b", "first", 10),
        owed("b", "month", 20),
        owed("c", "month", 22),
        owed("d", "first", 40),
    ]
    found = may_stand_for(TRAUMA, held, waiting, ENDED + timedelta(days=25))
    assert [one.id for one in found] == ["b-first", "c-month"]


@given(
    waiting=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(("first", "month")), st.integers(0, 60)),
        unique_by=lambda one: one[:2],
    ),
    day=st.integers(0, 60),
)
def test_a_talk_never_stands_for_what_may_not_be_held_yet_nor_for_two_of_one_exposure(waiting, day):
    held = owed("a", "first", 0)
    at = ENDED + timedelta(days=day)
    found = may_stand_for(TRAUMA, held, [owed(*one) for one in waiting], at)
    assert all(one.opens_at <= at and one.exposure != "a" for one in found)
    assert len({one.exposure for one in found}) == len(found)
