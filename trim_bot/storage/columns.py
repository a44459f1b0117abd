"""The kinds of column that tables are built from; each says who could read it in the database file."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, NewType, get_type_hints

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Dialect, LargeBinary, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TEXT

from trim_bot.domain.records import RecordRule, bare

PRIVACY = "privacy"
"""Where a column keeps its mark, in `Column.info`."""
FIELDS = "fields"
"""Which fields of the record a sealed or keyed column stands for, in `Column.info`."""


class Privacy(Enum):
    """What a column gives away to somebody who has the database but no key."""

    OPEN = "open"
    """Readable: ids, states, roles and the times the clock needs. Never a person's own words."""
    KEYED = "keyed"
    """A keyed digest: equal texts can be found, none can be read back."""
    SEALED = "sealed"
    """Ciphertext under the record's own data key, padded; lost for good once that key is destroyed."""


# Both databases sort and compare by bytes, whatever the server's locale.
PLAIN_TEXT = Text().with_variant(TEXT(collation="C"), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An aware time, kept in UTC; on SQLite, which has no zones, as fixed-width text in order of time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time must carry its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives the kept time as an aware one in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _open() -> dict[str, object]:
    return {PRIVACY: Privacy.OPEN}


def organisation() -> Column[str]:
    """Whose row it is; the first part of every key."""
    return Column("organisation", PLAIN_TEXT, primary_key=True, info=_open())


def ident(name: str = "id") -> Column[str]:
    """The id within the organisation."""
    return Column(name, PLAIN_TEXT, primary_key=True, info=_open())


def text(name: str, *, optional: bool = False) -> Column[str]:
    """An id, a state or another fixed word."""
    return Column(name, PLAIN_TEXT, nullable=optional, info=_open())


def several(name: str) -> Column[str]:
    """Ids or fixed words, as JSON."""
    return Column(name, PLAIN_TEXT, nullable=False, info=_open())


def whole(name: str) -> Column[int]:
    """A column for a whole number of 64 bits, open."""
    return Column(name, BigInteger, nullable=False, info=_open())


def flag(name: str) -> Column[bool]:
    """A column for yes or no, open."""
    return Column(name, Boolean, nullable=False, info=_open())


def day(name: str) -> Column[object]:
    """A column for a calendar day without a zone, open."""
    return Column(name, Date, nullable=False, info=_open())


def instant(name: str, *, optional: bool = False) -> Column[datetime]:
    """A column for an aware time, kept in UTC, open."""
    return Column(name, Instant, nullable=optional, info=_open())


def keyed(name: str, field: str) -> Column[str]:
    """The keyed digest of a field, empty when the field is."""
    return Column(name, PLAIN_TEXT, nullable=False, info={PRIVACY: Privacy.KEYED, FIELDS: (field,)})


def sealed(*fields: str) -> Column[bytes]:
    """Some fields of the record, sealed together under its key so that one operation opens them all."""
    return Column("sealed", LargeBinary, nullable=False, info={PRIVACY: Privacy.SEALED, FIELDS: fields})


def columns_of(rule: RecordRule) -> list[Column[Any]]:
    """The columns of a record of a subject's own, but for the organisation; its rule and type hints say what they are.

    Raises ValueError for an open field that could hold words, and for one that no column can hold.
    """
    if not is_dataclass(rule.kind):
        raise ValueError(f"{rule.table} keeps no record")
    hints = get_type_hints(rule.kind)
    hidden = {*rule.sealed, *rule.keyed}
    opened = [one.name for one in fields(rule.kind) if one.name not in hidden]
    found = [_open_column(rule.table, name, hints[name]) for name in opened]
    found += [keyed(f"{name}_key", name) for name in rule.keyed]
    return [*found, sealed(*rule.sealed)] if rule.sealed else found


def _open_column(table: str, name: str, hint: object) -> Column[Any]:
    kind = bare(hint)
    optional = kind is not hint
    if name == "id":
        return ident()
    if isinstance(kind, NewType):
        return text(name, optional=optional)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return text(name, optional=optional)
    if kind is datetime:
        return instant(name, optional=optional)
    plain: Column[Any] | None = None
    if not optional:
        plain = (
            flag(name)
            if kind is bool
            else whole(name)
            if kind is int
            else day(name)
            if kind is date
            else None
        )
    if plain is None:
        raise ValueError(f"{table}.{name} may hold words, or has no column: seal it")
    return plain
