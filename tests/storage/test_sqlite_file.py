"""A new file is made ready by one of those who begin together, and the others never meet it half made."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.storage.openers import THREADS, open_all, open_bare
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.storage.engine import writing_engine
from trim_bot.storage.small_stores import durable_engine, read_transaction, write_transaction

PROCESSES = 4
FILES = 40


def mode_of(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_hundreds_open_new_files_at_once(tmp_path: Path) -> None:
    """Several processes with several threads each, all at the same new file at the same moment."""
    urls = [f"sqlite:///{tmp_path / str(number)}.db" for number in range(FILES)]
    # Fresh processes: one that was copied from this one would hold its locks.
    context = get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        together = manager.Barrier(PROCESSES)
        done = list(pool.map(open_all, [urls] * PROCESSES, [together] * PROCESSES))
    assert [fault for faults in done for fault in faults] == []
    assert PROCESSES * THREADS * FILES == 480, "hundreds of openings"
    made = [tmp_path / f"{number}.db" for number in range(FILES)]
    assert {mode_of(path) for path in made} == {"wal"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}


@pytest.mark.parametrize("begun", ["empty", "without a log"])
def test_a_file_that_is_there_is_turned_once_whoever_reads_it_has_ended(begun: str, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    if begun == "empty":
        path.touch()
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE one (a)")
            connection.execute("INSERT INTO one VALUES (1)")
        connection.close()
    open_bare(f"sqlite:///{path}")
    assert mode_of(path) == "wal"


def test_a_file_that_went_is_not_made_anew_by_writing(tmp_path: Path) -> None:
    """A write into a new empty file would be acknowledged and lost."""
    path = tmp_path / "data.db"
    for engine in (durable_engine(f"sqlite:///{path}"), writing_engine(f"sqlite:///{path}", 1.0)):
        open_bare(f"sqlite:///{path}")
        path.unlink()
        with pytest.raises(StoreUnavailable), write_transaction(engine):
            pass
        assert not path.exists()
        engine.dispose()


def test_odd_letters_in_a_path_are_letters(tmp_path: Path) -> None:
    path = tmp_path / "50% of the #desk é" / "data.db"
    open_bare(f"sqlite:///{path}")
    assert mode_of(path) == "wal"
    engine = durable_engine(f"sqlite:///{path}", create=False)
    with read_transaction(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
