"""What stands in the way while the desk is open shows in readiness, and is not asked for at every hit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_serve import TOKEN, never, served
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.readiness_probe import KEPT_SECONDS, STOPPED_SECONDS, ReadinessProbe
from trim_bot.bootstrap.running import Running
from trim_bot.bootstrap.serving import Desktop
from trim_bot.storage.database_state import mark_restoring
from trim_bot.storage.small_stores import durable_engine, write_transaction

pytestmark = pytest.mark.anyio


class Hand:
    """Times that stand still until they are moved, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.age = 0.0

    def monotonic(self) -> float:
        return self.now


@asynccontextmanager
async def probed(place: Place, hand: Hand) -> AsyncIterator[ReadinessProbe]:
    deployment = await open_deployment(place.settings())
    try:
        yield ReadinessProbe(deployment, lambda: hand.age, monotonic=hand.monotonic)
    finally:
        deployment.close()


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("data.db", NotReady.DATABASE),
        ("keys.db", NotReady.DATABASE),
        ("ledger.db", NotReady.LEDGER_MISSING),
    ],
)
async def test_each_of_the_three_stores_is_asked(place: Place, file: str, fault: NotReady) -> None:
    hand = Hand()
    async with probed(place, hand) as probe:
        assert await probe.fault() is None
        (place.folder / file).rename(place.folder / "away")
        assert await probe.fault() is None
        hand.now = KEPT_SECONDS
        assert await probe.fault() is fault


async def test_a_restore_into_the_data_shows(place: Place) -> None:
    async with probed(place, Hand()) as probe:
        engine = durable_engine(place.settings().database_url.get_secret_value())
        with write_transaction(engine) as connection:
            mark_restoring(connection)
        engine.dispose()
        assert await probe.fault() is NotReady.RESTORE_PENDING


async def test_a_clock_that_stopped_shows(place: Place) -> None:
    hand = Hand()
    async with probed(place, hand) as probe:
        hand.age = STOPPED_SECONDS + 1
        assert await probe.fault() is NotReady.CLOCK_STOPPED


async def test_the_figure_says_the_same_as_readiness(place: Place) -> None:
    place.set(METRICS_TOKEN=TOKEN)
    async with served(Desktop(place.settings())) as client:
        (place.folder / "ledger.db").rename(place.folder / "away")
        assert (await client.get("/readyz")).json() == {"ready": False, "code": "ledger_missing"}
        text = (await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).text
        assert "trim_bot_ready 0" in text


async def test_what_nobody_foresaw_while_opening_is_no_database_that_is_away(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> Running:
        raise RuntimeError("planted")

    monkeypatch.setattr("trim_bot.bootstrap.serving.open_running", fails)
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert (await client.get("/readyz")).json() == {"ready": False, "code": "opening_failed"}
        assert (await client.get("/help-now")).status_code == 200
