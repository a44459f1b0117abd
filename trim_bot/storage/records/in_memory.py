"""Searches among records in memory, with the very answers that the database would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from datetime import date
from typing import TypeVar, cast

from trim_bot.storage.records.rows import DIGEST, Shape, flat, look_up
from trim_bot.storage.records.sealing import SealingSession
from trim_bot.storage.records.seen import Reader

R = TypeVar("R")


def columns_of(shape: Shape, seals: SealingSession) -> Reader:
    """What tells what the column of an open or keyed field holds for a record of this shape."""

    def column(record: object, field: str) -> object:
        value = getattr(record, field)
        return look_up(shape, field, value, seals) if field in shape.keyed else flat(value)

    return column


def in_order(records: list[R], order_by: str) -> list[R]:
    """Sorted by an open field and then by id; empty ones first, or last for a field with `-` before it."""
    field, downwards = order_by.removeprefix("-"), order_by.startswith("-")
    by_id = sorted(records, key=lambda one: str(getattr(one, "id")))  # noqa: B009 (every record has one)
    return sorted(by_id, key=lambda one: _place(flat(getattr(one, field))), reverse=downwards)


def _place(value: object) -> tuple[bool, date | str | int]:
    return value is not None, cast("date | str | int", value if value is not None else 0)


def as_read(shape: Shape, record: R, row: Mapping[str, object]) -> R:
    """A record as it reads back from the row that it was written to."""
    alone = {
        field: f"{DIGEST}{row[column]}" if row[column] else ""
        for field, column in shape.keyed.items()
        if field not in shape.sealed
    }
    return replace(record, **alone) if alone and is_dataclass(record) else record  # type: ignore[type-var]  # a record is one
