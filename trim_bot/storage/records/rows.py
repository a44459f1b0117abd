"""Turns records into rows and back, with the statements it takes: one file, since both follow the marks of a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import NewType, TypeVar, get_args

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

from trim_bot.app.desk.routes import STEPS
from trim_bot.domain.site import Site
from trim_bot.domain.steps import AnyStepKind
from trim_bot.storage.columns import FIELDS, PRIVACY, Privacy
from trim_bot.storage.errors import NotSearchable, NotStorable
from trim_bot.storage.prepared import Row
from trim_bot.storage.records.codec import (
    Decoder,
    decoder,
    from_json,
    hints_of,
    opened_fields,
    sealed_fields,
    settings_fields,
    to_json,
)
from trim_bot.storage.records.sealing import SealingSession
from trim_bot.storage.tables import RECORDS, accounts

L = TypeVar("L")
_SHORTEST: Mapping[str, int] = {accounts.name: 300}
"""How long what is sealed of a table is made at least: where fields come and go, its size would tell some apart."""
DIGEST = "keyed:"
"""How a keyed field reads back when nothing else is kept of it; such a value is kept as it is when saved."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one record type lies in its table."""

    kind: type[object]
    table: Table
    plain: Mapping[str, Decoder | None]
    """Open fields in columns of their own name; a decoder where the database gives back a plainer value."""
    lists: Mapping[str, object]
    """Open fields kept as JSON, with their type hints."""
    keyed: Mapping[str, str]
    """Look-up column by field."""
    sealed: tuple[str, ...]
    """Fields sealed together."""


_KINDS: Mapping[object, AnyStepKind] = {kind.value: kind for kind in STEPS}
_SHAPES: dict[type[object], Shape] = {}


def shape_of(kind: type[object]) -> Shape:
    """The shape of a record type. Raises NotStorable for a type that has no table."""
    if kind not in _SHAPES:
        if kind not in RECORDS:
            raise NotStorable
        _SHAPES[kind] = _shape(kind, RECORDS[kind])
    return _SHAPES[kind]


def to_row(shape: Shape, record: object, seals: SealingSession) -> dict[str, object]:
    """The row of a record, but for its organisation. Raises NotStorable and the vault's signals."""
    row: dict[str, object] = {name: flat(getattr(record, name)) for name in shape.plain}
    for name in shape.lists:
        row[name] = to_json(getattr(record, name))
    for field, column in shape.keyed.items():
        row[column] = look_up(shape, field, getattr(record, field), seals)
    if shape.sealed:
        plain = sealed_fields(record, shape.sealed)
        # Blanks after a JSON text mean nothing.
        plain = plain.ljust(_SHORTEST.get(shape.table.name, 0), b" ")
        row["sealed"] = seals.seal(shape.table.name, str(row["id"]), str(row["key_id"]), plain)
    return row


def to_record(shape: Shape, row: Row, seals: SealingSession) -> object:
    """The record of a row. Raises NotStorable and the vault's signals, KeyGone among them."""
    values: dict[str, object] = {}
    for name in shape.plain:
        values[name] = _in_the_open(shape, name, row)
    for name, hint in shape.lists.items():
        values[name] = from_json(row[name], hint)
    for field, column in shape.keyed.items():
        values[field] = DIGEST + row[column] if row[column] else ""
    if shape.sealed:
        plain = seals.open(shape.table.name, row["id"], row["key_id"], bytes(row["sealed"]))
        values.update(_fields_of(shape, plain))
    return shape.kind(**values)


def to_line(shape: Shape, line: type[L], row: Row) -> L:
    """Some open fields of a row, as a smaller record. Raises NotSearchable for a field that is not open."""
    return line(**{name: _in_the_open(shape, name, row) for name in hints_of(line)})


def _in_the_open(shape: Shape, name: str, row: Row) -> object:
    if name not in shape.plain:
        raise NotSearchable(name)
    value, way = row[name], shape.plain[name]
    return value if way is None or value is None else _by(way, value)


def _by(way: Decoder, value: object) -> object:
    try:
        return way(value)
    except (ValueError, TypeError):
        pass
    # Raised out here so that it does not carry an error that quotes the value.
    raise NotStorable


def _fields_of(shape: Shape, plain: bytes) -> Mapping[str, object]:
    if shape.kind is Site:
        return settings_fields(plain, Site, shape.sealed)
    return opened_fields(plain, shape.kind, shape.sealed)


def look_up(shape: Shape, field: str, text: object, seals: SealingSession) -> str:
    """What stands in the look-up column of a field that holds `text`."""
    if not isinstance(text, str):
        raise NotStorable
    if field not in shape.sealed and text.startswith(DIGEST):
        return text.removeprefix(DIGEST)
    return seals.keyed(f"{shape.table.name}.{field}", text) if text else ""


def searched(shape: Shape, field: str, value: object, seals: SealingSession) -> object:
    """What a column must equal for a searchable field to equal `value`."""
    if field in shape.keyed:
        return look_up(shape, field, value, seals)
    return flat(value)


def storable(value: object) -> bool:
    """Whether both databases can hold a value in an open column: no NUL, no half surrogate pair."""
    if not isinstance(value, str):
        return True
    if "\0" in value:
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def flat(value: object) -> object:
    """What the column of an open field holds for a value. Raises NotStorable."""
    if type(value) is str:
        return value
    if isinstance(value, Enum):
        return value.value
    if value is not None and not isinstance(value, str | bool | int | datetime | date):
        raise NotStorable
    if isinstance(value, datetime) and value.tzinfo is None:
        raise NotStorable
    return value


def _shape(kind: type[object], table: Table) -> Shape:
    sealed: tuple[str, ...] = ()
    keyed: dict[str, str] = {}
    for column in table.columns:
        match column.info[PRIVACY]:
            case Privacy.SEALED:
                sealed += column.info[FIELDS]
            case Privacy.KEYED:
                keyed[column.info[FIELDS][0]] = column.name
    hints = hints_of(kind)
    assert is_dataclass(kind)  # noqa: S101
    opened = [field.name for field in fields(kind) if field.name not in sealed and field.name not in keyed]
    lists = {name: hints[name] for name in opened if get_args(_bare(hints[name]))}
    plain = {name: _way(_bare(hints[name])) for name in opened if name not in lists}
    return Shape(kind, table, plain, lists, keyed, sealed)


def _bare(hint: object) -> object:
    parts = [part for part in get_args(hint) if part is not NoneType]
    if NoneType in get_args(hint) and len(parts) == 1:
        return _bare(parts[0])
    return hint.__supertype__ if isinstance(hint, NewType) else hint


def _way(hint: object) -> Decoder | None:
    if hint is AnyStepKind:
        return _KINDS.__getitem__
    return decoder(hint) if isinstance(hint, type) and issubclass(hint, Enum) else None


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
    return select(column, func.count().label("n")).where(*_fitting(table, matches, dialect)).group_by(column)


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
        # Named, because a name of SQLAlchemy's own is drawn by chance, and what a seed plays would not come again.
        given = func.json_each(bindparam(match.name, type_=Text))
        listed = given.table_valued("value", name=f"given_{match.name}")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam(match.name, type_=ARRAY(Text)))


def _is_text(table: Table, match: Match) -> bool:
    return isinstance(table.c[match.column].type, Text)
