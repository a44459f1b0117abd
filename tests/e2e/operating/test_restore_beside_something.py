"""A restore says what stands in its way and what to do; it clears an untouched first start, and never anything else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_serve import PERSON, served
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.people import Platform
from trim_bot.storage.keys.key_tables import data_keys
from trim_bot.storage.small_stores import durable_engine, write_transaction

WORKSPACE = ChatWorkspace(Platform.SLACK, "T0001")


class Elsewhere:
    """A place with a backup of one desk, pointed to three new databases with an anchor of their own."""

    def __init__(self, place: Place, make: Callable[[str], str]) -> None:
        self.place = place
        place.set(ANCHOR_URL="file:old.anchor", DATABASE_URL=make("old"), KEYSTORE_URL=make("old-keys"))
        place.run("migrate")
        place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
        place.run("backup", "kept")
        self.ledger = place.settings().ledger_url.get_secret_value()
        self.data, self.keys = make("new"), make("new-keys")
        place.set(ANCHOR_URL="file:new.anchor", DATABASE_URL=self.data, KEYSTORE_URL=self.keys)
        place.set(LEDGER_URL=make("new-ledger"))

    def found(self) -> None:
        """What the first start of a desk with a chat does once its workspace is known."""

        async def first() -> None:
            deployment = await open_deployment(self.place.settings())
            await deployment.founder.workspace_home(WORKSPACE, "desk.example.org")
            await deployment.settle()
            deployment.close()

        asyncio.run(first())

    def bring_ledger(self) -> None:
        """Point to the ledger and the anchor that the backup needs."""
        self.place.set(LEDGER_URL=self.ledger, ANCHOR_URL="file:old.anchor")


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(place: Place, request: pytest.FixtureRequest) -> Elsewhere:
    """On either database."""
    if request.param == "sqlite":
        return Elsewhere(place, lambda name: f"sqlite:///{place.folder / name}.db")
    make: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    place.set(LEDGER_URL=make())
    return Elsewhere(place, lambda _: make())


@pytest.fixture
def files(place: Place) -> Elsewhere:
    """On SQLite alone."""
    return Elsewhere(place, lambda name: f"sqlite:///{place.folder / name}.db")


@pytest.mark.parametrize("with_organisation", [False, True])
def test_a_first_start_that_nobody_touched_is_named_and_cleared_when_asked(
    elsewhere: Elsewhere, *, with_organisation: bool
) -> None:
    place = elsewhere.place

    async def one_serve() -> None:
        async with served(Desktop(place.settings())):
            pass

    asyncio.run(one_serve())
    if with_organisation:
        elsewhere.found()
    elsewhere.bring_ledger()
    said = place.run("restore", "kept", "--yes", code=3)
    what = "an organisation made at the first start, nobody in it yet, no case"
    assert (what if with_organisation else "what a first start notes, no organisation yet") in said
    assert "data (DATABASE_URL, " in said and "key store (KEYSTORE_URL, " in said
    assert "trim-bot restore DIR --replace-empty" in said
    place.run("restore", "kept", "--replace-empty", "--yes")
    assert "Robin Vale" in place.run("members", "list")
    assert "fail" not in place.run("doctor")
    place.run("journal", "verify")
    # What came back is no first start, however often it is asked.
    said = place.run("restore", "kept", "--replace-empty", "--yes", code=3)
    assert "records, rows by table" in said and "Nothing of it is cleared here" in said
    assert "Robin Vale" in place.run("members", "list")


def test_it_is_asked_for_at_a_terminal(files: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    files.found()
    files.bring_ledger()
    asked: list[str] = []

    def answer(question: str) -> bool:
        asked.append(question)
        return len(asked) != 2

    for module in ("restoring", "faults"):
        monkeypatch.setattr(f"trim_bot.cli.{module}.can_ask", lambda: True)
    monkeypatch.setattr("trim_bot.cli.faults.ask", answer)
    assert "Nothing was changed" in files.place.run("restore", "kept", code=3)
    files.place.run("restore", "kept")
    assert [question for question in asked if "Clear that first start" in question] == asked[1::2]
    assert "Robin Vale" in files.place.run("members", "list")


def _member(there: Elsewhere) -> None:
    there.place.run("migrate")
    there.place.run("members", "grant", "lead", "web:other@example.org", "--name", "Alex Moor")


def _settings(there: Elsewhere) -> None:
    there.found()
    there.place.run("site", "apply", there.place.site_file(), "--organisation", "desk")


def _programme(there: Elsewhere) -> None:
    _note(there, "definition:mine")


def _retired(there: Elsewhere) -> None:
    _note(there, "retired:hard-event")


def _note(there: Elsewhere, name: str) -> None:
    there.found()
    with sqlite3.connect(there.place.folder / "new.db") as data:
        data.execute("INSERT INTO meta VALUES ('', ?, 'text')", (name,))
    data.close()


def _strange_key(there: Elsewhere) -> None:
    there.found()
    engine = durable_engine(there.keys)
    with write_transaction(engine) as connection:
        connection.execute(
            data_keys.insert().values(id="lost", master_id="m", wrapped=b"w", created_at="2026-11-16")
        )
    engine.dispose()


@pytest.mark.parametrize("somebody_did", [_member, _settings, _programme, _retired, _strange_key])
def test_nothing_that_anybody_did_is_ever_cleared(
    files: Elsewhere, somebody_did: Callable[[Elsewhere], None]
) -> None:
    somebody_did(files)
    files.bring_ledger()
    before = _content(files.place.folder)
    for words in (("--yes",), ("--replace-empty", "--yes")):
        said = files.place.run("restore", "kept", *words, code=3)
        assert f"move these files aside: {files.place.folder}/new.db" in said
        assert "DATABASE_URL" in said and "KEYSTORE_URL" in said
    assert _content(files.place.folder) == before


def _content(folder: Path) -> dict[str, list[str]]:
    held = {}
    for path in folder.glob("new*.db"):
        with sqlite3.connect(path) as file:
            held[path.name] = list(file.iterdump())
        file.close()
    return held


def test_the_ways_that_are_named_lead_on(files: Elsewhere) -> None:
    _member(files)
    files.bring_ledger()
    said = files.place.run("restore", "kept", "--yes", code=3)
    [line] = [one for one in said.splitlines() if "move these files aside" in one]
    for path in line.partition(": ")[2].split():
        Path(path).rename(f"{path}.aside")
    files.place.run("restore", "kept", "--yes")
    assert "Robin Vale" in files.place.run("members", "list")


def test_tables_of_others_are_named_and_left_alone(
    place: Place, new_postgres_database: Callable[[], str]
) -> None:
    place.set(LEDGER_URL=new_postgres_database())
    there = Elsewhere(place, lambda _: new_postgres_database())
    plain = make_url(there.data).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CREATE TABLE payroll (a int)")
        connection.execute("INSERT INTO payroll VALUES (7)")
        there.found()
        there.bring_ledger()
        said = place.run("restore", "kept", "--yes", code=3)
        assert "1 tables there are not the desk's" in said and "schema public: payroll" in said
        said = place.run("restore", "kept", "--replace-empty", "--yes")
        assert "schema public: payroll" in said
        assert connection.execute("SELECT a FROM payroll").fetchall() == [(7,)]
    assert "Robin Vale" in place.run("members", "list")


def test_clearing_that_was_cut_short_goes_on(files: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    files.found()
    files.bring_ledger()

    def crash(*_: object, **_more: object) -> None:
        raise RuntimeError

    for place in ("what_is_there.mark_restoring", "restore.load_rows"):
        with monkeypatch.context() as patched:
            patched.setattr(f"trim_bot.storage.backup.{place}", crash)
            files.place.run("restore", "kept", "--replace-empty", "--yes", code=1)
    files.place.run("restore", "kept", "--yes")
    assert "Robin Vale" in files.place.run("members", "list")
