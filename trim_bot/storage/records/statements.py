"""The statements that every record needs, built once: building them anew cost more than running them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Integer,
    Select,
    Table,
    Text,
    Update,
    any_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY


@dataclass(frozen=True, slots=True)
class Statements:
    """Read, insert, replace and delete one row; the last three of `of_organisation` and `of_id`."""

    read: Select[tuple[object, ...]]
    insert: Insert
    replace: Update
    delete: Delete


@cache
def statements_for(table: Table) -> Statements:
    """The statements of a table whose rows have an organisation and an id."""
    mine = (
        table.c.organisation == bindparam("of_organisation"),
        table.c.id == bindparam("of_id"),
    )
    return Statements(
        read=select(table).where(*mine),
        insert=insert(table),
        replace=update(table).where(*mine),
        delete=delete(table).where(*mine),
    )


@dataclass(frozen=True, slots=True)
class Match:
    """One condition of a search: a column that equals any of some values, given as `name` when it is run."""

    column: str
    name: str
    many: bool
    """Whether the values come as a list."""
    empty: bool
    """Whether an empty column matches too."""


def values_of(table: Table, match: Match, values: Sequence[object], dialect: str) -> object:
    """What is given as the value of a match when its statement is run."""
    if not match.many:
        return values[0]
    one_text = dialect == "sqlite" and _is_text(table, match)
    return json.dumps(values) if one_text else list(values)


@cache
def search(
    table: Table, matches: tuple[Match, ...], order_by: str, dialect: str, *, limited: bool
) -> Select[tuple[object, ...]]:
    """Rows of `of_organisation` that fit every match, sorted; at most `of_limit` when it is limited.

    `order_by` is a column, with `-` before it for descending. Empty columns come first, or last descending;
    the databases would not agree by themselves.
    """
    column = table.c[order_by.removeprefix("-")]
    order = column.desc() if order_by.startswith("-") else column.asc()
    if column.nullable:
        order = order.nulls_last() if order_by.startswith("-") else order.nulls_first()
    query = select(table).where(*_fitting(table, matches, dialect)).order_by(order, table.c.id)
    return query.limit(bindparam("of_limit", type_=Integer)) if limited else query


@cache
def tally(table: Table, matches: tuple[Match, ...], by: str, dialect: str) -> Select[object, int]:
    """How many rows of `of_organisation` fit every match, by the value of one column."""
    column = table.c[by]
    return select(column, func.count()).where(*_fitting(table, matches, dialect)).group_by(column)


def _fitting(table: Table, matches: tuple[Match, ...], dialect: str) -> list[ColumnElement[bool]]:
    mine = table.c.organisation == bindparam("of_organisation")
    return [mine, *(_fits(table, match, dialect) for match in matches)]


def _fits(table: Table, match: Match, dialect: str) -> ColumnElement[bool]:
    column = table.c[match.column]
    equal = _is_one_of(table, match, dialect) if match.many else column == bindparam(match.name)
    return or_(equal, column.is_(None)) if match.empty else equal


def _is_one_of(table: Table, match: Match, dialect: str) -> ColumnElement[bool]:
    """Texts are given as one value however many they are: no database has a most, and the statement stays the same."""
    column = table.c[match.column]
    if not _is_text(table, match):
        return column.in_(bindparam(match.name, expanding=True))
    if dialect == "sqlite":
        listed = func.json_each(bindparam(match.name, type_=Text)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam(match.name, type_=ARRAY(Text)))


def _is_text(table: Table, match: Match) -> bool:
    return isinstance(table.c[match.column].type, Text)
