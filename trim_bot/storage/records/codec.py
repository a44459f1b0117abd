"""Turns the values of records into JSON and back, led by their type hints alone.

It is ours, and not a validation library's, so that no error can quote what a person wrote, and so that any
text survives: lone halves of surrogate pairs too, which some clients do send.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import NewType, Union, get_args, get_origin, get_type_hints

from trim_bot.domain.site import Site
from trim_bot.storage.errors import NotStorable

Decoder = Callable[[object], object]
_SAME = (str, bool, int, float)


def to_json(value: object) -> str:
    """ASCII JSON of a value made of what records hold. Raises NotStorable for anything else."""
    return json.dumps(_plain(value), separators=(",", ":"))


def from_json(text: str, hint: object) -> object:
    """The value of the hinted type. Raises NotStorable when the text does not fit it."""
    try:
        return decoder(hint)(json.loads(text))
    except (KeyError, ValueError, TypeError):
        pass
    raise NotStorable


def sealed_fields(record: object, names: tuple[str, ...]) -> bytes:
    """Some fields of a record as one JSON object."""
    return to_json({name: getattr(record, name) for name in names}).encode("ascii")


def opened_fields(plain: bytes, kind: type[object], names: tuple[str, ...]) -> dict[str, object]:
    """Those fields again. One that was not there yet when it was sealed is left out, for its default."""
    hints = hints_of(kind)
    try:
        held = json.loads(plain)
        return {name: decoder(hints[name])(held[name]) for name in names if name in held}
    except (KeyError, ValueError, TypeError):
        pass
    raise NotStorable


@lru_cache(maxsize=16)
def settings_fields(plain: bytes, kind: type[Site], names: tuple[str, ...]) -> Mapping[str, object]:
    """The fields of settings, which every gesture reads, decoded once for as long as they stay as they are.

    Never of what people said, which no memory keeps beyond the transaction that opened it.
    """
    return opened_fields(plain, kind, names)


_HINTS: dict[type[object], dict[str, object]] = {}


def hints_of(kind: type[object]) -> dict[str, object]:
    """The resolved type hints of a dataclass."""
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]


def _plain(value: object) -> object:
    match value:
        case Enum():
            return _plain(value.value)
        case None | str() | bool() | int() | float():
            return value
        case datetime():
            if value.tzinfo is None:
                raise NotStorable
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case tuple() | list():
            return [_plain(one) for one in value]
        case frozenset():
            return sorted((_plain(one) for one in value), key=str)
        case Mapping():
            if any(type(key) is not str for key in value):
                raise NotStorable
            return {key: _plain(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise NotStorable


@cache
def decoder(hint: object) -> Decoder:
    """What turns plain JSON into a value of the hinted type; it raises KeyError, ValueError or TypeError."""
    if isinstance(hint, NewType):
        return decoder(hint.__supertype__)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _either(parts)
    if origin in (tuple, frozenset):
        return _many(origin, parts)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(decoder(parts[1]))
    if not isinstance(hint, type):
        raise TypeError("no way to keep this type")
    if hint in _SAME or hint is NoneType:
        return _exactly(hint)
    if issubclass(hint, Enum):
        return hint
    if issubclass(hint, datetime | date | time):
        return _moment(hint)
    if is_dataclass(hint):
        return _nested(hint)
    raise TypeError("no way to keep this type")


def _exactly(hint: type[object]) -> Decoder:
    def decode(plain: object) -> object:
        if type(plain) is not hint:
            raise TypeError
        return plain

    return decode


def _moment(hint: type[datetime] | type[date] | type[time]) -> Decoder:
    def decode(plain: object) -> object:
        return hint.fromisoformat(str(plain))

    return decode


def _many(origin: type[object], parts: tuple[object, ...]) -> Decoder:
    make = frozenset if origin is frozenset else tuple
    if len(parts) == 1 or (len(parts) == 2 and parts[1] is Ellipsis):
        each = decoder(parts[0])
        return lambda plain: make(each(one) for one in _list(plain))
    ways = tuple(decoder(part) for part in parts)
    return lambda plain: tuple(way(one) for way, one in zip(ways, _list(plain), strict=True))


def _mapping(each: Decoder) -> Decoder:
    return lambda plain: {key: each(one) for key, one in _dict(plain).items()}


def _nested(hint: type[object]) -> Decoder:
    ways = {name: decoder(part) for name, part in hints_of(hint).items()}

    def decode(plain: object) -> object:
        return hint(**{name: ways[name](one) for name, one in _dict(plain).items() if name in ways})

    return decode


def _either(parts: tuple[object, ...]) -> Decoder:
    ways = tuple(decoder(part) for part in parts if part is not NoneType)
    optional = NoneType in parts

    def decode(plain: object) -> object:
        if plain is None and optional:
            return None
        for way in ways:
            try:
                return way(plain)
            except (KeyError, ValueError, TypeError):
                continue
        raise TypeError

    return decode


def _list(plain: object) -> list[object]:
    if not isinstance(plain, list):
        raise TypeError
    return plain


def _dict(plain: object) -> dict[str, object]:
    if not isinstance(plain, dict):
        raise TypeError
    return plain
