"""Reporting lines that are imported late: whoever manages the person loses what they held, and nobody is told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.asking import ask, its_step, taken, the_request
from tests.app.beginnings import nothing_waits, open_case_for, refused, step_of
from tests.app.cases.test_changing_hands import event
from tests.builders import Town, log_values
from tests.reading import buttons, everything_in, words_of
from trim_bot.app.handover.reassignment import let_go, wrongly_held
from trim_bot.app.people.eligible import LINE
from trim_bot.app.safety.calling import summon
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting.due import contact_in_person
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import new_id
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import ReportingLine
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

pytestmark = pytest.mark.anyio


async def import_line(town: Town, manager: str, person: str = "nurse") -> None:
    """A site file says that one manages the other; nothing else has happened yet."""
    addresses = [town.actor(name).address.text for name in (person, manager)]

    def line(tx: Tx) -> None:
        tx.add(ReportingLine(new_id(), *(tx.keyed(LINE, address) for address in addresses)))

    await town.write(line)


async def move_on(town: Town) -> None:
    """What putting a site file into force does after its lines are kept."""

    def body(work: UnitOfWork) -> None:
        for held in wrongly_held(work):
            let_go(work, held)

    await town.work(body)


async def the_case(town: Town) -> Case:
    [case] = await town.all(Case)
    return case


async def test_a_manager_loses_what_is_recorded_at_once(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    cases = await town.say("priya", "peer", "cases")
    sheet = await town.press("priya", cases, "case")
    await import_line(town, "priya")
    assert refused(await town.press("priya", cases, "case"))
    for action in ("pass_case", "close", "safety", "interview"):
        for _ in buttons(sheet, action):
            assert refused(await town.press("priya", sheet, action)), action
    listed = await town.say("priya", "peer", "cases")
    assert "Nurse" not in everything_in(listed) and not buttons(listed, "case")


async def test_the_manager_further_up_loses_it_too(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    cases = await town.say("priya", "peer", "cases")
    await import_line(town, "driver")
    await import_line(town, "priya", "driver")
    assert refused(await town.press("priya", cases, "case"))


async def test_lines_about_somebody_else_change_nothing(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await import_line(town, "priya", "driver")
    await import_line(town, "nurse", "priya")
    await move_on(town)
    assert (await the_case(town)).holder == town.ids["priya"]
    assert buttons(await town.say("priya", "peer", "cases"), "case")


async def test_the_case_waits_for_somebody_else_and_nobody_is_told_why(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya", cover="paul")
    await town.clockwork.drain()
    before = len(town.messages("priya"))
    await import_line(town, "priya")
    await move_on(town)
    await town.clockwork.drain()
    case = await the_case(town)
    assert (case.holder, case.cover) == (None, None)
    assert [step.kind for step in await step_of(town, case_id=case.id)] == [StepKind.ASSIGN]
    assert len(town.messages("priya")) == before
    waiting = await town.say("priya", "peer", "due")
    assert not buttons(waiting, "open")
    page = await town.press("paul", await town.open("paul"), "take_case")
    assert (await the_case(town)).holder == town.ids["paul"]
    for shown in (page, await town.say("nurse", "me")):
        assert "manages" not in everything_in(shown) and "report" not in everything_in(shown)


async def test_moving_on_twice_moves_nothing_more(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await import_line(town, "priya")
    await move_on(town)
    before = await town.write(lambda tx: (tx.find(Case), tx.find(Step)))
    await move_on(town)
    assert await town.write(lambda tx: (tx.find(Case), tx.find(Step))) == before


async def test_a_cover_who_manages_is_cover_no_more(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya", cover="paul")
    await import_line(town, "paul")
    assert "Support after" not in everything_in(await town.say("paul", "peer", "cover"))
    await move_on(town)
    case = await the_case(town)
    assert (case.holder, case.cover) == (town.ids["priya"], None)


async def test_a_talk_that_climbed_to_a_manager_climbs_on(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(days=3)
    for _ in range(5):
        await town.pass_time(days=1)
    [step] = await step_of(town, kind=StepKind.CHECK_IN, rung=Rung.COVER)
    name = next(one for one, id in town.ids.items() if id == step.holder)
    await import_line(town, name)
    assert nothing_waits(await town.open(name))
    assert "Support after" not in everything_in(await town.say(name, "peer", "cover"))
    await move_on(town)
    [step] = await step_of(town, subject=step.subject)
    assert step.holder not in (None, town.ids[name])


async def test_the_clock_moves_on_what_was_left_with_a_manager(town: Town) -> None:
    await event(town, "nurse")
    step = (await step_of(town, kind=StepKind.CHECK_IN))[0]
    await import_line(town, "priya")
    town.slack.sent.clear()
    await town.pass_time(days=5)
    assert await town.waiting("priya") == 0
    [step] = await step_of(town, subject=step.subject)
    assert step.holder not in (None, town.ids["priya"])


async def test_nothing_waits_any_more_for_somebody_who_turns_out_to_be_a_manager(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    town.slack.sent.clear()
    town.clock.move(timedelta(days=4))
    await town.clockwork.run_due()
    await import_line(town, "priya")
    await town.clockwork.deliver()
    assert await town.waiting("priya") == 0


async def called_in(town: Town) -> Case:
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    await town.work(lambda work: summon(work, case))
    return await the_case(town)


async def test_a_lead_called_for_safety_who_manages_sees_nothing_and_another_is_called(town: Town) -> None:
    await called_in(town)
    await town.clockwork.drain()
    first = await town.open("lena")
    await import_line(town, "lena")
    assert nothing_waits(await town.open("lena"))
    assert refused(await town.press("lena", first, "safety_have"))
    assert refused(await town.press("lena", first, "case"))
    await move_on(town)
    case = await the_case(town)
    assert town.ids["lena"] not in case.called
    calls = await step_of(town, kind=StepKind.SAFETY)
    assert town.ids["lena"] not in {step.holder for step in calls}
    assert {town.ids["dev"], town.ids["paul"]} <= {step.holder for step in calls}


async def test_a_manager_called_to_a_case_that_has_ended_since_sees_nothing_either(town: Town) -> None:
    case = await called_in(town)
    await town.clockwork.drain()
    await town.press("nurse", await town.own_choice("nurse"), "withdraw")
    assert not refused(await town.open("lena"))
    await import_line(town, "lena")
    assert nothing_waits(await town.open("lena"))
    await move_on(town)
    holders = {step.holder for step in await step_of(town, kind=StepKind.SAFETY, case_id=case.id)}
    assert town.ids["lena"] not in holders and holders


async def test_whoever_is_called_is_not_sent_to_a_manager(town: Town) -> None:
    await called_in(town)
    await town.clockwork.drain()
    assert "Priya" in words_of(await town.open("dev"))
    await import_line(town, "priya")
    assert "Priya" not in everything_in(await town.open("dev"))


async def test_a_request_in_a_managers_hands_goes_back_to_the_others(town: Town) -> None:
    page = await taken(town, "priya")
    await import_line(town, "priya")
    assert nothing_waits(await town.open("priya"))
    assert refused(await town.send("priya", page, reply="Hello", then="close"))
    await move_on(town)
    request, step = await the_request(town), await its_step(town)
    assert (request.state, request.taken_by, step.rung) == (RequestState.WAITING, None, Rung.POOL)
    assert (await town.waiting("priya"), await town.waiting("paul")) == (0, 1)


async def test_a_waiting_request_is_closed_to_a_manager_who_was_told_of_it(town: Town) -> None:
    await ask(town)
    await town.clockwork.drain()
    page = await town.open("priya")
    await import_line(town, "priya")
    assert nothing_waits(await town.open("priya"))
    assert refused(await town.press("priya", page, "take_request"))
    assert refused(await town.press("priya", page, "pass_request"))


async def test_a_case_in_the_pool_is_closed_to_a_manager(town: Town) -> None:
    await open_case_for(town, "nurse")
    await town.clockwork.drain()
    page = await town.open("priya")
    await import_line(town, "priya")
    assert nothing_waits(await town.open("priya"))
    assert refused(await town.press("priya", page, "take_case"))


async def test_an_offer_names_no_manager_and_a_yes_goes_to_somebody_else(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    assert "Priya" in words_of(await town.open("nurse"))
    await import_line(town, "priya")
    offer = await town.open("nurse")
    assert "Priya" not in everything_in(offer)
    await move_on(town)
    [kept] = await town.all(Offer)
    assert kept.proposed is None
    await town.press("nurse", offer, "offer_yes")
    assert (await the_case(town)).holder is None


async def test_nobody_tells_somebody_they_manage_in_person(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    [offer] = await town.all(Offer)
    await import_line(town, "priya")
    await town.work(lambda work: contact_in_person(work, offer.id))
    [step] = await town.all(Step, kind=StepKind.CONTACT, state=OPEN_STATES)
    assert step.holder not in (None, town.ids["priya"])
    await town.write(lambda tx: tx.save(replace(step, holder=town.ids["priya"], rung=Rung.ASSIGNED)))
    token = town.tokens.sign(town.organisation.id, "open", {"step": step.id}, nonce=None, expires_at=None)
    assert refused(await town.desk.receive(town.actor("priya"), Press("open", token)))
    await move_on(town)
    [step] = await town.all(Step, kind=StepKind.CONTACT, state=OPEN_STATES)
    assert step.holder not in (None, town.ids["priya"])
