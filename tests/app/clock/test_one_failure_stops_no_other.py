"""One step or message that fails holds up nothing else, and goes on in another way in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.builders import Town, log_values
from trim_bot.app.clock import clockwork
from trim_bot.app.clock import failures as setbacks
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Message
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import due
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.ids import KeyId, OrganisationId, StepId
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.people import Address, Member
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, StepKind

pytestmark = pytest.mark.anyio


async def away_from_tomorrow(town: Town, name: str) -> None:
    """Leave that begins at the next midnight, as somebody's profile would have entered it."""

    def enter(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        begins = town.clock.now() + timedelta(days=1)
        tx.save(replace(member, away_from=begins, away_until=begins + timedelta(days=5)))

    await town.write(enter)


async def hours(town: Town, count: int) -> None:
    for _ in range(count):
        town.clock.move_real(timedelta(hours=1))
        await town.clockwork.drain()


async def test_a_step_that_cannot_be_looked_at_stops_nobody_and_changes_its_owner(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_case_for(town, "nurse", holder="priya")
    [bad, *_] = await step_of(town, kind=StepKind.CHECK_IN)
    good = due.look_at

    def look(work: UnitOfWork, id: StepId) -> bool:
        if id == bad.id:
            raise KeyError("planted")
        return good(work, id)

    monkeypatch.setattr("trim_bot.app.clock.due_steps.look_at", look)
    town.clock.move(timedelta(days=3))
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("driver"), town.actor("porter")))
    await town.clockwork.drain()
    assert town.messages("driver") and town.messages("porter")
    assert town.lost == [bad.id]
    await town.clockwork.drain()
    assert town.lost == [bad.id], "it is held back"
    await hours(town, 3)
    assert (await step_of(town, id=bad.id))[0].rung is not Rung.ASSIGNED
    await hours(town, 60)
    assert (await step_of(town, id=bad.id))[0].rung is Rung.NOBODY


async def test_where_climbing_fails_too_it_comes_to_the_end_of_the_ladder(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_case_for(town, "nurse", holder="priya")
    [bad, *_] = await step_of(town, kind=StepKind.CHECK_IN)

    def fail(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr(due, "next_owner", fail)
    monkeypatch.setattr(due, "_owner", fail)
    assert setbacks.MOST_LOOKS == 3
    town.clock.move(timedelta(days=3))
    await hours(town, 3)
    # From there it falls to a lead who never had it.
    assert (await step_of(town, id=bad.id))[0].rung is Rung.LEAD


async def test_an_offer_that_cannot_be_made_by_message_is_made_in_person(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr(due, "_person", fail)
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await hours(town, 4)
    assert [step.holder for step in await step_of(town, kind=StepKind.CONTACT)] == [town.ids["priya"]]


async def test_a_message_that_breaks_the_sender_stops_no_other(town: Town) -> None:
    send = town.slack.deliver
    nurse = town.actor("nurse").address

    async def breaking(address: Address, message: Message, route: str) -> str:
        if address == nurse:
            raise RuntimeError("planted")
        return await send(address, message, route)

    town.slack.instead = breaking
    form = await town.say("priya", "peer", "log")
    await town.send(
        "priya", form, **log_values(*(town.actor(name) for name in ("nurse", "driver", "porter")))
    )
    await town.clockwork.drain()
    assert town.messages("driver") and town.messages("porter")
    assert len(town.lost) == 1
    await hours(town, 20)
    dead = await town.all(Outgoing, state=OutboxState.DEAD)
    assert len(dead) == 1 and not town.messages("nurse")
    assert await step_of(town, kind=StepKind.CONTACT), "it went on in another way"


async def test_a_message_that_another_worker_has_is_left_to_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), town.actor("driver")))
    await town.clockwork.run_due()
    store = town.store
    claim = store.claim_outgoing
    await town.clockwork.keep_steady()

    async def slow(*asked: Any, urgent: bool = False) -> object:
        """The first of them is claimed by another worker before this one gets to it."""
        claimed = await claim(*asked, urgent=urgent)

        def take(tx: Tx) -> None:
            _, first = claimed[0]
            tx.save(replace(first, lease_until=town.clock.real() + timedelta(seconds=90)))

        if claimed:
            await town.write(take)
        return claimed

    monkeypatch.setattr(store, "claim_outgoing", slow)
    assert await town.clockwork.deliver() == 1
    assert len(town.slack.sent) == 1


