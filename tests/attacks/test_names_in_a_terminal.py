"""Somebody gives a name that a terminal obeys, to hide a row of `members list` or to make one up."""

from __future__ import annotations

from pathlib import Path

from tests.attacks.desk import SITE, Desk, settle

NAME = "Eve\\u200f\\u202e\\u061cnihton\\u001b[2J"


def test_a_name_can_neither_make_a_row_up_nor_hide_one(tmp_path: Path) -> None:
    site = f'{SITE}\n[[staff]]\naddress = "web:eve@acme.example"\nname = "{NAME}"\n'
    desk = Desk(settle(tmp_path / "desk", site), 0)
    before = desk.command("members", "list").splitlines()
    desk.command("members", "grant", "auditor", "web:eve@acme.example")
    after = desk.command("members", "list").splitlines()
    assert len(after) == len(before) + 1, "one row for one person"
    said = "".join(after)
    assert all(one.isprintable() or one == " " for one in said)
    assert not {"\u202e", "\u200f", "\u061c"} & set(said)
