"""One record that was altered or does not open stops no command for the others, and there is a way on for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.kept_behind import change, value_of
from tests.e2e.operating.test_serve import PERSON, served
from trim_bot.bootstrap.serving import Desktop
from trim_bot.storage import tables

OTHER = "web:other@example.org"
SPOILT = b"spoilt" * 20
place_makers: dict[int, Callable[[], str]] = {}
"""What makes a database on the server, by the place it is for."""
SITE_TEXT = SITE.replace("example-transport", "default")


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(place: Place, request: pytest.FixtureRequest) -> Place:
    """A desk with two people and its settings, on either database."""
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        place.set(DATABASE_URL=make(), KEYSTORE_URL=make(), LEDGER_URL=make())
        place_makers[id(place)] = make
        place.run("migrate")
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    place.run("members", "grant", "lead", OTHER, "--name", "Alex Moor")
    place.run("site", "apply", place.site_file(SITE_TEXT))
    return place


def spoil_member(place: Place, address: str) -> str:
    """Spoil what is sealed of whoever has this address; their id."""
    name = {PERSON: "coordinator", OTHER: "lead"}[address]
    id = value_of(place, select(tables.grants.c.member_id).where(tables.grants.c.role == name))
    change(place, update(tables.members).where(tables.members.c.id == id).values(sealed=SPOILT))
    return id


def test_somebody_whose_record_does_not_open_stops_nobody_else_and_can_be_erased(desk: Place) -> None:
    id = spoil_member(desk, OTHER)
    assert "Robin Vale" in desk.run("members", "list")
    desk.run("retention", "run")
    desk.run("backup", "kept")
    desk.run("backup", "as-is", "--as-is")
    assert "Robin Vale" in desk.run("export", PERSON)
    said = desk.run("export", OTHER, code=1)
    assert "A record of the kind member is not as the desk kept it" in said
    assert id in desk.run("breach", "report", "--store", "data", "--store", "keys", "--yes", code=1)
    desk.run("erase", OTHER, "--yes")
    assert id not in desk.run("breach", "report", "--store", "data", "--store", "keys", "--yes")


def test_whose_account_does_not_open_is_erased_by_id(desk: Place) -> None:
    id = value_of(desk, select(tables.grants.c.member_id).where(tables.grants.c.role == "lead"))
    change(desk, update(tables.accounts).where(tables.accounts.c.member_id == id).values(sealed=SPOILT))
    assert id in desk.run("breach", "report", "--store", "data", "--store", "keys", "--yes", code=1)
    desk.run("erase", id, "--yes")
    assert value_of(desk, select(tables.members.c.id).where(tables.members.c.id == id)) == "None"


@pytest.mark.anyio
async def test_altered_settings_are_named_and_put_right_by_applying_them(desk: Place) -> None:
    change(desk, update(tables.sites).values(sealed=SPOILT))
    said = await asyncio.to_thread(desk.run, "doctor", code=1)
    assert (
        "fail site         default: The settings of an organisation (site) are not as the desk kept" in said
    )
    assert "trim-bot site apply FILE" in said and "A database does not answer" not in said
    assert "fail help         The numbers in" in said and "ok   slack" in said, "the rest is looked at too"
    await asyncio.to_thread(desk.run, "backup", "kept")
    assert "trim-bot site apply FILE" in await asyncio.to_thread(desk.run, "retention", "run", code=1)
    async with served(Desktop(desk.settings())) as client:
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/help-now")).status_code == 200
    await asyncio.to_thread(desk.run, "site", "apply", "site.toml")
    said = await asyncio.to_thread(desk.run, "doctor")
    assert "ok   site         default has its settings." in said and "ok   journal" in said
    await asyncio.to_thread(desk.run, "retention", "run")


@pytest.mark.anyio
async def test_a_restore_goes_on_without_what_cannot_be_read(desk: Place) -> None:
    id = await asyncio.to_thread(spoil_member, desk, OTHER)
    await asyncio.to_thread(desk.run, "backup", "kept")
    await asyncio.to_thread(_elsewhere, desk)
    said = await asyncio.to_thread(desk.run, "restore", "kept", "--yes", code=1)
    assert "1 record of member cannot be read, and so counts for nothing:" in said and id in said
    assert "the desk can open" in said and "Moor" not in said
    async with served(Desktop(desk.settings())) as client:
        assert (await client.get("/readyz")).status_code == 200
    told = await asyncio.to_thread(desk.run, "doctor", code=1)
    assert "fail journal" in told
    assert "1 row of member" in await asyncio.to_thread(desk.run, "journal", "verify", code=1)
    report = ("breach", "report", "--store", "data", "--store", "keys", "--yes")
    assert id in await asyncio.to_thread(desk.run, *report, code=1)
    await asyncio.to_thread(desk.run, "erase", OTHER, "--yes")
    assert "ok   journal" in await asyncio.to_thread(desk.run, "doctor")


def test_a_restore_with_altered_settings_tells_how_to_put_them_right(desk: Place) -> None:
    change(desk, update(tables.sites).values(sealed=SPOILT))
    desk.run("backup", "kept")
    desk.run("members", "grant", "lead", "web:third@example.org", "--name", "Kim Reed")
    desk.run("members", "revoke", "lead", OTHER, "--yes")
    _elsewhere(desk)
    told = desk.json("restore", "kept", "--yes", code=1)
    assert told["unreadable"] == {"site": ["site"]} and told["faults"] == 0 and told["set_aside"] == {}
    assert told["taken_back_again"] == {"role": 1}
    desk.run("site", "apply", "site.toml")
    assert "ok   journal" in desk.run("doctor")


def _elsewhere(place: Place) -> None:
    """Point data and keys to new places; the ledger stays."""
    if place.settings().is_sqlite:
        place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
        return
    make = place_makers[id(place)]
    place.set(DATABASE_URL=make(), KEYSTORE_URL=make())
