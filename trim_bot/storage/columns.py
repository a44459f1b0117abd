"""The kinds of column that tables are built from; each says who could read it in the database file."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Dialect, LargeBinary, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TEXT

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
