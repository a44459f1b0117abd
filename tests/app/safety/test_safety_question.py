"""The guides for stress ask about safety; an answer of danger leads on to help, and calls nobody by itself."""

from __future__ import annotations

import pytest

from tests.app.beginnings import step_of
from tests.builders import Town
from tests.reading import form_of, name_of, words_of
from trim_bot.app.cases.opening import open_case
from trim_bot.app.seam.views import View
from trim_bot.domain.cases import Case, CheckIn, Interview
from trim_bot.domain.steps import StepKind

pytestmark = pytest.mark.anyio


async def begun(town: Town, programme: str) -> Case:
    """A talk about stress that Priya holds."""
    return await town.work(
        lambda work: open_case(
            work, member_id=town.ids["nurse"], programme=programme, holder=town.ids["priya"], exposure_ended=None,
        )
    )  # fmt: skip


async def at_safety(town: Town) -> View:
    """The page of the guide that asks about safety."""
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    page = await town.send("priya", await town.press("priya", case, "interview"), acknowledged=True)
    while form_of(page).title != "Keeping safe":
        page = await town.send("priya", page)
    return page


@pytest.mark.parametrize(
    ("answers", "leads"),
    [
        ({"q_own_safety": "now"}, True),
        ({"q_own_safety": "unsure"}, True),
        ({"q_others_safety": "yes"}, True),
        ({"q_own_safety": "before", "q_others_safety": "no"}, False),
        ({"q_own_safety": "not_discussed"}, False),
        ({}, False),
    ],
)
async def test_what_is_answered_leads_on_to_help_and_calls_nobody(
    town: Town, answers: dict[str, str], leads: bool
) -> None:
    await begun(town, "straw_style_v2")
    page = await town.send("priya", await at_safety(town), **answers)
    assert (name_of(page) == "safety") is leads
    assert await step_of(town, kind=StepKind.SAFETY) == []
    [draft] = await town.all(Interview)
    assert {
        f"q_{id}": answer for id, answer in draft.answers.items() if id.endswith("_safety") and answer
    } == answers


async def test_going_on_afterwards_leads_to_the_next_page_and_not_there_again(town: Town) -> None:
    await begun(town, "straw_style_v2")
    asked = await at_safety(town)
    page = await town.send("priya", asked, q_own_safety="now")
    case = await town.press("priya", page, "case")
    page = await town.press("priya", case, "interview")
    assert form_of(page).title == "Plan and next step"
    again = await town.press("priya", page, "back")
    assert form_of(again).title == "Keeping safe"
    assert name_of(await town.send("priya", again, q_own_safety="now")) != "safety"


async def test_a_talk_that_began_before_keeps_its_guide(town: Town) -> None:
    await begun(town, "straw_style_v1")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    page = await town.send("priya", await town.press("priya", case, "interview"), acknowledged=True)
    seen = words_of(page)
    while name_of(page) == "questions":
        page = await town.send("priya", page)
        seen += words_of(page)
    assert "Alcohol" in seen
    [draft] = await town.all(Interview)
    assert draft.questionnaire == "stress_conversation_v1"
    assert await town.all(CheckIn)
