"""Messages go out once: in lanes beside one another, safety never behind others, and what was sent is remembered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from tests.app.beginnings import open_case_for
from tests.builders import Town, log_values
from tests.fakes import FakeMessenger, FakeStore
from trim_bot.app.clock.clockwork import Clockwork
from trim_bot.app.safety.calling import summon
from trim_bot.app.seam.ports import Messenger, Tx
from trim_bot.app.seam.views import Message
from trim_bot.app.waiting import outbox
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import StoreUnavailable, TryLater
from trim_bot.domain.ids import AccountId, new_id
from trim_bot.domain.people import Account, Address, Platform
from trim_bot.domain.steps import OutboxState, Outgoing

pytestmark = pytest.mark.anyio


async def log(town: Town, *names: str) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(*(town.actor(name) for name in names)))


async def on_teams(town: Town, name: str) -> FakeMessenger:
    """Somebody is in another workspace, on another platform."""
    teams = FakeMessenger()
    cast("dict[str, Messenger]", town.desk.outside.messengers)["teams"] = teams
    town.organisation = await town.store.found(town.organisation.slug, ChatWorkspace.parse("teams:TENANT"))

    def body(tx: Tx) -> None:
        [account] = tx.find(Account, member_id=town.ids[name])
        tx.save(replace(account, left=True))
        there = Address(Platform.TEAMS, "TENANT", name).text
        tx.add(Account(AccountId(new_id()), account.key_id, account.member_id, Platform.TEAMS, there))

    await town.write(body)
    return teams


async def hanging(town: Town, *, but_for: str = "") -> asyncio.Event:
    """Slack takes every call and answers none until it is let go, but for one of its people."""
    go, send = asyncio.Event(), town.slack.deliver

    async def hang(address: Address, message: Message, route: str) -> str:
        if not but_for or address != town.actor(but_for).address:
            await go.wait()
        return await send(address, message, route)

    town.slack.instead = hang
    return go


async def a_while() -> None:
    for _ in range(200):
        await asyncio.sleep(0)


async def test_a_workspace_that_hangs_delays_no_other(town: Town) -> None:
    teams = await on_teams(town, "porter")
    go = await hanging(town)
    names = [f"person{number:02}" for number in range(12)]
    for name in names:
        await town.add(name)
    await log(town, *names, "porter")
    await town.clockwork.beat()
    await a_while()
    assert len(teams.sent) == 1 and not town.slack.sent
    go.set()
    await town.clockwork.idle()
    assert len(town.slack.sent) == 12


async def test_a_safety_call_does_not_wait_behind_ordinary_messages(town: Town) -> None:
    for number in range(30):
        await town.add(f"person{number:02}")
    case = await open_case_for(town, "nurse", holder="priya")
    go = await hanging(town, but_for="lena")
    await log(town, *(f"person{number:02}" for number in range(30)))
    await town.clockwork.beat()
    await a_while()
    await town.work(lambda work: summon(work, case))
    await town.clockwork.beat_urgent()
    await a_while()
    assert [to for to, _ in town.slack.sent] == [town.actor("lena").address], "while thirty messages hang"
    go.set()
    await town.clockwork.idle()


async def test_a_full_batch_is_followed_by_the_next_at_once(town: Town) -> None:
    names = [f"person{number:03}" for number in range(230)]
    for name in names:
        await town.add(name)
    await log(town, *names[:200])
    await log(town, *names[200:])
    assert await town.clockwork.beat() is False, "one beat deals with all of it"
    await town.clockwork.idle()
    assert len(town.slack.sent) == 230


async def test_what_could_not_be_marked_is_remembered_and_not_sent_again(town: Town) -> None:
    store = cast("FakeStore", town.store)
    await log(town, "nurse")
    await town.clockwork.run_due()
    send = town.slack.deliver

    async def then_the_store_is_gone(address: Address, message: Message, route: str) -> str:
        handle = await send(address, message, route)
        store.unavailable = True
        return handle

    town.slack.instead = then_the_store_is_gone
    await town.clockwork.deliver()
    town.slack.instead = None
    for _ in range(5):
        town.clock.move_real(timedelta(seconds=30))
        with pytest.raises(StoreUnavailable):
            await town.clockwork.deliver()
    store.unavailable = False
    for _ in range(5):
        await town.clockwork.drain()
        town.clock.move_real(timedelta(seconds=30))
    assert len(town.messages("nurse")) == 1
    [kept] = await town.all(Outgoing, kind="waiting")
    assert kept.state is OutboxState.SENT


async def test_another_worker_lets_the_one_who_sent_it_mark_it_first(town: Town) -> None:
    store = cast("FakeStore", town.store)
    other = Clockwork(town.desk, town.lost.append)
    await log(town, "nurse")
    await town.clockwork.run_due()
    send = town.slack.deliver

    async def then_the_store_is_gone(address: Address, message: Message, route: str) -> str:
        handle = await send(address, message, route)
        store.unavailable = True
        return handle

    town.slack.instead = then_the_store_is_gone
    await town.clockwork.deliver()
    town.slack.instead = None
    with pytest.raises(StoreUnavailable):
        await other.deliver()
    town.clock.move_real(timedelta(minutes=5))
    store.unavailable = False
    await other.deliver()
    await town.clockwork.deliver()
    town.clock.move_real(timedelta(seconds=30))
    await other.deliver()
    assert len(town.messages("nurse")) == 1


async def test_a_message_whose_marking_breaks_is_not_sent_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr(outbox, "mark_told", broken)
    await log(town, "nurse")
    for _ in range(4):
        await town.clockwork.drain()
        town.clock.move_real(timedelta(hours=1))
    assert len(town.messages("nurse")) == 1


async def test_a_call_that_cannot_be_marked_at_all_is_not_sent_again_when_its_lease_ends(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("planted")

    case = await open_case_for(town, "nurse", holder="priya")
    await town.work(lambda work: summon(work, case))
    monkeypatch.setattr(outbox, "mark_sent", broken)
    monkeypatch.setattr(outbox, "mark_only", broken)
    for _ in range(4):
        await town.clockwork.beat_urgent()
        await town.clockwork.idle()
        town.clock.move_real(timedelta(minutes=2))
    assert [len(town.messages(name)) for name in ("lena", "dev")] == [1, 1]


async def test_a_lease_given_by_a_clock_that_was_wrong_holds_nobody_up(town: Town) -> None:
    """Real time stood 30 days ahead during one failed delivery, and was then put right."""
    town.slack.failures[town.actor("nurse").address.text] = [TryLater(3000)]
    await log(town, "nurse")
    town.clock.move_real(timedelta(days=30))
    await town.clockwork.drain()
    assert not town.messages("nurse")
    town.clock.move_real(-timedelta(days=30))
    await town.clockwork.drain()
    assert len(town.messages("nurse")) == 1


async def test_leases_go_by_the_servers_clock(town: Town) -> None:
    store = cast("FakeStore", town.store)
    store.off = -timedelta(days=30)
    town.clock.move_real(timedelta(days=30))
    there = town.clock.real() + store.off
    town.slack.failures[town.actor("nurse").address.text] = [TryLater(600)]
    await log(town, "nurse")
    await town.clockwork.drain()
    [kept] = await town.all(Outgoing, kind="waiting")
    assert kept.lease_until == there + timedelta(seconds=600)
