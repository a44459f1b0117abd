"""A list is read a part at a time: nothing is passed over, whatever is ended or comes in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from trim_bot.app.cases.commands import OpenCases, OpenFindCase
from trim_bot.app.seam.command import FIRST, ListPlace
from trim_bot.app.seam.paging import (
    ListPart,
    finding,
    found_part,
    newest_first,
    onward,
    part_by_id,
    part_of,
    placed,
    shown_line,
    whole,
)
from trim_bot.app.seam.unsigned import Button
from trim_bot.domain.name_search import found_by_name

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    number: int
    danger: bool = False

    @property
    def id(self) -> str:
        return f"id{self.number}"

    @property
    def place(self) -> ListPlace:
        return placed(not self.danger, NOON + timedelta(minutes=self.number), self.id)


def walked(rows: Callable[[], Sequence[Row]], most: int = 5) -> list[Row]:
    """Every row met on the way from the first part to the last; `rows` are those of the moment."""
    part = part_of(rows(), lambda row: row.place, FIRST, most)
    met = list(part.rows)
    while part.after:
        part = part_of(rows(), lambda row: row.place, part.after, most)
        met += part.rows
    return met


@pytest.mark.parametrize("many", [0, 1, 5, 6, 300])
def test_every_row_is_met_once_and_in_order(many: int) -> None:
    rows = [Row(number) for number in range(many)]
    mixed = [*rows[1::2], *reversed(rows[::2])]
    assert walked(lambda: mixed) == rows


def test_what_is_gone_shifts_nothing() -> None:
    rows = [Row(number) for number in range(20)]

    def without_what_was_just_met() -> Sequence[Row]:
        found = list(rows)
        del rows[1:4]
        return found

    met = walked(without_what_was_just_met)
    assert set(rows) <= set(met)


def test_what_the_place_named_may_be_gone_itself() -> None:
    rows = [Row(number) for number in range(12)]
    part = part_of(rows, lambda row: row.place, FIRST, 5)
    left = [row for row in rows if row.number not in (3, 4)]
    assert [row.number for row in part_of(left, lambda row: row.place, part.after, 5).rows] == [5, 6, 7, 8, 9]


def test_what_becomes_urgent_meanwhile_stands_first() -> None:
    rows = [Row(number) for number in range(12)]
    first = part_of(rows, lambda row: row.place, FIRST, 5)
    urgent = [*rows[:-1], Row(11, danger=True)]
    assert [row.number for row in part_of(urgent, lambda row: row.place, first.after, 5).rows] == [
        5,
        6,
        7,
        8,
        9,
    ]
    assert part_of(urgent, lambda row: row.place, FIRST, 5).rows[0].number == 11


def test_where_all_that_followed_is_gone_the_last_rows_are_shown() -> None:
    rows = [Row(number) for number in range(6)]
    after = part_of(rows, lambda row: row.place, FIRST, 5).after
    part = part_of(rows[:4], lambda row: row.place, after, 3)
    assert ([row.number for row in part.rows], part.after, shown_line(part)) == ([1, 2, 3], "", "2 to 4 of 4")


def test_places_are_sorted_as_what_they_are_made_of() -> None:
    parts = [
        (False, 2, NOON, "b"),
        (False, 10, NOON - timedelta(days=4000), "a"),
        (False, 10, NOON, "a"),
        (False, 10, NOON, "ab"),
        (True, 0, NOON - timedelta(microseconds=1), "z"),
        (True, 0, NOON, "a"),
    ]
    assert sorted(parts, key=lambda some: placed(*some)) == parts
    newest = [placed(newest_first(NOON - timedelta(days=days)), "id") for days in range(5)]
    assert sorted(newest) == newest


def by_id(rows: Sequence[Row], after: ListPlace = FIRST) -> ListPart[Row]:
    return part_by_id(rows, lambda row: row.id, after, 5)


def numbers(part: ListPart[Row]) -> list[int]:
    return [row.number for row in part.rows]


@pytest.mark.parametrize("many", [0, 1, 5, 6, 300])
def test_in_the_order_of_names_every_row_is_met_once(many: int) -> None:
    rows = [Row(number) for number in range(many)]
    part = by_id(rows)
    met = list(part.rows)
    while part.after:
        assert "id" not in part.after
        part = by_id(rows, part.after)
        met += part.rows
    assert met == rows


@pytest.mark.parametrize("gone", [(4,), (0, 4), (0, 1, 2, 4), (3, 4), (0, 1, 2, 3, 4)])
def test_in_the_order_of_names_nobody_is_passed_over_where_some_have_gone(gone: Sequence[int]) -> None:
    """Such as the last of the page and one before it, whose roles were taken while the page stood there."""
    rows = [Row(number) for number in range(12)]
    left = [row for row in rows if row.number not in gone]
    assert numbers(by_id(left, by_id(rows).after)) == [5, 6, 7, 8, 9]


@pytest.mark.parametrize("to", range(12))
def test_in_the_order_of_names_nobody_is_passed_over_where_one_stands_elsewhere_by_now(to: int) -> None:
    """Such as the last of the page, who was given a case and holds more than others now, or has another name."""
    rows = [Row(number) for number in range(12)]
    part = by_id(rows)
    met = list(part.rows)
    moved = [row for row in rows if row.number != 4]
    moved.insert(to, rows[4])
    while part.after:
        part = by_id(moved, part.after)
        met += part.rows
    assert set(met) == set(rows)


def test_in_the_order_of_names_whoever_comes_onto_the_page_before_is_met_next() -> None:
    rows = [Row(number) for number in range(12)]
    come = [*rows[:3], Row(77), *rows[3:]]
    assert numbers(by_id(come, by_id(rows).after)) == [77, 3, 4, 5, 6]


@pytest.mark.parametrize("after", ["nobody", "nobody 900", " 3", "id3 x"])
def test_a_place_that_means_nothing_shows_the_first_part(after: str) -> None:
    assert numbers(by_id([Row(number) for number in range(12)], ListPlace(after))) == [0, 1, 2, 3, 4]


def test_a_list_that_is_there_whole_has_no_ways_on() -> None:
    for rows in ((), (1,), (1, 2, 3)):
        assert onward(whole(rows), OpenCases) == []
        assert finding(whole(rows), OpenFindCase()) == []


def test_the_ways_on_lead_to_what_follows_and_back_to_the_first() -> None:
    def ways(part: ListPart[int]) -> list[object]:
        return [one.command for one in onward(part, OpenCases) if isinstance(one, Button)]

    assert ways(ListPart((1, 2), 1, 5, ListPlace("two"))) == [OpenCases(ListPlace("two"))]
    assert ways(ListPart((3, 4), 3, 5, ListPlace("four"))) == [OpenCases(ListPlace("four")), OpenCases()]
    assert ways(ListPart((5,), 5, 5)) == [OpenCases()]
    assert shown_line(ListPart((5,), 5, 5)) == "5 of 5"


NAMES = ["Lee-Ann Smith", "Ólafur O'Brien", "Joann Lee", "Ann Lee", "Marianne Hill", "Bob Stone", ""]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ann", ["Ann Lee", "Lee-Ann Smith", "Joann Lee", "Marianne Hill"]),
        ("ANN lee", ["Ann Lee", "Lee-Ann Smith", "Joann Lee"]),
        ("lee ann", ["Ann Lee", "Lee-Ann Smith", "Joann Lee"]),
        ("olaf", ["Ólafur O'Brien"]),
        ("o'brien", ["Ólafur O'Brien"]),
        ("zz", []),
        (" - ", NAMES),
    ],
)
def test_a_name_is_found_by_any_part_of_it(typed: str, found: list[str]) -> None:
    assert found_by_name(NAMES, lambda name: name, typed) == found


def test_of_many_that_are_found_the_best_are_shown() -> None:
    part = found_part([f"Ann {number}" for number in range(300)], lambda name: name, "ann", 20)
    assert (len(part.rows), part.of, part.after) == (20, 300, "")
