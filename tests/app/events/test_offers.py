"""The offer: three equal answers, none of them a mark against anyone."""

from __future__ import annotations

import pytest

from tests.builders import Town, log_values
from tests.reading import buttons, buttons_of, words_of
from trim_bot.app.seam.views import Answer, Done, Form, View, Weight
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import Undeliverable
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind

pytestmark = pytest.mark.anyio


async def offered(town: Town, *names: str, mine: bool = False) -> View:
    """An event is logged; the first person opens their offer."""
    form = await town.say("priya", "peer", "log")
    people = [town.actor(name) for name in names or ("nurse",)]
    await town.send("priya", form, **log_values(*people, mine=mine))
    await town.clockwork.drain()
    return await town.open((names or ("nurse",))[0])


async def offer(town: Town) -> Offer:
    [found] = await town.all(Offer)
    return found


async def test_three_equal_answers_and_no_is_first(town: Town) -> None:
    view = await offered(town)
    assert isinstance(view, Done) and not isinstance(view, Form)
    answers = [one for one in buttons_of(view) if one.action.startswith("offer_")]
    assert [one.action for one in answers] == ["offer_no", "offer_later", "offer_yes"]
    assert {one.weight for one in answers} == {Weight.EQUAL}


async def test_no_ends_it_and_nobody_is_told(town: Town) -> None:
    view = await offered(town)
    done = await town.press("nurse", view, "offer_no")
    assert "won't be asked why" in words_of(done)
    await town.pass_time(days=60)
    assert len(town.messages("nurse")) == 1
    assert [await town.waiting(name) for name in ("nurse", "priya", "lena")] == [0, 0, 0]
    assert (await offer(town)).state is OfferState.DECLINED


async def test_not_now_is_asked_once_more_on_their_page_and_then_left(town: Town) -> None:
    await town.press("nurse", await offered(town), "offer_later")
    assert await town.waiting("nurse") == 0
    await town.pass_time(days=14)
    assert await town.waiting("nurse") == 1
    await town.press("nurse", await town.open("nurse"), "offer_later")
    await town.pass_time(days=60)
    assert await town.waiting("nurse") == 0
    assert len(town.messages("nurse")) == 1
    assert (await offer(town)).state is OfferState.NOT_NOW


async def test_no_reply_is_a_state_of_its_own_and_can_still_be_answered(town: Town) -> None:
    await offered(town)
    await town.pass_time(days=43)
    assert (await offer(town)).state is OfferState.NO_REPLY
    assert len(town.messages("nurse")) == 1
    mine = await town.say("nurse", "me")
    again = await town.press("nurse", mine, "offer")
    await town.press("nurse", again, "offer_yes")
    assert (await offer(town)).state is OfferState.ACCEPTED
    assert not await town.all(Step, kind=StepKind.OFFER, state=OPEN_STATES)


async def test_yes_with_someone_else_goes_to_the_others(town: Town) -> None:
    view = await offered(town, mine=True)
    await town.press("nurse", view, "offer_other")
    [case] = await town.all(Case)
    assert case.holder is None and case.refused == (town.ids["priya"],)
    await town.clockwork.drain()
    assert len(town.messages("priya")) == 0
    taken = await town.press("paul", await town.open("paul"), "take_case")
    assert "Nurse" in words_of(taken)


async def test_pressing_yes_twice_makes_one_case_and_the_same_answer(town: Town) -> None:
    view = await offered(town, mine=True)
    first = await town.press("nurse", view, "offer_yes")
    again = await town.press("nurse", view, "offer_yes")
    assert isinstance(first, Done) and isinstance(again, Done)
    assert (first.name, first.title) == (again.name, again.title)
    assert len(await town.all(Case)) == 1


async def test_an_offer_opens_for_nobody_else(town: Town) -> None:
    view = await offered(town)
    for name in ("driver", "priya", "lena", "cora", "adam"):
        refused = await town.press(name, view, "offer_yes")
        assert isinstance(refused, Done) and refused.answer is Answer.REFUSED


async def test_someone_out_of_reach_is_told_in_person(town: Town) -> None:
    town.slack.always[town.actor("nurse").address.text] = Undeliverable()
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.drain()
    contact = await town.open("priya")
    assert "Nurse" in words_of(contact)
    await town.send("priya", contact, answer="yes")
    [case] = await town.all(Case)
    assert case.holder == town.ids["priya"]


async def test_someone_not_listed_is_told_in_person_and_may_say_no(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(unlisted="A night cleaner, 0123 456"))
    await town.clockwork.drain()
    contact = await town.open("priya")
    assert "0123 456" in words_of(contact)
    await town.send("priya", contact, answer="no")
    assert (await offer(town)).state is OfferState.DECLINED


async def test_an_own_answer_stands_over_a_recorded_one(town: Town) -> None:
    town.slack.always[town.actor("nurse").address.text] = Undeliverable()
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.drain()
    contact = await town.open("priya")
    mine = await town.say("nurse", "me")
    await town.press("nurse", await town.press("nurse", mine, "offer"), "offer_no")
    await town.send("priya", contact, answer="yes")
    assert (await offer(town)).state is OfferState.DECLINED
    assert not buttons(await town.say("priya", "peer", "cases"), "case")


async def test_not_now_on_a_second_open_screen_keeps_the_one_time_it_is_asked_again(town: Town) -> None:
    view = await offered(town)
    mine = await town.press("nurse", await town.say("nurse", "me"), "offer")
    await town.press("nurse", view, "offer_later")
    await town.press("nurse", mine, "offer_later")
    await town.pass_time(days=14)
    assert await town.waiting("nurse") == 1
