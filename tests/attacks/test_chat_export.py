"""Somebody with the whole export of the chat, and a copy of the database, looks at what the buttons carry."""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

from tests.attacks.desk import STAFF, Desk, answer_offer, log_event
from tests.attacks.pages import Page

World = Callable[[], Desk]
ID = re.compile(r"[a-hjkmnp-z2-9]{26}")
PIECE = 10
"""Characters that two random texts do not have in common."""


def ids_in_the_database(desk: Desk) -> set[str]:
    """Every id that stands in the open in a copy of the database."""
    found: set[str] = set()
    with closing(sqlite3.connect(f"file:{desk.folder / 'data.sqlite'}?mode=ro", uri=True)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{name}"').fetchall():  # noqa: S608 (its own names)
                found.update(one for value in row if isinstance(value, str) for one in ID.findall(value))
    return found


def decoded(text: str) -> str:
    """What a text says to whoever decodes it, and as it stands."""
    parts = [text]
    for part in re.split(r"[^A-Za-z0-9_-]", text):
        for skipped in range(4):
            rest = part[skipped:]
            parts.append(base64.urlsafe_b64decode(rest[: len(rest) // 4 * 4]).decode("latin-1"))
    return " ".join(parts)


def told(desk: Desk) -> list[str]:
    """A busy week: what the buttons of every message to everybody carry."""
    for name in STAFF:
        log_event(desk, "priya", name)
        answer_offer(desk, name, "offer_yes")
    desk.browser("driver").form("support").send(name="unnamed", text="Some words", contact="")
    for _ in range(5):
        desk.wait(days=1)
    people = (*STAFF, "priya", "peter", "lena", "dora", "quinn")
    return [
        one[button] for name in people for one in desk.browser(name).messages() for button in ("open", "stop")
    ]


def test_nothing_in_a_message_can_be_read_or_joined(world: World) -> None:
    desk = world()
    tokens = told(desk)
    assert len(tokens) > 20
    assert len({len(token) for token in tokens}) == 1, "one shape"
    ids = ids_in_the_database(desk)
    assert [one for token in tokens for one in ID.findall(decoded(token)) if one in ids] == []
    seen: dict[str, int] = {}
    joined = [
        token[start : start + PIECE]
        for number, token in enumerate(tokens)
        for start in range(len(token) - PIECE + 1)
        if seen.setdefault(token[start : start + PIECE], number) != number
    ]
    assert joined == []


def test_no_form_and_no_address_of_a_page_holds_an_id_of_the_database(world: World) -> None:
    desk = world()
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    desk.wait(minutes=5)
    priya, lena = desk.browser("priya"), desk.browser("lena")
    case = priya.form("cases").press("case")
    pages: list[Page] = [case, case.press("close"), lena.form("team"), lena.form("team").press("assign")]
    pages += [priya.form(name) for name in ("due", "me", "log")]
    ids = ids_in_the_database(desk)
    carried = [
        text
        for page in pages
        for text in (
            str(page.answer.url),
            *(href for href, _ in page.links),
            *(control.value for form in page.forms for control in form.controls),
            *(value for form in page.forms for value, _ in form.presses),
        )
    ]
    assert len(carried) > 40
    assert [one for text in carried for one in ID.findall(decoded(text)) if one in ids] == []
