"""Who has a step next, at the edges: who never had it, who passed on the case, and what cannot wait for a shift."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.app.relations import CALL, Small, a_case, a_step
from tests.app.waiting.test_looking_again import CASE, held, looked_at, written_to
from tests.builders import MONDAY
from trim_bot.app.seam.ports import Tx
from trim_bot.app.waiting.ladder import next_owner
from trim_bot.domain.calendar import Shift
from trim_bot.domain.cases import CaseState
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)
NINE, FIVE = timedelta(hours=9), timedelta(hours=17)
OFF_FOR_TWO_WEEKS = tuple(
    Shift(TUESDAY + timedelta(days=day) + NINE, TUESDAY + timedelta(days=day) + FIVE) for day in (-2, 13)
)


async def a_town(**case: Any) -> Small:
    """Everybody, and the nurse's case with its holder and cover."""
    small = await Small().begin()
    await small.put(a_case(holder=MemberId("holder"), cover=MemberId("cover"), **case))
    return small


async def change(small: Small, name: str, **fields: Any) -> None:
    def body(tx: Tx) -> None:
        member = tx.get(Member, MemberId(name))
        assert member is not None
        tx.save(replace(member, **fields))

    await small.town.write(body)


FRIDAY = MONDAY - timedelta(days=3)
OWNERLESS = a_step(
    StepKind.REVIEW, "c", case_id=CASE, rung=Rung.NOBODY, opens_at=FRIDAY, unowned_since=MONDAY
)  # fmt: skip


@pytest.mark.parametrize(
    ("back", "gets_it"),
    [(2 * MINUTE, False), (MINUTE, False), (MINUTE - SECOND, True), (timedelta(0), True)],
)
async def test_a_lead_who_was_back_for_a_minute_before_it_came_to_nobody_had_it(
    back: timedelta, gets_it: bool
) -> None:
    small = await a_town()
    await change(small, "lena", away_until=MONDAY - back)
    after = await looked_at(small, OWNERLESS)
    assert (after.rung, after.holder) == ((Rung.LEAD, "lena") if gets_it else (Rung.NOBODY, None))


async def test_a_lead_who_cannot_be_written_to_is_not_looked_for_again_at_every_moment() -> None:
    small = await a_town()
    await change(small, "lena", away_until=MONDAY - SECOND, messages_stopped=True)
    after = await looked_at(small, OWNERLESS)
    assert (after.rung, after.due_at.date()) == (Rung.NOBODY, datetime(2026, 11, 30, tzinfo=UTC).date())


@pytest.mark.parametrize(
    ("step", "next_one"),
    [
        (replace(CALL, reminders=6), "lena"),
        (held(StepKind.AFTER_CALL, "c", case_id=CASE, promised_at=TUESDAY), "lena"),
        (held(StepKind.REVIEW, "c", case_id=CASE), "dev"),
    ],
    ids=lambda one: one.kind.value if isinstance(one, Step) else one,
)
async def test_whoever_said_not_me_to_a_case_has_no_more_of_it_but_what_is_about_safety(
    step: Step, next_one: str
) -> None:
    small = await a_town(passed=(MemberId("lena"),))
    told = replace(step, rung=Rung.COVER, holder=MemberId("cover"), state=StepState.TOLD)
    owner = await small.town.work(lambda work: next_owner(work, told))
    assert owner == (Rung.LEAD if next_one == "lena" else Rung.DEPUTY, next_one)


async def test_what_is_promised_too_soon_for_anybody_goes_to_whoever_has_time_soon_after() -> None:
    """At night nobody is at work before the time promised; somebody is the next day, and the holder is not."""
    small = await a_town()
    small.town.clock.move(timedelta(hours=10))
    await change(small, "holder", shifts=OFF_FOR_TWO_WEEKS)
    promised = TUESDAY + timedelta(hours=10)
    after = await looked_at(small, held(StepKind.FIRST_CONTACT, "c", case_id=CASE, promised_at=promised))
    assert (after.rung, after.holder) == (Rung.COVER, "cover")


async def test_an_owner_has_the_days_of_the_site_although_the_time_promised_is_sooner() -> None:
    small = await a_town()
    promised = MONDAY + timedelta(hours=2)
    after = await looked_at(small, held(StepKind.FIRST_CONTACT, "c", case_id=CASE, promised_at=promised))
    assert (after.rung, after.holder, after.due_at.date()) == (Rung.ASSIGNED, "holder", TUESDAY.date())


async def test_a_lead_hears_nothing_of_a_call_for_safety_about_themselves() -> None:
    small = await a_town(member_id=MemberId("lena"))
    await looked_at(small, replace(CALL, rung=Rung.NOBODY, holder=None))
    assert await written_to(small) == {"boss", "dev"}


async def test_of_what_stood_at_the_end_since_nobody_knows_when_this_week_and_the_last_are_counted() -> None:
    small = await a_town(state=CaseState.CLOSED, closed_at=MONDAY)
    after = await looked_at(small, replace(OWNERLESS, unowned_since=None))
    assert after.state is StepState.CANCELLED

    def stood(tx: Tx) -> list[int]:
        return [tx.counts.totals(f"2026-W{week}").get(Measure.STOOD, 0) for week in (46, 47, 48, 49)]

    assert await small.town.write(stood) == [0, 1, 1, 0]
