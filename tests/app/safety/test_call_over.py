"""A message that called for safety and could not go out is no reason to write at night once nobody needs the call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.beginnings import open_case_for
from tests.builders import Town
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.steps import OutboxState, Outgoing, Priority, Rung, StepKind, StepState

pytestmark = pytest.mark.anyio


@pytest.fixture
async def called(town: Town) -> Town:
    """The lead is called while chat is away; something else waits for her as well. It is Saturday night now."""
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", page, "safety"), "safety_call")

    def something_else(work: UnitOfWork) -> None:
        waits.begin(work, StepKind.SUPERVISION, case.id, Rung.LEAD, town.ids["lena"], case=case.id)

    await town.work(something_else)
    town.clock.move(timedelta(days=5, hours=13))
    return town


async def queued_calls(town: Town) -> list[Outgoing]:
    queued = await town.all(Outgoing, state=OutboxState.QUEUED, member_id=town.ids["lena"])
    return [one for one in queued if one.priority is Priority.SAFETY]


async def put_together(town: Town) -> None:
    """Queue the message of a call as the clock would, without sending it."""

    def body(work: UnitOfWork) -> None:
        for step in waits.open_steps(work, kind=StepKind.SAFETY, holder=town.ids["lena"]):
            waits.tell(work, town.ids["lena"], step)

    await town.work(body)
    assert len(await queued_calls(town)) == 1


async def end_calls(town: Town, *, but: str = "") -> None:
    """Somebody has it: every open call ends, but the one with this subject."""

    def body(work: UnitOfWork) -> None:
        for step in waits.open_steps(work, kind=StepKind.SAFETY):
            if step.subject != but:
                work.tx.save(waits.ended(work, step, StepState.DONE))

    await town.work(body)


async def test_while_the_call_goes_on_it_is_sent_at_night(called: Town) -> None:
    await put_together(called)
    await called.clockwork.drain()
    assert len(called.messages("lena")) == 1


async def test_once_it_is_over_nothing_is_sent_at_night(called: Town) -> None:
    await put_together(called)
    await end_calls(called)
    await called.clockwork.drain()
    assert called.messages("lena") == []
    assert await queued_calls(called) == []


async def test_what_else_waits_is_told_at_its_own_moment(called: Town) -> None:
    await put_together(called)
    await end_calls(called)
    await called.clockwork.drain()
    await called.pass_time(hours=35)
    assert len(called.messages("lena")) == 1


async def test_a_call_that_came_meanwhile_is_told_by_the_same_message(called: Town) -> None:
    """With one message queued no second is; the first call's end does not take away the second one's."""
    await put_together(called)

    def another(work: UnitOfWork) -> None:
        step = waits.begin(work, StepKind.SAFETY, "another", Rung.LEAD, called.ids["lena"])
        waits.tell(work, called.ids["lena"], step)

    await called.work(another)
    assert len(await queued_calls(called)) == 1
    await end_calls(called, but="another")
    await called.clockwork.drain()
    assert len(called.messages("lena")) == 1
