"""Tokens that age are renewed before they end, by one call at a time, and what goes wrong meanwhile is stated."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

import pytest

from tests.adapters.slack_app.many_slack import LIFE_SECONDS, ManySlack, many_running
from tests.e2e.deployment import Stores
from tests.e2e.many import Many, many_workspaces
from tests.fakes.telling import Telling
from trim_bot.app.installations.keeping import LEASE, Renewal
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.settings.environment import load_settings

pytestmark = pytest.mark.anyio
T = TypeVar("T")
SOON = timedelta(seconds=LIFE_SECONDS) - timedelta(hours=1)
"""After this long a token has an hour left."""


@pytest.fixture
async def slack() -> AsyncIterator[ManySlack]:
    async with many_running(ManySlack(ageing=True)) as running:
        yield running


@pytest.fixture
async def many(
    slack: ManySlack, stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Many]:
    async with many_workspaces(monkeypatch, stores, tmp_path, slack) as made:
        await made.add("TA")
        yield made


def renewal(
    many: Many, after: timedelta, store: Store | None = None, said: list[str] | None = None
) -> Renewal:
    """A sweep that comes so long after now, by real time."""
    running = many.desktop.running
    assert running is not None and running.slack is not None and running.slack.oauth is not None

    def later() -> datetime:
        return datetime.now(UTC) + after

    oauth = copy.copy(running.slack.oauth)
    oauth._real = later
    return Renewal(store or running.deployment.store, oauth, later, Telling(said if said is not None else []))


class Away:
    """The store, which is away from the second write on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.written = 0
        self.away = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def write(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        self.written += 1
        if self.written > 1 and self.away:
            raise StoreUnavailable
        return await self._store.write(organisation, body)


async def held(many: Many) -> Installation:
    organisation = await many.organisation("TA")
    assert many.desktop.running is not None and organisation is not None
    store = many.desktop.running.deployment.store
    found = await store.read(organisation, lambda tx: tx.get(Installation, "slack:TA"))
    assert found is not None
    return found


async def test_a_token_is_renewed_two_hours_before_its_end_and_not_earlier(many: Many) -> None:
    first = await held(many)
    assert await renewal(many, timedelta(seconds=LIFE_SECONDS) - timedelta(hours=3)).sweep() == 0
    assert many.slack.refreshes == []
    assert await renewal(many, SOON).sweep() == 1
    second = await held(many)
    assert many.slack.refreshes == [first.refresh]
    assert second.token != first.token and second.refresh != first.refresh
    assert second.lease_until is None and second.key_id == first.key_id
    assert await renewal(many, SOON).sweep() == 0
    assert "slack_tokens" in (many.desktop.running.sweeps() if many.desktop.running else ())


async def test_ten_sweeps_at_once_make_one_call(many: Many) -> None:
    many.slack.hold = asyncio.Event()
    sweeps = [asyncio.create_task(renewal(many, SOON).sweep()) for _ in range(10)]
    await many.slack.until(lambda: many.slack.refreshes)
    waiting = set(sweeps)
    while len(waiting) > 1:
        _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    many.slack.hold.set()
    assert sum([await sweep for sweep in sweeps]) == 1
    assert len(many.slack.refreshes) == 1
    assert (await held(many)).token in many.slack.good_tokens("TA")


async def test_two_processes_make_one_call(many: Many) -> None:
    assert many.desktop.running is not None
    here, other = many.desktop.running.deployment.store, await open_deployment(load_settings())
    try:
        sweeps = [renewal(many, SOON, store).sweep() for store in (here, other.store) * 5]
        assert sum(await asyncio.gather(*sweeps)) == 1
    finally:
        other.close()
    assert len(many.slack.refreshes) == 1
    assert (await held(many)).token in many.slack.good_tokens("TA")


async def test_the_new_pair_is_kept_before_it_is_used(many: Many) -> None:
    await many.command("TA", "U1", "/support")
    many.slack.hold = asyncio.Event()
    sweep = asyncio.create_task(renewal(many, SOON).sweep())
    await many.slack.until(lambda: many.slack.refreshes)
    assert (await many.command("TA", "U1", "/support"))["callback_id"] == "support"
    many.slack.hold.set()
    assert await sweep == 1
    assert (await many.command("TA", "U1", "/support"))["callback_id"] == "support"


async def test_a_sweep_that_is_stopped_keeps_what_slack_gave_before_it_ends(many: Many) -> None:
    first = await held(many)
    many.slack.hold = asyncio.Event()
    stopped = asyncio.create_task(renewal(many, SOON).sweep())
    await many.slack.until(lambda: many.slack.refreshes)
    stopped.cancel()
    assert await renewal(many, SOON).sweep() == 0, "it may still be running somewhere"
    many.slack.hold.set()
    await asyncio.gather(stopped, return_exceptions=True)
    assert stopped.cancelled() and len(many.slack.refreshes) == 1
    second = await held(many)
    assert second.refresh != first.refresh and second.token in many.slack.good_tokens("TA")


async def test_a_sweep_that_is_stopped_while_slack_is_down_ends_and_tells(many: Many) -> None:
    said: list[str] = []
    many.slack.hold, many.slack.cut = asyncio.Event(), True
    stopped = asyncio.create_task(renewal(many, SOON, said=said).sweep())
    await many.slack.until(lambda: many.slack.refreshes)
    stopped.cancel()
    many.slack.hold.set()
    await asyncio.gather(stopped, return_exceptions=True)
    assert stopped.cancelled() and [one.partition(" at ")[0] for one in said] == [
        "slack token not renewed TryLater"
    ]


async def test_a_refresh_whose_answer_was_lost_is_told_and_never_tried_for_ever(many: Many) -> None:
    said: list[str] = []
    first = await held(many)
    many.slack.cut = True
    assert await renewal(many, SOON, said=said).sweep() == 0
    assert (await held(many)).refresh == first.refresh
    many.slack.cut = False
    assert await renewal(many, SOON + 2 * LEASE, said=said).sweep() == 0
    after = await held(many)
    assert (after.refresh, after.token) == ("", first.token)
    assert await renewal(many, SOON + 4 * LEASE, said=said).sweep() == 0
    assert len(many.slack.refreshes) == 2
    told = "\n".join(said)
    assert "slack token refused invalid_refresh_token" in told
    assert "slack token cannot be renewed, add the app again" in told
    assert "marker" not in told
    await many.add("TA")
    assert (await held(many)).refresh != ""
    assert (await many.command("TA", "U1", "/support"))["callback_id"] == "support"


async def test_a_new_pair_is_not_lost_while_the_store_is_away_for_a_moment(many: Many) -> None:
    assert many.desktop.running is not None
    store, waits = Away(many.desktop.running.deployment.store), []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        store.away = len(waits) < 2

    sweep = renewal(many, SOON, cast(Store, store))
    sweep._pause = pause
    first = await held(many)
    assert await sweep.sweep() == 1
    assert waits == [1.0, 5.0] and len(many.slack.refreshes) == 1
    second = await held(many)
    assert second.token != first.token and second.token in many.slack.good_tokens("TA")


async def test_while_slack_is_down_the_next_look_tries_again(many: Many) -> None:
    many.slack.down = True
    assert await renewal(many, SOON).sweep() == 0
    many.slack.down = False
    assert await renewal(many, SOON + 2 * LEASE).sweep() == 1


async def test_an_app_added_anew_meanwhile_keeps_its_newer_token(many: Many) -> None:
    many.slack.hold = asyncio.Event()
    sweep = asyncio.create_task(renewal(many, SOON).sweep())
    await many.slack.until(lambda: many.slack.refreshes)
    await many.add("TA")
    newer = await held(many)
    many.slack.hold.set()
    assert await sweep == 0
    assert await held(many) == newer


async def test_one_workspace_that_fails_does_not_stop_the_others(many: Many) -> None:
    await many.add("TB")
    organisation = await many.organisation("TA")
    assert many.desktop.running is not None and organisation is not None

    def spoil(tx: Tx) -> None:
        one = tx.get(Installation, "slack:TA")
        assert one is not None
        tx.save(replace(one, refresh="xoxe-unknown"))

    await many.desktop.running.deployment.store.write(organisation, spoil)
    assert await renewal(many, SOON).sweep() == 1
