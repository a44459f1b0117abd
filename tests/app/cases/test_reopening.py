"""Talks that were ended by mistake go on where they were; what the person ended never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.app.beginnings import open_case_for
from tests.app.cases.test_changing_hands import event, hold
from tests.builders import Town
from tests.reading import buttons, everything_in, form_of, words_of
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Done, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Availability, Member, Role
from trim_bot.domain.records import Action, JournalEntry
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.steps import OPEN_STATES, AnyStepKind, Rung, Step, StepKind

pytestmark = pytest.mark.anyio


async def the_case(town: Town) -> Case:
    [case] = await town.all(Case)
    return case


async def page(town: Town) -> View:
    return await town.press("priya", await town.say("priya", "peer", "cases"), "case")


async def ended(town: Town, reason: str = "finished") -> View:
    """A case in its first week, with its holder in touch, is ended."""
    await event(town, "nurse")
    await town.in_touch("priya")
    return await town.send("priya", await town.press("priya", await page(town), "close"), reason=reason)


async def what_waits(town: Town) -> list[tuple[AnyStepKind, str, object, object]]:
    found = await town.all(Step, state=OPEN_STATES)
    return sorted(
        ((one.kind, one.subject, one.holder, one.opens_at) for one in found),
        key=lambda one: (one[0].value, one[1]),
    )


async def test_whoever_ended_it_opens_it_again_at_once_and_everything_stands_as_it_stood(town: Town) -> None:
    await event(town, "nurse")
    await town.in_touch("priya")
    before, waiting = await town.all(CheckIn), await what_waits(town)
    done = await town.send("priya", await town.press("priya", await page(town), "close"), reason="finished")
    assert not [one for one in await what_waits(town) if one[0] is StepKind.CHECK_IN]
    again = await town.press("priya", done, "reopen")
    assert isinstance(again, Done) and again.name == "case"
    assert await town.all(CheckIn) == before
    assert await what_waits(town) == waiting
    assert (await the_case(town)).closed_at is None


async def test_the_person_reads_on_their_page_that_it_went_on(town: Town) -> None:
    done = await ended(town)
    assert "Talks with us ended" in words_of(await town.say("nurse", "me"))
    await town.press("priya", done, "reopen")
    mine = await town.say("nurse", "me")
    assert "ended by mistake, and opened again on Monday 23 November" in words_of(mine)
    assert buttons(mine, "stop_or_change")


async def test_it_is_found_again_among_the_cases_and_on_the_planning_list(town: Town) -> None:
    await ended(town)
    await town.pass_time(days=5)
    listed = await town.say("priya", "peer", "cases")
    assert "Nurse: ended on Monday 23 November" in words_of(listed)
    team = await town.say("lena", "peer", "team")
    assert "Support after a hard event: ended on" in words_of(team) and "Nurse" not in everything_in(team)
    done = await town.press("lena", team, "reopen")
    assert isinstance(done, Done) and done.name == "case_reopened"
    case = await the_case(town)
    assert (case.state, case.holder) == (CaseState.OPEN, town.ids["priya"])
    assert not buttons(await town.say("paul", "peer", "cases"), "reopen")


async def test_what_the_person_ended_stays_ended_also_when_a_practitioner_wrote_it_down(town: Town) -> None:
    done = await ended(town, "withdrawn")
    assert not buttons(done, "reopen")
    assert not buttons(await town.say("priya", "peer", "cases"), "reopen")
    assert not buttons(await town.say("lena", "peer", "team"), "reopen")


async def test_what_the_person_stopped_while_the_page_was_open_is_refused(town: Town) -> None:
    done = await ended(town)
    await town.press("priya", done, "reopen")
    await town.press("nurse", await town.own_choice("nurse"), "withdraw")
    refused = await town.press("priya", done, "reopen")
    assert (await the_case(town)).state is CaseState.CLOSED
    assert isinstance(refused, Done) and refused.name == "not_open"


@pytest.mark.parametrize(("days", "open_again"), [(14, True), (15, False)])
async def test_it_is_possible_within_the_days_of_the_site(town: Town, days: int, open_again: bool) -> None:
    done = await ended(town)
    await town.pass_time(days=days)
    await town.press("priya", done, "reopen")
    assert ((await the_case(town)).state is CaseState.OPEN) is open_again


async def test_nobody_else_opens_it(town: Town) -> None:
    done = await ended(town)
    for name in ("paul", "cora", "nurse"):
        refused = await town.press(name, done, "reopen")
        assert isinstance(refused, Done) and refused.name == "not_open"
    assert (await the_case(town)).state is CaseState.CLOSED


async def test_it_is_journalled(town: Town) -> None:
    done = await ended(town)
    await town.press("priya", done, "reopen")
    case = await the_case(town)

    def rows(tx: Tx) -> list[JournalEntry]:
        return tx.journal.about([tx.pseudonym(case.key_id, case.id)], 50)

    assert Action.REOPENED in {row.action for row in await town.write(rows)}


async def test_help_being_arranged_goes_on_and_what_was_held_stays_held(town: Town) -> None:
    await event(town, "nurse")
    await town.pass_time(days=3)
    await hold(town, "priya", await page(town))
    form = await town.press("priya", await page(town), "referral")
    await town.send("priya", form, service="oh", answer="yes")
    done = await town.send("priya", await town.press("priya", await page(town), "close"), reason="finished")
    await town.press("priya", done, "reopen")
    [referral] = await town.all(Referral)
    assert referral.state is ReferralState.ACCEPTED
    assert {one.state for one in await town.all(CheckIn)} == {
        CheckInState.HELD, CheckInState.PLANNED,
    }  # fmt: skip
    assert StepKind.REFERRAL in {one[0] for one in await what_waits(town)}


async def test_a_promise_to_get_in_touch_is_owed_again(town: Town) -> None:
    await event(town, "nurse")
    done = await town.send("priya", await town.press("priya", await page(town), "close"), reason="finished")
    await town.press("priya", done, "reopen")
    assert StepKind.FIRST_CONTACT in {one[0] for one in await what_waits(town)}
    assert "Priya gets in touch with you by Tuesday 24 November" in words_of(await town.say("nurse", "me"))


async def test_where_the_holder_has_left_it_waits_for_somebody(town: Town) -> None:
    await ended(town)

    def leave(tx: Tx) -> None:
        member = tx.get(Member, town.ids["priya"])
        assert member is not None
        tx.save(replace(member, left=True))

    await town.write(leave)
    await town.press("lena", await town.say("lena", "peer", "team"), "reopen")
    case = await the_case(town)
    assert (case.state, case.holder) == (CaseState.OPEN, None)
    assert StepKind.ASSIGN in {one[0] for one in await what_waits(town)}


async def test_talks_past_their_time_are_still_open_afterwards(town: Town) -> None:
    done = await ended(town)
    await town.pass_time(days=13)
    await town.press("priya", done, "reopen")
    first = await town.write(lambda tx: tx.find(CheckIn, stage="first")[0])
    assert first.closes_at < town.clock.now() - timedelta(days=1)
    assert "interview" in {one.action for one in buttons(await page(town), "interview")}


async def test_the_sites_limit_holds_for_talks_opened_again_too(town: Town) -> None:
    done = await ended(town)
    await town.settle(most_open_cases=1)
    await open_case_for(town, "porter", holder="priya")
    again = await town.press("priya", done, "reopen")
    assert isinstance(again, Done) and again.name == "case_reopened"
    full = "You hold as much as your site allows, so the lead gives it to somebody else."
    assert full in words_of(again)
    assert "goes on with it" not in everything_in(again) and buttons(again, "cases")
    assert full in words_of(await town.press("priya", done, "reopen"))
    [case] = await town.all(Case, member_id=town.ids["nurse"])
    assert (case.state, case.holder) == (CaseState.OPEN, None)
    [step] = await town.all(Step, kind=StepKind.ASSIGN, case_id=case.id)
    assert (step.rung, step.holder) == (Rung.LEAD, town.ids["lena"])
    assert form_of(await town.press("lena", await town.say("lena", "waiting"), "open")).name == "assign"


def end(id: MemberId, role: Role, work: UnitOfWork) -> None:
    Roster(work.tx).revoke(id, role, work.now)


async def test_without_a_lead_talks_that_nobody_has_room_for_wait_for_all(town: Town) -> None:
    done = await ended(town)
    for role, name in ((Role.LEAD, "lena"), (Role.DEPUTY, "dev")):
        await town.work(partial(end, town.ids[name], role))
    await town.settle(most_open_cases=1)
    await open_case_for(town, "porter", holder="priya")
    said = words_of(await town.press("priya", done, "reopen"))
    assert "You have no room for it now, so it waits for somebody else." in said
    [case] = await town.all(Case, member_id=town.ids["nurse"])
    [step] = await town.all(Step, kind=StepKind.ASSIGN, case_id=case.id)
    assert step.rung is Rung.POOL


async def test_a_lead_who_opens_talks_again_that_nobody_can_go_on_with_gives_them_at_once(town: Town) -> None:
    await ended(town)
    await town.settle(most_open_cases=1)
    await open_case_for(town, "porter", holder="priya")
    form = form_of(await town.press("lena", await town.say("lena", "peer", "team"), "reopen"))
    assert form.name == "assign"


async def test_the_place_that_the_end_left_free_is_enough(town: Town) -> None:
    await town.settle(most_open_cases=1)
    done = await ended(town)
    await town.press("priya", done, "reopen")
    assert (await the_case(town)).holder == town.ids["priya"]


@pytest.mark.parametrize("room", [Availability.FULL, Availability.AWAY])
async def test_a_lead_gives_nobody_talks_again_for_whom_they_said_they_have_no_room(
    town: Town, room: Availability
) -> None:
    await ended(town)
    id = town.ids["priya"]
    await town.write(lambda tx: change(tx, id, availability=room))
    await town.press("lena", await town.say("lena", "peer", "team"), "reopen")
    assert (await the_case(town)).holder is None
    assert [one.rung for one in await town.all(Step, kind=StepKind.ASSIGN)] == [Rung.POOL]


def change(tx: Tx, id: MemberId, **what: Any) -> None:
    member = tx.get(Member, id)
    assert member is not None
    tx.save(replace(member, **what))


GONE = ("left", "on leave", "role ended", "messages stopped")
# Whoever has left, or holds no role any more, opens nothing.
WAYS = (*(("lena", "before", gone) for gone in GONE), ("priya", "before", "on leave"))
WAYS += tuple((who, "after", gone) for who in ("lena", "priya") for gone in GONE)


@pytest.mark.parametrize(("who", "when", "gone"), WAYS)
async def test_talks_opened_again_climb_whatever_became_of_their_holder(
    town: Town, who: str, when: str, gone: str
) -> None:
    """Each thing to do ends with somebody who is there, and by the end of the ladder first on the lead's board."""
    done = await ended(town)

    async def go() -> None:
        if gone == "role ended":
            roster = lambda work: Roster(work.tx).revoke(town.ids["priya"], Role.PRACTITIONER, work.now)  # noqa: E731
            await town.work(roster)
            return
        until = town.clock.now() + timedelta(days=60)
        what: dict[str, object] = {"left": True} if gone == "left" else {"messages_stopped": True}
        what = {"away_until": until, "on_leave": True} if gone == "on leave" else what
        await town.write(lambda tx: change(tx, town.ids["priya"], **what))

    if when == "before":
        await go()
    view = done if who == "priya" else await town.say("lena", "peer", "team")
    await town.press(who, view, "reopen")
    assert (await the_case(town)).state is CaseState.OPEN
    if when == "after":
        await go()
    owners: set[object] = set()
    for _ in range(25):
        await town.pass_time(days=1)
        steps = await town.all(Step, state=OPEN_STATES)
        held = [one for one in steps if one.opens_at <= town.clock.now() - timedelta(days=4)]
        assert steps, "something waits all along"
        owners |= {one.holder for one in held}
        assert all(one.rung is not Rung.ASSIGNED or one.holder != town.ids["priya"] for one in held)
    assert owners & {town.ids["lena"], town.ids["dev"], town.ids["paul"]}
    assert "Assign " in words_of(await town.say("lena", "peer", "team"))
