"""A row that the journal does not bind counts for nothing, after a new start either, and nobody signs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Delete, Insert, Update, delete, insert, select, update

from tests.builders import Town
from tests.storage.conftest import Rig
from tests.storage.story import ANN, ANNS_CASE, BEN, BENS_CASE, KEYRING, NOON, Deployment, sqlite_places
from trim_bot.app.seam.ports import Tx
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import JournalInDoubt, RecordAltered
from trim_bot.domain.figures import week_of
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.people import Grant, Member, ReportingLine, Role, Training
from trim_bot.domain.records import Action, Measure, WeekStatus
from trim_bot.storage.backup.restore import restore
from trim_bot.storage.backup.taking_backup import Places, backup
from trim_bot.storage.journal import Head, entry_of, plain_link
from trim_bot.storage.journal_check import ChainFaultKind, Heads, verify_journal
from trim_bot.storage.signing import (
    accept,
    confirm_roles,
    mark_signed,
    sign_everything,
    to_confirm,
    was_signed,
)
from trim_bot.storage.small_stores import durable_engine, write_transaction
from trim_bot.storage.tables import (
    accounts,
    cases,
    counts,
    grants,
    journal,
    members,
    reporting_lines,
    trainings,
)

pytestmark = pytest.mark.anyio
KEYED = Pseudonyms(KEYRING)
FORGED = {"id": "made-up", "member_id": ANN, "role": Role.LEAD.value, "granted_at": NOON}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Deployment]:
    deployment = Deployment(sqlite_places(tmp_path))
    await deployment.tell_story()
    yield deployment
    deployment.close()


def change(desk: Deployment, body: Callable[[Connection], object]) -> None:
    """What somebody does who has the data and no key."""
    engine = durable_engine(desk.places.data)
    with write_transaction(engine) as connection:
        body(connection)
    engine.dispose()


def forge(connection: Connection, organisation: str) -> None:
    connection.execute(insert(grants), {"organisation": organisation, **FORGED})


def again(desk: Deployment) -> Deployment:
    """The same desk, started again."""
    started = Deployment(desk.places)
    started.organisation = desk.organisation
    return started


async def test_what_was_put_in_or_changed_counts_for_nothing_after_a_start_either(desk: Deployment) -> None:
    change(desk, lambda connection: forge(connection, desk.organisation))
    change(
        desk,
        lambda connection: connection.execute(
            update(cases).where(cases.c.id == ANNS_CASE).values(holder=ANN)
        ),
    )
    for one in (desk, again(desk)):
        assert [grant.role for grant in await one.every(Grant)] == [Role.PRACTITIONER]
        assert [case.id for case in await one.every(Case)] == [BENS_CASE], "it alone stands still"
        with pytest.raises(RecordAltered):
            await one.get(Case, ANNS_CASE)
        assert {table for _, table, _ in one.store.altered} == {"role_grant", "support_case"}


async def test_an_ended_role_put_back_counts_for_nothing(desk: Deployment) -> None:
    kept: list[dict[str, object]] = []
    change(desk, lambda connection: kept.extend(map(dict, connection.execute(select(grants)).mappings())))
    await desk.store.write(desk.organisation, lambda tx: tx.drop(Grant, "grant"))
    change(desk, lambda connection: connection.execute(insert(grants), kept))
    assert await desk.every(Grant) == await again(desk).every(Grant) == []


async def test_a_line_taken_out_still_stands_and_after_a_start_stops_whoever_is_at_its_ends(
    desk: Deployment,
) -> None:
    [line] = await desk.every(ReportingLine)
    change(desk, lambda connection: connection.execute(delete(reporting_lines)))
    assert await desk.every(ReportingLine) == [line]

    def asked(tx: Tx) -> list[ReportingLine]:
        return tx.find(ReportingLine, person=(line.person,))

    started = again(desk)
    with pytest.raises(RecordAltered):
        await started.store.read(started.organisation, asked)


def _made_anew(organisation: str) -> Callable[[Connection], None]:
    def body(connection: Connection) -> None:
        before = ""
        rows = connection.execute(
            select(journal).where(journal.c.organisation == organisation).order_by(journal.c.seq)
        ).mappings()
        for row in rows.all():
            before = plain_link(before, organisation, entry_of(row))
            mine = (journal.c.organisation == organisation) & (journal.c.seq == row["seq"])
            connection.execute(update(journal).where(mine).values(digest=before, bound=""))

    return body


def _show(tx: Tx) -> None:
    tx.find(Grant)
    tx.journal.write("somebody", Action.SHOWED, "case", "subject", NOON)


async def test_a_journal_made_anew_shows_nobody_anything_until_somebody_says_that_it_may(
    desk: Deployment,
) -> None:
    change(desk, _made_anew(desk.organisation))
    change(desk, lambda connection: forge(connection, desk.organisation))
    started = again(desk)
    with pytest.raises(JournalInDoubt):
        await started.store.write(started.organisation, _show)
    await started.store.write(
        started.organisation, lambda tx: tx.journal.write("x", Action.SAFETY, "safety", "y", NOON)
    )
    assert verify_journal(desk.places.data, KEYED)[0].kind in (ChainFaultKind.UNSIGNED, ChainFaultKind.BROKEN)
    assert await accept(started.store, KEYED, {}, NOON) == 1
    await again(desk).store.write(desk.organisation, _show)


async def test_a_desk_is_signed_once_and_never_again(desk: Deployment) -> None:
    assert not was_signed(desk.keys, desk.ledger, None)
    change(desk, _made_anew(desk.organisation))
    assert await sign_everything(desk.store, desk.keys, KEYED, NOON) == 1
    mark_signed(desk.keys, desk.ledger)
    assert was_signed(desk.keys, desk.ledger, None)
    assert verify_journal(desk.places.data, KEYED) == []
    change(desk, lambda connection: forge(connection, desk.organisation))
    before = desk.store.journal_heads()
    await sign_everything(desk.store, desk.keys, KEYED, NOON)
    assert desk.store.journal_heads() == before
    assert [grant.role for grant in await again(desk).every(Grant)] == [Role.PRACTITIONER]


async def test_a_plain_journal_that_was_broken_before_is_told_for_good(desk: Deployment) -> None:
    change(desk, _made_anew(desk.organisation))
    change(
        desk,
        lambda connection: connection.execute(update(journal).where(journal.c.seq == 2).values(what="other")),
    )
    await sign_everything(desk.store, desk.keys, KEYED, NOON)
    [fault] = verify_journal(desk.places.data, KEYED)
    assert (fault.seq, fault.kind) == (2, ChainFaultKind.BROKEN)
    await again(desk).store.write(desk.organisation, _show)


async def test_a_restore_signs_nothing_that_a_thief_put_in(desk: Deployment, tmp_path: Path) -> None:
    change(desk, lambda connection: forge(connection, desk.organisation))
    backup(desk.places, tmp_path / "backup", KEYED, now=NOON, erase_days=30)
    (tmp_path / "there").mkdir()
    empty = sqlite_places(tmp_path / "there")
    there = Places(empty.data, empty.keys, desk.places.ledger)
    done = restore(tmp_path / "backup", there, KEYED, now=NOON)
    assert (done.faults, [(one.table, one.count) for one in done.unlike]) == ((), [("role_grant", 1)])
    restored = Deployment(there)
    restored.organisation = desk.organisation
    assert [grant.role for grant in await restored.every(Grant)] == [Role.PRACTITIONER]
    restored.close()


@pytest.mark.parametrize("how", ["left", "key", "line", "account"])
async def test_what_was_altered_of_somebody_keeps_them_from_no_erasure(desk: Deployment, how: str) -> None:
    member = await desk.one(Member, ANN)
    statements: dict[str, Delete | Update] = {
        "left": update(members).where(members.c.id == ANN).values(left=True),
        "key": update(members).where(members.c.id == ANN).values(key_id=(await desk.one(Member, BEN)).key_id),
        "line": delete(reporting_lines),
        "account": update(accounts).where(accounts.c.member_id == ANN).values(left=True),
    }
    change(desk, lambda connection: connection.execute(statements[how]))
    for one in (desk, again(desk)):
        assert await one.eraser.erase_member(one.organisation, ANN) is (one is desk)
    kept: list[str] = []
    change(desk, lambda connection: kept.extend(connection.scalars(select(members.c.id))))
    assert ANN not in kept and BEN in kept
    assert member.key_id not in desk.keys.all_ids()
    assert (await desk.one(Member, BEN)).key_id in desk.keys.all_ids()


async def test_a_journal_taken_out_whole_shows_nobody_anything_without_an_anchor_too(
    desk: Deployment,
) -> None:
    change(desk, lambda connection: connection.execute(delete(journal)))
    change(desk, lambda connection: forge(connection, desk.organisation))
    for _ in range(2):
        started = again(desk)
        with pytest.raises(JournalInDoubt):
            await started.store.write(started.organisation, _show)
        assert started.store.in_doubt == [desk.organisation]
        # What is written meanwhile, as a call for safety, makes the journal no better.
        await started.store.write(
            started.organisation, lambda tx: tx.journal.write("x", Action.SAFETY, "safety", "y", NOON)
        )
        with pytest.raises(JournalInDoubt):
            await started.store.write(started.organisation, _show)
        started.close()


async def test_an_organisation_whose_first_row_comes_with_its_settings_is_in_no_doubt(
    desk: Deployment,
) -> None:
    other = OrganisationId((await desk.store.found("other", None)).id)
    await desk.store.write(other, lambda tx: tx.add(Member(MemberId("first"), tx.new_key(), name="First")))
    await desk.store.write(other, _show)
    assert desk.store.in_doubt == []


async def test_an_anchor_of_a_keyed_journal_shows_that_all_was_signed_once(desk: Deployment) -> None:
    heads = desk.store.journal_heads()
    assert was_signed(desk.keys, desk.ledger, heads)
    assert not was_signed(desk.keys, desk.ledger, {"one": Head(3, "0" * 64)})


async def test_that_roles_wait_for_a_look_outlives_a_start_that_was_cut_short(desk: Deployment) -> None:
    change(desk, _made_anew(desk.organisation))
    other = OrganisationId((await desk.store.found("other", None)).id)
    # All was signed, and the desk died before it could note so; the next start signs nothing more.
    for _ in range(2):
        assert await sign_everything(desk.store, desk.keys, KEYED, NOON) == 1
        assert to_confirm(desk.keys) == {desk.organisation}
    confirm_roles(desk.keys, other)
    assert to_confirm(desk.keys) == {desk.organisation}
    confirm_roles(desk.keys, desk.organisation)
    assert to_confirm(desk.keys) == set()


async def _signed_and_cut(desk: Deployment) -> Heads:
    """A journal with a row that signs all, whose end was taken out; what an anchor knew before."""
    change(desk, _made_anew(desk.organisation))
    await sign_everything(desk.store, desk.keys, KEYED, NOON)
    started = again(desk)
    for n in range(4):
        subject = f"about{n}"
        await started.store.write(
            desk.organisation,
            lambda tx: tx.journal.write("x", Action.CHANGED, "site", subject, NOON),  # noqa: B023
        )
    heads = started.store.journal_heads()
    last = heads[desk.organisation].seq
    change(desk, lambda connection: connection.execute(delete(journal).where(journal.c.seq > last - 2)))
    return heads


async def test_an_end_cut_off_below_the_anchor_is_in_doubt_from_the_first_transaction(
    desk: Deployment,
) -> None:
    heads = await _signed_and_cut(desk)
    started = again(desk)
    started.store.expect(heads)
    for _ in range(2):
        with pytest.raises(JournalInDoubt):
            await started.store.write(started.organisation, _show)


async def test_whoever_accepts_a_cut_off_end_goes_on_and_it_stays_told(
    desk: Deployment, tmp_path: Path
) -> None:
    heads = await _signed_and_cut(desk)
    assert await accept(again(desk).store, KEYED, heads, NOON) == 1
    started = again(desk)
    await started.store.write(started.organisation, _show)
    now = started.store.journal_heads()
    assert now[desk.organisation].seq > heads[desk.organisation].seq
    [fault] = verify_journal(desk.places.data, KEYED, anchor=now)
    assert (fault.kind, fault.seq) == (ChainFaultKind.BROKEN, heads[desk.organisation].seq - 1)
    # A desk that runs meanwhile, and knows of the rows that were lost, goes on as well.
    running = again(desk)
    running.store.expect(heads)
    await running.store.write(running.organisation, _show)
    # A backup from after that comes back.
    backup(desk.places, tmp_path / "backup", KEYED, now=NOON, erase_days=30)
    (tmp_path / "there").mkdir()
    empty = sqlite_places(tmp_path / "there")
    done = restore(tmp_path / "backup", Places(empty.data, empty.keys, desk.places.ledger), KEYED, now=NOON)
    assert done.faults == ()


async def test_a_figure_counts_only_rows_that_fit_and_no_week_is_closed_from_others(desk: Deployment) -> None:
    week, today = week_of(NOON.date()), NOON.date()

    async def told(one: Deployment) -> tuple[int, int, int, bool]:
        def body(tx: Tx) -> tuple[int, int, int, bool]:
            staffing = tx.counts.staffing(today)
            return (
                tx.counts.totals(week)[Measure.NO_OWNER],
                staffing.leads,
                staffing.in_date,
                tx.counts.altered(week),
            )

        return await one.store.read(one.organisation, body)

    await desk.store.write(desk.organisation, lambda tx: tx.count(Measure.NO_OWNER, today))
    before = await told(desk)
    assert before[0] == 1 and before[1] == 0 and before[2] == 1 and not before[3]
    changes: list[tuple[Insert | Update | Delete, Insert | Update | Delete, tuple[int, int, int, bool]]] = [
        (
            insert(grants).values(organisation=desk.organisation, **FORGED),
            delete(grants).where(grants.c.id == FORGED["id"]),
            (1, 0, 1, True),
        ),
        (update(counts).values(n=500), update(counts).values(n=1), (0, 0, 1, True)),
        (
            update(trainings).values(expires_on=date(2099, 1, 1)),
            update(trainings).values(expires_on=(await desk.every(Training))[0].expires_on),
            (1, 0, 0, True),
        ),
        (delete(counts), delete(counts), (0, 0, 1, True)),
    ]
    for tampered, mended, expected in changes:
        change(desk, partial(Connection.execute, statement=tampered))
        assert await told(desk) == await told(again(desk)) == expected
        change(desk, partial(Connection.execute, statement=mended))


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
async def test_no_sentence_is_frozen_of_a_week_whose_figures_were_altered(rig: Rig) -> None:
    town = Town(store=rig.store)
    await town.found()
    await town.add("lena", Role.LEAD)
    await town.clockwork.sweep()

    async def closed_after_a_week() -> int:
        await town.pass_time(days=7)
        await town.clockwork.sweep()
        return len(await town.all(WeekStatus))

    first = await closed_after_a_week()
    engine = durable_engine(rig.url)
    with write_transaction(engine) as connection:
        [organisation] = connection.scalars(select(grants.c.organisation).distinct())
        forged = {"organisation": organisation, **FORGED, "member_id": town.ids["lena"]}
        connection.execute(insert(grants), forged)
    assert first and await closed_after_a_week() == first
    with write_transaction(engine) as connection:
        connection.execute(delete(grants).where(grants.c.id == FORGED["id"]))
    engine.dispose()
    assert await closed_after_a_week() == first + 2, "both are written now that all is mended"
