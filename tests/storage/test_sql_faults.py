"""When the database cannot keep something, nothing is kept and the error tells nobody's words."""

from __future__ import annotations

import asyncio
import sqlite3
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from tests.fakes_crypto import MemoryKeyStore
from tests.storage.conftest import KEYRING, Rig
from tests.storage.running import NOW, ORG, run, step
from tests.store_looks import journal_break
from trim_bot.app.seam.ports import Tx
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.people import Grant, Role
from trim_bot.domain.records import Action, Measure
from trim_bot.domain.steps import Step
from trim_bot.storage.engine import enter
from trim_bot.storage.errors import NotStorable, RecordExists
from trim_bot.storage.group_commit import MOST_WAITS
from trim_bot.storage.store import SqlStore


def _written(rig: Rig, body: Callable[[Tx], None]) -> None:
    run(rig.store.write(ORG, body))


def _raised(call: Callable[[], object]) -> BaseException:
    with pytest.raises((NotStorable, RecordExists, StoreUnavailable)) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_a_locked_file_is_unavailable_and_then_is_not(rig: Rig) -> None:
    store = rig.again(0.05)
    other = sqlite3.connect(rig.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    error = _raised(lambda: run(store.write(ORG, lambda tx: tx.add(step("s")))))
    assert isinstance(error, StoreUnavailable)
    assert run(rig.store.read(ORG, lambda tx: tx.find(Step))) == []
    other.execute("ROLLBACK")
    other.close()
    run(rig.store.write(ORG, lambda tx: tx.add(step("s"))))
    assert len(run(rig.store.read(ORG, lambda tx: tx.find(Step)))) == 1


@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_an_organisation_locked_elsewhere_is_unavailable_alone(rig: Rig) -> None:
    engine = create_engine(rig.url)
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7241906115))")
    with engine.begin() as connection:
        connection.execute(lock, {"name": ORG})
        error = _raised(lambda: run(rig.again(0.05).write(ORG, lambda tx: tx.add(step("s")))))
        assert isinstance(error, StoreUnavailable)
        run(rig.store.write(OrganisationId("another"), lambda tx: tx.add(step("s"))))
        assert run(rig.store.claim_steps(NOW, NOW, 60, 5))
    engine.dispose()


@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_an_organisation_locked_elsewhere_for_long_is_waited_for_while_others_go_on(
    rig: Rig,
) -> None:
    store, engine = rig.again(0.05, waits=1000), create_engine(rig.url)
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7241906115))")

    async def both() -> None:
        with engine.begin() as connection:
            connection.execute(lock, {"name": ORG})
            waits = asyncio.ensure_future(store.write(ORG, lambda tx: tx.add(step("waits"))))
            for name in ("one", "two"):
                await store.write(OrganisationId("another"), partial(Tx.add, record=step(name)))
            assert not waits.done()
        await waits

    run(both())
    engine.dispose()
    assert [one.id for one in run(rig.store.read(ORG, lambda tx: tx.find(Step)))] == ["waits"]


@pytest.mark.parametrize("waits", [1, MOST_WAITS])
@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_an_organisation_is_waited_for_only_so_often(
    rig: Rig, waits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def counted(connection: Connection, organisation: str, *, alone: bool) -> None:
        tried.extend([organisation] if alone else [])
        enter(connection, organisation, alone=alone)

    monkeypatch.setattr("trim_bot.storage.group_commit.enter", counted)
    store, engine = rig.again(0.01, waits=waits), create_engine(rig.url)
    with engine.begin() as connection:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7241906115))"), {"name": ORG}
        )
        error = _raised(lambda: run(store.write(ORG, lambda tx: tx.add(step("s")))))
    engine.dispose()
    assert isinstance(error, StoreUnavailable)
    assert tried == [ORG] * waits


@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_a_connection_that_was_cut_is_opened_again(rig: Rig) -> None:
    run(rig.store.write(ORG, lambda tx: tx.add(step("before"))))
    engine = create_engine(rig.url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
    run(rig.store.write(ORG, lambda tx: tx.add(step("after"))))
    assert [one.id for one in run(rig.store.read(ORG, lambda tx: tx.find(Step)))] == ["after", "before"]


def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    keys = Vault(KEYRING, MemoryKeyStore())
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    store = SqlStore(nowhere, keys, Pseudonyms(KEYRING))
    try:
        assert isinstance(_raised(lambda: run(store.write(ORG, lambda tx: tx.find(Step)))), StoreUnavailable)
        assert run(store.answers()) is False
    finally:
        store.close()
    with pytest.raises(ValueError, match="SQLite file or PostgreSQL"):
        SqlStore("mysql://localhost/x", keys, Pseudonyms(KEYRING))


def test_an_error_never_quotes_a_record(rig: Rig) -> None:
    secret = "unspeakable"

    def clash(tx: Tx) -> None:
        tx.add(step("s", subject=secret))
        tx.add(step("s", subject=secret))

    def naive(tx: Tx) -> None:
        tx.add(step("s", subject=secret, due_at=NOW.replace(tzinfo=None)))

    def wrong(tx: Tx) -> None:
        tx.add(step("s", subject=[secret]))

    def empty(tx: Tx) -> None:
        tx.add(step("s", subject=None, holder=secret))

    def strange(tx: Tx) -> None:
        tx.add(Grant("g", MemberId(secret + "\0\ud800"), Role.LEAD, NOW))

    def unknown(tx: Tx) -> None:
        tx.add(secret)

    for body in (clash, naive, wrong, empty, strange, unknown):
        error = _raised(partial(_written, rig, body))
        chain = (
            "".join(traceback.format_exception_only(error)) + repr(error.__cause__) + repr(error.__context__)
        )
        assert secret not in chain
    assert run(rig.store.read(ORG, lambda tx: tx.find(Step))) == []


def test_reading_bodies_cannot_write(rig: Rig) -> None:
    _raised(lambda: run(rig.store.read(ORG, lambda tx: tx.add(step("s")))))
    assert run(rig.store.read(ORG, lambda tx: tx.find(Step))) == []


def test_two_processes_lose_no_change(rig: Rig) -> None:
    run(rig.store.write(ORG, lambda tx: tx.add(step("s"))))
    other = rig.again()

    def raise_by_one(tx: Tx) -> None:
        [one] = tx.find(Step)
        tx.save(replace(one, reminders=one.reminders + 1))
        tx.count(Measure.HELD_FIRST, NOW.date())
        tx.journal.write("actor", Action.HELD, "interview", "subject", NOW)

    async def both() -> None:
        async def worker(store: SqlStore) -> None:
            for _ in range(15):
                await store.write(ORG, raise_by_one)

        await asyncio.gather(worker(rig.store), worker(other))

    run(both())
    [one] = run(rig.store.read(ORG, lambda tx: tx.find(Step)))
    assert one.reminders == 30
    assert run(rig.store.read(ORG, lambda tx: tx.counts.totals("2026-Q4")))[Measure.HELD_FIRST] == 30
    assert run(journal_break(rig.store, ORG)) is None
    assert run(rig.store.journal_head(ORG)).seq == 31, "one for the step, which no other row bore"
