"""Whom a breach concerns, from the command line: by what was taken, journalled, and without a word of content."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.operating.conftest import SITE, Place
from trim_bot.app.own.what_was_taken import Taken
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import CaseId, IncidentId, OfferId, OrganisationId, RequestId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Address
from trim_bot.domain.requests import RequestState, SupportRequest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = "CANARY what they said"
PEOPLE = {"web:talker@example.org": "Tal", "slack:T1:U1": "Offa", "web:asker@example.org": "Ask"}


@pytest.fixture
def desk(place: Place) -> Place:
    """Three people and a lead: one has a case, one an offer, one asked; somebody unknown asked too."""
    staff = "".join(f'[[staff]]\naddress = "{one}"\nname = "{name}"\n' for one, name in PEOPLE.items())
    place.run("site", "apply", place.site_file(SITE + staff))
    place.run("members", "grant", "lead", "web:lead@example.org", "--name", "Lee")

    def fill(tx: Tx) -> None:
        talker, offered, asker = (member_at(tx, Address.parse(one)) for one in PEOPLE)
        assert talker is not None and offered is not None and asker is not None
        key, state = tx.new_key(), CaseState.OPEN
        tx.add(Case(CaseId("c"), key, talker.id, "straw_style_v1", state, NOON, account=SECRET))
        tx.add(
            Offer(
                OfferId("o"), offered.key_id, IncidentId("i"), offered.id, "trim_style_v1",
                OfferState.WAITING, NOON, NOON + timedelta(days=14),
            )
        )  # fmt: skip
        asked = (True, RequestState.WAITING, NOON, "en", SECRET)
        tx.add(SupportRequest(RequestId("r"), asker.key_id, asker.id, *asked))
        tx.add(SupportRequest(RequestId("n"), tx.new_key(), None, *asked))

    asyncio.run(_write(place, fill))
    return place


async def _write(place: Place, body: object) -> None:
    deployment = await open_deployment(place.settings())
    try:
        organisation = await deployment.store.organisation_called("example-transport")
        assert organisation is not None and callable(body)
        await deployment.store.write(OrganisationId(organisation.id), body)
    finally:
        deployment.close()


def report(desk: Place, *stores: str) -> Any:
    """The report of the one organisation."""
    words = [word for store in stores for word in ("--store", store)]
    return desk.json("breach", "report", *words, "--yes")["organisations"]["example-transport"]


def kinds(told: Any) -> dict[str, list[str]]:
    """Of each person, by name, what is kept of them."""
    return {one["name"]: one["kinds"] for one in told["people"]}


def test_each_person_is_listed_with_what_is_kept_of_them_and_how_to_reach_them(desk: Place) -> None:
    told = report(desk, "data", "keys", "keyring")
    assert told["reading"] == "content"
    assert kinds(told) == {
        "Tal": ["person", "talks"],
        "Offa": ["person", "event"],
        "Ask": ["person", "request"],
        "Lee": ["person", "role"],
    }
    assert told["requests_by_nobody_known"] == 1
    [one] = [one for one in told["people"] if one["name"] == "Offa"]
    assert (one["actors"], one["reach"]) == (["slack:T1:U1"], "chat")
    assert SECRET not in json.dumps(told)


@pytest.mark.parametrize(
    ("stores", "reading"),
    [
        (("data",), "opaque"),
        (("data", "chat"), "some_named"),
        (("backup", "chat"), "some_named"),
        (("data", "keys"), "opaque"),
        (("backup",), "opaque"),
        (("data", "keyring"), "named"),
        (("keys",), "nothing"),
        (("keys", "keyring"), "nothing"),
        (("ledger", "anchor"), "nothing"),
        (("chat",), "nothing"),
        (("backup", "keyring"), "content"),
        (("host",), "content"),
    ],
)
def test_what_was_taken_together_says_how_far_it_can_be_read(
    desk: Place, stores: tuple[str, ...], reading: str
) -> None:
    told = report(desk, *stores)
    assert told["reading"] == reading
    assert bool(told["people"]) == (reading != "nothing" or "chat" in stores)


def test_keyring_and_data_name_whom_a_list_of_the_staff_names_and_hold_no_word(desk: Place) -> None:
    keyring = Keyring.load(f"file:{desk.folder / 'desk.key'}")
    with closing(sqlite3.connect("data.db")) as data:
        [organisation] = data.execute("SELECT organisation FROM organisation").fetchone()
        digest = Pseudonyms(keyring).keyed(organisation, "account.address", "slack:T1:U1")
        states = data.execute(
            "SELECT o.state FROM account a JOIN offer o ON o.member_id = a.member_id WHERE a.address_key = ?",
            (digest,),
        ).fetchall()
    assert states == [("waiting",)], "this is what the report calls named"
    assert SECRET.encode() not in Path("data.db").read_bytes()
    other = Pseudonyms(Keyring.new()).keyed(organisation, "account.address", "slack:T1:U1")
    assert other != digest, "without the keyring a list of the staff leads nowhere"


def test_of_an_export_of_the_chat_those_with_a_chat_are_concerned(desk: Place) -> None:
    assert kinds(report(desk, "chat")) == {"Offa": ["messages"]}
    assert kinds(report(desk, "chat", "data"))["Offa"] == ["person", "event", "messages"]


@pytest.mark.parametrize(
    ("altered", "named"),
    [
        ("UPDATE member SET left = 1 WHERE id = :id", False),
        ("UPDATE account SET left = 1 WHERE member_id = :id", True),
    ],
)
def test_whoever_was_tampered_with_is_not_left_out(desk: Place, altered: str, named: bool) -> None:
    [one] = [one for one in report(desk, "data", "keys", "keyring")["people"] if one["name"] == "Tal"]
    with closing(sqlite3.connect("data.db")) as data, data:
        data.execute(altered, {"id": one["id"]})
    words = ("breach", "report", "--store", "host", "--yes")
    [told] = desk.json(*words, code=1)["organisations"].values()
    assert told["altered"] == [one["id"]]
    assert ("Tal" in kinds(told)) is named and "Offa" in kinds(told)
    said = desk.run(*words, code=1)
    assert "1 person whose records were altered" in said and one["id"] in said


def test_it_asks_first_names_the_store_and_is_journalled(desk: Place) -> None:
    desk.run("breach", "report", "--store", "data", code=3)
    desk.run("breach", "report", "--yes", code=2)
    desk.run("breach", "report", "--store", "drawer", "--yes", code=2)
    assert _journalled() == 0
    desk.run("breach", "report", "--store", "data", "--organisation", "nobody", "--yes", code=1)
    desk.run("breach", "report", "--store", "keys", "--yes")
    assert _journalled() == 1


def _journalled() -> int:
    with closing(sqlite3.connect("data.db")) as data:
        [found] = data.execute("SELECT count(*) FROM journal WHERE what = 'breach_report'").fetchone()
    return int(found)


def test_without_the_keyring_nobody_is_listed(desk: Place) -> None:
    desk.set(TRIM_BOT_KEYRING="file:nowhere.key")
    desk.run("breach", "report", "--store", "data", "--yes", code=3)


def test_for_people_it_says_in_words_who_and_what_and_never_a_word_of_theirs(
    desk: Place, caplog: pytest.LogCaptureFixture
) -> None:
    for store in Taken:
        said = desk.run("breach", "report", "--store", store.value, "--yes")
        assert "example-transport: " in said
        assert "data-protection officer" in said
        assert SECRET not in said
    assert "Tal" in said
    assert "  talks (1 person): that there were talks" in said
    assert not any(name in caplog.text for name in PEOPLE.values())
