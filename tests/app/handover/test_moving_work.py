"""A coordinator who knows of no case passes on all the work of one practitioner, and learns of none by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from tests.app.asking import taken, the_request
from tests.app.beginnings import open_case_for
from tests.app.handover.test_planning import manages
from tests.app.oversight.test_roster import options, person, roster
from tests.builders import Town
from tests.fakes import FakeStore
from tests.reading import buttons, everything_in, name_of, unsigned, words_of
from trim_bot.app.cases.given_on import GivenOnStep
from trim_bot.app.desk.routes import STEPS
from trim_bot.app.handover.moving_work import MOVED
from trim_bot.app.people.work_moves import WorkStep
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import FieldErrors, View
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import IncidentId, OfferId, OrganisationId, StepId, new_id
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind

pytestmark = pytest.mark.anyio


async def move(town: Town, whose: str = "Priya", to: str = "paul", by: str = "cora") -> View:
    form = await town.press(by, await person(town, whose, by), "work_move")
    return await town.send(by, form, next_holder=town.ids.get(to, to))


async def held_by(town: Town, case: Case) -> str:
    [now] = await town.all(Case, id=case.id)
    return next((name for name, id in town.ids.items() if id == now.holder), "")


async def test_all_of_it_goes_to_the_other_on_the_next_working_day(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await taken(town)
    covered = await open_case_for(town, "driver", holder="lena", cover="priya")
    assert name_of(await move(town)) == "work_moves"
    assert await held_by(town, case) == "priya", "not at once"
    await town.pass_time(days=1)
    assert await held_by(town, case) == "paul"
    request = await the_request(town)
    assert (request.state, request.taken_by) == (RequestState.WAITING, None)
    [asked] = await town.all(Step, kind=StepKind.REQUEST, state=OPEN_STATES)
    assert asked.holder == town.ids["paul"], "who says by taking it that nothing stands between"
    [other] = await town.all(Case, id=covered.id)
    assert (other.holder, other.cover) == (town.ids["lena"], None)
    mine = await town.all(Step, holder=town.ids["priya"], state=OPEN_STATES)
    assert {step.kind for step in mine} == {GivenOnStep.GIVEN_ON}


async def test_whoever_held_a_case_finds_whose_it_is_now(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await move(town)
    await town.pass_time(days=1)
    page = await town.press("priya", await town.say("priya", "waiting"), "open")
    assert "coordinator" in words_of(page)
    assert "Paul" in words_of(page)


async def test_what_the_other_may_not_hold_goes_to_the_next_in_line(town: Town) -> None:
    theirs = await open_case_for(town, "nurse", holder="priya")
    others = await open_case_for(town, "driver", holder="priya")
    await manages(town, "paul", "nurse")
    await move(town)
    await town.pass_time(days=1)
    assert await held_by(town, theirs) not in ("paul", "priya")
    assert await held_by(town, others) == "paul"


async def test_nobody_is_given_more_than_the_site_allows(town: Town) -> None:
    await town.settle(most_open_cases=1)
    cases = [await open_case_for(town, name, holder="priya") for name in ("nurse", "driver", "porter")]
    await move(town)
    await town.pass_time(days=1)
    now = [await held_by(town, case) for case in cases]
    assert now.count("paul") == 1
    assert "priya" not in now


async def given_on_by(town: Town) -> set[str]:
    """Who is asked to give a case to somebody."""
    asked = await town.all(Step, kind=StepKind.ASSIGN, state=OPEN_STATES)
    return {name for name, id in town.ids.items() if id in {step.holder for step in asked}}


async def test_a_lead_can_be_left_to_give_it_on(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    request = await taken(town)
    await move(town, to="on")
    await town.pass_time(days=1)
    assert (await held_by(town, case), await given_on_by(town)) == ("", {"lena"})
    [asked] = await town.all(Step, kind=StepKind.REQUEST, state=OPEN_STATES)
    assert asked.holder == town.ids["lena"], request


async def test_a_lead_whose_own_work_it_is_gives_none_of_it_on(town: Town) -> None:
    await open_case_for(town, "nurse", holder="lena")
    await move(town, whose="Lena", to="on")
    await town.pass_time(days=1)
    assert await given_on_by(town) == {"dev"}


async def test_another_lead_comes_before_the_deputy(town: Town) -> None:
    await open_case_for(town, "nurse", holder="lena")
    await town.write(lambda tx: tx.add(Grant(new_id(), town.ids["paul"], Role.LEAD, town.clock.now())))
    await move(town, whose="Lena", to="on")
    await town.pass_time(days=1)
    assert await given_on_by(town) == {"paul"}


async def test_nor_is_she_given_a_request_back_that_she_took(town: Town) -> None:
    await taken(town)
    request = await the_request(town)
    await town.write(lambda tx: tx.save(replace(request, taken_by=town.ids["lena"])))
    await move(town, whose="Lena", to="on")
    await town.pass_time(days=1)
    [asked] = await town.all(Step, kind=StepKind.REQUEST, state=OPEN_STATES)
    assert asked.holder == town.ids["dev"]


async def test_without_a_lead_it_stays_where_it_is(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")

    def none_leads(tx: Tx) -> None:
        for grant in tx.find(Grant, role=(Role.LEAD, Role.DEPUTY)):
            tx.drop(Grant, grant.id)

    await town.write(none_leads)
    before = {step.id: step.holder for step in await town.all(Step, case_id=case.id, state=OPEN_STATES)}
    await move(town, to="on")
    await town.pass_time(days=1)
    assert await held_by(town, case) == "priya"
    steps = await town.all(Step, case_id=case.id, state=OPEN_STATES)
    assert {step.id: step.holder for step in steps} == before, "nor does a part of it go to whoever has room"


@pytest.mark.parametrize("friend", ["paul", "cora"])
async def test_nobody_gets_it_for_being_the_only_one_with_room(town: Town, friend: str) -> None:
    """A coordinator can see to it that one practitioner alone has room, or be that one."""
    case = await founded(town)

    def only_a_friend(tx: Tx) -> None:
        for grant in tx.find(Grant, role=Role.PRACTITIONER):
            if grant.member_id != town.ids["priya"]:
                tx.drop(Grant, grant.id)
        tx.add(Grant(new_id(), town.ids[friend], Role.PRACTITIONER, town.clock.now()))

    await town.write(only_a_friend)
    await move(town, to="on")
    await town.pass_time(days=1)
    assert (await held_by(town, case), await given_on_by(town)) == ("", {"lena"})


async def test_after_a_leads_no_it_does_not_get_there_in_another_way(town: Town) -> None:
    case = await founded(town)
    await move(town)
    await town.press("lena", await asked_of_a_lead(town), "move_no")
    await move(town, to="on")
    await town.pass_time(days=1)
    assert (await held_by(town, case), await given_on_by(town)) == ("", {"lena"})


async def test_where_no_lead_could_say_yes_it_is_said_at_once(town: Town) -> None:
    await founded(town)

    def one_lead_who_keeps_the_roster(tx: Tx) -> None:
        for grant in tx.find(Grant, role=Role.DEPUTY):
            tx.drop(Grant, grant.id)
        tx.add(Grant(new_id(), town.ids["lena"], Role.COORDINATOR, town.clock.now()))

    await town.write(one_lead_who_keeps_the_roster)
    tried = await move(town)
    assert isinstance(tried, FieldErrors)
    assert "No lead is here" in tried.errors["next_holder"]
    assert await town.all(Step, kind=WorkStep.MOVE_ASKED) == []


async def test_an_offer_names_the_other_where_they_have_room(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    now = town.clock.now()
    offer = Offer(
        OfferId(new_id()), case.key_id, case.incidents[0] if case.incidents else IncidentId(new_id()),
        town.ids["driver"], case.programme, OfferState.WAITING, now, now + timedelta(days=14),
        proposed=town.ids["priya"],
    )  # fmt: skip
    await town.write(lambda tx: tx.add(offer))
    await move(town)
    await town.pass_time(days=1)
    [kept] = await town.all(Offer, id=offer.id)
    assert kept.proposed == town.ids["paul"]


async def test_a_call_for_safety_stays_with_those_who_were_called(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    step = (await town.all(Step, case_id=case.id, state=OPEN_STATES))[0]
    call = replace(step, id=StepId(new_id()), kind=StepKind.SAFETY, due_at=step.due_at + timedelta(days=9))
    await town.write(lambda tx: tx.add(call))
    await move(town)
    await town.pass_time(days=1)
    [now] = await town.all(Step, id=call.id)
    assert now.holder == town.ids["priya"]


async def test_the_answer_is_the_same_for_much_work_and_none(town: Town) -> None:
    seen = []
    for work in (False, True):
        if work:
            await open_case_for(town, "nurse", holder="priya")
            await taken(town)
        form = await town.press("cora", await person(town, "Priya"), "work_move")
        done = await town.send("cora", form, next_holder=town.ids["paul"])
        after = await roster(town)
        # The day alone differs, since the second was asked a day later.
        said = words_of(done).replace("Tuesday 24 November", "DAY").replace("Wednesday 25 November", "DAY")
        assert "It happens on DAY." in said
        await town.pass_time(hours=30)
        seen.append((unsigned(form), said, words_of(await roster(town))))
        assert "All their work" in words_of(after)
    assert seen[0] == seen[1]
    assert "All their work" not in seen[0][2]


async def test_it_can_be_changed_and_taken_back_until_it_begins(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await move(town, to="on")
    await move(town)
    assert len(await town.all(Step, kind=WorkStep.MOVE_WORK, state=OPEN_STATES)) == 1
    await move(town, to="nowhere")
    await town.pass_time(days=3)
    assert await held_by(town, case) == "priya"


async def test_nobody_has_others_work_sent_to_themself(town: Town) -> None:
    await town.write(
        lambda tx: tx.add(Grant(new_id(), town.ids["cora"], Role.PRACTITIONER, town.clock.now()))
    )
    form = await town.press("cora", await person(town, "Priya"), "work_move")
    assert town.ids["cora"] not in options(form, "next_holder")
    assert town.ids["priya"] not in options(form, "next_holder")
    tried = await town.send("cora", form, next_holder=town.ids["cora"])
    assert isinstance(tried, FieldErrors)
    assert await town.all(Step, kind=WorkStep.MOVE_WORK) == []


async def test_only_a_coordinator_may_and_only_of_somebody_who_takes_work(town: Town) -> None:
    assert not buttons(await person(town, "Priya", "adam"), "work_move")
    assert not buttons(await person(town, "Adam"), "work_move")


async def test_somebody_who_is_gone_by_then_gets_nothing(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await move(town)

    def leave(tx: Tx) -> None:
        member = tx.get(Member, town.ids["paul"])
        assert member is not None
        tx.save(replace(member, left=True))

    await town.write(leave)
    await town.pass_time(days=1)
    assert await held_by(town, case) not in ("paul", "priya")


async def test_the_journal_holds_ids_alone(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await move(town)
    await town.pass_time(days=1)
    journal = cast(FakeStore, town.store).states[OrganisationId(town.organisation.id)].journal
    rows = [row for row in journal if row.what == MOVED]
    assert {row.actor for row in rows} == {"clock"}
    kept = {word for row in rows for word in (row.what, row.subject)}
    assert kept.isdisjoint({*town.ids.values(), *(case.id for case in await town.all(Case))})


async def test_no_page_of_a_lead_says_that_it_was_asked_where_no_yes_is_needed(town: Town) -> None:
    before = everything_in(await town.say("lena", "waiting"))
    await move(town, to="on")
    await town.pass_time(days=1)
    assert everything_in(await town.say("lena", "waiting")) == before
    assert await town.all(SupportRequest) == []


async def asked_of_a_lead(town: Town) -> View:
    """What a lead finds behind it, on their page."""
    waiting = await town.say("lena", "waiting")
    labels = [button.label for button in buttons(waiting, "open")]
    return await town.press("lena", waiting, "open", labels.index(STEPS[WorkStep.AGREE_MOVE].label))


async def founded(town: Town) -> Case:
    """A lead has opened the desk, and a practitioner holds a case."""
    await town.say("lena", "peer", "team")
    return await open_case_for(town, "nurse", holder="priya")


async def test_a_colleague_by_name_gets_it_once_a_lead_has_said_yes(town: Town) -> None:
    case = await founded(town)
    assert name_of(await move(town)) == "work_move_asked"
    await town.pass_time(days=1)
    assert await held_by(town, case) == "priya", "nobody has said yes"
    page = await town.press("lena", await asked_of_a_lead(town), "move_yes")
    assert "A lead said yes" in words_of(page)
    assert await held_by(town, case) == "priya", "not at once"
    await town.pass_time(days=1)
    assert await held_by(town, case) == "paul"


async def test_what_no_lead_agrees_to_lapses(town: Town) -> None:
    case = await founded(town)
    await move(town)
    assert "All their work" in words_of(await roster(town))
    await town.pass_time(days=14)
    assert await held_by(town, case) == "priya"
    assert "All their work" not in everything_in(await roster(town))
    assert await town.all(Step, kind=(WorkStep.MOVE_ASKED, WorkStep.AGREE_MOVE), state=OPEN_STATES) == []


async def test_a_yes_that_comes_too_late_begins_nothing(town: Town) -> None:
    """Also before the clock has looked."""
    case = await founded(town)
    await move(town)
    page = await asked_of_a_lead(town)
    town.clock.move(timedelta(days=14))
    assert name_of(await town.press("lena", page, "move_yes")) != "move_asked"
    await town.pass_time(days=3)
    assert await held_by(town, case) == "priya"


async def test_a_lead_can_say_no_and_can_stop_what_was_agreed(town: Town) -> None:
    case = await founded(town)
    await move(town)
    said = await town.press("lena", await asked_of_a_lead(town), "move_no")
    assert name_of(said) == "work_stays"
    await move(town)
    agreed = await town.press("lena", await asked_of_a_lead(town), "move_yes")
    assert name_of(await town.press("lena", agreed, "move_no")) == "work_stays"
    await town.pass_time(days=3)
    assert await held_by(town, case) == "priya"


async def test_neither_of_the_two_nor_whoever_keeps_the_roster_says_the_yes(town: Town) -> None:
    await founded(town)

    def also_lead(*names: str) -> Callable[[Tx], None]:
        def grant(tx: Tx) -> None:
            for name in names:
                tx.add(Grant(new_id(), town.ids[name], Role.LEAD, town.clock.now()))

        return grant

    await town.write(also_lead("paul", "priya"))
    await move(town)
    asked = await town.all(Step, kind=WorkStep.AGREE_MOVE, state=OPEN_STATES)
    assert {step.holder for step in asked} == {town.ids["lena"], town.ids["dev"]}
    await town.write(also_lead("cora"))
    page = await asked_of_a_lead(town)
    for name in ("paul", "priya", "cora"):
        assert name_of(await town.press(name, page, "move_yes")) != "move_asked"
        assert name_of(await town.press(name, page, "move_no")) != "work_stays"
    assert len(await town.all(Step, kind=WorkStep.MOVE_ASKED, state=OPEN_STATES)) == 1
