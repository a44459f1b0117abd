"""Searching the journal looks through a bounded stretch, and finds the same as looking at each row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.storage.conftest import Rig
from tests.storage.running import ORG, OTHER, run
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.journal_search import FoundRows, JournalSearch
from trim_bot.domain.records import Action, JournalEntry
from trim_bot.storage import journal_search

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
ONE, TWO = "a" * 26, "b" * 26


def fill(tx: Tx) -> None:
    for number in range(12):
        at = AT + timedelta(hours=number)
        tx.journal.write(
            ONE if number % 2 else TWO, Action.CHANGED if number % 3 else Action.CLOSED, "x", "", at
        )
    tx.journal.write(TWO, Action.SHOWED, f"cases {ONE} {TWO}", "", AT + timedelta(hours=13))


def searched(rig: Rig, wanted: JournalSearch, before: int | None = None, limit: int = 50) -> FoundRows:
    return run(rig.store.write(ORG, lambda tx: tx.journal.search(wanted, before, limit)))


@pytest.mark.parametrize(
    "wanted",
    [
        JournalSearch(),
        JournalSearch(action=Action.CLOSED),
        JournalSearch(since=AT + timedelta(hours=3), until=AT + timedelta(hours=7)),
        JournalSearch(about=ONE),
        JournalSearch(about=ONE[:-1]),
        JournalSearch(about="%"),
        JournalSearch(action=Action.CHANGED, about=TWO),
    ],
)
def test_it_finds_what_fits_newest_first(rig: Rig, wanted: JournalSearch) -> None:
    run(rig.store.write(ORG, fill))
    every = (searched(rig, JournalSearch())).rows
    assert len(every) >= 13 and [one.seq for one in every] == sorted((one.seq for one in every), reverse=True)
    assert (searched(rig, wanted)).rows == tuple(one for one in every if wanted.fits(one))


def test_pages_and_stretches_leave_no_row_out(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    run(rig.store.write(ORG, fill))
    every = [one.seq for one in (searched(rig, JournalSearch(about=ONE))).rows]
    monkeypatch.setattr(journal_search, "STRETCH", 4)
    found: list[JournalEntry] = []
    looked = searched(rig, JournalSearch(about=ONE), limit=1)
    found += looked.rows
    while looked.before is not None:
        looked = searched(rig, JournalSearch(about=ONE), looked.before, limit=1)
        found += looked.rows
    assert [one.seq for one in found] == every


def test_it_is_one_organisations_alone(rig: Rig) -> None:
    run(rig.store.write(ORG, fill))
    assert (
        run(rig.store.write(OTHER, lambda tx: tx.journal.search(JournalSearch(about=ONE), None, 9)))
    ).rows == ()
