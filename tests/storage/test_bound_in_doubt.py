"""While the journal is in doubt a row counts as it is bound by what does fit, and what the desk writes goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, update

from tests.storage.story import ANN, NOON, Deployment, sqlite_places
from tests.storage.test_bound_rows import again, change, forge
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import JournalInDoubt
from trim_bot.domain.people import Grant, Role
from trim_bot.domain.records import Action
from trim_bot.storage.tables import journal

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Deployment]:
    deployment = Deployment(sqlite_places(tmp_path))
    await deployment.tell_story()
    yield deployment
    deployment.close()


def _show(tx: Tx) -> None:
    tx.find(Grant)
    tx.journal.write("somebody", Action.SHOWED, "case", "subject", NOON)


def _row_changed(connection: Connection) -> None:
    connection.execute(update(journal).where(journal.c.seq == 2).values(what="other"))


async def test_in_doubt_a_row_still_counts_only_as_it_is_bound_and_nothing_else_is_signed(
    desk: Deployment,
) -> None:
    [held] = await desk.every(Grant)
    change(desk, _row_changed)
    change(desk, lambda connection: forge(connection, desk.organisation))
    started = again(desk)
    told: list[tuple[str, int]] = []
    started.store.doubted = lambda one, seq: told.append((one, seq))
    new = Grant("new", ANN, Role.DEPUTY, NOON)
    await started.store.write(started.organisation, lambda tx: tx.add(new))
    assert {one.id for one in await started.every(Grant)} <= {held.id, new.id}
    assert new in await started.every(Grant)
    assert set(told) == {(desk.organisation, 2)}
    assert [one.id for one in await again(desk).every(Grant)] == [
        one.id for one in await started.every(Grant)
    ]


def _add(new: Grant, tx: Tx) -> None:
    tx.add(new)


@pytest.mark.parametrize("rows", [1, 3])
async def test_after_rows_were_cut_off_while_it_runs_what_is_written_counts(
    desk: Deployment, rows: int
) -> None:
    before = await desk.every(Grant)
    last = (await desk.store.journal_head(desk.organisation)).seq
    change(desk, lambda connection: connection.execute(delete(journal).where(journal.c.seq > last - rows)))
    change(desk, lambda connection: forge(connection, desk.organisation))
    for number in range(rows + 2):
        new = Grant(f"new{number}", ANN, Role.DEPUTY, NOON)
        await desk.store.write(desk.organisation, partial(_add, new))
        before.append(new)
    assert {one.id for one in await desk.every(Grant)} == {one.id for one in before}
    assert {f"new{number}" for number in range(rows + 2)} <= {
        one.id for one in await again(desk).every(Grant)
    }
    with pytest.raises(JournalInDoubt):
        await desk.store.write(desk.organisation, _show)
