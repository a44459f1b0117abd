"""The shipped questionnaires keep the promises made about them."""

import re

import pytest

from assessments.loader import shipped
from assessments.questionnaire import ItemKind

FORMS = {form.key: form for form in shipped().questionnaires}


def words_of(form):
    yield from (form.title, form.note)
    for group in form.groups:
        yield from (group.title, group.prompt)
    for item in form.items():
        yield from (item.text, item.hint or "", *(option.text for option in item.options))


def test_the_first_checklist_has_ten_factors_in_three_parts():
    form = FORMS["trauma_first_v1"]
    parts = [(group.id, sum(item.kind is ItemKind.SCORED for item in group.items)) for group in form.groups]
    assert parts == [("before", 2), ("during", 2), ("after", 6), ("agreed", 0)]
    assert form.highest_total() == 20
    assert [item.id for item in form.scored_items() if not item.can_change] == ["earlier_events"]


def test_the_follow_up_never_asks_for_the_story_again():
    first, month = FORMS["trauma_first_v1"], FORMS["trauma_month_v1"]
    told = {item.id for group in first.groups if group.id == "during" for item in group.items}
    assert "during" not in {group.id for group in month.groups}
    assert {item.id for item in month.items()} == {item.id for item in first.items()} - told


def test_a_factor_keeps_its_words_from_form_to_form():
    texts = {item.id: item.text for item in FORMS["trauma_first_v1"].scored_items()}
    assert all(texts[item.id] == item.text for item in FORMS["trauma_month_v1"].scored_items())


STRESS = [f"stress_{form}_v{version}" for form in ("conversation", "follow_up") for version in (1, 2)]


@pytest.mark.parametrize("key", STRESS)
def test_stress_conversations_are_not_scored_and_end_in_a_plan(key):
    form = FORMS[key]
    assert not form.scored
    assert form.highest_total() == 0
    assert {"matters_most", "actions", "signposts", "agreed_date"} <= {item.id for item in form.items()}


@pytest.mark.parametrize("key", ["stress_conversation_v2", "stress_follow_up_v2"])
def test_a_guide_for_stress_asks_about_safety_and_once_about_every_way_to_get_by(key):
    items = {item.id: item for item in FORMS[key].items()}
    assert items["own_safety"].safety == {"now", "unsure"}
    assert items["others_safety"].safety == {"yes", "unsure"}
    ways = {option.id for option in items["getting_by"].options}
    assert {"nothing", "drinking", "medicines", "drugs", "gambling"} <= ways
    assert [item.id for item in items.values() if "drink" in item.text.lower()] == []
    assert "alcohol" not in items


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_words_are_plain_calm_and_promise_nothing(form):
    assert "Not a validated instrument." in form.note
    for text in words_of(form):
        assert not re.search(r"!|risk|diagnos|urgent|all clear|normal range|TRiM|StRaW", text, re.I)
        assert all(len(sentence.split()) < 20 for sentence in re.split(r"[.?]", text))
        assert "Sample" in form.note
