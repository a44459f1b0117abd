"""My talks and choices: everything about oneself in one place, and every way to stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.asking import CANARY, ask, its_step, taken, the_request
from tests.builders import MONDAY, Town, log_values
from tests.reading import blocks_of, buttons, everything_in, words_of
from trim_bot.app.own.readers_screens import SOMEONE
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.gestures import Invoke
from trim_bot.app.seam.views import Answer, Done, Link, View
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState, CloseReason
from trim_bot.domain.people import Grant, Member
from trim_bot.domain.records import Action, Session, StoredOutcome
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio


def refused(view: View) -> bool:
    return isinstance(view, Done) and view.answer is Answer.REFUSED


async def in_talks(town: Town) -> Case:
    """Nurse asked, and Priya began a talk about stress."""
    await town.send("priya", await taken(town), reply="", then="stress")
    [case] = await town.all(Case)
    return case


async def test_with_nothing_there_it_says_so_and_offers_every_choice(town: Town) -> None:
    view = await town.say("nurse", "me")
    assert "nothing here yet" in words_of(view)
    for action in ("support", "readers", "profile", "browser", "stop", "erase"):
        assert buttons(view, action)


async def test_taking_a_request_back_ends_it_with_its_words(town: Town) -> None:
    await ask(town)
    done = await town.press("nurse", await town.say("nurse", "me"), "withdraw_request")
    assert "won't be asked why" in words_of(done)
    request = await the_request(town)
    assert (request.state, request.text, request.contact) == (RequestState.WITHDRAWN, "", "")
    assert (await its_step(town)).state is StepState.CANCELLED
    await town.clockwork.drain()
    assert town.messages("priya") == []


async def test_a_taken_request_that_is_taken_back_is_closed_to_its_taker(town: Town) -> None:
    form = await taken(town)
    page = await town.say("nurse", "me")
    await town.press("nurse", page, "withdraw_request")
    assert refused(await town.send("priya", form, reply="", then="wait"))
    again = await town.press("nurse", page, "withdraw_request")
    assert isinstance(again, Done)
    assert again.name == "request_withdrawn"


async def test_only_the_one_who_asked_can_take_it_back(town: Town) -> None:
    await ask(town)
    page = await town.say("nurse", "me")
    for name in ("driver", "priya", "lena", "cora", "adam"):
        assert refused(await town.press(name, page, "withdraw_request"))
    assert (await the_request(town)).state is RequestState.WAITING


async def test_an_offer_can_be_answered_from_here(town: Town) -> None:
    await town.send("priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse")))
    view = await town.press("nurse", await town.say("nurse", "me"), "offer")
    assert buttons(view, "offer_yes")
    await town.press("nurse", view, "offer_no")
    assert buttons(await town.say("nurse", "me"), "offer") == []


async def test_talks_show_the_colleague_and_the_time_agreed(town: Town) -> None:
    case = await in_talks(town)
    assert "Your colleague is Priya" in words_of(await town.say("nurse", "me"))

    def agree(tx) -> None:
        [check_in] = tx.find(CheckIn, case_id=case.id)
        tx.save(replace(check_in, agreed_at=MONDAY + timedelta(days=2, hours=3)))

    await town.write(agree)
    assert "Wednesday 25 November, 13:00" in words_of(await town.say("nurse", "me"))


async def test_stopping_ends_the_case_its_reminders_and_asks_nothing(town: Town) -> None:
    case = await in_talks(town)
    page = await town.own_choice("nurse")
    done = await town.press("nurse", page, "withdraw")
    assert "won't be asked why" in words_of(done)
    after = await town.write(lambda tx: tx.get(Case, case.id))
    assert after is not None
    assert (after.state, after.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)
    assert await town.all(Step, state=OPEN_STATES) == []
    states = {one.state for one in await town.all(CheckIn)}
    assert states == {CheckInState.CANCELLED}
    await town.pass_time(days=30)
    assert not town.messages("nurse")[1:] and await town.waiting("priya") == 0
    assert "ended on" in words_of(await town.say("nurse", "me"))
    for name in ("priya", "driver", "lena"):
        assert refused(await town.press(name, page, "withdraw"))


async def test_someone_else_is_found_and_the_first_is_never_asked_again(town: Town) -> None:
    case = await in_talks(town)
    done = await town.press("nurse", await town.own_choice("nurse"), "someone_else")
    assert isinstance(done, Done)
    assert done.name == "practitioner_changed"
    after = await town.write(lambda tx: tx.get(Case, case.id))
    assert after is not None
    assert (after.holder, after.refused) == (None, (town.ids["priya"],))
    told = len(town.messages("priya"))
    await town.clockwork.drain()
    assert len(town.messages("priya")) == told
    page = await town.press("paul", await town.open("paul"), "take_case")
    assert not refused(page)
    [step] = await town.all(Step, kind=StepKind.CHECK_IN, state=OPEN_STATES)
    assert (step.holder, step.rung) == (town.ids["paul"], Rung.ASSIGNED)
    assert buttons(await town.own_choice("nurse"), "someone_else")


async def test_whoever_was_called_in_earlier_cannot_open_it_after_a_change(town: Town) -> None:
    case = await in_talks(town)
    page = await town.say("priya", "peer", "cases")
    await town.write(lambda tx: tx.save(replace(case, called=(town.ids["priya"], town.ids["lena"]))))
    await town.press("nurse", await town.own_choice("nurse"), "someone_else")
    after = await town.write(lambda tx: tx.get(Case, case.id))
    assert after is not None
    assert after.called == (town.ids["lena"],)
    assert refused(await town.press("priya", page, "case"))


async def test_who_opened_it_is_shown_by_name_and_own_visits_are_not(town: Town) -> None:
    await in_talks(town)
    page = await town.say("nurse", "me")
    readers = await town.press("nurse", page, "readers")
    assert "Priya: your request" in words_of(readers)
    assert "Priya: your talks" in words_of(readers)
    assert "Nurse" not in everything_in(readers)
    driver = words_of(await town.press("driver", await town.say("driver", "me"), "readers"))
    assert "Nobody else has opened anything" in driver


async def test_a_reader_who_no_longer_serves_is_a_practitioner_without_a_name(town: Town) -> None:
    await in_talks(town)

    def leave(tx) -> None:
        for grant in tx.find(Grant, member_id=town.ids["priya"]):
            tx.drop(Grant, grant.id)

    await town.write(leave)
    readers = await town.press("nurse", await town.say("nurse", "me"), "readers")
    assert f"{SOMEONE}: your request" in words_of(readers)
    assert "Priya" not in everything_in(readers)


async def test_opening_ones_own_page_is_journalled(town: Town) -> None:
    await town.say("nurse", "me")
    rows = await town.write(
        lambda tx: [row for row in tx.journal.about(names_of(tx, town, "nurse"), 9) if row.what == "me"]
    )
    assert [row.action for row in rows] == [Action.SHOWED]


def names_of(tx, town: Town, name: str) -> list[str]:
    member = tx.get(Member, town.ids[name])
    return [tx.pseudonym(member.key_id, member.id)]


async def test_the_link_to_the_browser_works_once_and_its_secret_is_kept_nowhere(town: Town) -> None:
    view = await town.press("nurse", await town.say("nurse", "me"), "browser")
    assert isinstance(view, Done)
    [link] = blocks_of(view, Link)
    assert link.url.startswith("https://desk.example/sign-in?k=acme.")
    secret = link.url.partition("k=")[2]
    assert secret not in everything_in(await town.all(Session), await town.all(StoredOutcome))
    sessions = Sessions(town.store, town.clock)
    session = await sessions.redeem(secret)
    assert session is not None
    assert await sessions.redeem(secret) is None
    who = await sessions.who(session)
    assert who is not None
    assert who.name == "Nurse"
    assert not refused(await town.desk.receive(who.actor, Invoke(("me",))))


async def test_no_message_carries_a_word_of_it(town: Town) -> None:
    await in_talks(town)
    await town.press("nurse", await town.own_choice("nurse"), "someone_else")
    for _ in range(10):
        await town.pass_time(days=1)
    assert town.slack.sent
    assert CANARY not in everything_in(town.slack.sent, await town.all(StoredOutcome))
