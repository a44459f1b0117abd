"""A second exposure joins the open case; it never silently restarts what was held."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from workflows.effects import AskSupervisor, PlanStage, Reason
from workflows.engine import Held, after_interview, merge_second_exposure, schedule
from workflows.loader import shipped
from workflows.programme import Anchor
from workflows.settings import StageWindow, WindowSettings

TRAUMA = shipped().get("trim_style_v1")
STRESS = shipped().get("straw_style_v1")
ZONE = ZoneInfo("America/New_York")
ENDED = datetime(2025, 10, 20, 9, tzinfo=UTC)
GAPS = st.timedeltas(timedelta(days=-20), timedelta(days=40))
SETTINGS = st.sampled_from(Anchor).map(
    lambda anchor: WindowSettings((StageWindow("month", anchor=anchor),)),
)


def merged(planned, second_ended, *, held_at=None, settings=WindowSettings(), programme=TRAUMA):  # noqa: B008
    effects = merge_second_exposure(
        programme,
        planned,
        exposure_ended=ENDED,
        second_ended=second_ended,
        opened_at=ENDED,
        first_held_at=held_at,
        zone=ZONE,
        settings=settings,
    )
    moved = {effect.planned.stage_id: effect.planned for effect in effects if isinstance(effect, PlanStage)}
    return effects, {plan.stage_id: moved.get(plan.stage_id, plan) for plan in planned}, moved


@given(gap=GAPS, settings=SETTINGS)
def test_before_the_first_interview_the_clock_counts_from_the_last_exposure(gap, settings):
    planned = schedule(TRAUMA, exposure_ended=ENDED, opened_at=ENDED, zone=ZONE, settings=settings)
    _, now, moved = merged(planned, ENDED + gap, settings=settings)
    assert now["first"].opens_at >= ENDED + max(gap, timedelta()) + timedelta(hours=72)
    for old in planned:
        new = now[old.stage_id]
        assert new.opens_at >= old.opens_at
        assert new.due_at >= old.due_at
        assert new.opens_at <= new.due_at <= new.closes_at
    assert bool(moved) == (gap > timedelta())


@given(gap=GAPS, settings=SETTINGS)
def test_a_held_first_interview_is_never_restarted_in_silence(gap, settings):
    held_at = ENDED + timedelta(days=4)
    held = Held("first", held_at, held_at, ENDED)
    planned = after_interview(TRAUMA, held, zone=ZONE, settings=settings)
    effects, now, moved = merged(planned, ENDED + gap, held_at=held_at, settings=settings)
    assert "first" not in moved
    assert effects[-1] == AskSupervisor(Reason.SECOND_EXPOSURE)
    assert now["month"].due_at >= planned[0].due_at
    assert now["month"].due_at >= ENDED + gap + timedelta(days=28)


def test_off_the_trauma_clock_nothing_changes():
    planned = schedule(STRESS, exposure_ended=None, opened_at=ENDED, zone=ZONE)
    effects, _, _ = merged(planned, ENDED + timedelta(days=1), programme=STRESS)
    assert effects == ()