async def test_a_message_whose_lease_has_run_out_is_not_sent(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), town.actor("driver")))
    await town.clockwork.run_due()
    send = town.slack.deliver

    async def slowly(address: Address, message: Message, route: str) -> str:
        town.clock.move_real(timedelta(seconds=clockwork.LEASE_SECONDS + 1))
        return await send(address, message, route)

    town.slack.instead = slowly
    assert await town.clockwork.deliver() == 1
    assert len(town.slack.sent) == 1
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == len(town.messages("driver")) == 1


async def test_a_leave_that_cannot_begin_stops_nobodys_clock(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await away_from_tomorrow(town, "priya")
    await town.clockwork.sweep()

    def fail(*_: object) -> None:
        raise KeyError("planted")

    with monkeypatch.context() as planted:
        planted.setattr("trim_bot.app.handover.leave.move_on", fail)
        form = await town.say("paul", "peer", "log")
        await town.send("paul", form, **log_values(town.actor("driver")))
        await town.pass_time(days=2)
        assert town.messages("driver")
        assert town.lost == [town.organisation.id]
        await town.pass_time(hours=1)
        assert len(town.lost) == 1, "it does not hold up every beat"
        await town.clockwork.sweep()
        assert len(town.lost) == 2, "the sweep tries again"
    await town.clockwork.sweep()
    member = await town.write(lambda tx: tx.get(Member, town.ids["priya"]))
    assert member is not None and member.on_leave, "it begins in the end"


@pytest.mark.parametrize("sweep", ["sweep", "keep_steady", "bring_back"])
async def test_one_organisation_that_fails_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch, sweep: str
) -> None:
    first = Organisation("0first", "first", KeyId(""))
    turns: list[str] = []

    async def organisations() -> list[Organisation]:
        return [first, town.organisation]

    async def asked(organisation: Organisation, act: object) -> list[str]:
        turns.append(organisation.id)
        if organisation is first:
            raise KeyError("planted")
        # There is something to do twice, and then nothing more: who asks until nothing is left comes to an end.
        return ["something"] if turns.count(organisation.id) <= 2 else []

    monkeypatch.setattr(town.store, "organisations", organisations)
    for way in ("read", "write"):
        monkeypatch.setattr(town.clockwork._units, way, asked)
    await getattr(town.clockwork, sweep)()
    assert town.organisation.id in turns
    assert set(town.lost) == {first.id}


async def _looks_left(town: Town) -> set[tuple[ClockLook, str]]:
    now = town.clock.now()
    asked = set(ClockLook) - {ClockLook.ERASURES}
    return {(look, one.slug) for look in asked for one in await town.store.organisations_due(look, now)}


async def test_organisations_without_settings_keep_no_look_from_the_others(town: Town) -> None:
    """As after a process that was killed between the founding and the settings: four of them, and first in order."""
    new = [await town.store.found(f"aaa-{number}", None) for number in range(4)]
    for act in (town.clockwork.sweep, town.clockwork.keep_steady, town.clockwork.bring_back):
        await act()
    left = await _looks_left(town)
    assert {slug for _, slug in left} == {one.slug for one in new}
    assert set(town.lost) == {one.id for one in new}


async def test_one_that_cannot_be_read_each_time_keeps_no_other_look_from_anybody(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await town.store.found("aaa", None)
    write = town.store.write

    async def away(organisation: OrganisationId, body: Callable[[Tx], object]) -> object:
        if organisation == first.id:
            raise StoreUnavailable(StoreTrouble.BUSY)
        return await write(organisation, body)

    monkeypatch.setattr(town.store, "write", away)
    monkeypatch.setattr(town.store, "read", away)
    for act in (town.clockwork.sweep, town.clockwork.keep_steady, town.clockwork.bring_back):
        with pytest.raises(StoreUnavailable):
            await act()
    assert {slug for _, slug in await _looks_left(town)} == {"aaa"}
