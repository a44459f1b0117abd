"""What an interview leads to: overrides outweigh any score, and nothing severe waits for a month."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine import (
    Advised,
    AskSupervisor,
    HeldInterview,
    MayClose,
    Override,
    PlanStage,
    Reason,
    SuggestReferral,
    SummonHelp,
    advance,
    after_interview,
)
from workflows.loader import shipped
from workflows.programme import UnknownStage
from workflows.windows import AgreedTooSoon

TRAUMA = shipped().get("trim_style_v1")
STRESS = shipped().get("straw_style_v1")
ZONE = ZoneInfo("Europe/London")
ENDED = datetime(2025, 6, 1, 9, tzinfo=UTC)
DAY_3 = ENDED + timedelta(days=3)
FIRST = HeldInterview("first", DAY_3, DAY_3, ENDED)
MONTH = HeldInterview("month", ENDED + timedelta(days=28), DAY_3, ENDED)
OVERRIDES = st.frozensets(st.sampled_from(Override))
ADVISED = st.sampled_from(Advised)


def effects_of(held, advised=Advised.NOTHING, overrides=frozenset(), programme=TRAUMA):
    return advance(programme, held, advised=advised, overrides=overrides, zone=ZONE)


@given(held=st.sampled_from([FIRST, MONTH]), advised=ADVISED, overrides=OVERRIDES)
def test_any_override_offers_a_referral_whatever_the_score(held, advised, overrides):
    effects = effects_of(held, advised, overrides)
    offered = [effect for effect in effects if isinstance(effect, SuggestReferral)]
    assert (effects[0] == SummonHelp()) == (Override.SAFETY in overrides)
    assert bool(offered) == bool(overrides or advised is Advised.OFFER_HELP)
    for offer in offered:
        assert {Reason(override.value) for override in overrides} <= set(offer.reasons)
    assert (AskSupervisor(Reason.UNEASY) in effects) == (Override.UNEASY in overrides)
    assert not (offered and MayClose() in effects)


@given(held=st.sampled_from([FIRST, MONTH]), advised=ADVISED, overrides=OVERRIDES, enough=st.booleans())
def test_an_interview_always_leads_somewhere(held, advised, overrides, enough):
    held = HeldInterview(held.stage_id, held.held_at, held.first_held_at, ENDED, no_more_wanted=enough)
    effects = effects_of(held, advised, overrides)
    assert any(isinstance(effect, PlanStage | SuggestReferral | MayClose) for effect in effects)
    assert not (enough and any(isinstance(effect, PlanStage) for effect in effects))


def test_a_severe_picture_at_day_3_does_not_wait_for_day_28():
    effects = effects_of(FIRST, overrides=frozenset({Override.CANNOT_FUNCTION}))
    assert effects[0] == SuggestReferral((Reason.CANNOT_FUNCTION,))
    assert isinstance(effects[-1], PlanStage)


def test_a_score_to_talk_over_goes_to_the_supervisor_and_no_further():
    effects = effects_of(FIRST, Advised.DISCUSS)
    assert effects[0] == AskSupervisor(Reason.SCORE)
    assert [type(effect) for effect in effects] == [AskSupervisor, PlanStage]


def test_a_quiet_month_may_close():
    assert effects_of(MONTH) == (MayClose(),)


@given(held_after=st.timedeltas(timedelta(days=3), timedelta(days=90)))
def test_the_month_counts_from_when_the_first_interview_was_really_held(held_after):
    held_at = ENDED + held_after
    (month,) = after_interview(TRAUMA, HeldInterview("first", held_at, held_at, ENDED), zone=ZONE)
    assert month.due_at == max(ENDED + timedelta(days=28), held_at + timedelta(days=21))
    assert month.opens_at > held_at


def stress(stage_id="follow_up", agreed_in=None, contacts=2):
    agreed_for = None if agreed_in is None else DAY_3 + timedelta(days=agreed_in)
    return HeldInterview(stage_id, DAY_3, ENDED, agreed_for=agreed_for, contacts=contacts)


@pytest.mark.parametrize(("agreed_in", "due_in"), [(None, 28), (10, 10), (3, 3)])
def test_after_a_conversation_the_agreed_date_or_four_weeks(agreed_in, due_in):
    (plan,) = after_interview(STRESS, stress("conversation", agreed_in, 1), zone=ZONE)
    assert plan.due_at == DAY_3 + timedelta(days=due_in)
    assert DAY_3 <= plan.opens_at <= plan.due_at <= plan.closes_at


def test_a_follow_up_may_be_held_again_until_the_contacts_are_used_up():
    again = effects_of(stress(agreed_in=14, contacts=5), programme=STRESS)
    assert [type(effect) for effect in again] == [PlanStage]
    used_up = effects_of(stress(agreed_in=14, contacts=6), programme=STRESS)
    assert used_up == (AskSupervisor(Reason.CONTACTS_USED), MayClose())


def test_with_no_further_date_agreed_a_follow_up_closes_plainly():
    assert effects_of(stress(), programme=STRESS) == (MayClose(),)


def test_an_agreed_date_must_lie_ahead():
    with pytest.raises(AgreedTooSoon):
        after_interview(STRESS, stress(agreed_in=0), zone=ZONE)


def test_a_stage_of_another_programme_is_refused():
    with pytest.raises(UnknownStage):
        effects_of(HeldInterview("follow_up", DAY_3, DAY_3, ENDED, no_more_wanted=True))
