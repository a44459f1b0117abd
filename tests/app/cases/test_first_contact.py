"""After a yes, or once a request is taken, somebody gets in touch: who, by when, and what follows if they cannot."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.app.cases.test_changing_hands import event, hold
from tests.builders import MONDAY, Town, log_values
from tests.reading import buttons, everything_in, form_of, words_of
from trim_bot.app.cases.supervision_screens import REASONS
from trim_bot.app.seam.views import Choice, Done
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.records import Measure
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState
from workflows.engine import Reason

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
PROMISED = MONDAY + DAY + timedelta(hours=7)
"""The end of work on the day that is promised after a yes on Monday at ten."""


async def contacts(town: Town) -> list[Step]:
    return await town.all(Step, kind=StepKind.FIRST_CONTACT, order_by="opens_at")


async def the_contact(town: Town) -> Step:
    [step] = [one for one in await contacts(town) if one.state in OPEN_STATES]
    return step


async def figures(town: Town) -> tuple[int, int]:
    found = await town.write(lambda tx: tx.counts.totals("2026-Q4"))
    return found[Measure.REACHED], found[Measure.REACHED_IN_TIME]


async def taken(town: Town, *, named: bool) -> None:
    form = await town.say("nurse", "support")
    await town.send("nurse", form, name="named" if named else "unnamed", text="words", contact="")
    await town.clockwork.drain()
    await town.press("priya", await town.open("priya"), "take_request")


async def test_the_answer_to_a_yes_says_who_and_by_when_and_so_does_the_own_page(town: Town) -> None:
    await event(town, "nurse", answer="offer_later")
    said = await town.press("nurse", await town.open("nurse"), "offer_yes")
    assert "Priya gets in touch with you by Tuesday 24 November." in words_of(said)
    assert "Priya gets in touch with you by Tuesday 24 November." in words_of(await town.say("nurse", "me"))


async def test_a_talk_waits_72_hours_and_a_call_does_not(town: Town) -> None:
    await event(town, "nurse")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    form = form_of(await town.press("priya", case, "first_contact"))
    assert "A call or a message is fine now. The talk itself waits until Thursday 26 November" in words_of(
        form
    )
    assert [option.value for one in form.inputs() if isinstance(one, Choice) for option in one.options] == [
        "reached", "left_word", "not_yet",
    ]  # fmt: skip
    too_early = await town.press("priya", case, "move")
    assert form_of(too_early)
    assert not buttons(case, "interview")


async def test_reached_in_time_is_counted_and_nothing_waits_any_more(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(hours=20)
    await town.in_touch("priya")
    assert await figures(town) == (1, 1)
    assert [one.state for one in await contacts(town)] == [StepState.DONE]
    assert "gets in touch" not in everything_in(await town.say("nurse", "me"))


async def test_reached_after_the_day_is_counted_as_reached_only(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(days=2)
    late = words_of(await town.say("nurse", "me"))
    assert "You were to hear from us by Tuesday 24 November. We are sorry." in late
    await town.in_touch("priya")
    assert await figures(town) == (1, 0)


async def test_what_nobody_does_climbs_to_the_end_and_lateness_stays(town: Town) -> None:
    await event(town, "nurse")
    promised = (await the_contact(town)).promised_at
    assert promised == PROMISED
    rungs: list[Rung] = []
    for _ in range(9):
        await town.pass_time(days=1)
        step = await the_contact(town)
        assert step.promised_at == promised
        rungs += [step.rung] if step.rung not in rungs else []
    assert rungs[-1] is Rung.NOBODY
    assert rungs == [
        one for one in (Rung.ASSIGNED, Rung.COVER, Rung.LEAD, Rung.DEPUTY, Rung.NOBODY) if one in rungs
    ]
    week = await town.write(lambda tx: tx.counts.totals("2026-Q4"))
    assert week[Measure.NO_OWNER] == 1


async def test_word_left_waits_again_and_after_three_tries_the_lead_is_asked(town: Town) -> None:
    await event(town, "nurse")
    await town.in_touch("priya", "left_word")
    assert (await the_contact(town)).opens_at == MONDAY + 2 * DAY
    assert "Priya has tried to reach you, and tries again." in words_of(await town.say("nurse", "me"))
    await town.pass_time(days=2)
    await town.in_touch("priya", "not_yet")
    assert (await the_contact(town)).opens_at == MONDAY + 3 * DAY
    await town.pass_time(days=1)
    await town.in_touch("priya", "not_yet")
    assert not [one for one in await contacts(town) if one.state in OPEN_STATES]
    assert "Priya has tried to reach you" in words_of(await town.say("nurse", "me"))
    await town.clockwork.drain()
    page = await town.open("lena")
    assert isinstance(page, Done) and page.name == "supervision"
    assert REASONS[Reason.NOT_REACHED] in words_of(page)
    assert "Nurse" not in everything_in(page) and "Priya" in words_of(page)
    await town.press("lena", page, "talked_over")
    [case] = await town.all(Case, state=CaseState.OPEN)
    assert case.asks == ()
    assert (await the_contact(town)).holder == town.ids["priya"], (
        "what is still owed waits for its holder again"
    )
    assert "Priya has tried to reach you" in words_of(await town.say("nurse", "me"))


async def test_a_case_in_the_pool_promises_a_day_and_whoever_takes_it_keeps_it(town: Town) -> None:
    await event(town, "nurse", mine=False)
    assert "A colleague gets in touch with you by Thursday 26 November." in words_of(
        await town.say("nurse", "me")
    )
    assert not await contacts(town)
    await town.press("paul", await town.open("paul"), "take_case")
    step = await the_contact(town)
    assert step.holder == town.ids["paul"]
    assert step.promised_at == PROMISED + 2 * DAY
    assert "Paul gets in touch with you by Thursday 26 November." in words_of(await town.say("nurse", "me"))


async def test_passing_a_case_on_passes_the_promise_on(town: Town) -> None:
    await event(town, "nurse")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", case, "pass_case")
    assert not [one for one in await contacts(town) if one.state in OPEN_STATES]
    await town.clockwork.drain()
    await town.press("paul", await town.open("paul"), "take_case")
    step = await the_contact(town)
    assert (step.holder, step.promised_at) == (town.ids["paul"], PROMISED)


async def test_a_talk_that_was_held_is_getting_in_touch(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(days=3)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await hold(town, "priya", case)
    assert await figures(town) == (1, 0)
    assert not [one for one in await contacts(town) if one.state in OPEN_STATES]


async def test_the_days_are_those_the_holder_works(town: Town) -> None:
    await town.settle(contact_working_days=3)
    town.clock.move(timedelta(days=3))
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), on=date(2026, 11, 26), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    assert (await the_contact(town)).promised_at == PROMISED + 7 * DAY, "a weekend lies between"


async def test_a_request_that_was_taken_is_owed_a_contact_too(town: Town) -> None:
    await taken(town, named=True)
    assert "Priya gets in touch with you by Tuesday 24 November." in words_of(await town.say("nurse", "me"))
    step = await the_contact(town)
    assert (step.case_id, step.holder) == (None, town.ids["priya"])
    form = await town.press("priya", await town.open("priya"), "first_contact")
    await town.send("priya", form, outcome="reached")
    assert await figures(town) == (1, 1)
    [request] = await town.all(SupportRequest)
    assert request.contact_by is None


async def test_a_written_reply_is_word_left_and_all_there_is_for_somebody_without_a_name(town: Town) -> None:
    await taken(town, named=False)
    form = await town.open("priya")
    await town.send("priya", form, reply="I am free on Thursday", then="wait")
    assert await figures(town) == (1, 1)
    assert not [one for one in await contacts(town) if one.state in OPEN_STATES]


async def test_what_a_request_is_owed_goes_with_it_into_its_case(town: Town) -> None:
    await taken(town, named=True)
    await town.send("priya", await town.open("priya"), reply="", then="stress")
    step = await the_contact(town)
    assert step.case_id is not None
    assert step.promised_at == PROMISED
    await town.in_touch("priya")
    assert await figures(town) == (1, 1)


@pytest.mark.parametrize("way", ["withdraw", "someone_else"])
async def test_whoever_stops_is_not_rung_and_whoever_changes_still_is(town: Town, way: str) -> None:
    await event(town, "nurse")
    await town.press("nurse", await town.own_choice("nurse"), way)
    assert not [one for one in await contacts(town) if one.state in OPEN_STATES]
    [case] = await town.all(Case)
    assert (case.state is CaseState.OPEN) is (way == "someone_else")
