"""The statements that every record needs, built once: building them anew cost more than running them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Insert,
    Integer,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)


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


@cache
def search(
    table: Table, matches: tuple[Match, ...], order_by: str, limited: bool
) -> Select[tuple[object, ...]]:
    """Rows of `of_organisation` that fit every match, sorted; at most `of_limit` when it is limited.

    `order_by` is a column, with `-` before it for descending. Empty columns come first, or last descending;
    the databases would not agree by themselves.
    """
    column = table.c[order_by.removeprefix("-")]
    order = column.desc() if order_by.startswith("-") else column.asc()
    if column.nullable:
        order = order.nulls_last() if order_by.startswith("-") else order.nulls_first()
    query = (
        select(table)
        .where(
            table.c.organisation == bindparam("of_organisation"), *(_fits(table, match) for match in matches)
        )
        .order_by(order, table.c.id)
    )
    return query.limit(bindparam("of_limit", type_=Integer)) if limited else query


def _fits(table: Table, match: Match) -> ColumnElement[bool]:
    column = table.c[match.column]
    value: BindParameter[object] = bindparam(match.name, expanding=match.many)
    equal: ColumnElement[bool] = column.in_(value) if match.many else column == value
    return or_(equal, column.is_(None)) if match.empty else equal
