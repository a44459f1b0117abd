"""Messages: decided at send, retried when the platform asks, given up aloud, never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.beginnings import step_of
from tests.builders import Town, log_values
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import TryLater
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Member, Role
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Outgoing, Step, StepKind, StepState

pytestmark = pytest.mark.anyio


async def log(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))


async def states(town: Town) -> list[OutboxState]:
    return [one.state for one in await town.all(Outgoing, kind="waiting")]


async def test_a_busy_platform_is_tried_again_when_it_says(town: Town) -> None:
    nurse = town.actor("nurse").address.text
    town.slack.failures[nurse] = [TryLater(30)]
    await log(town)
    await town.clockwork.drain()
    assert not town.messages("nurse") and await states(town) == [OutboxState.QUEUED]
    town.clock.move_real(timedelta(seconds=29))
    await town.clockwork.drain()
    assert not town.messages("nurse")
    town.clock.move_real(timedelta(seconds=2))
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == 1 and await states(town) == [OutboxState.SENT]


async def test_a_platform_that_stays_away_spends_no_attempt_and_moves_nothing_on(town: Town) -> None:
    nurse = town.actor("nurse").address.text
    town.slack.always[nurse] = TryLater()
    await log(town)
    for _ in range(40):
        town.clock.pass_time(timedelta(hours=2))
        await town.clockwork.drain()
    [waiting] = await town.all(Outgoing, kind="waiting")
    assert (waiting.state, waiting.attempts) == (OutboxState.QUEUED, 0)
    assert not await step_of(town, kind=StepKind.CONTACT)
    del town.slack.always[nurse]
    town.clock.pass_time(timedelta(hours=16))
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == 1 and await states(town) == [OutboxState.SENT]


async def test_an_offer_taken_back_before_it_was_sent_is_not_sent(town: Town) -> None:
    await log(town)
    await town.clockwork.run_due()

    def take_back(tx: Tx) -> None:
        [offer] = tx.find(Offer)
        tx.save(replace(offer, state=OfferState.WITHDRAWN))
        for step in tx.find(Step):
            tx.save(replace(step, state=StepState.CANCELLED))

    await town.write(take_back)
    await town.clockwork.deliver()
    assert not town.messages("nurse") and await states(town) == [OutboxState.DROPPED]


async def test_whoever_stopped_messages_gets_none(town: Town) -> None:
    def stop(tx: Tx) -> None:
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        tx.save(replace(member, messages_stopped=True))

    await town.write(stop)
    await log(town)
    await town.clockwork.drain()
    assert not town.messages("nurse")
    assert (await town.all(Offer))[0].state is OfferState.WAITING


async def test_one_item_that_fails_does_not_stop_the_rest(town: Town) -> None:
    town.slack.failures[town.actor("nurse").address.text] = [TryLater()]
    form = await town.say("priya", "peer", "log")
    people = (town.actor("nurse"), town.actor("driver"), town.actor("porter"))
    await town.send("priya", form, **log_values(*people))
    await town.clockwork.drain()
    assert not town.messages("nurse")
    assert town.messages("driver") and town.messages("porter")


async def test_a_message_is_not_sent_twice(town: Town) -> None:
    await log(town)
    for _ in range(3):
        await town.clockwork.drain()
    assert len(town.messages("nurse")) == 1


@pytest.mark.parametrize("role", [None, Role.PRACTITIONER])
async def test_somebody_who_left_before_they_were_written_to_is_told_in_person(
    town: Town, role: Role | None
) -> None:
    """Whether the list of the chat or the refused message says so first; an offer never waits for ever."""
    if role is not None:
        await town.write(lambda tx: Roster(tx).grant(town.ids["nurse"], role, town.clock.now()))
    await log(town)
    await leave(town)
    for _ in range(2):
        await town.pass_time(hours=7)
    assert not town.messages("nurse")
    [offer] = await step_of(town, kind=StepKind.OFFER)
    [contact] = await step_of(town, kind=StepKind.CONTACT)
    assert (offer.state, contact.holder) == (StepState.TOLD, town.ids["priya"])
    for _ in range(50):
        await town.pass_time(days=1)
    assert not await town.all(Step, kind=StepKind.OFFER, state=OPEN_STATES)
    assert (await town.all(Offer))[0].state is OfferState.NO_REPLY


async def test_an_offer_put_off_by_somebody_who_left_since_rests_and_nobody_is_asked_to_ring(
    town: Town,
) -> None:
    await log(town)
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_later")
    await leave(town)
    for _ in range(60):
        await town.pass_time(days=1)
    assert not await step_of(town, kind=StepKind.CONTACT)
    assert not await town.all(Step, kind=StepKind.OFFER, state=OPEN_STATES)
    assert (await town.all(Offer))[0].state is OfferState.NO_REPLY


async def leave(town: Town) -> None:
    def body(tx: Tx) -> None:
        nurse = tx.get(Member, town.ids["nurse"])
        assert nurse is not None
        tx.save(replace(nurse, left=True))

    await town.write(body)
