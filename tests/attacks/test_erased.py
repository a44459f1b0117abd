"""Somebody looks through the files, and at who is written to, right after an erasure was said to be done."""

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


def rows_of_staff(desk: Desk) -> tuple[int, int]:
    """How many people and addresses the database holds."""
    with closing(sqlite3.connect(desk.folder / "data.sqlite", timeout=30)) as data:
        [members] = data.execute("SELECT count(*) FROM member").fetchone()
        [accounts] = data.execute("SELECT count(*) FROM account").fetchone()
    return members, accounts


def heard_each_day(desk: Desk, name: str, days: int = 29) -> list[int]:
    """How many messages somebody has had by each of the next days, in which the note to everybody goes out."""
    had = len(desk.browser(name).messages())
    desk.browser("quinn").form("team").press("The monthly note").press("Send it to everyone")
    heard = []
    for _ in range(days):
        desk.wait(days=1)
        heard.append(len(desk.browser(name).messages()) - had)
    return heard


def test_an_erased_person_stands_among_the_staff_again_when_it_is_done(world: World) -> None:
    desk = world()
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    before = rows_of_staff(desk)
    desk.command("erase", "web:nurse@acme.example", "--yes")
    assert rows_of_staff(desk) == before


def test_an_erased_person_hears_what_somebody_hears_who_never_used_the_desk(world: World) -> None:
    heard = []
    for used in (True, False):
        desk = world()
        desk.wait(days=1)
        if used:
            desk.browser("driver").form("support").send(name="named", text="Some words", contact="")
            desk.wait(minutes=5)
            desk.command("erase", "web:driver@acme.example", "--yes")
        heard.append(heard_each_day(desk, "driver"))
    assert heard[0] == heard[1]
    assert heard[1][-1] == 1, "the note to everybody, and no second welcome"
