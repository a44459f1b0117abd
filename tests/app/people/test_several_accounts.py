"""Somebody with several accounts: a message goes where it can, and where none can, somebody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from tests.app.waiting.test_outbox import log, states
from tests.builders import Town
from tests.fakes import FakeMessenger
from trim_bot.app.seam.ports import Messenger, Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import TryLater, Undeliverable
from trim_bot.domain.ids import AccountId, new_id
from trim_bot.domain.people import Account, Address, Member, Platform
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Step, StepKind

pytestmark = pytest.mark.anyio
ROUTE = "opaque words of the adapter"


@pytest.fixture
def teams(town: Town) -> FakeMessenger:
    """A second platform."""
    messenger = FakeMessenger()
    cast("dict[str, Messenger]", town.desk.outside.messengers)["teams"] = messenger
    return messenger


async def give(town: Town, name: str, address: Address, *, route: str = "", first: bool = False) -> Address:
    """One more account of a member."""

    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        account = Account(AccountId(new_id()), member.key_id, member.id, address.platform, address.text)
        tx.add(replace(account, route=route, first=first))

    await town.write(body)
    return address


async def on_teams(town: Town, name: str) -> Address:
    """A Teams account where its owner wants messages."""
    address = Address(Platform.TEAMS, "TENANT", f"object-{name}")
    town.organisation = await town.store.found(town.organisation.slug, ChatWorkspace.parse("teams:TENANT"))
    return await give(town, name, address, route=ROUTE, first=True)


async def contacts(town: Town) -> list[Step]:
    return await town.all(Step, kind=StepKind.CONTACT)


async def test_a_message_goes_where_its_reader_chose_with_the_route_kept_there(
    town: Town, teams: FakeMessenger
) -> None:
    address = await on_teams(town, "nurse")
    await log(town)
    await town.clockwork.drain()
    assert [to for to, _ in teams.sent] == [address]
    assert teams.routes == [ROUTE]
    assert not town.messages("nurse")


async def test_an_account_that_cannot_be_reached_gives_way_to_the_next(
    town: Town, teams: FakeMessenger
) -> None:
    teams.always[(await on_teams(town, "nurse")).text] = Undeliverable()
    await log(town)
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == 1
    assert teams.attempts == 1 and await states(town) == [OutboxState.SENT]
    assert not await contacts(town), "it was delivered, so nobody needs to be told"


async def test_where_no_account_can_be_reached_the_practitioner_is_told(
    town: Town, teams: FakeMessenger
) -> None:
    teams.always[(await on_teams(town, "nurse")).text] = Undeliverable()
    town.slack.always[town.actor("nurse").address.text] = Undeliverable()
    await log(town)
    await town.clockwork.drain()
    assert OutboxState.DEAD in await states(town)
    assert [step.holder for step in await contacts(town)] == [town.ids["priya"]]
    assert await town.waiting("priya") == 1


async def test_what_waits_on_a_page_is_told_as_well_where_chat_cannot_take_it(
    town: Town, teams: FakeMessenger
) -> None:
    teams.always[(await on_teams(town, "nurse")).text] = Undeliverable()
    town.slack.always[town.actor("nurse").address.text] = Undeliverable()
    await give(town, "nurse", Address(Platform.WEB, "", "nurse@acme.example"))
    await log(town)
    await town.clockwork.drain()
    assert [step.holder for step in await contacts(town)] == [town.ids["priya"]]
    offers = await town.all(Step, kind=StepKind.OFFER)
    [offer] = offers
    assert offer.holder == town.ids["nurse"] and offer.state in OPEN_STATES, "it stays open on their page"


async def test_where_a_platform_is_down_somebody_with_another_way_is_told_there(
    town: Town, teams: FakeMessenger
) -> None:
    address = await on_teams(town, "nurse")
    teams.always[address.text] = TryLater(60)
    await log(town)
    await town.clockwork.drain()
    assert await states(town) == [OutboxState.SENT] and len(town.messages("nurse")) == 1
    del teams.always[address.text]
    await town.pass_time(days=1)
    assert not teams.sent, "and once only"


async def test_where_every_way_is_down_it_waits_for_the_first_that_is_back(
    town: Town, teams: FakeMessenger
) -> None:
    address = await on_teams(town, "nurse")
    teams.failures[address.text] = [TryLater(60)]
    town.slack.failures[town.actor("nurse").address.text] = [TryLater(600)]
    await log(town)
    await town.clockwork.drain()
    assert await states(town) == [OutboxState.QUEUED]
    town.clock.move_real(timedelta(seconds=59))
    await town.clockwork.drain()
    assert not teams.sent
    town.clock.move_real(timedelta(seconds=2))
    await town.clockwork.drain()
    assert [to for to, _ in teams.sent] == [address] and not town.messages("nurse")


async def test_a_way_that_is_closed_is_not_forgotten_while_the_next_one_is_down(
    town: Town, teams: FakeMessenger
) -> None:
    teams.always[(await on_teams(town, "nurse")).text] = Undeliverable()
    town.slack.failures[town.actor("nurse").address.text] = [TryLater(60)]
    await log(town)
    await town.clockwork.drain()
    assert await states(town) == [OutboxState.QUEUED]
    town.clock.move_real(timedelta(seconds=61))
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == 1 and not await contacts(town)
