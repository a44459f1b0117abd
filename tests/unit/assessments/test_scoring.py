"""Scores are bounded and monotone, and what was not discussed is never zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.loader import shipped
from assessments.questionnaire import NOT_DISCUSSED
from assessments.scoring import AnswerRefused, NotScored, score

FORMS = [shipped().get("trauma_first_v1"), shipped().get("trauma_month_v1")]
ANYTHING = st.sampled_from(["0", "1", "2", NOT_DISCUSSED, None])


@st.composite
def interviews(draw, answers=ANYTHING):
    form = draw(st.sampled_from(FORMS))
    drawn = {item.id: draw(answers) for item in form.scored_items()}
    return form, {item: answer for item, answer in drawn.items() if answer is not None}


@given(interview=interviews())
def test_a_total_is_bounded_and_only_for_complete_interviews(interview):
    form, answers = interview
    scored = score(form, answers)
    items = len(form.scored_items())
    missing = items - sum(answer != NOT_DISCUSSED for answer in answers.values())
    assert scored.complete == (missing == 0)
    assert scored.answered == items - missing == items - len(scored.not_discussed)
    assert scored.highest == 2 * items
    assert scored.total is None or 0 <= scored.total <= scored.highest


@given(interview=interviews(st.sampled_from(["0", "1", "2"])), which=st.integers(0, 100))
def test_more_points_on_one_item_never_lower_the_total(interview, which):
    form, answers = interview
    item = list(answers)[which % len(answers)]
    more = answers | {item: str(min(2, int(answers[item]) + 1))}
    before, after = score(form, answers).total, score(form, more).total
    assert before is not None
    assert after == before + int(more[item]) - int(answers[item])


@given(interview=interviews(), seed=st.randoms())
def test_the_order_of_answers_does_not_matter(interview, seed):
    form, answers = interview
    shuffled = list(answers.items())
    seed.shuffle(shuffled)
    assert score(form, dict(shuffled)) == score(form, answers)


@given(
    interview=interviews(st.just("0")), which=st.integers(0, 100), left=st.sampled_from([None, NOT_DISCUSSED])
)
def test_one_item_left_out_of_a_row_of_noes_makes_it_incomplete_not_zero(interview, which, left):
    form, answers = interview
    assert score(form, answers).total == 0
    item = list(answers)[which % len(answers)]
    rest = {key: value for key, value in answers.items() if key != item}
    scored = score(form, rest if left is None else rest | {item: left})
    assert scored.total is None
    assert scored.not_discussed == (item,)


@pytest.mark.parametrize("answer", ["3", "", "No", ("1",), True])
def test_an_answer_that_is_no_option_is_refused_without_being_repeated(answer):
    with pytest.raises(AnswerRefused, match=r"^An answer does not fit this questionnaire\.$"):
        score(FORMS[0], {"out_of_control": answer})


def test_an_answer_to_no_item_is_refused():
    with pytest.raises(AnswerRefused):
        score(FORMS[1], {"out_of_control": "1"})


def test_words_typed_beside_the_checklist_count_for_nothing():
    assert score(FORMS[0], {"agreed_actions": "2"}).answered == 0


def test_a_conversation_has_no_score():
    with pytest.raises(NotScored):
        score(shipped().get("stress_conversation_v1"), {})
