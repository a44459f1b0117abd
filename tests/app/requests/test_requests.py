"""Taking a request: the first has it, nobody in conflict does, and it never goes silent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.app.asking import CANARY, ask, ask_unknown, its_step, submit_unknown, taken, the_request, unknown
from tests.app.beginnings import nothing_waits
from tests.builders import MONDAY, Town
from tests.reading import blocks_of, buttons, everything_in, form_of, words_of
from trim_bot.app.people.eligible import LINE
from trim_bot.app.seam.gestures import Invoke, Press
from trim_bot.app.seam.views import Answer, Done, FieldErrors, Form, PersonCard, View
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.ids import new_id
from trim_bot.domain.people import Availability, Member, ReportingLine, Training
from trim_bot.domain.records import Action
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio


def refused(view: View) -> bool:
    return isinstance(view, Done) and view.answer is Answer.REFUSED


async def test_the_pool_sees_how_long_and_which_language_but_no_name_or_word(town: Town) -> None:
    await ask(town)
    await town.pass_time(hours=3)
    view = await town.open("priya")
    assert isinstance(view, Done)
    assert view.name == "request"
    assert "3 hours" in words_of(view)
    assert "English" in words_of(view)
    assert "Nurse" not in everything_in(view)
    assert CANARY not in everything_in(view)


async def test_taking_it_opens_the_words_and_the_name_that_was_given(town: Town) -> None:
    view = await taken(town)
    assert isinstance(view, Form)
    assert view.name == "request_taken"
    assert CANARY in words_of(view)
    assert "Ring after four" in words_of(view)
    [card] = blocks_of(view, PersonCard)
    assert card.name == "Nurse"
    assert card.chat == town.actor("nurse").address
    step = await its_step(town)
    assert (step.rung, step.holder, step.state) == (Rung.ASSIGNED, town.ids["priya"], StepState.TOLD)
    assert step.due_at == MONDAY + timedelta(days=2)


async def test_without_a_name_there_is_none_to_see(town: Town) -> None:
    view = await taken(town, named=False)
    assert "Nurse" not in everything_in(view)
    assert "without their name" in words_of(view)


async def test_two_race_and_one_has_it(town: Town) -> None:
    await ask(town)
    await town.clockwork.drain()
    one, other = await town.open("priya"), await town.open("paul")
    first, second = await asyncio.gather(
        town.press("priya", one, "take_request"), town.press("paul", other, "take_request")
    )
    assert isinstance(first, Form)
    assert refused(second)
    assert (await the_request(town)).taken_by == town.ids["priya"]
    again = await town.press("priya", one, "take_request")
    assert isinstance(again, Form)
    assert again.name == "request_taken"


async def test_the_one_who_asked_is_not_told_and_cannot_take_it(town: Town) -> None:
    await ask(town, "priya")
    await town.clockwork.drain()
    assert (await town.waiting("priya"), await town.waiting("paul")) == (0, 1)
    step = await its_step(town)
    token = town.tokens.sign(town.organisation.id, "open", {"step": step.id}, nonce=None, expires_at=None)
    assert refused(await town.desk.receive(town.actor("priya"), Press("open", token)))


async def test_a_manager_is_not_told_and_can_neither_open_nor_take(town: Town) -> None:
    person, manager = town.actor("nurse").address.text, town.actor("priya").address.text
    await town.write(
        lambda tx: tx.add(ReportingLine(new_id(), tx.keyed(LINE, person), tx.keyed(LINE, manager)))
    )
    await ask(town)
    await town.clockwork.drain()
    await town.pass_time(days=1)
    assert (await town.waiting("priya"), await town.waiting("paul")) == (0, 1)
    message = town.messages("paul")[0]
    assert nothing_waits(await town.desk.receive(town.actor("priya"), Press("open", message.open_token)))
    request = await the_request(town)
    token = town.tokens.sign(
        town.organisation.id,
        "take_request",
        {"request": request.id},
        nonce="n",
        expires_at=town.clock.real() + timedelta(hours=1),
    )
    assert refused(await town.desk.receive(town.actor("priya"), Press("take_request", token)))
    assert (await the_request(town)).state is RequestState.WAITING
    entries = await town.write(lambda tx: tx.journal.about([""], 9))
    assert [entry.what for entry in entries if entry.action is Action.REFUSED] == ["conflict"]


async def test_training_that_ran_out_or_no_room_shows_no_button(town: Town) -> None:
    await ask(town)
    await town.clockwork.drain()

    def lapse(tx) -> None:
        for training in tx.find(Training, member_id=town.ids["priya"]):
            tx.save(replace(training, expires_on=date(2026, 11, 1)))
        paul = tx.get(Member, town.ids["paul"])
        tx.save(replace(paul, availability=Availability.FULL))

    fresh = await town.open("paul")
    await town.write(lapse)
    assert buttons(await town.open("priya"), "take_request") == []
    assert buttons(await town.open("paul"), "take_request") == []
    assert refused(await town.press("paul", fresh, "take_request"))


async def test_not_me_before_taking_is_for_good_and_others_keep_it(town: Town) -> None:
    await ask(town)
    await town.clockwork.drain()
    view = await town.open("priya")
    done = await town.press("priya", view, "pass_request")
    assert isinstance(done, Done)
    assert done.name == "request_passed"
    assert nothing_waits(await town.open("priya"))
    assert buttons(await town.say("priya", "waiting"), "open") == []
    assert isinstance(await town.press("paul", await town.open("paul"), "take_request"), Form)


async def test_when_everyone_said_not_me_it_climbs_to_a_lead_at_once(town: Town) -> None:
    await ask(town)
    await town.clockwork.drain()
    for name in ("priya", "paul", "lena"):
        if (await its_step(town)).rung is Rung.POOL:
            await town.press(name, await town.open(name), "pass_request")
    await town.clockwork.drain()
    if (await its_step(town)).rung is Rung.LEAD:
        await town.press("lena", await town.open("lena"), "pass_request")
    step = await its_step(town)
    assert (step.rung, step.holder) == (Rung.DEPUTY, town.ids["dev"])


async def test_not_me_after_taking_goes_back_to_the_pool(town: Town) -> None:
    view = await taken(town)
    done = await town.press("priya", view, "pass_request")
    assert isinstance(done, Done)
    assert done.name == "request_passed"
    request, step = await the_request(town), await its_step(town)
    assert request.state is RequestState.WAITING
    assert request.taken_by is None
    assert request.passed_by == (town.ids["priya"],)
    assert step.rung is Rung.POOL
    await town.clockwork.drain()
    assert (await town.waiting("priya"), await town.waiting("paul")) == (0, 1)


async def test_waiting_keeps_it_and_shows_the_reply(town: Town) -> None:
    view = await taken(town)
    done = await town.send("priya", view, reply="I can ring on Tuesday", then="wait")
    assert isinstance(done, Done)
    assert done.name == "request_kept"
    assert "I can ring on Tuesday" in words_of(await town.say("nurse", "me"))
    await town.pass_time(days=1)
    again = await town.open("priya")
    assert isinstance(again, Form)
    assert "I can ring on Tuesday" in words_of(again)


async def test_a_taken_request_nobody_acts_on_climbs_and_the_lead_can_take_it_over(town: Town) -> None:
    await taken(town)
    await town.pass_time(days=2)
    await town.pass_time(days=1)
    step = await its_step(town)
    assert (step.rung, step.holder) == (Rung.LEAD, town.ids["lena"])
    view = await town.open("lena")
    assert CANARY not in everything_in(view)
    over = await town.press("lena", view, "take_request")
    assert isinstance(over, Form)
    assert CANARY in words_of(over)
    assert nothing_waits(await town.open("priya"))


async def test_closing_ends_it_and_leaves_the_reply(town: Town) -> None:
    view = await taken(town)
    done = await town.send("priya", view, reply="All settled by phone", then="close")
    assert isinstance(done, Done)
    assert done.name == "request_closed"
    assert (await its_step(town)).state is StepState.DONE
    page = words_of(await town.say("nurse", "me"))
    assert "All settled by phone" in page
    assert "It has ended" in page
    assert nothing_waits(await town.open("priya"))


async def test_a_talk_about_stress_opens_a_case_with_the_words_and_leaves_none_behind(town: Town) -> None:
    view = await taken(town, named=False)
    case_page = await town.send("priya", view, reply="See you soon", then="stress")
    [case] = await town.all(Case)
    assert (case.programme, case.holder, case.named) == ("straw_style_v2", town.ids["priya"], False)
    assert (case.account, case.contact, case.member_id) == (CANARY, "Ring after four", town.ids["nurse"])
    request = await the_request(town)
    assert (request.state, request.case_id, request.text) == (RequestState.CASE, case.id, "")
    assert case.key_id != request.key_id
    assert request.reply == "See you soon"
    assert (await its_step(town)).state is StepState.DONE
    assert await town.all(CheckIn, case_id=case.id)
    assert "Nurse" not in everything_in(case_page)


async def test_a_talk_after_a_hard_event_needs_when_it_ended(town: Town) -> None:
    view = await taken(town)
    missing = await town.send("priya", view, then="trauma", reply="")
    assert isinstance(missing, FieldErrors)
    assert set(missing.errors) == {"ended_on", "ended_at"}
    tomorrow = (MONDAY + timedelta(days=1)).date().isoformat()
    later = await town.send("priya", view, then="trauma", ended_on=tomorrow, ended_at="08:00")
    assert isinstance(later, FieldErrors)
    assert set(later.errors) == {"ended_on"}
    today = MONDAY.date().isoformat()
    soon = await town.send("priya", view, then="trauma", ended_on=today, ended_at="23:00")
    assert isinstance(soon, FieldErrors)
    assert set(soon.errors) == {"ended_at"}
    await town.send("priya", view, then="trauma", ended_on=today, ended_at="06:30")
    [case] = await town.all(Case)
    assert case.programme == "trim_style_v1"
    assert case.named
    assert case.exposure_ended == MONDAY.replace(hour=6, minute=30)
    check_ins = await town.all(CheckIn, case_id=case.id, order_by="opens_at")
    assert check_ins[0].opens_at == case.exposure_ended + timedelta(hours=72)


async def test_sending_the_answer_twice_opens_one_case(town: Town) -> None:
    form = form_of(await taken(town))
    first = await town.send("priya", form, then="stress", reply="")
    again = await town.send("priya", form, then="stress", reply="")
    assert type(first) is type(again)
    assert not refused(again)
    assert len(await town.all(Case)) == 1


async def test_a_signed_out_request_becomes_a_case_of_someone_without_a_name(town: Town) -> None:
    _, code = await ask_unknown(town)
    await town.clockwork.drain()
    view = await town.press("priya", await town.open("priya"), "take_request")
    assert "Nobody knows who asked" in words_of(view)
    await town.send("priya", view, then="stress", reply="Ring extension 12")
    [case] = await town.all(Case)
    member = await town.write(lambda tx: tx.get(Member, case.member_id))
    assert member is not None
    assert member.name == ""
    assert not case.named
    read = await submit_unknown(town, await unknown(town, Invoke(("reply",))), code=code)
    assert "Ring extension 12" in words_of(read)
    assert "a talk is planned" in words_of(read)


async def test_nothing_open_is_left_without_an_owner(town: Town) -> None:
    await taken(town)
    for _ in range(30):
        await town.pass_time(days=1)
    step = await its_step(town)
    assert step.state in OPEN_STATES
    assert step.rung is Rung.NOBODY
    waiting = await town.say("lena", "waiting")
    view = await town.press("lena", waiting, "open")
    assert isinstance(await town.press("lena", view, "take_request"), Form)
    assert await town.all(Step, kind=StepKind.REQUEST, holder=town.ids["lena"])
