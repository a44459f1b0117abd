"""Who is told when: safety first and again and again, agreed times before they come, the pool each in their hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.builders import Town
from tests.reading import words_of
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.cases import CheckIn, CheckInState
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.steps import StepKind, StepState

pytestmark = pytest.mark.anyio


async def drop_roles(town: Town, *names: str) -> None:
    def body(tx: Tx) -> None:
        for name in names:
            for grant in tx.find(Grant, member_id=town.ids[name]):
                tx.drop(Grant, grant.id)

    await town.write(body)


async def works(town: Town, name: str, start: int, end: int) -> None:
    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        hours = WorkingHours("Etc/UTC", (((time(start), time(end)),),) * 7)
        tx.save(replace(member, hours=hours))

    await town.write(body)


async def test_a_safety_call_without_an_owner_tells_no_coordinator_and_whoever_leads_next(town: Town) -> None:
    await drop_roles(town, "lena", "dev", "paul")
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", page, "safety"), "safety_call")
    await town.clockwork.drain()
    for _ in range(6):
        await town.pass_time(minutes=30)
    assert not town.messages("cora")
    await town.add("lara", Role.LEAD)
    for again in range(1, 7):
        await town.pass_time(minutes=30)
        assert len(town.messages("lara")) == again
    assert not town.messages("cora")
    team = await town.say("lara", "peer", "team")
    assert "A safety call has no owner" in words_of(team)


async def test_a_safety_call_goes_before_everything_else_in_the_queue(town: Town) -> None:
    for number in range(25):
        await town.add(f"m{number:02}")
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    await town.write(lambda tx: Roster(tx).note_to_all(town.clock.now()))
    town.clock.move(timedelta(minutes=1))
    page = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", await town.press("priya", page, "safety"), "safety_call")
    town.slack.sent.clear()
    await town.clockwork.drain()
    firsts = {address for address, _ in town.slack.sent[:2]}
    assert firsts == {town.actor(name).address for name in ("lena", "dev")}


async def test_whoever_loses_the_role_hands_the_work_on_within_a_rung_and_hears_no_more(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    await town.pass_time(days=4)
    told = len(town.messages("priya"))
    assert told
    await town.write(lambda tx: Roster(tx).revoke(town.ids["priya"], Role.PRACTITIONER, town.clock.now()))
    await town.pass_time(hours=12)
    assert all(step.holder == town.ids["priya"] for step in await step_of(town))
    await town.pass_time(days=4)
    assert all(step.holder != town.ids["priya"] for step in await step_of(town))
    await town.pass_time(days=30)
    assert len(town.messages("priya")) == told


async def test_a_message_queued_for_somebody_who_lost_the_role_is_not_sent(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    town.clock.move(timedelta(days=3))
    before = len(town.messages("priya"))
    await town.clockwork.run_due()
    await drop_roles(town, "priya")
    await town.clockwork.deliver()
    assert len(town.messages("priya")) == before


async def test_all_who_may_take_a_case_are_told_each_at_their_steady_time(town: Town) -> None:
    await works(town, "paul", 18, 23)
    await open_case_for(town, "nurse")
    await town.clockwork.drain()
    await town.pass_time(hours=9)
    assert (len(town.messages("priya")), len(town.messages("paul"))) == (0, 1)
    await town.pass_time(hours=15)
    assert (len(town.messages("priya")), len(town.messages("paul"))) == (1, 1)


async def agree(town: Town, when: datetime) -> None:
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    form = await town.press("priya", case, "move")
    await town.send("priya", form, day=when.date().isoformat(), at=f"{when:%H:%M}", tell=True)
    await town.clockwork.drain()
    town.slack.sent.clear()


@pytest.mark.parametrize(
    ("at", "practitioner", "person"),
    [
        ((27, 7, 30), (26, 10), (26, 16)),
        ((27, 10, 30), (27, 10), (27, 9)),
        ((27, 14, 0), (27, 10), (27, 12)),
        ((28, 11, 0), (27, 10), (27, 16)),
    ],
    ids=["before hours", "soon after they begin", "in hours", "on a day off"],
)
async def test_both_are_told_of_an_agreed_time_before_it_has_passed(
    town: Town, at: tuple[int, int, int], practitioner: tuple[int, int], person: tuple[int, int]
) -> None:
    """The practitioner at their last steady time before it; the person too, if they asked to hear of changes."""

    def wants_to_hear(tx: Tx) -> None:
        nurse = tx.get(Member, town.ids["nurse"])
        assert nurse is not None
        tx.save(replace(nurse, told_of_changes=True))

    await town.write(wants_to_hear)
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    await agree(town, datetime(2026, 11, at[0], at[1], at[2], tzinfo=UTC))
    told: dict[str, datetime] = {}
    for _ in range(24 * 6):
        await town.pass_time(hours=1)
        if town.messages("nurse"):
            told.setdefault("nurse", town.clock.now())
        step, *_ = await step_of(town, kind=StepKind.CHECK_IN)
        if step.state is StepState.TOLD:
            assert "priya" in told or await town.waiting("priya"), "what they are told of is what they find"
            told.setdefault("priya", town.clock.now())
    assert told["priya"] == datetime(2026, 11, *practitioner, tzinfo=UTC)
    assert told["nurse"] == datetime(2026, 11, *person, tzinfo=UTC)
    assert len(town.messages("nurse")) == 1


async def test_with_no_steady_time_left_before_an_agreed_time_it_waits_on_their_pages(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    town.clock.move_to(datetime(2026, 11, 27, 17, 30, tzinfo=UTC))
    await agree(town, datetime(2026, 11, 28, 8, 0, tzinfo=UTC))
    town.clock.move_to(datetime(2026, 11, 28, 8, 0, tzinfo=UTC))
    await town.clockwork.drain()
    assert (await town.waiting("priya"), await town.waiting("nurse")) == (1, 1)
    assert not town.messages("nurse")


async def test_a_telling_before_the_window_opens_does_not_open_the_conversation(town: Town) -> None:
    await works(town, "priya", 6, 8)
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    await agree(town, datetime(2026, 11, 26, 10, 30, tzinfo=UTC))
    town.clock.move_to(datetime(2026, 11, 26, 7, 0, tzinfo=UTC))
    await town.clockwork.drain()
    assert town.messages("priya")
    [first] = await town.all(CheckIn, stage="first")
    assert first.opens_at > town.clock.now()
    assert first.state is CheckInState.PLANNED, "not before 72 hours, whatever was agreed"
