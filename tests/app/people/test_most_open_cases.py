"""Nobody holds more than the site allows: not by an offer, by taking, by covering, by assignment nor by a yes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.app.asking import ask, its_step, taken
from tests.app.beginnings import open_case_for, step_of
from tests.app.events.test_call_sheets import log_many, sheet
from tests.app.handover.test_planning import offered
from tests.builders import Town, log_values
from tests.reading import blocks_of, buttons, everything_in, form_of, values_of, words_of
from trim_bot.app.people.eligible import load, room_to_offer
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import FieldErrors, Toggle
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting.ladder import next_owner, pool
from trim_bot.domain.cases import Case
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Availability
from trim_bot.domain.steps import Rung, StepKind

pytestmark = pytest.mark.anyio


async def crew(town: Town, number: int) -> list[str]:
    names = [f"crew{one}" for one in range(number)]
    for name in names:
        await town.add(name)
    return names


async def fill(town: Town, name: str, number: int) -> None:
    """Somebody holds so many cases."""
    for one in range(number):
        person = f"held{one}of{name}"
        await town.add(person)
        await open_case_for(town, person, holder=name)


async def log_mine(town: Town, names: list[str]) -> str:
    form = await town.say("priya", "peer", "log")
    people = [town.actor(name) for name in names]
    done = await town.send("priya", form, **log_values(*people, mine=True))
    await town.clockwork.drain()
    return words_of(done)


async def say_yes(town: Town, name: str) -> None:
    mine = await town.say(name, "me")
    await town.press(name, await town.press(name, mine, "offer"), "offer_yes")


async def held(town: Town, name: str) -> int:
    return await town.work(lambda work: load(work, town.ids[name]))


async def test_seven_talks_in_a_minute_are_five_and_the_rest_go_to_others(town: Town) -> None:
    names = await crew(town, 7)
    form = form_of(await town.say("priya", "peer", "log"))
    toggle = blocks_of(form, Toggle)[0]
    assert toggle.hint == "You have room for 5 talks. The rest go to others."
    done = await log_mine(town, names)
    assert "Your name is in 5 of 7 offers." in done
    for name in names:
        await say_yes(town, name)
    assert await held(town, "priya") == 5
    cases = await town.all(Case)
    assert len(cases) == 7
    assert sum(case.holder is None for case in cases) == 2


async def test_offers_that_may_still_become_a_talk_count_for_the_next_event(town: Town) -> None:
    await log_mine(town, await crew(town, 3))
    assert await town.work(lambda work: room_to_offer(work, town.ids["priya"])) == 2
    for name in ("more1", "more2", "more3"):
        await town.add(name)
    assert "Your name is in 2 of 3 offers." in await log_mine(town, ["more1", "more2", "more3"])
    form = form_of(await town.say("priya", "peer", "log"))
    assert not [one for one in form.inputs() if one.name == "mine"]
    assert "Others hold these." in words_of(form)
    await town.press("crew0", await town.open("crew0"), "offer_no")
    assert await town.work(lambda work: room_to_offer(work, town.ids["priya"])) == 1


async def test_the_limit_is_the_sites_and_ones_own_room_holds_below_it(town: Town) -> None:
    await town.settle(most_open_cases=2)
    await log_mine(town, await crew(town, 3))
    offers = await town.all(Offer)
    assert sum(one.proposed is not None for one in offers) == 2
    form = form_of(await town.say("priya", "peer", "profile"))
    values = values_of(form)
    await town.send("priya", form, **{**values, "availability": Availability.FULL.value})
    for name in ("crew0", "crew1", "crew2"):
        await say_yes(town, name)
    assert await held(town, "priya") == 0


async def test_of_two_yeses_at_once_to_the_last_place_one_has_it(town: Town) -> None:
    await fill(town, "priya", 4)
    first, second = await crew(town, 2)

    def both(work: UnitOfWork) -> None:
        for offer in work.tx.find(Offer):
            work.tx.save(replace(offer, proposed=town.ids["priya"]))

    await log_mine(town, [first, second])
    await town.work(both)
    await asyncio.gather(say_yes(town, first), say_yes(town, second))
    assert await held(town, "priya") == 5


async def test_taking_a_case_at_the_limit_is_answered_in_plain_words(town: Town) -> None:
    await open_case_for(town, "nurse")
    page = await town.press("priya", await town.say("priya", "peer", "due"), "open")
    await fill(town, "priya", 5)
    after = await town.press("priya", page, "take_case")
    assert "You hold 5 pieces of work, the most your site allows." in words_of(after)
    assert not buttons(after, "take_case")
    assert await held(town, "priya") == 5
    cases = await town.say("priya", "peer", "cases")
    assert "You hold 5 pieces of work, as many as your site allows." in words_of(cases)


async def test_so_is_taking_a_request_and_a_request_taken_counts(town: Town) -> None:
    await taken(town)
    assert await held(town, "priya") == 1
    await fill(town, "priya", 4)
    await ask(town, "driver")
    page = await town.press("paul", await town.say("paul", "waiting"), "open")
    assert buttons(page, "take_request")
    step = (await step_of(town, kind=StepKind.REQUEST, rung=Rung.POOL))[0]
    token = town.tokens.sign(
        town.organisation.id, "take_request", {"request": step.subject}, nonce="once", expires_at=None
    )
    after = await town.desk.receive(town.actor("priya"), Press("take_request", token))
    assert "the most your site allows" in words_of(after)
    assert await held(town, "priya") == 5


async def test_whoever_has_the_persons_talks_can_still_answer_what_they_ask(town: Town) -> None:
    await fill(town, "priya", 4)
    await open_case_for(town, "nurse", holder="priya")
    await ask(town)
    step = await its_step(town)
    assert step.holder == town.ids["priya"]
    page = await town.press("priya", await town.say("priya", "peer", "due"), "open", 0)
    assert buttons(page, "take_request")
    assert "the most your site allows" not in everything_in(page)


async def test_the_ladder_asks_nobody_at_the_limit(town: Town) -> None:
    await fill(town, "paul", 5)
    await open_case_for(town, "nurse", holder="priya")
    step = next(iter(await step_of(town, holder=town.ids["priya"], kind=StepKind.CHECK_IN)))
    rung, holder = await town.work(lambda work: next_owner(work, step))
    assert (rung, holder) == (Rung.COVER, town.ids["lena"])
    assert town.ids["paul"] not in await town.work(lambda work: pool(work, step))


async def test_a_lead_sees_room_and_goes_beyond_the_limit_only_on_purpose(town: Town) -> None:
    await fill(town, "paul", 5)
    case = await open_case_for(town, "nurse")
    board = words_of(await town.say("lena", "peer", "team"))
    assert "Paul\n5 of 5, full" in board and "Priya\n0 of 5, has room" in board
    token = town.tokens.sign(town.organisation.id, "assign", {"case": case.id}, nonce=None, expires_at=None)
    form = form_of(await town.desk.receive(town.actor("lena"), Press("assign", token)))
    assert town.ids["paul"] in offered(form, "holder")
    assert "Paul, holds 5, at the limit" in words_of(form)
    answer = await town.send("lena", form, holder=town.ids["paul"], cover="any")
    assert isinstance(answer, FieldErrors) and set(answer.errors) == {"beyond"}
    assert await held(town, "paul") == 5
    await town.send("lena", form, holder=town.ids["paul"], cover="any", beyond=True)
    assert await held(town, "paul") == 6


async def test_a_yes_on_the_call_sheet_at_the_limit_goes_to_others_and_says_so(town: Town) -> None:
    await fill(town, "priya", 5)
    await log_many(town, 2)
    view = await town.press("priya", await sheet(town, "priya"), "call_take_some")
    assert "After a yes, another colleague talks with them." in words_of(view)
    await town.press("priya", view, "call_yes")
    cases = await town.all(Case, holder=None)
    assert len(cases) == 1 and await held(town, "priya") == 5


async def test_coordinators_see_declared_room_and_never_the_limit(town: Town) -> None:
    before = await town.say("cora", "peer", "status")
    await fill(town, "paul", 5)
    await fill(town, "priya", 5)
    assert await town.say("cora", "peer", "status") == before
