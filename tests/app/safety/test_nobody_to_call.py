"""Whether anybody could be called follows from roles, training and messages, and from no case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.builders import Town
from trim_bot.app.clock.standing import Deadlines, look_at_standing
from trim_bot.app.safety.staffing import nobody_to_call
from trim_bot.app.seam.work import CLOCK, Asker
from trim_bot.domain.alerts import AlertKind
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.people import Grant, Member, Role, Training
from trim_bot.domain.staff_lists import ListPlace

pytestmark = pytest.mark.anyio
Change = Callable[[Member], Member]


async def make(town: Town, *people: tuple[str, Role]) -> None:
    await town.found()
    for name, role in people:
        await town.add(name, role)


async def change(town: Town, how: Change) -> None:
    [member] = await town.all(Member)
    await town.write(lambda tx: tx.save(how(member)))


@pytest.mark.parametrize(
    ("role", "calls"),
    [
        (Role.LEAD, True),
        (Role.DEPUTY, True),
        (Role.PRACTITIONER, True),
        (Role.SUSPENDED_LEAD, False),
        (Role.CLINICAL_LEAD, False),
        (Role.COORDINATOR, False),
        (Role.ADMINISTRATOR, False),
        (Role.AUDITOR, False),
    ],
)
async def test_who_can_be_called(role: Role, calls: bool) -> None:
    town = Town()
    await make(town, ("someone", role))
    assert await town.work(nobody_to_call) is not calls


@pytest.mark.parametrize(
    ("how", "calls"),
    [
        (lambda one: replace(one, left=True), False),
        (lambda one: replace(one, messages_stopped=True), False),
        (lambda one: replace(one, away_until=Town().clock.now() + timedelta(days=9)), True),
    ],
)
async def test_leave_is_ignored_and_stopped_messages_are_not(how: Change, calls: bool) -> None:
    town = Town()
    await make(town, ("lena", Role.LEAD))
    await change(town, how)
    assert await town.work(nobody_to_call) is not calls


async def test_a_practitioner_out_of_date_is_nobody() -> None:
    town = Town()
    await make(town, ("priya", Role.PRACTITIONER))
    [training] = await town.all(Training)
    await town.write(lambda tx: tx.save(replace(training, expires_on=date(2026, 11, 1))))
    assert await town.work(nobody_to_call)


async def test_the_organisation_without_anybody_is_told_and_then_no_more() -> None:
    town = Town()
    await make(town, ("lena", Role.LEAD))

    async def found() -> list[tuple[AlertKind, str]]:
        async def never() -> None:
            return None

        async def nothing() -> dict[ChatWorkspace, ListPlace]:
            return {}

        deadlines = Deadlines(None, False, timedelta(), never, never, nothing)
        desk = town.desk
        look = await look_at_standing(
            town.store, lambda tx, one: desk.work(tx, one, Asker(CLOCK), {}), deadlines, town.clock.now()
        )
        assert AlertKind.SAFETY_NOBODY in look.judged
        return [(one.kind, one.about) for one in look.alerts]

    assert await found() == []
    [grant] = await town.all(Grant)
    await town.write(lambda tx: tx.drop(Grant, grant.id))
    assert await found() == [(AlertKind.SAFETY_NOBODY, "acme")]
    await town.add("dev", Role.DEPUTY)
    assert await found() == []
