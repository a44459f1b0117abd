"""Turns records into rows and rows into records, from the record's type and the marks of its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import NewType, get_args

from sqlalchemy import Table
from sqlalchemy.engine import RowMapping

from trim_bot.domain.site import Site
from trim_bot.storage.columns import FIELDS, PRIVACY, Privacy
from trim_bot.storage.errors import NotStorable
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
from trim_bot.storage.tables import RECORDS

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
    row: dict[str, object] = {name: _flat(getattr(record, name)) for name in shape.plain}
    for name in shape.lists:
        row[name] = to_json(getattr(record, name))
    for field, column in shape.keyed.items():
        row[column] = look_up(shape, field, getattr(record, field), seals)
    if shape.sealed:
        plain = sealed_fields(record, shape.sealed)
        row["sealed"] = seals.seal(shape.table.name, str(row["id"]), str(row["key_id"]), plain)
    return row


def to_record(shape: Shape, row: RowMapping, seals: SealingSession) -> object:
    """The record of a row. Raises NotStorable and the vault's signals, KeyGone among them."""
    values: dict[str, object] = {}
    for name, way in shape.plain.items():
        value = row[name]
        values[name] = value if way is None or value is None else way(value)
    for name, hint in shape.lists.items():
        values[name] = from_json(row[name], hint)
    for field, column in shape.keyed.items():
        values[field] = DIGEST + row[column] if row[column] else ""
    if shape.sealed:
        plain = seals.open(shape.table.name, row["id"], row["key_id"], bytes(row["sealed"]))
        values.update(_fields_of(shape, plain))
    return shape.kind(**values)


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
    return _flat(value)


def storable(value: object) -> bool:
    """Whether both databases can hold a value in an open column: no NUL, no half surrogate pair."""
    if not isinstance(value, str):
        return True
    if "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _flat(value: object) -> object:
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
    return decoder(hint) if isinstance(hint, type) and issubclass(hint, Enum) else None
