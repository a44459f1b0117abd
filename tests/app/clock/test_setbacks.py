"""One step or message that fails holds up nothing else, and goes on in another way in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.builders import Town, log_values
from trim_bot.app.clock import clockwork
from trim_bot.app.clock import failures as setbacks
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Message
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import due
from trim_bot.domain.people import Address
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, StepKind

pytestmark = pytest.mark.anyio


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

    def look(work: Work, id: str) -> bool:
        if id == bad.id:
            raise KeyError("planted")
        return good(work, id)

    monkeypatch.setattr("trim_bot.app.clock.clockwork.look_at", look)
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


async def test_where_climbing_fails_too_coordinators_are_told(
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
    assert (await step_of(town, id=bad.id))[0].rung is Rung.NOBODY


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
    send = town.slack.send
    nurse = town.actor("nurse").address

    async def breaking(address: Address, message: Message, route: str) -> str:
        if address == nurse:
            raise RuntimeError("planted")
        return await send(address, message, route)

    town.slack.send = breaking  # type: ignore[method-assign]
    form = await town.say("priya", "peer", "log")
    await town.send(
        "priya", form, **log_values(*(town.actor(name) for name in ("nurse", "driver", "porter")))
    )
    await town.clockwork.drain()
    assert town.messages("driver") and town.messages("porter")
    assert len(town.lost) == 1
    await hours(town, 20)
    dead = await town.write(lambda tx: tx.find(Outgoing, state=OutboxState.DEAD))
    assert [one.member_id for one in dead] == [town.ids["nurse"]]
    assert await step_of(town, kind=StepKind.CONTACT), "it went on in another way"


async def test_a_message_that_another_worker_has_is_left_to_it(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), town.actor("driver")))
    await town.clockwork.run_due()
    store = town.store
    claim = store.claim_outgoing
    await town.clockwork.keep_steady()

    async def slow(*asked: object, urgent: bool = False) -> object:
        """The first of them is claimed by another worker before this one gets to it."""
        claimed = await claim(*asked, urgent=urgent)  # type: ignore[arg-type]

        def take(tx: Tx) -> None:
            _, first = claimed[0]
            tx.save(replace(first, lease_until=town.clock.real() + timedelta(seconds=90)))

        if claimed:
            await town.write(take)
        return claimed

    store.claim_outgoing = slow  # type: ignore[method-assign, assignment]
    assert await town.clockwork.deliver() == 1
    assert len(town.slack.sent) == 1


async def test_a_message_whose_lease_has_run_out_is_not_sent(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), town.actor("driver")))
    await town.clockwork.run_due()
    send = town.slack.send

    async def slowly(address: Address, message: Message, route: str) -> str:
        town.clock.move_real(timedelta(seconds=clockwork.LEASE_SECONDS + 1))
        return await send(address, message, route)

    town.slack.send = slowly  # type: ignore[method-assign]
    assert await town.clockwork.deliver() == 1
    assert len(town.slack.sent) == 1
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == len(town.messages("driver")) == 1
