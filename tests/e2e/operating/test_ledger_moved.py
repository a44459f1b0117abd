"""The ledger is copied and moved by commands; whatever stands in the way names its variable and the way on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_serve import PERSON, never, served
from trim_bot.bootstrap.serving import Desktop

OTHER = "web:other@example.org"


@pytest.fixture
def settled(place: Place) -> Place:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    place.run("members", "grant", "lead", OTHER, "--name", "Alex Moor")
    return place


def _older(place: Place, before: bytes) -> None:
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (place.folder / name).unlink(missing_ok=True)
    (place.folder / "ledger.db").write_bytes(before)


def test_a_desk_with_erasures_goes_from_files_to_a_server_and_back_with_its_ledger(
    settled: Place, new_postgres_database: Callable[[], str]
) -> None:
    place = settled
    place.run("backup", "with-robin")
    place.run("erase", PERSON, "--yes")
    place.set(MOVED=(ledger := new_postgres_database()))
    told = place.json("ledger", "move", "env:MOVED", "--yes")
    assert told["erasures"] == 2
    assert told["setting"].startswith("LEDGER_URL=postgresql://")
    place.set(LEDGER_URL=ledger)
    assert "Alex Moor" in place.run("members", "list")
    place.run("backup", "kept")
    for backup in ("kept", "with-robin"):
        place.set(DATABASE_URL=new_postgres_database(), KEYSTORE_URL=new_postgres_database())
        place.run("restore", backup, "--yes")
        listed = place.run("members", "list")
        assert "Alex Moor" in listed and "Robin Vale" not in listed
        assert "fail" not in place.run("doctor")
    # And back into files, ledger and all.
    place.run("ledger", "move", f"sqlite:///{place.folder}/again-ledger.db", "--yes")
    place.set(
        LEDGER_URL=f"sqlite:///{place.folder}/again-ledger.db",
        DATABASE_URL="sqlite:///again.db",
        KEYSTORE_URL="sqlite:///again-keys.db",
    )
    place.run("restore", "with-robin", "--yes")
    assert "Robin Vale" not in place.run("members", "list")
    place.run("journal", "verify")


@pytest.mark.anyio
async def test_a_desk_that_points_to_the_old_ledger_stays_closed_and_names_the_new_one(
    settled: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place = settled
    said = await asyncio.to_thread(
        place.run, "ledger", "move", f"sqlite:///{place.folder}/elsewhere/ledger.db", "--yes"
    )
    assert f"set LEDGER_URL=sqlite:///{place.folder}/elsewhere/ledger.db" in said
    for words, code in ((("members", "list"), 3), (("doctor",), 1), (("ledger", "copy", "kept"), 3)):
        said = await asyncio.to_thread(place.run, *words, code=code)
        assert f"Set LEDGER_URL to sqlite:///{place.folder}/elsewhere/ledger.db" in said
    async with served(Desktop(place.settings(), pause=never)) as client:
        assert (await client.get("/readyz")).json()["code"] == "ledger_moved"
    assert "closed ledger_moved LEDGER_URL " in capsys.readouterr().err
    place.set(LEDGER_URL=f"sqlite:///{place.folder}/elsewhere/ledger.db")
    async with served(Desktop(place.settings())) as client:
        assert (await client.get("/readyz")).json() == {"ready": True}


@pytest.mark.anyio
async def test_a_running_desk_lets_its_ledger_be_copied_and_not_moved(settled: Place) -> None:
    place = settled
    async with served(Desktop(place.settings())):
        told = await asyncio.to_thread(place.json, "ledger", "copy", "kept")
        assert told == {
            "place": f"sqlite:///{place.folder}/kept/trim_bot_ledger.db",
            "erasures": 0,
            "takings_back": 0,
            "anchored": True,
        }
        address = f"sqlite:///{place.folder}/moved.db"
        said = await asyncio.to_thread(place.run, "ledger", "move", address, "--yes", code=3)
        assert "stop" in said
    assert not Path("moved.db").exists()
    place.run("ledger", "move", address, code=3)
    assert not Path("moved.db").exists()


def test_what_makes_no_sense_is_said_before_anything_is_made(settled: Place) -> None:
    place = settled
    assert "An address reads" in place.run("ledger", "move", "elsewhere", "--yes", code=2)
    assert "DATABASE_URL already" in place.run("ledger", "copy", f"sqlite:///{place.folder}/data.db", code=2)
    assert "LEDGER_URL already" in place.run("ledger", "move", "sqlite:///ledger.db", "--yes", code=2)
    assert "GONE is not set" in place.run("ledger", "copy", "env:GONE", code=2)
    place.set(DATABASE_URL="sqlite:///nothing.db", KEYSTORE_URL="sqlite:///nothing-keys.db")
    said = place.run("ledger", "move", f"sqlite:///{place.folder}/moved.db", "--yes", code=3)
    assert "Nothing is kept at these addresses yet" in said
    assert not Path("moved.db").exists() and not list(place.folder.glob("nothing*"))


def test_a_restore_takes_a_copy_as_the_ledger_of_its_moment(settled: Place) -> None:
    place = settled
    place.run("backup", "kept")
    place.run("erase", PERSON, "--yes")
    place.run("ledger", "copy", "copies")
    for name in ("data.db", "keys.db", "ledger.db"):
        for path in place.folder.glob(f"{name}*"):
            path.unlink()
    place.set(LEDGER_URL=f"sqlite:///{place.folder}/copies/trim_bot_ledger.db")
    place.run("restore", "kept", "--yes")
    listed = place.run("members", "list")
    assert "Alex Moor" in listed and "Robin Vale" not in listed


def test_where_the_newest_ledger_is_lost_the_way_that_is_named_leads_on(settled: Place) -> None:
    place = settled
    before = (place.folder / "ledger.db").read_bytes()
    place.run("erase", PERSON, "--yes")
    place.run("backup", "kept")
    _older(place, before)
    for words, code in (
        (("members", "list"), 3),
        (("doctor",), 1),
        (("restore", "kept", "--yes"), 3),
        (("ledger", "copy", "copies"), 3),
        (("ledger", "move", "sqlite:///moved.db", "--yes"), 3),
    ):
        said = place.run(*words, code=code)
        assert "Point LEDGER_URL to the newest one" in said, words
        assert "--anchor-lost" in said and "--as-is" in said, words
    place.run("backup", "as-it-is", "--as-is")
    for backup, number in (("as-it-is", 1), ("kept", 2)):
        place.set(DATABASE_URL=f"sqlite:///again{number}.db", KEYSTORE_URL=f"sqlite:///again-keys{number}.db")
        told = json.loads(place.result("restore", backup, "--anchor-lost", "--yes", "--json").stdout)
        assert told["lines_lacking"] == 2
        listed = place.run("members", "list")
        assert "Alex Moor" in listed and "Robin Vale" not in listed
        assert "fail" not in place.run("doctor")
        place.run("journal", "verify")
        _older(place, before)


def test_every_word_of_ledger_and_anchor_names_its_variable(settled: Place) -> None:
    place = settled
    place.run("backup", "kept")
    anchor = place.folder / "desk.key.anchor"
    whole = anchor.read_bytes()
    anchor.write_text("spoilt\n", encoding="utf-8")
    assert "Check ANCHOR_URL" in place.run("members", "list", code=3)
    anchor.unlink()
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    assert "ANCHOR_URL" in place.run("restore", "kept", "--yes", code=3)
    (place.folder / "ledger.db").rename(place.folder / "away.db")
    said = place.run("restore", "kept", "--yes", code=3)
    assert "There is no erasure ledger at LEDGER_URL" in said and "trim-bot ledger copy" in said
    # Another desk began here, with a ledger and an anchor of its own.
    place.set(DATABASE_URL="sqlite:///b.db", KEYSTORE_URL="sqlite:///b-keys.db")
    place.run("migrate")
    place.run("members", "grant", "lead", OTHER, "--name", "Alex Moor")
    place.set(
        DATABASE_URL=f"sqlite:///{place.folder}/data.db",
        KEYSTORE_URL=f"sqlite:///{place.folder}/keys.db",
        LEDGER_URL="sqlite:///away.db",
    )
    said = place.run("members", "list", code=3)
    assert "The anchor at ANCHOR_URL is of another erasure ledger than the one at LEDGER_URL" in said
    anchor.write_bytes(whole)
    assert "Robin Vale" in place.run("members", "list")


def test_the_doctor_says_what_is_lost_together(
    settled: Place, new_postgres_database: Callable[[], str]
) -> None:
    place = settled
    said = place.run("doctor")
    assert "warn places       The erasure ledger (LEDGER_URL) lies in the same folder as the data" in said
    assert "The anchor (ANCHOR_URL) lies in the same folder as the ledger" in said
    place.run("ledger", "move", f"sqlite:///{place.folder}/apart/ledger.db", "--yes")
    place.set(LEDGER_URL=f"sqlite:///{place.folder}/apart/ledger.db")
    assert "lies on the same disk as the data" in place.run("doctor")
    place.set(MOVED=(ledger := new_postgres_database()))
    place.run("ledger", "move", "env:MOVED", "--yes")
    place.set(LEDGER_URL=ledger)
    assert "ok   places" in place.run("doctor")
    place.run("backup", "kept")
    place.set(DATABASE_URL=new_postgres_database(), KEYSTORE_URL=new_postgres_database())
    place.run("restore", "kept", "--yes")
    assert "lies on the same database server as the data" in place.run("doctor")
