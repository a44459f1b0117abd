"""A restore has the place to itself, needs the newest ledger, and is stood in the way of by no command that reads."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.test_serve import PERSON, never, served
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.serving import Desktop
from trim_bot.bootstrap.store_opening import StoreLocks
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import NoteSent
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.ledger.anchor import AnchorUnreadable, FileAnchor
from trim_bot.storage.usage_lock import InUse, UsageLock

READING = (
    ("doctor",),
    ("export", PERSON),
    ("members", "list"),
    ("members", "link", PERSON),
    ("members", "revoke", "lead", PERSON),
    ("erase", PERSON, "--yes"),
    ("retention", "run", "--dry-run"),
    ("retention", "run"),
    ("journal", "verify"),
    ("keys", "status"),
    ("backup", "kept"),
    ("describe",),
    ("drill",),
    ("ledger", "copy", "kept"),
    ("members", "sign-out", PERSON),
    ("breach", "report", "--store", "data", "--yes"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(bare_place: Place, request: pytest.FixtureRequest) -> Place:
    """A place whose stores nobody has made, on either database."""
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        bare_place.set(DATABASE_URL=make(), KEYSTORE_URL=make(), LEDGER_URL=make())
    return bare_place


@pytest.fixture
def anywhere(nowhere: Place) -> Place:
    """A place with nothing in its stores, on either database."""
    nowhere.run("migrate")
    return nowhere


def _settle(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    place.run("members", "grant", "lead", "web:other@example.org", "--name", "Alex Moor")


def _tables(url: str) -> list[str]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [row[0] for row in found]


def _empty(place: Place, request: pytest.FixtureRequest) -> None:
    """Point data and keys at two empty databases of the same sort."""
    settings = place.settings()
    if settings.is_sqlite:
        place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    else:
        make: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        place.set(DATABASE_URL=make(), KEYSTORE_URL=make())


def test_a_command_that_reads_makes_nothing_where_nothing_is(nowhere: Place) -> None:
    before = sorted(path.name for path in nowhere.folder.iterdir())
    for words in READING:
        nowhere.result(*words)
        assert sorted(path.name for path in nowhere.folder.iterdir()) == before, words
        for url in (nowhere.settings().database_url, nowhere.settings().keystore_url):
            if not nowhere.settings().is_sqlite:
                assert _tables(url.get_secret_value()) == [], words
    said = nowhere.run("doctor")
    assert "warn database     Nothing is kept at DATABASE_URL, " in said
    assert "warn site" in said


def test_a_command_that_reads_brings_no_older_key_store_up(place: Place) -> None:
    """Only `migrate` and a desk that starts do; until then each says what is to be done."""
    _settle(place)
    with sqlite3.connect(place.folder / "keys.db") as keys:
        keys.execute("DROP TABLE unused_keys")
    keys.close()
    before = _schema(place.folder / "keys.db")
    for words in READING:
        said = place.result(*words).output
        assert "Run trim-bot migrate" in said or words[0] not in ("doctor", "members", "keys", "export"), (
            words
        )
        assert _schema(place.folder / "keys.db") == before, words
    place.run("migrate")
    assert "unused_keys" in _schema(place.folder / "keys.db")
    assert "Robin Vale" in place.run("members", "list")


def _schema(path: Path) -> list[str]:
    with sqlite3.connect(path) as file:
        found = [name for (name,) in file.execute("SELECT name FROM sqlite_master ORDER BY name")]
    file.close()
    return found


def test_a_restore_follows_what_was_only_read(anywhere: Place, request: pytest.FixtureRequest) -> None:
    _settle(anywhere)
    anywhere.run("backup", "kept")
    _empty(anywhere, request)
    for words in (("doctor",), ("export", PERSON), ("members", "list")):
        anywhere.result(*words)
    anywhere.run("restore", "kept", "--yes")
    assert "Robin Vale" in anywhere.run("members", "list")


@pytest.mark.anyio
async def test_a_restore_follows_a_desk_that_began_by_itself_on_empty_databases(
    anywhere: Place, request: pytest.FixtureRequest
) -> None:
    await asyncio.to_thread(_settle, anywhere)
    await asyncio.to_thread(anywhere.run, "backup", "kept")
    _empty(anywhere, request)
    async with served(Desktop(anywhere.settings(), pause=never)) as client:
        assert (await client.get("/readyz")).json()["code"] == "ledger_missing"
    await asyncio.to_thread(anywhere.run, "restore", "kept", "--yes")
    assert "Robin Vale" in await asyncio.to_thread(anywhere.run, "members", "list")


def test_an_older_copy_of_the_ledger_brings_nobody_back(place: Place) -> None:
    _settle(place)
    place.run("backup", "kept")
    ledger = place.folder / "ledger.db"
    before = ledger.read_bytes()
    place.run("erase", PERSON, "--yes")
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (place.folder / name).unlink(missing_ok=True)
    ledger.write_bytes(before)
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    said = place.run("restore", "kept", "--yes", code=3)
    assert "it is an older copy" in said
    assert not Path("again.db").exists()
    told = json.loads(place.result("restore", "kept", "--yes", "--anchor-lost", "--json").stdout)
    assert (told["anchor_lost"], told["lines_lacking"], told["erased_again"]) == (True, 2, 0)


def test_without_its_anchor_no_ledger_is_taken_for_the_newest(
    anywhere: Place, request: pytest.FixtureRequest
) -> None:
    _settle(anywhere)
    anywhere.run("backup", "kept")
    anywhere.run("erase", PERSON, "--yes")
    (anywhere.folder / "desk.key.anchor").unlink()
    _empty(anywhere, request)
    assert "There is no anchor at ANCHOR_URL" in anywhere.run("restore", "kept", "--yes", code=3)
    said = anywhere.run("restore", "kept", "--yes", "--anchor-lost")
    assert "nobody can tell whether this ledger is the newest" in said
    assert "What was erased after it cannot be known here" in said
    assert "Robin Vale" not in anywhere.run("members", "list")
    assert "ok   anchor" in anywhere.run("doctor")


def test_an_anchor_that_cannot_be_written_stops_a_restore_before_anything_is_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **_more: object) -> None:
        raise AnchorUnreadable

    _settle(place)
    place.run("backup", "kept")
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    with monkeypatch.context() as patched:
        patched.setattr(FileAnchor, "append", refused)
        assert "Check ANCHOR_URL" in place.run("restore", "kept", "--yes", code=3)
    assert not Path("again.db").exists()
    place.run("restore", "kept", "--yes")


def test_the_anchor_lies_where_it_is_told_to(place: Place) -> None:
    place.set(ANCHOR_URL=f"file:{place.folder / 'elsewhere' / 'head'}")
    _settle(place)
    assert (place.folder / "elsewhere" / "head").exists()
    assert not (place.folder / "desk.key.anchor").exists()
    place.set(ANCHOR_URL="s3://bucket/head")
    assert "ANCHOR_URL must read file:PATH" in place.run("doctor", code=1)
    place.set(ANCHOR_URL=f"file:{place.folder / 'data.db'}")
    assert "names the same place as DATABASE_URL" in place.run("doctor", code=1)


@pytest.mark.anyio
async def test_a_desk_with_an_older_ledger_or_a_spoilt_anchor_stays_closed(place: Place) -> None:
    async with served(Desktop(place.settings())):
        pass
    anchor = place.folder / "desk.key.anchor"
    told = json.loads(anchor.read_text(encoding="utf-8").splitlines()[-1])
    anchor.write_text(json.dumps(told | {"erasures": [7, "f" * 64]}) + "\n", encoding="utf-8")
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert (await client.get("/readyz")).json()["code"] == "ledger_older"
    anchor.write_text("spoilt\n", encoding="utf-8")
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert (await client.get("/readyz")).json()["code"] == "anchor_unreadable"
    anchor.unlink()
    async with served(Desktop(place.settings())) as client:
        assert (await client.get("/readyz")).status_code == 200
    assert anchor.exists()


@pytest.mark.anyio
async def test_a_ledger_one_ahead_of_its_anchor_opens_and_heals(
    anywhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = await open_deployment(anywhere.settings())

    def crash(*_: object, **_more: object) -> None:
        raise AnchorUnreadable

    with monkeypatch.context() as patched:
        patched.setattr(FileAnchor, "append", crash)
        deployment.ledger.revocations.write("org", [("s", "v")], "token", deployment.clock.real().date())
    assert deployment.ledger.anchored() != deployment.ledger.head()
    deployment.close()
    again = await open_deployment(anywhere.settings())
    assert again.ledger.anchored() == again.ledger.head()
    again.close()


@pytest.mark.anyio
async def test_an_anchor_that_cannot_be_written_shuts_nobody_out_and_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_: object, **_more: object) -> None:
        raise AnchorUnreadable

    caplog.set_level("INFO", "trim_bot")
    monkeypatch.setattr(FileAnchor, "append", refused)
    async with served(Desktop(place.settings())) as client:
        assert (await client.get("/readyz")).status_code == 200
        await asyncio.to_thread(_settle, place)
    assert any(line.startswith("anchor of the ledger not written ") for line in caplog.messages)
    assert "warn anchor" in await asyncio.to_thread(place.run, "doctor")


@pytest.mark.anyio
async def test_nothing_is_restored_where_a_desk_or_a_command_is_at_work(
    anywhere: Place, request: pytest.FixtureRequest
) -> None:
    async with served(Desktop(anywhere.settings())):
        await asyncio.to_thread(_settle, anywhere)
        await asyncio.to_thread(anywhere.run, "backup", "kept")
        _empty(anywhere, request)
        said = await asyncio.to_thread(anywhere.run, "restore", "kept", "--yes", code=3)
        assert "stop the desk first" in said
    await asyncio.to_thread(anywhere.run, "restore", "kept", "--yes")


@pytest.mark.anyio
async def test_no_desk_opens_while_a_backup_is_brought_back(anywhere: Place) -> None:
    async with served(Desktop(anywhere.settings())):
        pass
    users = StoreLocks(places_of(anywhere.settings()), alone=True)
    users.take()
    async with served(Desktop(anywhere.settings(), pause=never)) as client:
        assert (await client.get("/readyz")).json()["code"] == "restore_pending"
    users.close()
    async with served(Desktop(anywhere.settings())) as client:
        assert (await client.get("/readyz")).status_code == 200


@pytest.mark.anyio
async def test_a_lock_that_the_server_let_go_of_is_taken_again(postgres_database: str) -> None:
    places = Places(postgres_database, postgres_database, "sqlite:///ledger.db")
    desk, restoring = UsageLock(places.data), UsageLock(places.data, alone=True)
    desk.take()
    plain = make_url(places.data).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trim-bot presence'"
        )
    desk.renew()
    with pytest.raises(InUse):
        restoring.take()
    desk.close()
    restoring.take()
    with pytest.raises(InUse):
        desk.take()
    restoring.close()


@pytest.mark.anyio
async def test_a_desk_whose_files_were_taken_away_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trim_bot.bootstrap.readiness_probe.KEPT_SECONDS", 0.0)
    async with served(Desktop(place.settings())) as client:
        assert (await client.get("/readyz")).status_code == 200
        await asyncio.to_thread(_settle, place)
        await asyncio.to_thread(place.run, "backup", "kept")
        for path in (*place.folder.glob("data.db*"), *place.folder.glob("keys.db*")):
            path.unlink()
        said = await asyncio.to_thread(place.run, "restore", "kept", "--yes", code=3)
        assert "stop the desk first" in said
        assert (await client.get("/readyz")).status_code == 503
    await asyncio.to_thread(place.run, "restore", "kept", "--yes")
    assert "Robin Vale" in await asyncio.to_thread(place.run, "members", "list")


@pytest.mark.anyio
async def test_a_write_into_a_file_that_was_replaced_is_never_acknowledged(place: Place) -> None:
    deployment = await open_deployment(place.settings())
    organisation = await deployment.store.found("example", None)
    (place.folder / "data.db").rename(place.folder / "moved.db")
    with pytest.raises(StoreUnavailable):
        await deployment.store.write(
            OrganisationId(organisation.id),
            lambda tx: tx.add(NoteSent("one", deployment.clock.now())),
        )
    (place.folder / "moved.db").rename(place.folder / "data.db")
    assert await deployment.store.read(OrganisationId(organisation.id), lambda tx: tx.find(NoteSent)) == []
    deployment.close()


def test_what_was_taken_from_somebody_stays_taken_and_is_counted(
    anywhere: Place, request: pytest.FixtureRequest
) -> None:
    _settle(anywhere)
    anywhere.run("members", "grant", "auditor", "web:other@example.org")
    anywhere.run("backup", "kept")
    anywhere.run("members", "revoke", "lead", "web:other@example.org", "--suspend", "--yes")
    anywhere.run("members", "revoke", "auditor", "web:other@example.org")
    anywhere.run("members", "grant", "auditor", "web:other@example.org")
    anywhere.run("site", "apply", anywhere.site_file(SITE.replace("example-transport", "default")))
    _empty(anywhere, request)
    said = anywhere.run("restore", "kept", "--yes")
    assert "Taken back again since the backup: 1 role ended." in said
    assert "Run trim-bot site apply FILE before the desk starts" in said
    listed = anywhere.json("members", "list")
    assert isinstance(listed, list)
    assert {one["name"]: one["roles"] for one in listed} == {
        "Robin Vale": ["coordinator"],
        "Alex Moor": ["auditor"],
    }
    manifest = json.loads(Path("kept/manifest.json").read_text(encoding="utf-8"))
    assert manifest["identity"] and manifest["generation"]


def test_a_backup_of_another_desk_is_refused(place: Place) -> None:
    _settle(place)
    place.run("backup", "kept")
    place.set(
        DATABASE_URL="sqlite:///b.db", KEYSTORE_URL="sqlite:///b-keys.db", LEDGER_URL="sqlite:///b-ledger.db"
    )
    place.set(ANCHOR_URL="file:b.anchor")
    place.run("migrate")
    _settle(place)
    place.set(DATABASE_URL="sqlite:///c.db", KEYSTORE_URL="sqlite:///c-keys.db")
    assert "not the whole erasure ledger of this data" in place.run("restore", "kept", "--yes", code=3)
    assert not Path("c.db").exists()
