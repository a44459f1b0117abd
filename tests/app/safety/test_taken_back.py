"""A call for safety asks once, says whom it calls and what they may open, and can be taken back; a lead looks once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.beginnings import open_case_for, refused, step_of
from tests.app.safety.test_safety_call import EVERYBODY, alone, ask, call, case_page, open_with_token, waiting
from tests.builders import Town
from tests.reading import blocks_of, buttons, everything_in, words_of
from trim_bot.app.cases.hands import give
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Alert, Button, Done, Facts, Tone
from trim_bot.domain.cases import CallEnd, Case
from trim_bot.domain.records import Action
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind, StepState
from workflows.engine import Reason

pytestmark = pytest.mark.anyio


@pytest.fixture
async def case(town: Town) -> Case:
    """The nurse's case, held by Priya and covered by Paul."""
    return await open_case_for(town, "nurse", holder="priya", cover="paul")


async def kept(town: Town, case: Case) -> Case:
    found = await town.write(lambda tx: tx.get(Case, case.id))
    assert found is not None
    return found


async def looks(town: Town) -> list[Step]:
    return await step_of(town, kind=StepKind.SUPERVISION)


async def test_on_the_case_the_way_to_it_stands_apart_and_calls_nobody(town: Town, case: Case) -> None:
    page = await case_page(town)
    assert isinstance(page, Done)
    assert isinstance(page.blocks[-1], Button) and page.blocks[-1].action == "safety"
    assert any(isinstance(one, Alert) and one.tone is Tone.DANGER for one in page.blocks[-3:])
    assert not buttons(page, "safety_call")
    await town.press("priya", page, "safety")
    assert await waiting(town) == []


async def test_before_anybody_is_called_it_names_them_and_says_what_they_may_open(
    town: Town, case: Case
) -> None:
    words = words_of(await ask(town))
    [line] = [one for one in words.splitlines() if one.startswith("If you call, ")]
    assert all(name in line for name in ("Lena", "Dev", "Paul"))
    assert "written to at once, at any hour. Nobody is called yet." in line
    assert "can open what is recorded of the person, until 14 days" in words
    assert "999" in words


