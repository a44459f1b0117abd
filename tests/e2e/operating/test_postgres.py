"""The same first steps on PostgreSQL, where web and worker are processes of their own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from tests.database_logins import PREFIX, Logins, run_as_administrator
from tests.e2e.operating.conftest import Place
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.serving import Desktop
from trim_bot.storage.database_roles import DatabaseRole

pytestmark = pytest.mark.anyio
PERSON = "web:someone@example.org"


@pytest.fixture
def two_stores(place: Place, new_postgres_database: Callable[[], str]) -> Place:
    place.set(DATABASE_URL=new_postgres_database(), KEYSTORE_URL=new_postgres_database())
    place.run("migrate")
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
        assert web.running.sweeps() == {
            "help",
            "slug",
            "keys",
            "trial",
            "soundness",
            "outages",
            "pulse",
            "alerts",
        }
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


@pytest.fixture
def separate(place: Place, new_postgres_database: Callable[[], str]) -> Logins:
    """Three empty databases and the logins that the command prints, as an administrator runs it."""
    made = Logins(new_postgres_database(), new_postgres_database(), new_postgres_database())
    place.set(DATABASE_URL=made.data, KEYSTORE_URL=made.keys, LEDGER_URL=made.ledger)
    told = place.json("database", "roles", "--prefix", PREFIX)
    assert told["logins"]["web"] == f"{PREFIX}_web"
    assert set(told["sql"].values()) <= set(_parts(place.run("database", "roles", "--prefix", PREFIX)))
    for url, kind in ((made.data, "data"), (made.keys, "keys"), (made.ledger, "ledger")):
        run_as_administrator(url, told["sql"][kind])
    return made


def _parts(printed: str) -> list[str]:
    """What is to be run in each database, of all that the command prints."""
    parts = re.split(r"(?m)^(?=\\connect )", printed)
    return [part.removesuffix("\n") for part in parts[1:-1]] + [parts[-1].rpartition("\n-- Next")[0]]


def _as(place: Place, logins: Logins, role: DatabaseRole) -> Place:
    place.set(**logins.environment(role))
    return place


async def test_web_and_worker_serve_with_a_login_each_once_the_owner_has_migrated(
    place: Place, separate: Logins
) -> None:
    closed = Desktop(_as(place, separate, DatabaseRole.WEB).settings(), with_worker=False)
    assert not await closed.try_to_open()
    assert closed.reason is NotReady.LOGIN_REFUSED
    refused = await asyncio.to_thread(_as(place, separate, DatabaseRole.WORKER).run, "migrate", code=3)
    # The data is made last, so that what was begun can be begun again.
    assert "The login of the key store (KEYSTORE_URL) may not do this." in refused
    await asyncio.to_thread(_as(place, separate, DatabaseRole.OWNER).run, "migrate")
    web = Desktop(_as(place, separate, DatabaseRole.WEB).settings(), with_worker=False)
    worker = Desktop(_as(place, separate, DatabaseRole.WORKER).settings(), with_worker=True)
    async with worker.lifespan(), web.lifespan():
        for one in (web, worker):
            assert one.running is not None, one.reason
            assert await one.running.probe.fault() is None
        hire = ("members", "grant", "coordinator", PERSON, "--name", "Sam")
        await asyncio.to_thread(place.run, *hire)
        assert "Sam" in await asyncio.to_thread(place.run, "members", "list")
        for sweep in ("retain", "close_weeks", "settle_revocations", "erase_asked", "meet_everyone"):
            assert worker.running is not None
            await getattr(worker.running.upkeep, sweep)()


async def test_a_worker_with_the_login_of_the_web_stays_closed_and_says_so(
    place: Place, separate: Logins
) -> None:
    await asyncio.to_thread(_as(place, separate, DatabaseRole.OWNER).run, "migrate")
    wrong = Desktop(_as(place, separate, DatabaseRole.WEB).settings(), with_worker=True)
    assert not await wrong.try_to_open()
    assert wrong.reason is NotReady.LOGIN_REFUSED


async def test_the_doctor_says_how_far_a_login_is_bound(place: Place, separate: Logins) -> None:
    def logins(code: int = 0) -> dict[str, str]:
        found = place.json("doctor", code=code)
        return {one["grade"]: one["text"] for one in found if one["name"] == "logins"}

    await asyncio.to_thread(_as(place, separate, DatabaseRole.OWNER).run, "migrate")
    await asyncio.to_thread(_as(place, separate, DatabaseRole.WORKER).run, "site", "apply", place.site_file())
    assert "owns nothing" in (await asyncio.to_thread(logins))["ok"]
    _as(place, separate, DatabaseRole.OWNER)
    assert "owns the tables" in (await asyncio.to_thread(logins))["warn"]
    place.set(DATABASE_URL=separate.data)
    assert "passes over" in (await asyncio.to_thread(logins))["warn"]
    engine = create_engine(separate.data)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE member NO FORCE ROW LEVEL SECURITY"))
    engine.dispose()
    assert "1 table(s) show rows" in (await asyncio.to_thread(logins, 1))["fail"]


async def test_a_single_login_becomes_several_without_losing_anything(place: Place, separate: Logins) -> None:
    """As a site that was there before does it: the administrator's SQL hands everything over to the owner."""
    place.set(DATABASE_URL=separate.data, KEYSTORE_URL=separate.keys, LEDGER_URL=separate.ledger)
    hire = ("members", "grant", "coordinator", PERSON, "--name", "Sam")
    await asyncio.to_thread(place.run, "migrate")
    await asyncio.to_thread(place.run, *hire)
    told = place.json("database", "roles", "--prefix", PREFIX)
    for url, kind in ((separate.data, "data"), (separate.keys, "keys"), (separate.ledger, "ledger")):
        run_as_administrator(url, told["sql"][kind])
    await asyncio.to_thread(_as(place, separate, DatabaseRole.OWNER).run, "migrate")
    _as(place, separate, DatabaseRole.WORKER)
    assert "Sam" in await asyncio.to_thread(place.run, "members", "list")
    web = Desktop(_as(place, separate, DatabaseRole.WEB).settings(), with_worker=False)
    async with web.lifespan():
        assert web.running is not None


def test_files_have_no_logins(place: Place) -> None:
    assert "files of SQLite" in place.run("database", "roles", code=3)
    assert "--prefix" in place.run("database", "roles", "--prefix", "A B", code=2)
