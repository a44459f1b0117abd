"""The same first steps on PostgreSQL, where web and worker are processes of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.e2e.operating.conftest import Place
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.serving import Desktop

pytestmark = pytest.mark.anyio
PERSON = "web:someone@example.org"


@pytest.fixture
def two_stores(place: Place, new_postgres_database: Callable[[], str]) -> Place:
    place.set(DATABASE_URL=new_postgres_database(), KEYSTORE_URL=new_postgres_database())
    return place


async def test_an_empty_database_is_filled_and_a_web_process_leaves_the_work_alone(two_stores: Place) -> None:
    two_stores.set(TRIM_BOT_CLOCK="manual")
    await asyncio.to_thread(two_stores.run, "members", "grant", "coordinator", PERSON, "--name", "Sam")
    assert "Sam" in await asyncio.to_thread(two_stores.run, "members", "list")
    settings = two_stores.settings()
    web, both = Desktop(settings, with_worker=False), Desktop(settings, with_worker=True)
    async with web.lifespan(), both.lifespan():
        assert web.running is not None
        assert both.running is not None
        assert web.running.front.only_slug == both.running.front.only_slug == "default"
        assert web.running.sweeps() == {"slug", "keys", "trial", "soundness"}
        assert {"slug", "keys", "erasures", "weeks", "retention"} <= both.running.sweeps()


async def test_many_processes_that_start_together_agree_on_one_identity(
    two_stores: Place, new_postgres_database: Callable[[], str]
) -> None:
    two_stores.set(LEDGER_URL=new_postgres_database())
    settings = two_stores.settings()
    opened = await asyncio.gather(*(open_deployment(settings) for _ in range(5)))
    try:
        stamps = [await one.consistency.stamps() for one in opened]
        assert len({one.data.identity for one in stamps}) == 1
        assert {one.keys.identity for one in stamps} == {one.ledger.identity for one in stamps}
        await asyncio.gather(*(one.consistency.advance() for one in opened for _ in range(3)))
        for one in opened:
            await one.consistency.check()
    finally:
        for one in opened:
            one.close()
