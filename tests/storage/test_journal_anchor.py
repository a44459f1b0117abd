"""The anchor of the journals outlives a crash, counts from the last restore on, and is there before a desk may open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storage.story import KEYRING, NOON, Deployment, sqlite_places
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.storage import bound_register, journal, journal_anchor
from trim_bot.storage.backup.restore import restore
from trim_bot.storage.backup.taking_backup import Places, backup
from trim_bot.storage.database_state import restore_pending
from trim_bot.storage.journal import Head
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.journal_check import Heads
from trim_bot.storage.ledger.anchor import AnchorUnreadable
from trim_bot.storage.signing import restores_in

pytestmark = pytest.mark.anyio
KEYED = Pseudonyms(KEYRING)


def _heads(n: int) -> Heads:
    return {"one": Head(n, f"digest{n}")}


@pytest.fixture
def anchor(tmp_path: Path) -> JournalAnchor:
    return JournalAnchor(tmp_path / "ledger.anchor")


def test_what_was_noted_before_a_restore_counts_no_more(anchor: JournalAnchor) -> None:
    anchor.append(_heads(9))
    assert anchor.newest() == _heads(9)
    anchor.restores = 1
    assert anchor.newest() is None
    anchor.append(_heads(4))
    assert anchor.newest() == _heads(4)
    before = JournalAnchor(anchor.path.with_name("ledger.anchor"))
    before.append(_heads(10))
    assert before.newest() == anchor.newest() == _heads(4), (
        "whoever works with what was there before changes nothing"
    )


def test_a_file_that_begins_anew_is_whole_whenever_the_machine_dies(
    anchor: JournalAnchor, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor.append(_heads(1))
    monkeypatch.setattr(journal_anchor, "_LONGEST", 10)

    def died(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", died)
        with pytest.raises(AnchorUnreadable):
            anchor.append(_heads(2))
        assert anchor.newest() == _heads(1)
    anchor.append(_heads(3))
    assert anchor.newest() == _heads(3)
    assert len(anchor.path.read_bytes().splitlines()) == 1
    assert anchor.path.stat().st_mode & 0o777 == 0o600


class _FullDisk(JournalAnchor):
    """An anchor whose disk is full."""

    def append(self, heads: Heads, *, anew: bool = False) -> None:
        raise AnchorUnreadable


@pytest.fixture
async def taken(tmp_path: Path) -> tuple[Path, Places]:
    """A backup, and where it is to come back."""
    desk = Deployment(sqlite_places(tmp_path))
    await desk.tell_story()
    desk.close()
    backup(desk.places, tmp_path / "backup", KEYED, now=NOON, erase_days=30)
    (tmp_path / "there").mkdir()
    there = sqlite_places(tmp_path / "there")
    return tmp_path / "backup", Places(there.data, there.keys, desk.places.ledger)


async def test_no_desk_opens_before_the_anchor_is_that_of_what_came_back(
    taken: tuple[Path, Places], tmp_path: Path
) -> None:
    directory, there = taken
    full = _FullDisk(tmp_path / "ledger.anchor")
    with pytest.raises(AnchorUnreadable):
        restore(directory, there, KEYED, now=NOON, journals=full)
    assert restore_pending(there.data)


async def test_each_restore_is_counted_in_the_journal_and_beside_it(
    taken: tuple[Path, Places], anchor: JournalAnchor
) -> None:
    directory, there = taken
    anchor.restores = 6
    anchor.append(_heads(9))
    restore(directory, there, KEYED, now=NOON, journals=anchor)
    assert restores_in(there.data, KEYED) == anchor.restores == anchor.restores_known == 7
    heads = anchor.newest()
    assert heads is not None and "one" not in heads and len(heads) == 2


async def test_a_journal_is_walked_for_the_first_time_while_others_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Deployment(sqlite_places(tmp_path))
    await desk.tell_story()
    started = Deployment(desk.places)
    walks: list[object] = []
    walk = journal.rows_after

    def noted(connection, *rest):
        walks.append(connection.engine)
        return walk(connection, *rest)

    monkeypatch.setattr(bound_register, "rows_after", noted)
    await started.store.write(desk.organisation, lambda _: None)
    assert walks == [started.store._reading]
    started.close()
    desk.close()
