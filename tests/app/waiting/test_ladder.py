"""Nothing goes silent: every step has an owner, and the ladder changes the owner until somebody acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import Town, log_values
from tests.reading import name_of
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.people import Availability, Member
from trim_bot.domain.records import AnyMeasure, Measure
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio


async def set_availability(town: Town, name: str, availability: Availability) -> None:
    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        tx.save(replace(member, availability=availability))

    await town.write(body)


async def held_by_priya(town: Town) -> None:
    """The lead has no room for new ones, so that cover and lead are two people."""
    await set_availability(town, "lena", Availability.FULL)
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await town.clockwork.drain()
    await town.in_touch("priya")
    town.slack.sent.clear()


async def first_step(town: Town) -> Step:
    steps = await town.all(Step, kind=StepKind.CHECK_IN, order_by="opens_at")
    return next(step for step in steps if step.state in OPEN_STATES)


async def days(town: Town, count: int) -> None:
    for _ in range(count):
        await town.pass_time(days=1)


async def test_the_holder_is_told_and_then_others_are(town: Town) -> None:
    await held_by_priya(town)
    await town.pass_time(days=3)
    step = await first_step(town)
    assert (step.rung, step.state) == (Rung.ASSIGNED, StepState.TOLD)
    assert len(town.messages("priya")) == 1
    climbed: list[Rung] = []
    for _ in range(20):
        await days(town, 1)
        rung = (await first_step(town)).rung
        if not climbed or climbed[-1] is not rung:
            climbed.append(rung)
    ladder = [Rung.COVER, Rung.LEAD, Rung.DEPUTY, Rung.NOBODY]
    assert [one for one in climbed if one is not Rung.ASSIGNED] == ladder
    assert town.messages("paul") and town.messages("lena") and town.messages("dev") and town.messages("cora")


async def totals_of(town: Town, period: str) -> Mapping[AnyMeasure, int]:
    return await town.write(lambda tx: tx.counts.totals(period))


async def test_the_end_of_the_ladder_is_counted(town: Town) -> None:
    await held_by_priya(town)
    await days(town, 24)
    totals: dict[AnyMeasure, int] = {}
    for week in range(47, 53):
        found = await totals_of(town, f"2026-W{week}")
        for measure, count in found.items():
            totals[measure] = totals.get(measure, 0) + count
    assert totals[Measure.NO_OWNER] == 1


async def test_whoever_it_climbs_to_can_hold_it(town: Town) -> None:
    await held_by_priya(town)
    await town.pass_time(days=3)
    await days(town, 4)
    assert (await first_step(town)).holder == town.ids["paul"]
    case = await town.open("paul")
    notice = await town.press("paul", case, "interview")
    assert name_of(notice) == "notice"


async def test_a_holder_who_is_away_is_passed_over_at_once(town: Town) -> None:
    await held_by_priya(town)

    await set_availability(town, "priya", Availability.AWAY)
    await town.pass_time(days=3)
    assert not town.messages("priya"), "nobody is written to on leave"
    assert (await first_step(town)).holder == town.ids["paul"]
    assert town.messages("paul")


async def test_the_person_never_covers_their_own_case(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("paul"), mine=True))
    await town.clockwork.drain()
    await town.press("paul", await town.open("paul"), "offer_yes")
    for _ in range(25):
        await days(town, 1)
        assert await town.waiting("paul") == 0


async def test_reminders_wait_for_working_hours(town: Town) -> None:
    """Friday 20:00 is not a time to tell anyone; the steady time on Monday is."""
    await held_by_priya(town)
    friday_evening = datetime(2026, 11, 27, 20, tzinfo=UTC)
    town.clock.move(friday_evening - town.clock.now())
    await town.clockwork.drain()
    assert not town.messages("priya")
    await town.pass_time(days=2)
    assert not town.messages("priya")
    await town.pass_time(hours=14)
    assert len(town.messages("priya")) == 1


async def test_a_held_check_in_is_never_reminded(town: Town) -> None:
    await held_by_priya(town)

    def hold(tx: Tx) -> None:
        for check_in in tx.find(CheckIn):
            tx.save(replace(check_in, state=CheckInState.HELD, held_at=town.clock.now()))

    await town.write(hold)
    await days(town, 30)
    assert await town.waiting("priya") == 0
    assert not await town.all(Step, state=OPEN_STATES, kind=StepKind.CHECK_IN)


async def test_an_agreed_time_is_kept_and_waits_on_the_persons_page_if_they_want(town: Town) -> None:
    await held_by_priya(town)
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    form = await town.press("priya", case, "move")
    day = (town.clock.now() + timedelta(days=7)).date()
    await town.send("priya", form, day=day.isoformat(), at="14:00", tell=True)
    await town.pass_time(days=3)
    assert await town.waiting("priya") == 0
    await town.pass_time(days=4, hours=4)
    assert (await town.waiting("priya"), await town.waiting("nurse")) == (1, 1)
    assert not town.messages("nurse")


async def test_a_case_nobody_takes_climbs_too(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await days(town, 20)
    [step] = await town.all(Step, kind=StepKind.ASSIGN)
    assert step.rung is Rung.NOBODY
    assert town.messages("cora")
    [case] = await town.all(Case)
    assert case.holder is None
