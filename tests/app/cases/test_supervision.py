"""Whatever asks for the lead reaches them, without a word of whom it is about; it climbs like any other work."""

from __future__ import annotations

import pytest

from tests.app.cases.test_changing_hands import event, hold
from tests.builders import Town
from tests.reading import buttons, everything_in, words_of
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.supervision import ask_lead
from trim_bot.app.cases.supervision_screens import REASONS
from trim_bot.app.seam.views import Done, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind
from workflows.engine import Reason

pytestmark = pytest.mark.anyio


async def step_of(town: Town) -> Step:
    [step] = await town.all(Step, kind=StepKind.SUPERVISION, state=OPEN_STATES)
    return step


async def ask(town: Town, *reasons: Reason) -> None:
    def body(work: UnitOfWork) -> None:
        for reason in reasons:
            [case] = work.tx.find(Case)
            ask_lead(work, case, reason)

    await town.work(body)
    await town.clockwork.drain()


async def waiting(town: Town, name: str) -> View:
    """What has come to somebody, opened from the list of what waits."""
    return await town.press(name, await town.say(name, "peer", "due"), "open", 0)


@pytest.mark.parametrize("reason", list(Reason))
async def test_every_reason_reaches_the_lead_without_a_name(town: Town, reason: Reason) -> None:
    await event(town, "nurse")
    await ask(town, reason)
    assert (await step_of(town)).holder == town.ids["lena"]
    page = await waiting(town, "lena")
    assert isinstance(page, Done) and page.name == "supervision"
    said = words_of(page)
    assert REASONS[reason] in said and "Priya" in said
    carried = everything_in(page)
    assert "Nurse" not in carried and town.ids["nurse"] not in carried


async def test_being_uneasy_at_the_end_of_a_talk_asks_the_lead(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(days=3)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    result = await hold(town, "priya", case, "uneasy")
    assert "We ask the lead to talk this over with you" in words_of(result)
    assert (await step_of(town)).holder == town.ids["lena"]
    [found] = await town.all(Case)
    assert found.asks == (Reason.UNEASY,)


async def test_several_reasons_are_one_wait_and_end_together(town: Town) -> None:
    await event(town, "nurse")
    await ask(town, Reason.UNEASY, Reason.SECOND_EXPOSURE, Reason.UNEASY)
    page = await waiting(town, "lena")
    assert REASONS[Reason.UNEASY] in words_of(page) and REASONS[Reason.SECOND_EXPOSURE] in words_of(page)
    await town.press("lena", page, "talked_over")
    [case] = await town.all(Case)
    assert case.asks == ()
    assert await town.all(Step, kind=StepKind.SUPERVISION, state=OPEN_STATES) == []


async def test_it_opens_nothing_of_the_case(town: Town) -> None:
    await event(town, "nurse")
    await ask(town, Reason.UNEASY)
    assert not buttons(await town.say("lena", "peer", "cases"), "case")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    refused = await town.press("lena", case, "safety")
    assert isinstance(refused, Done) and refused.name == "not_open"


async def test_nobody_talks_over_a_case_with_themself(town: Town) -> None:
    """The lead holds it, so the deputy is asked; nobody else is left after that."""
    await event(town, "nurse")
    case = await town.write(lambda tx: tx.find(Case)[0])
    await town.work(lambda work: _give(work, case, town.ids["lena"]))
    await ask(town, Reason.UNEASY)
    assert (await step_of(town)).holder == town.ids["dev"]


async def test_what_no_lead_does_climbs_to_the_end_and_stays_there(town: Town) -> None:
    await event(town, "nurse")
    await town.in_touch("priya")
    await ask(town, Reason.UNEASY)
    for _ in range(8):
        await town.pass_time(days=1)
    assert (await step_of(town)).rung is Rung.NOBODY
    listed = await town.say("lena", "waiting")
    seen = [await town.press("lena", listed, "open", nth) for nth in range(len(buttons(listed, "open")))]
    assert "supervision" in {one.name for one in seen if isinstance(one, Done)}


def _give(work: UnitOfWork, case: Case, holder: MemberId) -> None:
    give(work, case, holder)


async def test_the_words_cover_every_reason() -> None:
    assert set(REASONS.words) == set(Reason)
