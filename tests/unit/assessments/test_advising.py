"""Advice needs a signed threshold, outweighs nothing, and never refers a score stuck at zero."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.loader import shipped
from assessments.scoring import Advice, NotComparable, Threshold, ThresholdRefused, advise, compare, score

FIRST = shipped().get("trauma_first_v1")
MONTH = shipped().get("trauma_month_v1")
CHANGING = [item.id for item in MONTH.scored_items() if item.can_change]
SIGNED = Threshold(floor=6, step=3, signed_by="clinical lead", signed_on=date(2025, 1, 1))
THRESHOLDS = st.builds(
    Threshold,
    floor=st.integers(1, 20),
    step=st.integers(1, 20),
    signed_by=st.just("clinical lead"),
    signed_on=st.just(date(2025, 1, 1)),
)


def held(form, points=0, **answers):
    """An interview with these answers; the other changing items share out `points`, the rest are No."""
    spread = {item.id: "0" for item in form.scored_items()}
    for item in CHANGING:
        spread[item] = str(min(2, points))
        points -= min(2, points)
    return score(form, {key: value for key, value in (spread | answers).items() if value is not None})


SCORES = {
    form.key: st.builds(
        lambda drawn, form=form: score(form, {key: value for key, value in drawn.items() if value}),
        st.fixed_dictionaries(
            {item.id: st.sampled_from(["0", "1", "2", "not_discussed", ""]) for item in form.scored_items()}
        ),
    )
    for form in (FIRST, MONTH)
}


@given(first=st.none() | SCORES[FIRST.key], later=SCORES[MONTH.key], threshold=st.none() | THRESHOLDS)
def test_an_override_always_offers_help(first, later, threshold):
    assert advise(first, later, threshold, overridden=True) is Advice.OFFER_HELP


@given(threshold=THRESHOLDS)
def test_a_score_stuck_at_zero_never_refers(threshold):
    assert advise(None, held(FIRST), threshold, overridden=False) is Advice.NO_PROMPT
    assert advise(held(FIRST), held(MONTH), threshold, overridden=False) is Advice.NO_PROMPT


@given(first=SCORES[FIRST.key], later=SCORES[MONTH.key], threshold=THRESHOLDS)
def test_help_is_offered_on_a_known_change_alone(first, later, threshold):
    change = compare(first, later).change
    advice = advise(first, later, threshold, overridden=False)
    risen = change is not None and change >= threshold.step
    stuck = later.complete and change is not None and change >= 0 and later.total >= threshold.floor
    assert (advice is Advice.OFFER_HELP) == (risen or stuck)
    if not later.complete and not risen:
        assert advice is Advice.INCOMPLETE


@given(first=st.none() | SCORES[FIRST.key], later=SCORES[MONTH.key])
def test_without_a_signed_threshold_nothing_is_suggested(first, later):
    assert advise(first, later, None, overridden=False) is Advice.NONE_SET


@pytest.mark.parametrize(
    ("before", "now", "advice"),
    [
        (None, 5, Advice.NO_PROMPT),
        (None, 6, Advice.DISCUSS),
        (6, 6, Advice.OFFER_HELP),
        (9, 6, Advice.DISCUSS),
        (5, 4, Advice.NO_PROMPT),
        (1, 3, Advice.NO_PROMPT),
        (1, 4, Advice.OFFER_HELP),
    ],
)
def test_the_rule_by_example(before, now, advice):
    first = None if before is None else held(FIRST, before)
    assert advise(first, held(MONTH, now), SIGNED, overridden=False) is advice


def test_a_trend_that_is_not_known_is_talked_over_or_called_incomplete():
    first = held(FIRST, 8, daily_life=None)
    assert advise(first, held(MONTH, 8), SIGNED, overridden=False) is Advice.DISCUSS
    assert advise(first, held(MONTH, 2), SIGNED, overridden=False) is Advice.INCOMPLETE


def test_a_rise_is_seen_beside_an_item_that_was_not_discussed():
    later = held(MONTH, 6, earlier_events="not_discussed")
    assert advise(held(FIRST, 1), later, SIGNED, overridden=False) is Advice.OFFER_HELP


def test_only_shared_items_that_can_change_are_compared():
    first = held(FIRST, 4, out_of_control="2", life_in_danger="2", earlier_events="2")
    comparison = compare(first, held(MONTH, 5))
    assert [factor.item_id for factor in comparison.factors] == CHANGING
    assert comparison.change == 1


def test_an_item_left_out_at_either_time_leaves_the_change_unknown():
    comparison = compare(held(FIRST, 4, daily_life=None), held(MONTH, 4, drinking_more="not_discussed"))
    assert comparison.change is None
    assert comparison.left_out == ("daily_life", "drinking_more")


def test_forms_that_declare_no_kinship_are_not_compared():
    with pytest.raises(NotComparable):
        compare(held(MONTH), held(FIRST))
    assert compare(held(FIRST, 2), held(FIRST, 3)).change == 1


@pytest.mark.parametrize("other", ["a_form", "z_form"])
def test_no_form_is_compared_with_one_of_another_name_whichever_comes_first(other):
    stranger = replace(held(FIRST), questionnaire_id=other, compares_with=frozenset())
    for first, later in ((held(FIRST), stranger), (stranger, held(FIRST))):
        with pytest.raises(NotComparable):
            compare(first, later)


@pytest.mark.parametrize(("floor", "step", "name"), [(0, 1, "lead"), (1, 0, "lead"), (1, 1, " ")])
def test_a_threshold_is_signed_and_above_zero(floor, step, name):
    with pytest.raises(ThresholdRefused):
        Threshold(floor, step, name, date(2025, 1, 1))
