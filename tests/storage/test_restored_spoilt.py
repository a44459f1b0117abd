"""A restore goes on without records that do not open, says which, and keeps what was taken back of them taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select, update

from tests.builders import MONDAY
from tests.fakes import FakeClock
from tests.storage.story import KEYRING
from tests.storage.taken import Kept, places_in, settled
from tests.storage.taken_records import fill, take_all
from trim_bot.app.handover import restored_revocations
from trim_bot.app.handover.out_of_effect import ALONE
from trim_bot.app.handover.replaying import Again, take_again
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.ids import RequestId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Availability, Grant, Member
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.revocations import RevocationKind
from trim_bot.domain.steps import OPEN_STATES, Step
from trim_bot.storage import tables
from trim_bot.storage.database_state import restore_pending
from trim_bot.storage.journal_check import ChainFaultKind, verify_journal
from trim_bot.storage.keys.key_tables import data_keys
from trim_bot.storage.ledger.anchor import FileAnchor
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.small_stores import durable_engine, write_transaction

SPOILT = b"spoilt" * 20


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest) -> Callable[[], str] | None:
    """What makes a database on the server, or nothing where files are meant."""
    if request.param == "sqlite":
        return None
    made: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return made


@pytest.fixture
async def kept(make: Callable[[], str] | None, tmp_path: Path) -> AsyncIterator[Kept]:
    kept = Kept(places_in(tmp_path / "live", make), FileAnchor(tmp_path / "anchor"), FakeClock(MONDAY))
    await settled(kept)
    await kept.town.write(fill(kept.town.ids, kept.town.clock.now()))
    yield kept
    kept.close()


def _set(url: str, table: Table, ids: list[str] | None, sealed: bytes | None = None) -> dict[str, bytes]:
    """Spoil what is sealed in some rows, or in all, and give back what stood there."""
    engine = durable_engine(url)
    with write_transaction(engine) as connection:
        see_all_rows(connection)
        rows = connection.execute(select(table.c.id, table.c.sealed)).all()
        before = {row.id: bytes(row.sealed) for row in rows if ids is None or row.id in ids}
        for id in before:
            connection.execute(update(table).where(table.c.id == id).values(sealed=sealed or SPOILT))
    engine.dispose()
    return before


def _put_back(url: str, table: Table, before: dict[str, bytes]) -> None:
    for id, sealed in before.items():
        _set(url, table, [id], sealed)


async def _with_spoilt(
    kept: Kept, there: Any, directory: Path, table: Table, ids: list[str] | None
) -> tuple[Kept, Any, dict[str, bytes]]:
    """Back up with spoilt rows, take back one of each kind afterwards, and bring the backup back."""
    before = _set(kept.places.data, table, ids)
    backup = kept.back_up(directory)
    _put_back(kept.places.data, table, before)
    await kept.town.write(take_all(kept.town.ids, kept.town.clock.now()))
    again, done = await kept.bring_back(backup, there)
    return again, done, before


SEALED = [table for table in tables.RECORDS.values() if "sealed" in table.columns]
FILLED = {
    "member",
    "account",
    "training",
    "exposure",
    "offer",
    "support_case",
    "check_in",
    "referral",
    "support_request",
    "installation",
    "site",
}


@pytest.mark.anyio
@pytest.mark.parametrize(
    "table", [one for one in SEALED if one.name in FILLED], ids=lambda table: str(table.name)
)
@pytest.mark.parametrize("make", ["sqlite"], indirect=True)
async def test_whatever_kind_is_spoilt_the_restore_ends_and_names_it(
    kept: Kept, tmp_path: Path, table: Table
) -> None:
    again, done, spoilt = await _with_spoilt(
        kept, places_in(tmp_path / "there", None), tmp_path / "backup", table, None
    )
    assert spoilt
    assert not done.faults and not restore_pending(again.places.data)
    assert done.again.unreadable == {table.name: tuple(sorted(spoilt))}
    # Put right behind the desk, it counts for nothing all the same: nobody knows any more what was taken back of it.
    if table.name != "installation":
        _put_back(again.places.data, table, spoilt)
        [told] = [
            one for one in verify_journal(again.places.data, Pseudonyms(KEYRING)) if one.table == table.name
        ]
        assert (told.kind, told.count >= len(spoilt)) == (ChainFaultKind.ROW, True)
    again.close()


@pytest.mark.anyio
async def test_a_withdrawn_request_that_does_not_open_never_comes_back(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path
) -> None:
    there = places_in(tmp_path / "there", make)
    again, done, spoilt = await _with_spoilt(
        kept, there, tmp_path / "backup", tables.support_requests, ["waiting"]
    )
    assert done.again.unreadable == {"support_request": ("waiting",)}
    assert done.again.done[RevocationKind.TAKER] == 1, "all the rest is done"
    _put_back(again.places.data, tables.support_requests, spoilt)

    def look(tx: Tx) -> None:
        assert [one.id for one in tx.find(SupportRequest)] == ["taken"]
        with pytest.raises(RecordAltered):
            tx.get(SupportRequest, RequestId("waiting"))
        assert "waiting" not in {one.subject for one in tx.find(Step, state=OPEN_STATES)}

    await again.town.write(look)
    await again.town.pass_time(days=3)
    again.close()


@pytest.mark.anyio
async def test_where_a_person_does_not_open_whoever_held_their_case_holds_it_no_more(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path
) -> None:
    ids = kept.town.ids
    there = places_in(tmp_path / "there", make)
    again, done, _ = await _with_spoilt(kept, there, tmp_path / "backup", tables.members, [ids["nurse"]])
    assert done.again.unreadable == {"member": (ids["nurse"],)}

    def look(tx: Tx) -> None:
        members = {one.id: one for one in tx.find(Member)}
        assert members[ids["porter"]].left and members[ids["driver"]].messages_stopped
        assert members[ids["paul"]].availability is Availability.AWAY
        assert not tx.find(Grant, member_id=ids["dev"])
        assert ids["priya"] not in {one.holder for one in tx.find(Case, state=CaseState.OPEN)}
        assert all(one.closed_at is not None for one in tx.find(Case, id="ended"))

    await again.town.write(look)
    again.close()


@pytest.mark.anyio
async def test_a_key_that_cannot_be_unwrapped_ends_no_restore(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path
) -> None:
    nurse = await kept.town.write(lambda tx: tx.get(Member, kept.town.ids["nurse"]))
    assert nurse is not None
    engine = durable_engine(kept.places.keys)
    with write_transaction(engine) as connection:
        connection.execute(update(data_keys).where(data_keys.c.id == nurse.key_id).values(wrapped=SPOILT))
    engine.dispose()
    backup = kept.back_up(tmp_path / "backup")
    await kept.town.write(lambda tx: tx.save(_left(tx, kept.town.ids["porter"])))
    again, done = await kept.bring_back(backup, places_in(tmp_path / "there", make))
    assert nurse.id in done.again.unreadable["member"]
    assert done.again.done == {RevocationKind.LEFT: 1}
    assert nurse.id not in {one.id for one in await again.town.all(Member)}
    again.close()


@pytest.mark.anyio
@pytest.mark.parametrize("make", ["sqlite"], indirect=True)
async def test_what_cannot_be_taken_back_again_gives_nothing_any_more(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = take_again

    def stopped(work: UnitOfWork, again: Again) -> bool:
        if again.kind in (RevocationKind.LEFT, RevocationKind.AVAILABILITY) and again.alone:
            return whole(work, again)
        if (
            again.kind in (RevocationKind.MESSAGES, RevocationKind.OFFER, RevocationKind.HOLDER)
            or again.kind in ALONE
        ):
            raise RecordAltered
        return whole(work, again)

    backup = kept.back_up(tmp_path / "backup")
    await kept.town.write(take_all(kept.town.ids, kept.town.clock.now()))
    monkeypatch.setattr(restored_revocations, "take_again", stopped)
    again, done = await kept.bring_back(backup, places_in(tmp_path / "there", None))
    assert done.again.unreadable == {}
    assert done.again.set_aside["offer"] == ("declined",)
    assert set(done.again.set_aside["support_case"]) == {"conflict", "given_on", "passed", "unwanted"}
    ids = kept.town.ids

    def look(tx: Tx) -> None:
        assert "declined" not in {one.id for one in tx.find(Offer)}
        assert "declined" not in {one.subject for one in tx.find(Step, state=OPEN_STATES)}
        assert not {"conflict", "given_on"} & {one.id for one in tx.find(Case)}
        members = {one.id: one for one in tx.find(Member)}
        assert members[ids["paul"]].availability is Availability.AWAY, "without moving their work on"
        assert members[ids["porter"]].left

    await again.town.write(look)
    again.close()


def _left(tx: Tx, id: Any) -> Member:
    member = tx.get(Member, id)
    assert member is not None
    return replace(member, left=True)
