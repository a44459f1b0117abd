"""A list of people is read however its rows are parted; a row that cannot be read is named, and no other is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.domain.listed_rows import PersonRow, filled_lines, read_rows

ALEX = PersonRow("Alex Byrne", "07700 900112")
READ = {
    "Alex Byrne, 07700 900112": ALEX,
    "Alex Byrne\t07700 900112": ALEX,
    "Alex Byrne;07700 900112": ALEX,
    "Alex Byrne ; 07700 900112;": ALEX,
    "Alex Byrne، 07700 900112": ALEX,
    "Alex Byrne，07700 900112": ALEX,
    "Alex Byrne、07700 900112": ALEX,
    "Alex Byrne | 07700 900112": ALEX,
    "Byrne, Alex, 07700 900112": ALEX,
    "Byrne, Alex\t07700 900112": ALEX,
    "Byrne, Alex; 07700 900112": ALEX,
    '"Byrne, Alex",07700 900112': ALEX,
    "Alex\tByrne\t07700 900112": ALEX,
    "Alex Byrne 07700 900112": ALEX,
    "Alex Byrne: 07700 900112": ALEX,
    "Alex Byrne, tel. 07700 900112": ALEX,
    "Alex Byrne, ٠٧٧٠٠ ٩٠٠١١٢": ALEX,
    "Alex Byrne\u00a0, \u200e07700 900112": ALEX,
    "Alex Byrne": PersonRow("Alex Byrne", ""),
    "Alex Byrne, no phone": PersonRow("Alex Byrne", ""),
    "Byrne, Alex": PersonRow("Alex Byrne", ""),
    "Alex Byrne\t": PersonRow("Alex Byrne", ""),
    "Alex Byrne, 07700 900112, after nights, not Monday": PersonRow(
        "Alex Byrne", "07700 900112", "after nights, not Monday"
    ),
    "Alex Byrne\t+44 (0)20 7946 0000 ext 12\tmornings": PersonRow(
        "Alex Byrne", "+44 (0)20 7946 0000 ext 12", "mornings"
    ),
    "محمد علي، ٠٧٧٠٠٩٠٠١١٢": PersonRow("محمد علي", "07700900112"),
    "山田太郎、0770-090-0112": PersonRow("山田太郎", "0770-090-0112"),
}
UNREAD = (
    ", 07700 900112",
    "Alex Byrne, after nights",
    "Alex, Mary, Byrne, 07700 900112",
    "Name, Phone",
    "Name\tPhone",
    "07700 900112",
    "Alex Byrne\tward phone",
    "x" * 101 + ", 07700 900112",
    "Alex Byrne, 07700 900112, " + "x" * 61,
)


@pytest.mark.parametrize("line", READ)
def test_a_row_is_read_however_it_is_parted(line: str) -> None:
    assert read_rows(line).rows == (READ[line],)


@pytest.mark.parametrize("line", UNREAD)
def test_a_row_that_cannot_be_told_apart_is_named(line: str) -> None:
    found = read_rows(f"Sam Reed, 07700 900117\n\n{line}\nMei Chen; 07700 900114")
    assert found.unread == (2,)
    assert [one.name for one in found.rows] == ["Sam Reed", "Mei Chen"]


@given(st.text(max_size=200))
def test_every_row_is_read_or_named(text: str) -> None:
    found = read_rows(text)
    assert len(found.rows) + len(found.unread) == len(filled_lines(text))
    assert all(one.name and len(one.phone) <= 40 for one in found.rows)
