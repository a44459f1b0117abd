"""A rotation beside a running desk or worker: it closes, reads the keyring again and opens; nothing is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_serve import PERSON, served
from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.serving import Desktop
from trim_bot.cli.working import Worker
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger

pytestmark = pytest.mark.anyio


async def test_the_desk_reads_a_rotated_keyring_again_and_loses_nothing(place: Place) -> None:
    await asyncio.to_thread(place.run, "members", "grant", "coordinator", PERSON, "--name", "Sam")
    desktop = Desktop(place.settings())
    async with served(desktop) as client:
        first = desktop.running
        assert first is not None
        await asyncio.to_thread(place.run, "keys", "rotate", "--yes")
        with pytest.raises(StoreUnavailable):
            await asyncio.to_thread(first.deployment.vault.make_spares, 1)
        await asyncio.to_thread(place.run, "keys", "rotate", "--retire", "--yes")
        first.outdated.set()
        while desktop.running in (first, None):
            await asyncio.sleep(0)
        assert (await client.get("/readyz")).json() == {"ready": True}
        assert desktop.running is not None
        desktop.running.deployment.vault.make_spares(1)
    assert "Sam" in await asyncio.to_thread(place.run, "members", "list")


async def test_a_desk_that_cannot_read_the_new_keyring_closes_and_says_so(place: Place) -> None:
    async with served(Desktop(place.settings())):
        pass
    held = Keyring.load(f"file:{place.folder / 'desk.key'}")
    place.set(TRIM_BOT_KEYRING="env:HELD", HELD=held.as_text())
    closed = asyncio.Event()

    async def pause(_seconds: float) -> None:
        closed.set()
        await asyncio.Event().wait()

    desktop = Desktop(place.settings(), pause=pause)
    async with served(desktop) as client:
        assert desktop.running is not None
        desktop.running.deployment.key_store.take_masters([key.id for key in held.rotated().keys])
        # The sweep that looks at the keys finds it; nobody has to ask.
        await closed.wait()
        assert (await client.get("/readyz")).json() == {"ready": False, "code": "keys_wrong"}
        assert (await client.get("/help-now")).status_code == 200


@pytest.fixture
def apart(place: Place, new_postgres_database: Callable[[], str]) -> Place:
    """A deployment whose worker is a process of its own."""
    place.set(DATABASE_URL=new_postgres_database(), KEYSTORE_URL=new_postgres_database())
    place.run("migrate")
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    return place


async def test_a_worker_reads_a_rotated_keyring_again(apart: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "trim_bot")
    ended = asyncio.Event()
    worker = Worker(apart.settings(), ended)
    working = asyncio.create_task(worker.work())
    while worker.running is None:
        await asyncio.sleep(0)
    first = worker.running
    # The sweep that looks at the keys finds it; nobody has to ask.
    await asyncio.to_thread(apart.run, "keys", "rotate", "--yes")
    await asyncio.to_thread(apart.run, "keys", "rotate", "--retire", "--yes")
    first.ticker._scheduler.get_job("keys").modify(next_run_time=real_now())
    while worker.running in (first, None):
        assert not working.done()
        await asyncio.sleep(0)
    worker.running.deployment.vault.make_spares(1)
    ended.set()
    await working
    lines = [record.getMessage().rpartition(" ")[0] for record in caplog.records]
    told = [line for line in lines if line.startswith(("worker open", "closed"))]
    assert told == ["worker open", "closed keys_wrong TRIM_BOT_KEYRING", "worker open"]


async def test_a_worker_that_cannot_read_the_new_keyring_says_so_and_shows_no_life(apart: Place) -> None:
    held = Keyring.load(f"file:{apart.folder / 'desk.key'}")
    apart.set(TRIM_BOT_KEYRING="env:HELD", HELD=held.as_text())
    closed, ended = asyncio.Event(), asyncio.Event()

    async def pause(_seconds: float) -> None:
        closed.set()
        await asyncio.Event().wait()

    worker = Worker(apart.settings(), ended, pause=pause)
    working = asyncio.create_task(worker.work())
    while worker.running is None:
        await asyncio.sleep(0)
    heart = worker.running.heart
    await heart.beat()
    worker.running.deployment.key_store.take_masters([key.id for key in held.rotated().keys])
    worker.running.outdated.set()
    await closed.wait()
    assert worker.running is None
    assert heart.pulse.alive(lambda role: role.works) == []
    ended.set()
    await working


def test_both_parts_of_a_rotation_ask_whether_the_desk_is_stopped(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    place.run("keys", "rotate", code=3)
    place.run("keys", "rotate", "--retire", code=3)


def test_a_stored_key_of_an_unknown_master_key_is_told_everywhere(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    before = (place.folder / "desk.key").read_bytes()
    place.run("keys", "rotate", "--yes")
    (place.folder / "desk.key").write_bytes(before)
    assert "does not hold" in place.run("keys", "status", code=3)
    assert "fail database" in place.run("doctor", code=1)
    place.run("members", "list", code=3)


def test_the_doctor_names_copies_of_the_keyring_that_lie_beside_it(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    (place.folder / ".desk.key.notacopy").touch()
    assert "is read" in place.result("doctor").output
    (place.folder / ".desk.key.0123456789ab").touch()
    assert ".desk.key.0123456789ab" in place.result("doctor").output


def _settled(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")


def test_a_backup_in_date_keeps_the_master_key_that_opens_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settled(place)
    place.run("backup", "one")
    place.run("backup", "two")
    place.run("keys", "rotate", "--yes")
    place.run("backup", "after")
    until = (real_now() + timedelta(days=30)).date().isoformat()
    said = place.run("keys", "rotate", "--retire", "--yes", code=3)
    assert f"2 backups made before the last rotation are in date until {until}" in said
    assert "--though-backups-need-them" in said
    assert place.json("keys", "status")["master_keys"] == 2
    # On the day after nothing needs them any more.
    monkeypatch.setattr("trim_bot.cli.keys.real_now", lambda: real_now() + timedelta(days=31))
    place.run("keys", "rotate", "--retire", "--yes")
    assert place.json("keys", "status")["master_keys"] == 1
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    place.run("restore", "after", "--yes")


def test_it_is_retired_all_the_same_where_somebody_says_the_word(place: Place) -> None:
    _settled(place)
    place.run("backup", "before")
    place.run("keys", "rotate", "--yes")
    place.run("keys", "rotate", "--retire", "--yes", code=3)
    place.run("keys", "rotate", "--retire", "--though-backups-need-them", code=3)
    place.run("keys", "rotate", "--retire", "--though-backups-need-them", "--yes")
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    assert "master key" in place.run("restore", "before", "--yes", code=3)


def test_a_backup_of_a_version_that_noted_none_counts_by_its_longest_life(place: Place) -> None:
    _settled(place)
    place.run("backup", "before")
    ledger = ErasureLedger(place.settings().ledger_url.get_secret_value())
    for name in (*ledger.facts_under("backup:"), "backups_noted_since"):
        ledger.drop_fact(name)
    ledger.close()
    place.run("keys", "rotate", "--yes")
    assert "an earlier version" in place.run("keys", "rotate", "--retire", "--yes", code=3)
    place.run("backup", "after")
    assert "an earlier version" in place.run("keys", "rotate", "--retire", "--yes", code=3)


def test_what_a_restore_brings_back_forgets_no_backup(place: Place) -> None:
    _settled(place)
    place.run("backup", "one")
    place.run("backup", "two")
    place.run("keys", "rotate", "--yes")
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    place.run("restore", "one", "--yes")
    place.run("ledger", "move", f"sqlite:///{place.folder}/moved.db", "--yes")
    place.set(LEDGER_URL=f"sqlite:///{place.folder}/moved.db")
    assert "2 backups" in place.run("keys", "rotate", "--retire", "--yes", code=3)
