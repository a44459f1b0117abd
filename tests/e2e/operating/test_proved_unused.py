"""No key goes that might be needed: through the commands and the running desk, on both databases."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.test_serve import never, served
from tests.e2e.settled import SettledOnce
from trim_bot.bootstrap.serving import Desktop
from trim_bot.storage.keys.key_store import SqlKeyStore

STORES = ("DATABASE_URL", "KEYSTORE_URL", "LEDGER_URL")
AHEAD = """
import sys
from datetime import datetime, timedelta
from trim_bot.app.clock import clocks as clock
class Ahead(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(hours=25)
clock.datetime = Ahead
from trim_bot.cli.app import build
build()(sys.argv[1:])
"""


@dataclass
class Desk:
    """A desk with twelve people, its three addresses, and a way to make and copy databases."""

    place: Place
    new: Callable[[], str]
    at: dict[str, str] = field(default_factory=dict)

    def use(self, **addresses: str) -> None:
        self.at.update(addresses)
        self.place.set(**addresses)

    def keys(self) -> set[str]:
        store = SqlKeyStore(self.at["KEYSTORE_URL"])
        try:
            return set(store.all_ids())
        finally:
            store.close()

    def copy(self, name: str) -> str:
        """A copy of one of the three as it is now."""
        address = make_url(self.at[name])
        copied = make_url(self.new())
        if address.get_backend_name() == "sqlite":
            shutil.copy(str(address.database), str(copied.database))
        else:
            server = address.set(drivername="postgresql").set(database="postgres")
            with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
                for statement in ("DROP DATABASE {0}", "CREATE DATABASE {0} TEMPLATE {1} STRATEGY FILE_COPY"):
                    connection.execute(
                        sql.SQL(statement).format(
                            sql.Identifier(str(copied.database)), sql.Identifier(str(address.database))
                        )
                    )
        return copied.render_as_string(hide_password=False)

    def grant(self, name: str) -> None:
        self.place.run("members", "grant", "coordinator", f"web:{name}@example.org", "--name", name.title())

    def closed(self) -> str:
        """The code that `/readyz` tells."""

        async def ask() -> str:
            async with served(Desktop(self.place.settings(), pause=never)) as client:
                answer = await client.get("/readyz")
                assert answer.status_code == 503
                return str(answer.json()["code"])

        return asyncio.run(ask())

    def refuses_everything(self, said: str) -> None:
        """Every command that opens the stores ends with 3 and says why; `journal verify` reads the data alone."""
        for command in (
            ("members", "list"),
            ("members", "grant", "lead", "web:x@example.org", "--name", "X"),
            ("retention", "run"),
            ("retention", "run", "--accept-unused", "--trust-clock", "--yes"),
            ("site", "apply", self.place.site_file()),
            ("erase", "web:a0@example.org", "--yes"),
            ("export", "web:a0@example.org"),
            ("backup", "never"),
        ):
            assert said in self.place.run(*command, code=3)
        assert said in self.place.run("doctor", code=1)

    def is_whole(self) -> None:
        """Everybody is there under their names, and the doctor finds nothing wrong with keys."""
        listed = self.place.run("members", "list")
        assert all(f"A{n}" in listed for n in range(12))
        findings = self.place.result("doctor", "--json").output
        assert '"records"' in findings
        assert "do not open" not in findings
        self.place.run("journal", "verify")


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, place: Place, tmp_path: Path, settled_once: SettledOnce) -> Desk:
    numbers = iter(range(100))
    new: Callable[[], str] = lambda: f"sqlite:///{tmp_path / f'more{next(numbers)}.db'}"  # noqa: E731
    if request.param == "postgresql":
        new = request.getfixturevalue("new_postgres_database")
    desk = Desk(place, new)
    desk.use(**{name: new() for name in STORES})
    what = ("a desk with twelve people", request.param)
    if settled_once.bring(place.settings(), what):
        return desk
    place.run("migrate")
    staff = "".join(f'[[staff]]\naddress = "web:a{n}@example.org"\nname = "A{n}"\n' for n in range(12))
    place.run("site", "apply", place.site_file(SITE + staff))
    for n in range(12):
        desk.grant(f"a{n}")
    settled_once.keep(place.settings(), what)
    return desk


def test_an_empty_database_beside_live_keys_opens_nothing_and_destroys_nothing(desk: Desk) -> None:
    before, right, keys = desk.keys(), desk.at["DATABASE_URL"], desk.at["KEYSTORE_URL"]
    bare = desk.new()
    desk.use(DATABASE_URL=bare)
    assert "Check DATABASE_URL" in desk.place.run("migrate", code=3)
    assert desk.closed() == "data_missing"
    desk.refuses_everything("Check DATABASE_URL")
    # One with every table in place, as `migrate` makes it where the keys cannot be seen.
    desk.use(KEYSTORE_URL=desk.new())
    desk.place.run("migrate")
    desk.use(KEYSTORE_URL=keys)
    assert desk.closed() == "data_missing"
    desk.refuses_everything("Check DATABASE_URL")
    desk.use(DATABASE_URL=right)
    assert desk.keys() == before
    desk.is_whole()


def test_an_older_copy_of_the_data_beside_its_keys_opens_nothing_and_destroys_nothing(
    desk: Desk,
) -> None:
    older, right = desk.copy("DATABASE_URL"), desk.at["DATABASE_URL"]
    desk.grant("newer")
    before = desk.keys()
    desk.use(DATABASE_URL=older)
    assert desk.closed() == "data_older"
    desk.refuses_everything("older copy of the data")
    desk.use(DATABASE_URL=right)
    assert desk.keys() == before
    desk.is_whole()
    assert "Newer" in desk.place.run("members", "list")


def test_an_older_copy_of_the_keys_is_refused(desk: Desk) -> None:
    older, right = desk.copy("KEYSTORE_URL"), desk.at["KEYSTORE_URL"]
    desk.grant("newer")
    desk.use(KEYSTORE_URL=older)
    assert desk.closed() == "key_store_older"
    desk.refuses_everything("older copy of the keys")
    desk.use(KEYSTORE_URL=right)
    desk.is_whole()


def test_data_and_keys_from_before_an_erasure_are_older_than_the_ledger(desk: Desk) -> None:
    desk.grant("gone")
    older = {name: desk.copy(name) for name in ("DATABASE_URL", "KEYSTORE_URL")}
    desk.place.run("erase", "web:gone@example.org", "--yes")
    right = dict(desk.at)
    desk.use(**older)
    assert desk.closed() == "data_older"
    desk.use(**right)
    desk.is_whole()


def test_copies_of_different_ages_come_back_by_a_restore_without_what_was_erased_since(desk: Desk) -> None:
    desk.grant("gone")
    data = desk.copy("DATABASE_URL")
    desk.grant("between")
    keys = desk.copy("KEYSTORE_URL")
    desk.place.run("erase", "web:gone@example.org", "--yes")
    desk.use(DATABASE_URL=data, KEYSTORE_URL=keys)
    assert desk.closed() == "data_older"
    desk.place.run("backup", "kept", "--as-is")
    desk.use(DATABASE_URL=desk.new(), KEYSTORE_URL=desk.new())
    told = desk.place.json("restore", "kept", "--yes")
    assert isinstance(told, dict)
    assert (told["erased_again"], told["faults"]) == (1, 0)
    desk.is_whole()
    assert "Gone" not in desk.place.run("members", "list")


def test_stores_that_grew_apart_are_never_mixed(desk: Desk) -> None:
    right = dict(desk.at)
    copied = {name: desk.copy(name) for name in STORES}
    for addresses, anchor in ((right, ""), (copied, f"file:{desk.place.folder / 'another.anchor'}")):
        desk.use(**addresses)
        # A machine of its own has an anchor of its own: one that two deployments share doubts whichever comes second.
        desk.place.set(ANCHOR_URL=anchor)
        for n in range(9):
            desk.grant(f"b{n}")
    desk.place.set(ANCHOR_URL="")
    for name in STORES:
        desk.use(**right)
        desk.use(**{name: copied[name]})
        assert desk.closed() in ("key_store_wrong", "key_store_older", "data_older", "ledger_missing")
    desk.use(**right)
    desk.is_whole()


def test_another_desks_store_in_any_place_is_refused(desk: Desk) -> None:
    right = dict(desk.at)
    other = {name: desk.new() for name in STORES}
    desk.use(**other)
    desk.place.set(ANCHOR_URL=f"file:{desk.place.folder / 'another.anchor'}")
    desk.place.run("migrate")
    desk.grant("b")
    desk.place.set(ANCHOR_URL="")
    for name, code in zip(STORES, ("key_store_wrong", "key_store_wrong", "ledger_missing"), strict=True):
        desk.use(**right)
        desk.use(**{name: other[name]})
        assert desk.closed() == code
    desk.use(**right)
    desk.is_whole()


def test_a_sweep_by_a_process_whose_clock_is_ahead_leaves_the_running_desks_spares(desk: Desk) -> None:
    async def run() -> None:
        desktop = Desktop(desk.place.settings())
        async with served(desktop) as client:
            await asyncio.to_thread(desk.grant, "first")
            before = desk.keys()
            assert desktop.running is not None
            await desktop.running.upkeep.retain()
            # Not even somebody's word outweighs the clock of the database's own server.
            word = b"not believed" if "postgresql" in desk.at["DATABASE_URL"] else b"0 unused keys destroyed"
            for words, said in (
                ((), b"not believed"),
                (("--trust-clock", "--accept-unused", "--yes"), word),
            ):
                command = [sys.executable, "-c", AHEAD, "retention", "run", *words]
                ahead = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
                assert said in ahead.stdout
            assert desk.keys() == before
            for n in range(3):
                await asyncio.to_thread(desk.grant, f"c{n}")
            assert (await client.get("/readyz")).status_code == 200

    asyncio.run(run())
    desk.is_whole()
    assert "C2" in desk.place.run("members", "list")


def test_keys_whose_records_went_missing_are_left_alone_and_told(desk: Desk) -> None:
    before = desk.keys()
    _without_members(desk.at["DATABASE_URL"])
    said = desk.place.run("retention", "run", code=1)
    assert "12 of" in said
    assert "all of them stay" in said
    assert "12 of" in desk.place.result("doctor").output
    assert desk.keys() == before
    told = desk.place.json("retention", "run", "--accept-unused", "--yes")
    assert isinstance(told, dict)
    assert (told["refused_keys"], told["orphan_keys"]) == (0, 0)
    assert desk.keys() == before


def test_the_doctor_opens_records_and_says_when_they_do_not(desk: Desk) -> None:
    assert "One record of each kind opens" in desk.place.result("doctor").output
    store = SqlKeyStore(desk.at["KEYSTORE_URL"])
    store.delete(store.all_ids()[:4])
    store.close()
    said = desk.place.run("doctor", code=1)
    assert "fail" in said
    assert any(
        one in said
        for one in (
            "Records that should open do not",
            "not in the key store",
            "Check KEYSTORE_URL and DATABASE_URL",
        )
    )


def _without_members(url: str) -> None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with sqlite3.connect(str(address.database)) as data:
            data.execute("DELETE FROM member")
            data.execute("DELETE FROM account")
            data.execute("DELETE FROM grant_request")
        data.close()
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute("DELETE FROM member")
        connection.execute("DELETE FROM account")
        connection.execute("DELETE FROM grant_request")
