"""The anchor of the journals outlives commands and restores, and is kept without anybody waiting for it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_serve import PERSON
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.storage.journal_anchor import JournalAnchor

OTHER = "web:other@example.org"


def _anchor(place: Place) -> JournalAnchor:
    return JournalAnchor(place.settings().anchor_file)


def test_no_command_empties_the_anchor_while_anything_is_kept(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    before = _anchor(place).newest()
    assert before
    with closing(sqlite3.connect(place.folder / "data.db")) as data, data:
        data.execute("DELETE FROM organisation")
    for words in (
        ("members", "list"),
        ("doctor",),
        ("members", "grant", "lead", OTHER, "--name", "Alex Moor"),
    ):
        place.result(*words)
        assert (_anchor(place).newest() or {}).items() >= {one: before[one] for one in before if one}.items()


def test_the_anchor_of_another_desk_whose_stores_are_gone_stops_nobody(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    names = ("data", "keys", "ledger")
    place.set(
        **{
            url: f"sqlite:///new-{name}.db"
            for url, name in zip(("DATABASE_URL", "KEYSTORE_URL", "LEDGER_URL"), names, strict=True)
        }
    )
    (place.folder / "desk.key.anchor").unlink()
    place.run("migrate")
    place.run("members", "grant", "coordinator", OTHER, "--name", "Alex Moor")
    assert "holds all the anchor knows" in place.run("journal", "verify")


def test_after_a_restore_another_machines_anchor_shuts_nobody_out(place: Place) -> None:
    place.set(ANCHOR_URL="file:one/ledger.anchor")
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    place.run("backup", "kept")
    # Both machines see more of the journal, which the backup lacks.
    place.run("members", "grant", "lead", OTHER, "--name", "Alex Moor")
    shutil.copytree(Path("one"), Path("two"))
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    place.run("restore", "kept", "--yes")
    place.set(ANCHOR_URL="file:two/ledger.anchor")
    place.run("members", "grant", "lead", OTHER, "--name", "Alex Moor")
    assert "Alex Moor" in place.run("members", "list")
    assert "holds all the anchor knows" in place.run("journal", "verify")


@pytest.mark.anyio
async def test_nobody_waits_for_the_anchor(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await asyncio.to_thread(place.run, "members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    threads: list[threading.Thread] = []
    deployment = await open_deployment(place.settings())
    try:
        monkeypatch.setattr(
            deployment.journals, "append", lambda *_: threads.append(threading.current_thread())
        )
        await deployment.founder.found("other")
        await deployment.settle()
        assert threads and threading.main_thread() not in threads
    finally:
        deployment.close()
