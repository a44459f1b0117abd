"""The whole story from the event to the close, as each person lives it."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from tests.builders import MONDAY, Town, log_values
from tests.reading import buttons, everything_in, form_of, values_of, words_of
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, Done, FieldErrors, Form, Message, View
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.referrals import Referral, ReferralState

pytestmark = pytest.mark.anyio


async def fill(town: Town, name: str, view: View, answer: str = "1") -> View:
    """Answer every question of every step in the same way, up to the last one."""
    for _ in range(8):
        form = form_of(view)
        if form.name != "questions":
            return view
        values = {one.name: answer for one in form.inputs() if isinstance(one, Choice)}
        view = await town.send(name, form, **values)
    raise AssertionError("the interview never came to its last step")


async def logged_and_accepted(town: Town) -> None:
    """An event is logged by one who holds the talks herself, and the nurse says yes."""
    form = await town.say("priya", "peer", "log")
    done = await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    assert isinstance(done, Done) and done.name == "incident_logged"
    await town.clockwork.drain()
    offer = await town.open("nurse")
    assert "Priya" in words_of(offer)
    yes = await town.press("nurse", offer, "offer_yes")
    assert isinstance(yes, Done) and yes.name == "offer_accepted"


async def start_first(town: Town) -> Form:
    """Day 3 has come, and the practitioner opens the interview."""
    await town.pass_time(days=3)
    case = await town.open("priya")
    notice = await town.press("priya", case, "interview")
    assert form_of(notice).name == "notice"
    missing = await town.send("priya", notice)
    assert isinstance(missing, FieldErrors) and "acknowledged" in missing.errors
    return form_of(await town.send("priya", notice, acknowledged=True))


async def test_the_whole_story(town: Town) -> None:
    await logged_and_accepted(town)
    before = await town.say("priya", "peer", "cases")
    assert "Nurse" in words_of(before)
    step = await start_first(town)
    assert step.step == (1, 5)
    ending = await fill(town, "priya", step)
    assert form_of(ending).name == "ending"
    result = await town.send("priya", ending, overrides=("person_asks",), note="Ring on Friday")
    assert "10 of 20" in words_of(result)
    assert "No clinical lead has set a threshold" in words_of(result)
    referral = await town.send("priya", result, then="refer")
    case = await town.send("priya", referral, service="oh", answer="yes")
    assert "Occupational health" in words_of(case)
    await town.pass_time(days=25)
    assert (MONDAY - town.clock.now()).days <= -28
    case = await town.say("priya", "peer", "cases")
    case = await town.press("priya", case, "case")
    month = await town.press("priya", case, "interview")
    assert "During" not in everything_in(month)
    ending = await fill(town, "priya", month, "0")
    result = await town.send("priya", ending, overrides=())
    assert "Since the first talk" in words_of(result)
    assert "Partly, now no" in words_of(result)
    end = await town.send("priya", result, then="close")
    closed = await town.send("priya", end, reason="finished")
    assert isinstance(closed, Done) and closed.name == "case_closed"

    def check(tx: Tx) -> None:
        [case] = tx.find(Case)
        assert case.state is CaseState.CLOSED and case.notice == "uk-1"
        assert {one.state for one in tx.find(CheckIn)} == {CheckInState.HELD}
        assert tx.find(Referral)[0].state is ReferralState.CLOSED
        assert tx.find(Offer)[0].state is OfferState.ACCEPTED

    await town.write(check)
    told = len(town.messages("nurse"))
    await town.pass_time(days=60)
    assert len(town.messages("nurse")) == told
    assert [await town.waiting(name) for name in ("nurse", "priya", "lena")] == [0, 0, 0]


async def test_messages_hold_two_tokens_only(town: Town) -> None:
    await logged_and_accepted(town)
    await town.pass_time(days=3)
    assert {field.name for field in fields(Message)} == {"open_token", "stop_token", "language"}
    daily = {town.actor(name).address for name in ("priya", "paul", "lena", "dev", "cora")}
    assert {to for to, _ in town.slack.sent} == {town.actor("nurse").address} | daily
    assert len(town.messages("nurse")) == 1


async def test_a_draft_survives_and_going_back_loses_nothing(town: Town) -> None:
    await logged_and_accepted(town)
    step = await start_first(town)
    second = await town.send("priya", step, q_earlier_events="2", note="Slept badly")
    first = await town.press("priya", second, "back", q_out_of_control="1")
    assert values_of(first)["q_earlier_events"] == "2"
    assert "Slept badly" in words_of(first)
    again = await town.send("priya", first, q_earlier_events="2")
    assert values_of(again)["q_out_of_control"] == "1"
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    gone_on = await town.press("priya", case, "interview")
    assert form_of(gone_on).step == (2, 5)


async def test_what_was_not_discussed_is_never_zero(town: Town) -> None:
    await logged_and_accepted(town)
    ending = await fill(town, "priya", await start_first(town), "not_discussed")
    assert "Not discussed: 10" in words_of(ending)
    result = await town.send("priya", ending)
    assert "Not complete: 10 not discussed" in words_of(result)


async def test_seventy_two_hours_are_a_not_before(town: Town) -> None:
    await logged_and_accepted(town)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    assert not buttons(case, "interview")
    assert "It can be held once this time has come" in words_of(case)


async def test_a_hard_event_that_comes_up_goes_on_without_asking_again(town: Town) -> None:
    await town.send("nurse", await town.say("nurse", "support"), name="named", text="It is all too much")
    await town.clockwork.drain()
    request = await town.open("priya")
    taken = await town.press("priya", request, "take_request")
    case = await town.send("priya", taken, then="stress", reply="")
    notice = await town.press("priya", case, "interview")
    step = await town.send("priya", notice, acknowledged=True)
    ending = await fill(town, "priya", step, "not_discussed")
    result = await town.send("priya", ending)
    assert "This talk has no score" in words_of(result)
    case = await town.send("priya", result, then="keep")
    form = await town.press("priya", case, "switch")
    values = {"ended_on": (MONDAY - timedelta(days=40)).date().isoformat(), "ended_at": "07:00"}
    case = await town.send("priya", form, **values)
    assert "Support after a hard event" in words_of(case)
    assert "First talk about stress" in words_of(case) or "Held on" in words_of(case)
    assert "It is all too much" in words_of(case)
    assert form_of(await town.press("priya", case, "interview")).step == (1, 5)
    assert not buttons(case, "switch")


async def test_what_stands_beside_a_button_is_kept_only_if_it_fits(town: Town) -> None:
    await logged_and_accepted(town)
    step = await start_first(town)
    second = await town.send("priya", step)
    values = {"q_out_of_control": "17", "q_life_in_danger": "2", "q_unknown": "x", "note": "n" * 5000}
    first = await town.press("priya", second, "back", 0, **values)
    again = await town.send("priya", first)
    kept = values_of(again)
    assert (kept["q_out_of_control"], kept["q_life_in_danger"]) == ("", "2")
    ending = await fill(town, "priya", again, "")
    assert "Not complete" in words_of(await town.send("priya", ending))


async def test_a_safety_concern_keeps_the_draft_and_calls_the_others(town: Town) -> None:
    await logged_and_accepted(town)
    step = await start_first(town)
    asked = await town.press("priya", step, "safety_ask", 0, q_earlier_events="2")
    screen = await town.press("priya", asked, "safety_call")
    assert isinstance(screen, Done)
    assert "999" in words_of(screen)
    await town.clockwork.drain()
    for name in ("lena", "dev"):
        call = await town.open(name)
        assert "Priya" in words_of(call)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    kept = values_of(await town.press("priya", case, "interview"))
    assert kept["q_earlier_events"] == "2"
