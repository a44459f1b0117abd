"""Somebody looks through the files, right after an erasure was said to be done, for what should be gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from tests.attacks.desk import Desk, answer_offer, log_event

World = Callable[[], Desk]
STORES = ("data.sqlite", "data.sqlite-wal", "keys.sqlite", "keys.sqlite-wal")


def test_no_file_and_no_log_keeps_the_ids_or_the_keys_of_an_erased_person(world: World) -> None:
    desk = world()
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    with closing(sqlite3.connect(desk.folder / "data.sqlite", timeout=30)) as data:
        found = data.execute(
            "SELECT m.id, m.key_id, c.key_id FROM member m JOIN support_case c ON c.member_id = m.id"
        ).fetchall()
    [gone] = found
    desk.command("erase", "web:nurse@acme.example", "--yes")
    files = {name: (desk.folder / name) for name in STORES if (desk.folder / name).exists()}
    left = {name for name, path in files.items() for id in gone if id.encode() in path.read_bytes()}
    assert left == set()