async def test_two_who_would_be_called_are_named_on_the_button(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    (button,) = buttons(await ask(town), "safety_call")
    assert button.label == "Call Lena and Dev now"


async def test_the_screen_says_who_was_reached_who_answered_and_when_they_are_written_to_again(
    town: Town, case: Case
) -> None:
    page = await call(town)
    (facts,) = blocks_of(page, Facts)
    assert dict(facts.rows) == dict.fromkeys(("Lena", "Dev", "Paul"), "Not reached yet, please ring")
    await town.clockwork.drain()
    page = await town.press("priya", page, "safety")
    (facts,) = blocks_of(page, Facts)
    assert dict(facts.rows) == dict.fromkeys(("Lena", "Dev", "Paul"), "Written to, no answer yet")
    assert "written to again Monday" in words_of(page)
    await town.press("dev", await town.open("dev"), "safety_have")
    words = words_of(await town.press("priya", page, "safety"))
    assert "Dev has said that they have it, Monday" in words


async def test_taken_back_nobody_is_called_or_let_in_any_more_and_a_lead_looks_once(
    town: Town, case: Case
) -> None:
    page = await call(town)
    await town.clockwork.drain()
    after = await town.press("priya", page, "safety_mistake")
    assert "Nobody is called any more." in words_of(after)
    assert {step.state for step in await town.all(Step, kind=StepKind.SAFETY)} == {StepState.CANCELLED}
    now = await kept(town, case)
    assert (now.called, now.calls[-1].end, now.asks) == ((), CallEnd.TAKEN_BACK, (Reason.CALL_TAKEN_BACK,))
    [look] = await looks(town)
    assert look.holder == town.ids["lena"]
    for name in EVERYBODY:
        assert refused(await open_with_token(town, name, case, "case"))
    said = await town.open("dev")
    assert isinstance(said, Done) and said.name == "safety_taken_back"
    assert "Nurse" not in everything_in(said)
    before = len(town.messages("dev"))
    await town.pass_time(hours=3)
    assert len(town.messages("dev")) == before


async def test_whoever_looks_is_asked_to_ring_and_opens_nothing_of_the_case(town: Town, case: Case) -> None:
    await town.press("priya", await call(town), "safety_mistake")
    await town.pass_time(days=1)
    page = await town.press("lena", await town.say("lena", "peer", "due"), "open")
    assert "taken back as pressed by mistake" in words_of(page)
    assert "Nurse" not in everything_in(page)
    await town.press("lena", page, "talked_over")
    assert await looks(town) == []
    assert (await kept(town, case)).asks == ()


async def test_talks_cannot_end_before_the_lead_has_looked(town: Town, case: Case) -> None:
    await town.press("priya", await call(town), "safety_mistake")
    form = await town.press("priya", await case_page(town), "close")
    assert "A lead asks you about it once" in words_of(await town.send("priya", form, reason="finished"))
    [look] = await looks(town)
    assert look.state in OPEN_STATES


async def test_a_second_press_and_one_after_somebody_has_it_take_nothing_back(town: Town, case: Case) -> None:
    pages = [await call(town), await town.press("priya", await ask(town), "safety")]
    await town.press("priya", pages[0], "safety_mistake")
    await town.press("priya", pages[1], "safety_mistake")
    assert len(await looks(town)) == 1
    again = await call(town)
    await town.clockwork.drain()
    await town.press("dev", await town.open("dev"), "safety_have")
    late = await town.press("priya", again, "safety_mistake")
    assert "Dev has said that they have it" in words_of(late)
    assert (await kept(town, case)).calls[-1].end is CallEnd.ANSWERED


async def test_only_whoever_called_takes_it_back(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    for name in (*EVERYBODY, "cora", "nurse", "adam"):
        assert refused(await open_with_token(town, name, case, "safety_mistake"))
    for name in EVERYBODY:
        await town.press(name, await town.open(name), "case")
        assert not buttons(await open_with_token(town, name, case, "safety"), "safety_mistake")
    assert len(await waiting(town)) == len(EVERYBODY)


async def test_a_call_that_somebody_else_made_as_well_is_nobodys_to_take_back(town: Town, case: Case) -> None:
    [before] = buttons(await ask(town), "safety_call")
    page = await call(town)
    await town.clockwork.drain()
    # From a page that was drawn before this call began.
    assert not refused(await town.desk.receive(town.actor("paul"), Press("safety_call", before.token)))
    await town.press("priya", page, "safety_mistake")
    assert len(await waiting(town)) == len(EVERYBODY), "their worry stands, whatever the first one meant"
    for name in ("priya", "paul"):
        assert not buttons(await open_with_token(town, name, case, "safety"), "safety_mistake")
        assert refused(await open_with_token(town, name, case, "safety_mistake"))


async def test_while_a_chat_is_away_it_is_taken_back_before_anybody_was_told(town: Town, case: Case) -> None:
    page = await call(town)
    before = {name: len(town.messages(name)) for name in EVERYBODY}
    await town.press("priya", page, "safety_mistake")
    await town.clockwork.drain()
    await town.pass_time(hours=2)
    assert {name: len(town.messages(name)) for name in EVERYBODY} == before, "there is no call any more"
    await town.pass_time(hours=22)
    assert len(town.messages("lena")) == before["lena"] + 1, "the lead's message of the day, for the look"
    assert len(await looks(town)) == 1


async def test_one_who_answered_an_earlier_call_may_still_open_the_case(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    await town.press("lena", await town.open("lena"), "safety_have")
    town.clock.pass_time(timedelta(days=10))
    again = await town.press("priya", await ask(town), "safety_call")
    await town.press("priya", again, "safety_mistake")
    assert "Nurse" in words_of(await open_with_token(town, "lena", case, "case"))
    assert refused(await open_with_token(town, "dev", case, "case"))
    town.clock.pass_time(timedelta(days=5))
    assert refused(await open_with_token(town, "lena", case, "case"))


async def test_calling_again_after_taking_back_calls_everybody_anew(town: Town, case: Case) -> None:
    after = await town.press("priya", await call(town), "safety_mistake")
    await town.press("priya", after, "safety_call")
    assert {step.holder for step in await waiting(town)} == {town.ids[name] for name in EVERYBODY}


async def test_the_lead_who_holds_the_case_does_not_look_at_their_own_call(town: Town) -> None:
    await open_case_for(town, "nurse", holder="lena")
    page = await town.press("lena", await town.say("lena", "peer", "cases"), "case")
    page = await town.press("lena", await town.press("lena", page, "safety"), "safety_call")
    await town.press("lena", page, "safety_mistake")
    [look] = await looks(town)
    assert look.holder == town.ids["dev"]


async def test_with_nobody_to_call_a_mistake_leaves_nothing_at_the_end_of_the_ladder(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await alone(town)
    await town.press("priya", await call(town), "safety_mistake")
    assert await waiting(town) == []


async def test_the_journal_keeps_that_it_was_taken_back_and_the_person_reads_it(
    town: Town, case: Case
) -> None:
    await town.press("priya", await call(town), "safety_mistake")

    def rows(tx: Tx) -> list[tuple[str, Action]]:
        about = tx.pseudonym(case.key_id, case.id)
        wanted = (Action.SAFETY, Action.TAKEN_BACK)
        return [(row.what, row.action) for row in tx.journal.about([about], 50) if row.action in wanted]

    assert await town.write(rows) == [
        ("safety_mistake", Action.TAKEN_BACK),
        ("safety_call", Action.SAFETY),
    ]
    mine = await town.press("nurse", await town.say("nurse", "me"), "readers")
    assert "took back a call for help for you" in words_of(mine)


async def owed(town: Town) -> list[Step]:
    return await step_of(town, kind=StepKind.AFTER_CALL)


async def answered(town: Town) -> None:
    await call(town)
    await town.clockwork.drain()
    await town.press("lena", await town.open("lena"), "safety_have")


async def test_after_an_answered_call_somebody_speaks_with_them_within_a_day_and_it_has_an_owner(
    town: Town, case: Case
) -> None:
    await answered(town)
    [step] = await owed(town)
    assert (step.holder, step.promised_at) == (town.ids["priya"], town.clock.now() + timedelta(days=1))
    assert "Speak with them again by Tuesday" in words_of(await case_page(town))
    form = await town.press("priya", await case_page(town), "close")
    assert "speak with them again first" in words_of(await town.send("priya", form, reason="finished"))


async def test_what_followed_is_written_down_and_waits_until_somebody_has_spoken(
    town: Town, case: Case
) -> None:
    await answered(town)
    form = await town.press("priya", await case_page(town), "after_call")
    said = {
        "told_whom": "The ambulance",
        "told_when": "At three",
        "told_why": "Took tablets",
        "agreed": "Sister stays",
    }
    page = await town.send("priya", form, **said, spoken="not_yet")
    assert all(one in words_of(page) for one in said.values())
    assert len(await owed(town)) == 1
    form = await town.press("priya", page, "after_call")
    page = await town.send("priya", form, **said, spoken="yes")
    assert await owed(town) == []
    assert "Speak with them again by" not in everything_in(page)
    assert "The ambulance" in words_of(page)
    for name in ("dev", "paul", "cora", "nurse"):
        assert refused(await open_with_token(town, name, case, "after_call"))
    assert "tablets" not in "".join(everything_in(one) for one in [await town.say("lena", "peer", "team")])


async def test_unspoken_it_climbs_and_is_never_lost(town: Town, case: Case) -> None:
    await answered(town)
    seen = set()
    for _ in range(12):
        await town.pass_time(days=1)
        for step in await owed(town):
            seen.add(step.rung)
    [step] = await owed(town)
    assert len(seen) > 1, "its owner changes"


async def test_it_goes_with_the_case_into_other_hands(town: Town, case: Case) -> None:
    await answered(town)
    page = await town.press("priya", await case_page(town), "pass_case")
    assert isinstance(page, Done)
    assert await owed(town) == []
    found = await kept(town, case)
    assert found.calls[-1].contact_by is not None
    await town.work(lambda work: give(work, found, town.ids["paul"]))
    [step] = await owed(town)
    assert step.holder == town.ids["paul"]


async def test_once_the_person_ends_their_talks_nobody_is_asked_to_speak_with_them(
    town: Town, case: Case
) -> None:
    await answered(town)
    await town.press("nurse", await town.own_choice("nurse"), "withdraw")
    assert await owed(town) == []


async def test_of_a_call_from_before_they_were_kept_all_goes_on(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()

    def older(tx: Tx) -> None:
        found = tx.get(Case, case.id)
        assert found is not None
        tx.save(replace(found, calls=()))

    await town.write(older)
    await town.press("lena", await town.open("lena"), "safety_have")
    assert len(await owed(town)) == 1
