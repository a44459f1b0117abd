"""Nothing in a copy of the data tells in which order people came, nor whom a message that was sent was for."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from trim_bot.storage.migrate import migrate
from trim_bot.storage.small_stores import durable_engine
from trim_bot.storage.tables import metadata
from trim_bot.storage.upgrading import config_for

SECRET = "D0PRIVATE1:1764000000.000100"


def test_no_table_of_sqlite_numbers_its_rows(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'data.db'}")
    with sqlite3.connect(tmp_path / "data.db") as connection:
        for table in metadata.sorted_tables:
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                connection.execute(f"SELECT rowid FROM {table.name}")  # noqa: S608


def test_an_old_database_comes_up_without_numbers_receivers_or_old_pages(tmp_path: Path) -> None:
    """What the first version kept of a private chat is in no byte of the file or its log afterwards."""
    path = tmp_path / "data.db"
    engine = durable_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        connection.execute(text("INSERT INTO organisation VALUES ('o', 'slug', 'key')"))
        for number in range(40):
            connection.execute(
                text(
                    "INSERT INTO outgoing (organisation, id, kind, member_id, step_id, state, due_at, lease_until,"
                    " attempts, handle, priority) VALUES ('o', :id, 'welcome', :member, NULL, :state,"
                    " '2026-11-23 09:31:07.000000', NULL, 0, :handle, 2)"
                ),
                {
                    "id": f"m{number}",
                    "member": f"member-{number}",
                    "state": "queued" if number == 0 else "sent",
                    "handle": f"{SECRET}{number}",
                },
            )
    engine.dispose()
    assert SECRET.encode() in path.read_bytes()
    migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as rows:
        kept = rows.execute("SELECT id, member_id, due_at FROM outgoing ORDER BY id").fetchall()
        assert kept[0] == ("m0", "member-0", "2026-11-23 09:31:07.000000"), "what waits is as it was"
        assert {(member, due) for id, member, due in kept if id != "m0"} == {
            ("", "2026-11-23 00:00:00.000000")
        }
    left = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert SECRET.encode() not in left and b"member-7" not in left


def test_pages_that_an_old_version_freed_hold_nothing_after_migrating(tmp_path: Path) -> None:
    """What stands in no row any more, but in a page that was freed without being overwritten, goes as well."""
    path = tmp_path / "data.db"
    engine = durable_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        connection.execute(text("INSERT INTO organisation VALUES ('o', 'slug', 'key')"))
    engine.dispose()
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA secure_delete = OFF")
        plain.execute("CREATE TABLE once (channel TEXT)")
        plain.executemany(
            "INSERT INTO once VALUES (?)", [(f"{SECRET}{number}" * 40,) for number in range(99)]
        )
        plain.execute("DROP TABLE once")
    plain.close()
    assert SECRET.encode() in path.read_bytes()
    migrate(f"sqlite:///{path}")
    left = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert SECRET.encode() not in left
