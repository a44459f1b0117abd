"""A clock that jumped stops what destroys or freezes, and nothing else, until somebody else's clock agrees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, tzinfo

import httpx
import pytest

from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.test_serve import served
from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.running import Running
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import WeekStatus
from trim_bot.storage.store import SqlStore

PERSON = "web:someone@example.org"
MONTH = timedelta(days=30)


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, place: Place) -> Place:
    if request.param == "postgresql":
        new = request.getfixturevalue("new_postgres_database")
        place.set(DATABASE_URL=new(), KEYSTORE_URL=new(), LEDGER_URL=new())
        place.run("migrate")
    place.run("site", "apply", place.site_file(SITE))
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    return place


class Ahead:
    """How far ahead this machine's clock is."""

    by = timedelta(0)


class Moved(datetime):
    """The time as every process here reads it."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Moved:
        moved = datetime.now(tz) + Ahead.by
        return cls.fromisoformat(moved.isoformat())


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    Ahead.by = timedelta(0)
    monkeypatch.setattr("trim_bot.app.clock.clocks.datetime", Moved)


@asynccontextmanager
async def running(place: Place) -> AsyncIterator[tuple[Running, httpx.AsyncClient]]:
    desktop = Desktop(place.settings())
    async with served(desktop) as client:
        assert desktop.running is not None
        yield desktop.running, client


async def weeks(running: Running) -> int:
    (organisation,) = await running.deployment.store.organisations()
    id = OrganisationId(organisation.id)
    return len(await running.deployment.store.read(id, lambda tx: tx.find(WeekStatus)))


def test_a_jump_stops_retention_and_weeks_alone_and_ends_when_the_clock_is_right_again(
    desk: Place, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with running(desk) as (now, client):
            await now.upkeep.retain()
            held = await weeks(now)
            Ahead.by = MONTH
            for _ in range(3):
                assert (await now.deployment.retention.run()).waits
                await now.upkeep.retain()
                await now.upkeep.close_weeks()
                await now.upkeep.beat()
            assert await weeks(now) == held
            assert (await client.get("/readyz")).json() == {"ready": True}
            Ahead.by = timedelta(0)
            assert not (await now.deployment.retention.run()).waits
            lines = [line for line in caplog.messages if line.startswith("clock ")]
            # Each ends with what to quote.
            said = [line.rsplit(" ", 1)[0] for line in lines]
            assert said == ["clock not believed 720 h 0 min ahead", "clock agrees again"]

    caplog.set_level("INFO", "trim_bot")
    asyncio.run(run())


def test_a_platform_that_agrees_ends_it(desk: Place) -> None:
    async def run() -> None:
        async with running(desk) as (now, _):
            # The weeks of the desk begin with the first look, which must not come after the clock has moved.
            await now.upkeep.close_weeks()
            await now.upkeep.retain()
            Ahead.by = MONTH
            now.deployment.time.heard("slack", real_now() - MONTH)
            assert (await now.deployment.retention.run()).waits
            # Before it is believed: from then on the desk may close weeks by itself.
            held = await weeks(now)
            now.deployment.time.heard("slack", real_now() - timedelta(minutes=4))
            assert not (await now.deployment.retention.run()).waits
            await now.upkeep.close_weeks()
            assert await weeks(now) > held

    asyncio.run(run())


def test_a_process_that_begins_with_a_wrong_clock_destroys_nothing_and_says_so(desk: Place) -> None:
    desk.run("retention", "run")
    Ahead.by = timedelta(hours=25)
    assert "clock is not believed" in desk.run("retention", "run", code=1)
    told = desk.result("doctor").output
    assert "This machine's clock seems 25 h 0 min ahead" in told
    assert ("--trust-clock" in told) is desk.settings().is_sqlite
    assert ("server's clock says otherwise" in told) is not desk.settings().is_sqlite
    assert "Sam" in desk.run("members", "list")


def test_somebodys_word_is_believed_by_every_process(place: Place) -> None:
    place.run("site", "apply", place.site_file(SITE))

    async def run() -> None:
        async with running(place) as (now, _):
            await now.upkeep.retain()
            Ahead.by = MONTH
            assert (await now.deployment.retention.run()).waits
            await asyncio.to_thread(place.run, "retention", "run", "--trust-clock", "--yes")
            assert not (await now.deployment.retention.run()).waits

    asyncio.run(run())


def test_a_clock_that_is_behind_what_was_seen_before_a_reboot_is_not_believed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.run("site", "apply", place.site_file(SITE))
    place.run("retention", "run")
    monkeypatch.setattr("trim_bot.crypto.boot_clock._BOOT_ID", place.folder / "another-boot")
    place.run("retention", "run")
    Ahead.by = -MONTH
    assert "clock is not believed" in place.run("retention", "run", code=1)


def test_somebodys_word_ends_in_a_running_desk_what_an_earlier_start_said(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.run("site", "apply", place.site_file(SITE))
    Ahead.by = MONTH
    place.run("retention", "run")
    Ahead.by = timedelta(0)
    another = place.folder / "another-boot"
    another.write_text("another\n", encoding="ascii")
    monkeypatch.setattr("trim_bot.crypto.boot_clock._BOOT_ID", another)

    async def run() -> None:
        async with running(place) as (now, _):
            assert (await now.deployment.retention.run()).waits
            await asyncio.to_thread(place.run, "retention", "run", "--trust-clock", "--yes")
            assert not (await now.deployment.retention.run()).waits

    asyncio.run(run())


def test_a_jump_ends_no_line_of_what_was_taken_back(desk: Place) -> None:
    async def run() -> None:
        async with running(desk) as (now, _):
            takings, today = now.deployment.ledger.revocations, real_now().date()
            takings.write("organisation", [("subject", "value")], "token", today)
            held = takings.after(0)
            Ahead.by = 2 * MONTH
            for _ in range(3):
                await now.upkeep.settle_revocations()
            assert takings.after(0) == held
            Ahead.by = timedelta(0)
            await now.upkeep.settle_revocations()
            assert takings.after(0) == held

    asyncio.run(run())


def test_what_a_database_server_says_at_every_look_is_not_ended_by_somebodys_word(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the doctor names the two clocks, and not a word that would not help."""
    place.run("site", "apply", place.site_file(SITE))

    async def wrong(_: SqlStore) -> datetime:
        return real_now() - timedelta(hours=25)

    monkeypatch.setattr(SqlStore, "server_time", wrong)
    told = place.result("doctor").output
    assert "The database server's clock says otherwise" in told and "--trust-clock" not in told
    assert "not believed" in place.run("retention", "run", "--trust-clock", "--yes", code=1)
