"""A disk that is full, a store that cannot be written, a damaged page: readiness, `doctor` and commands say which."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy.exc import InternalError, OperationalError

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_serve import help_is_one_tap_away, served
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.store_failing import StoreFailing
from trim_bot.bootstrap.process_log import OURS
from trim_bot.bootstrap.readiness_probe import MOST_BUSY, StoreTrial
from trim_bot.bootstrap.serving import Desktop
from trim_bot.bootstrap.store_opening import AnotherDesk, SingleProcessLock
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage import database_state, small_stores
from trim_bot.storage.errors import trouble_of
from trim_bot.storage.group_commit import BodiesEnded, GroupCommit, _Transaction
from trim_bot.storage.store import BUSY_SECONDS

pytestmark = pytest.mark.anyio

STORES = pytest.mark.parametrize(
    ("file", "store", "variable"),
    [
        ("data.db", "data", "DATABASE_URL"),
        ("keys.db", "keys", "KEYSTORE_URL"),
        ("ledger.db", "ledger", "LEDGER_URL"),
    ],
)


@pytest.fixture
def settled(place: Place) -> Place:
    """A desk with an organisation, somebody in it, and its three files."""
    place.run("members", "grant", "coordinator", "web:someone@example.org", "--name", "Robin Vale")
    return place


@contextmanager
def no_file_may_grow() -> Iterator[None]:
    """As on a full disk: whatever is written to any file is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def one_is_read_only(patch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """SQLite opens one file as it does where the system lets nobody write to it."""
    usual = small_stores._uri

    def uri(path: Path) -> str:
        return usual(path).replace("mode=rw", "mode=ro") if path.name == name else usual(path)

    with patch.context() as inside:
        inside.setattr(small_stores, "_uri", uri)
        yield


def damage(path: Path) -> None:
    """Overwrite the root page of one table, or of its index, as a failing disk does."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
    connection.close()
    [page] = [roots[name] for name in ("member", "data_keys", "ledger_lines") if name in roots]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


async def run(place: Place, *words: str, code: int = 0) -> str:
    """What a command says, on a thread of its own beside the loop of the test."""
    return await asyncio.to_thread(lambda: place.run(*words, code=code))


def trial_of(desktop: Desktop) -> StoreTrial:
    """A trial that runs when it is asked to alone; the one of the ticker would come in between."""
    assert desktop.running is not None
    desktop.running.probe.trial = StoreTrial(desktop.running.deployment)
    return desktop.running.probe.trial


async def readiness(desktop: Desktop) -> object:
    assert desktop.running is not None
    found = await desktop.running.probe._ask()
    return found.value if found else None, desktop.running.probe.store


async def test_a_full_disk_shows_and_ends(settled: Place) -> None:
    desktop = Desktop(settled.settings())
    async with served(desktop) as client:
        tried = trial_of(desktop)
        with no_file_may_grow():
            await tried.write()
            assert await readiness(desktop) == ("disk_full", "data")
            answer = await client.get("/readyz")
            assert answer.status_code == 503
            assert answer.json() == {"ready": False, "code": "disk_full", "store": "data"}
        await tried.write()
        assert await readiness(desktop) == (None, "")


@STORES
async def test_little_room_under_any_store_shows(
    settled: Place, monkeypatch: pytest.MonkeyPatch, file: str, store: str, variable: str
) -> None:
    """A log that has grown once takes small writes on a full disk, so that room itself is looked at."""
    desktop = Desktop(settled.settings())
    async with served(desktop):
        monkeypatch.setattr(
            database_state, "_free", lambda path: 0 if path.name == file else database_state.LEAST_BYTES
        )
        await trial_of(desktop).write()
        assert await readiness(desktop) == ("disk_full", store)
    said = await run(settled, "doctor", code=1)
    assert f"({variable}) is full" in said


@STORES
async def test_a_store_that_cannot_be_written_shows(
    settled: Place, monkeypatch: pytest.MonkeyPatch, file: str, store: str, variable: str
) -> None:
    desktop = Desktop(settled.settings())
    async with served(desktop):
        tried = trial_of(desktop)
        with one_is_read_only(monkeypatch, file):
            await tried.write()
        assert await readiness(desktop) == ("read_only", store)


async def test_a_desk_on_a_read_only_store_shows_help_and_opens_later(
    settled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one_is_read_only(monkeypatch, "data.db"):
        desktop = Desktop(settled.settings())
        async with served(desktop) as client:
            assert (await client.get("/readyz")).json()["code"] == "read_only"
            await help_is_one_tap_away(client)
        said = await run(
            settled, "members", "grant", "auditor", "web:other@example.org", "--name", "Kit", code=3
        )
        assert "data (DATABASE_URL) can be read and not written" in said


def test_a_folder_that_takes_no_lock_ends_nothing(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` goes on with help alone, and takes the lock before it ever opens the desk."""
    lock = SingleProcessLock(settled.settings())
    with monkeypatch.context() as patch:
        patch.setattr("os.open", _refusing(errno.EROFS))
        with pytest.raises(StoreUnavailable) as refused:
            lock.take()
    assert refused.value.trouble is StoreTrouble.READ_ONLY
    lock.take()
    with pytest.raises(AnotherDesk):
        SingleProcessLock(settled.settings()).take()
    lock.let_go()


async def test_without_the_lock_the_desk_stays_closed(settled: Place) -> None:
    free: list[str] = []

    def alone() -> None:
        if not free:
            raise StoreUnavailable(StoreTrouble.READ_ONLY, str(settled.folder / "data.db"))

    desktop = Desktop(settled.settings(), alone=alone)
    async with served(desktop) as client:
        answer = await client.get("/readyz")
        assert answer.json() == {"ready": False, "code": "read_only", "store": "data"}
        free.append("now")
        assert await desktop.try_to_open()


@STORES
async def test_a_damaged_page_is_found(settled: Place, file: str, store: str, variable: str) -> None:
    if store == "ledger":
        await run(settled, "erase", "web:someone@example.org", "--yes")
    desktop = Desktop(settled.settings())
    async with served(desktop):
        damage(settled.folder / file)
        await trial_of(desktop).look()
        assert await readiness(desktop) == ("damaged", store)
    said = await run(settled, "doctor", code=1)
    assert f"({variable}) is damaged" in said
    if store != "ledger":
        said = await run(settled, "backup", str(settled.folder / "backup"), code=3)
        assert f"({variable}) is damaged" in said and "busy" not in said


async def test_a_damaged_page_that_is_met_shows_at_once(settled: Place) -> None:
    desktop = Desktop(settled.settings())
    async with served(desktop):
        damage(settled.folder / "data.db")
        assert desktop.running is not None
        store = desktop.running.deployment.store
        [organisation] = await store.organisations()
        from trim_bot.domain.people import Member

        with pytest.raises(StoreUnavailable):
            await store.read(OrganisationId(organisation.id), lambda tx: tx.find(Member))
        assert await readiness(desktop) == ("damaged", "data")


async def test_a_lock_of_a_moment_is_no_trouble(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trim_bot.storage.small_stores._BUSY_MS", 300)
    desktop = Desktop(settled.settings())
    async with served(desktop):
        assert desktop.running is not None
        tried = StoreTrial(desktop.running.deployment)
        locking = sqlite3.connect(settled.folder / "keys.db", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        for number in range(MOST_BUSY):
            assert tried.failing is None, number
            await tried.write()
        assert tried.failing == StoreFailing(NotReady.BUSY, "keys")
        locking.close()


def test_a_command_waits_once_for_as_long_as_it_says(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trim_bot.cli.deployment.COMMAND_BUSY_SECONDS", BUSY_SECONDS + 0.1)
    waited: list[int] = []
    not_entered = GroupCommit._not_entered

    def watched(commits: GroupCommit, one: _Transaction) -> BodiesEnded:
        ended = not_entered(commits, one)
        waited.extend(body.waited for body in one.bodies)
        return ended

    monkeypatch.setattr(GroupCommit, "_not_entered", watched)
    with closing(sqlite3.connect(settled.folder / "data.db", isolation_level=None)) as locking:
        locking.execute("BEGIN IMMEDIATE")
        grant = ("members", "grant", "coordinator", "web:other@example.org", "--name", "Alex Marsh")
        assert settled.result(*grant).exit_code == 3
    assert set(waited) == {0}, "a desk would try again, six times as long"


class _Postgres(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__()
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "trouble"),
    [
        ("53100", StoreTrouble.FULL),
        ("25006", StoreTrouble.READ_ONLY),
        ("XX001", StoreTrouble.DAMAGED),
        ("55P03", StoreTrouble.BUSY),
        ("57P01", StoreTrouble.AWAY),
    ],
)
def test_what_postgresql_says_is_told_apart(sqlstate: str, trouble: StoreTrouble) -> None:
    for kind in (OperationalError, InternalError):
        assert trouble_of(kind("", {}, _Postgres(sqlstate))) is trouble


def _refusing(number: int) -> object:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, "")

    return refuse


async def test_the_log_names_the_store_once_and_says_how_long_the_desk_was_closed(
    settled: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, OURS)
    free: list[str] = []

    def alone() -> None:
        if not free:
            raise StoreUnavailable(StoreTrouble.AWAY, str(settled.folder / "keys.db"))

    desktop = Desktop(settled.settings(), alone=alone)
    async with served(desktop):
        for _ in range(5):
            assert not await desktop.try_to_open()
        free.append("now")
        assert await desktop.try_to_open()
    lines = [record.getMessage() for record in caplog.records if record.name == OURS]
    assert [line for line in lines if line.startswith("closed")] == [
        one for one in lines if one.startswith("closed database KEYSTORE_URL ")
    ]
    assert len([line for line in lines if line.startswith("closed")]) == 1
    assert any(re.match(r"open after \d+ s ", line) for line in lines)


async def test_a_store_that_goes_is_told_by_its_name_once_by_whoever_meets_it(
    settled: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, OURS)
    desktop = Desktop(settled.settings())
    async with served(desktop):
        assert desktop.running is not None
        trial = StoreTrial(desktop.running.deployment, desktop.running.outages)
        (settled.folder / "ledger.db").rename(settled.folder / "away")
        for _ in range(4):
            await trial.write()
        told = [record.getMessage() for record in caplog.records if "out of order" in record.getMessage()]
        (settled.folder / "away").rename(settled.folder / "ledger.db")
    assert len(told) == 1
    assert told[0].startswith("out of order ledger ") and "LEDGER_URL" in told[0]


@pytest.mark.parametrize(
    ("used", "trouble"), [(True, StoreTrouble.NOT_LET_IN), (False, StoreTrouble.AWAY)], ids=["asked", "not"]
)
def test_a_server_that_lets_nobody_in_is_told_from_one_that_is_away(
    *, used: bool, trouble: StoreTrouble
) -> None:
    """An attempt to connect has no SQLSTATE, and its text may be in any language."""
    reason = psycopg.OperationalError("verbindung fehlgeschlagen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.OperationalError, "pgconn", SimpleNamespace(used_password=used))
        assert trouble_of(OperationalError("", {}, reason)) is trouble
    assert trouble_of(OperationalError("", {}, psycopg.OperationalError())) is StoreTrouble.AWAY
