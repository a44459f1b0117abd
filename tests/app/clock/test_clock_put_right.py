"""A clock that ran ahead and was put right has silenced nothing for as long as it was ahead."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from tests.builders import Town, log_values
from trim_bot.app.clock.clockwork import Clockwork, bring_back
from trim_bot.app.people.note_days import days_of_note
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.telling import told
from trim_bot.domain.ids import StepId
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import (
    OPEN_STATES,
    OutboxState,
    Outgoing,
    Priority,
    Rung,
    Step,
    StepKind,
    StepState,
)

pytestmark = pytest.mark.anyio
AHEAD = timedelta(days=30)


async def open_steps(town: Town) -> list[Step]:
    return await town.all(Step, state=OPEN_STATES)


async def test_what_was_put_off_while_the_clock_was_ahead_is_looked_at_again(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    town.clock.move(AHEAD)
    await town.clockwork.drain()
    town.clock.move(-AHEAD)
    silenced = [
        one for one in await open_steps(town) if one.due_at > town.clock.now() + AHEAD - timedelta(days=1)
    ]
    assert silenced
    assert await town.work(bring_back) >= len(silenced)
    far = [one for one in await open_steps(town) if one.due_at > max(town.clock.now(), one.opens_at)]
    late = {one.id for one in far if one.state is not StepState.TOLD}
    assert not late & {one.id for one in silenced if one.rung is not Rung.PERSON}


@pytest.mark.parametrize("days", [5, 20, 60])
@pytest.mark.parametrize(("rung", "holder"), [(Rung.ASSIGNED, "priya"), (Rung.LEAD, "lena")])
async def test_whoever_was_told_by_a_clock_that_was_ahead_has_their_days_and_no_more(
    town: Town, rung: Rung, holder: str, days: int
) -> None:
    await town.work(lambda work: None)

    def told_step(work: UnitOfWork) -> Step:
        step = waits.begin(work, StepKind.REVIEW, "any", rung, town.ids[holder])
        told(work, step)
        found = work.tx.get(Step, step.id)
        assert found is not None
        return found

    right = await town.work(told_step)
    assert await town.work(bring_back) == 0
    await town.work(lambda work: work.tx.save(replace(right, due_at=right.due_at + timedelta(days=days))))
    assert await town.work(bring_back) == 1
    assert [one for one in await open_steps(town) if one.id == right.id] == [right]
    assert await town.work(bring_back) == 0


async def test_what_waits_for_its_own_time_or_for_its_person_is_left_alone(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    [offer] = [one for one in await open_steps(town) if one.rung is Rung.PERSON]
    assert offer.state is StepState.TOLD
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    before = {one.id: one for one in await open_steps(town)}
    assert await town.work(bring_back) == 0
    assert {one.id: one for one in await open_steps(town)} == before


async def queued(town: Town) -> dict[str, Outgoing]:
    """What waits to be sent, by id."""
    return {one.id: one for one in await town.all(Outgoing, state=OutboxState.QUEUED)}


@pytest.mark.parametrize("kind", ["welcome", "waiting"])
@pytest.mark.parametrize("days", [3, 30])
async def test_a_message_that_a_wrong_clock_put_off_is_decided_on_again(
    town: Town, kind: str, days: int
) -> None:
    await town.work(lambda work: None)

    def wait(tx: Tx) -> None:
        due = town.clock.now() + timedelta(days=days)
        tx.add(Outgoing("late", kind, town.ids["nurse"], None, OutboxState.QUEUED, due))

    await town.write(wait)
    assert await town.work(bring_back) == 1
    assert (await queued(town))["late"].due_at == town.clock.now()


@pytest.mark.parametrize(("rung", "holder"), [(Rung.PERSON, "nurse"), (Rung.ASSIGNED, "priya")])
async def test_an_untold_step_that_a_clock_three_days_ahead_put_off_is_told_in_the_next_hours(
    town: Town, rung: Rung, holder: str
) -> None:
    await town.work(lambda work: None)

    def put_off(work: UnitOfWork) -> StepId:
        step = waits.begin(work, StepKind.REVIEW, "any", rung, town.ids[holder])
        work.tx.save(replace(step, due_at=work.now + timedelta(days=3)))
        return step.id

    id = await town.work(put_off)
    assert await town.work(bring_back) == 1
    [found] = [one for one in await open_steps(town) if one.id == id]
    assert found.due_at == town.clock.now()


@pytest.mark.parametrize("state", [StepState.WAITING, StepState.TOLD])
async def test_a_call_for_safety_that_a_clock_three_days_ahead_put_off_is_looked_at_at_once(
    town: Town, state: StepState
) -> None:
    await town.work(lambda work: None)

    def put_off(work: UnitOfWork) -> None:
        step = waits.begin(work, StepKind.SAFETY, "any", Rung.LEAD, town.ids["lena"])
        work.tx.save(replace(step, state=state, due_at=work.now + timedelta(days=3)))

    await town.work(put_off)
    assert await town.work(bring_back) == 1
    [found] = await open_steps(town)
    assert found.due_at == town.clock.now()
    soon = replace(found, state=state, due_at=town.clock.now() + timedelta(minutes=30))
    await town.work(lambda work: work.tx.save(soon))
    assert await town.work(bring_back) == 0


async def notes_queued(town: Town) -> dict[str, int]:
    """How many notes to everybody were queued for each so far; what was sent is not looked at."""
    return Counter(one.member_id for one in (await queued(town)).values() if one.priority is Priority.NOTE)


async def test_a_note_to_everybody_is_queued_on_the_day_of_each_and_not_before(town: Town) -> None:
    await town.clockwork.drain()
    begun = town.clock.now()
    days = await town.write(lambda tx: days_of_note(tx, town.ids.values(), begun))
    assert len(set(days.values())) > 3
    await town.write(lambda tx: Roster(tx).note_to_all(begun))
    for _ in range(POLICY.note_spread_days + 2):
        await town.clockwork.keep_steady()
        come = {id for id, day in days.items() if day <= town.clock.now()}
        assert await notes_queued(town) == dict.fromkeys(come, 1)
        town.clock.move(timedelta(days=1))
    assert come == set(town.ids.values())


async def test_a_day_the_desk_stood_still_is_made_up_for_and_a_new_note_leaves_nobody_out(town: Town) -> None:
    await town.clockwork.drain()
    begun = town.clock.now()
    await town.write(lambda tx: Roster(tx).note_to_all(begun))
    town.clock.move(timedelta(days=9))
    await town.clockwork.keep_steady()
    days = await town.write(lambda tx: days_of_note(tx, town.ids.values(), begun))
    assert set(await notes_queued(town)) == {id for id, day in days.items() if day <= town.clock.now()}
    town.clock.move(POLICY.notes_apart - timedelta(days=9))
    again = town.clock.now()
    await town.write(lambda tx: Roster(tx).note_to_all(again))
    await town.clockwork.keep_steady()
    days = await town.write(lambda tx: days_of_note(tx, town.ids.values(), again))
    assert await notes_queued(town) == {id: 1 + (day <= again) for id, day in days.items()}


async def test_a_new_note_queues_nobody_before_their_day(town: Town) -> None:
    await town.clockwork.drain()
    begun = town.clock.now()
    days = await town.write(lambda tx: days_of_note(tx, town.ids.values(), begun))
    await town.write(lambda tx: Roster(tx).note_to_all(begun))
    town.clock.move(timedelta(days=9))
    again = town.clock.now()
    await town.write(lambda tx: Roster(tx).note_to_all(again))
    await town.clockwork.keep_steady()
    new = await town.write(lambda tx: days_of_note(tx, town.ids.values(), again))
    come = [
        *(id for id, day in days.items() if day < again),
        *(id for id, day in new.items() if day <= again),
    ]
    assert await notes_queued(town) == Counter(come)
    assert timedelta(days=POLICY.note_spread_days) <= POLICY.notes_apart, "so nobody is left when it begins"


async def test_notes_of_a_clock_that_was_ahead_begin_now(town: Town) -> None:
    await town.clockwork.drain()
    now = town.clock.now()
    await town.write(lambda tx: Roster(tx).note_to_all(now + timedelta(days=90)))
    await town.clockwork.keep_steady()
    days = await town.write(lambda tx: days_of_note(tx, town.ids.values(), now))
    assert set(await notes_queued(town)) == {id for id, day in days.items() if day <= now}
    town.clock.move(timedelta(days=POLICY.note_spread_days))
    await town.clockwork.keep_steady()
    assert await notes_queued(town) == dict.fromkeys(town.ids.values(), 1)


async def test_what_a_short_jump_put_off_comes_back_at_the_next_look_although_one_was_just_made(
    town: Town,
) -> None:
    """A call for safety is among it. The looks of the hour before know nothing of the jump."""
    await town.clockwork.bring_back()
    town.clock.move(AHEAD)
    await town.clockwork.drain()

    def put_off(tx: Tx) -> None:
        later = town.clock.now() + timedelta(minutes=30)
        tx.add(Outgoing("late", "waiting", town.ids["nurse"], None, OutboxState.QUEUED, later))

    await town.write(put_off)
    town.clock.move(-AHEAD)
    await town.clockwork.bring_back()
    assert (await queued(town))["late"].due_at == town.clock.now()
    read = await town.store.organisations_due(ClockLook.FAR_AHEAD, town.clock.now())
    assert read == []
    await town.clockwork.bring_back()


async def test_a_leave_that_another_process_has_ended_is_asked_about_once(town: Town) -> None:
    other = Clockwork(town.desk, town.lost.append)
    begins = town.clock.now() + timedelta(days=1)

    def enter(tx: Tx) -> None:
        member = tx.get(Member, town.ids["paul"])
        assert member is not None
        tx.save(replace(member, away_from=begins, away_until=begins + timedelta(days=5)))

    await town.write(enter)
    for clockwork in (town.clockwork, other):
        await clockwork.sweep()
    [at] = town.clockwork._leave_at.values()
    assert at is not None
    town.clock.move_to(at)
    for _ in range(2):
        await other.sweep()
    asked: list[ClockLook] = []
    due = town.store.organisations_due

    async def counted(look: ClockLook, now: datetime) -> list[Organisation]:
        asked.append(look)
        return await due(look, now)

    with patch.object(town.store, "organisations_due", counted):
        for _ in range(3):
            await town.clockwork.beat()
    assert len(asked) == 1
