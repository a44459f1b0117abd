"""Values keep their types through JSON, and what does not fit is refused without being quoted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from enum import Enum
from typing import Any

import pytest

from trim_bot.domain.people import Reach
from trim_bot.storage.errors import NotStorable
from trim_bot.storage.records.codec import from_json, opened_fields, sealed_fields, to_json


@dataclass(frozen=True)
class Part:
    """A nested value."""

    at: time
    kind: Reach | None


@dataclass(frozen=True)
class Whole:
    """A record that grew a field."""

    words: Mapping[str, str | tuple[str, ...]]
    parts: tuple[Part, ...]
    since: datetime
    tags: frozenset[str] = frozenset()
    pair: tuple[int, str] = (0, "")


class Strange(Enum):
    """Not a value of any record."""

    ONE = object()
    """Cannot be written."""


WHOLE = Whole(
    {"a": "\ud800\0", "b": ("x", "")},
    (Part(time(7, 30), Reach.PHONE), Part(time(23, 59, 59, 5), None)),
    datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=1))),
    frozenset({"z", "y"}),
    (3, "three"),
)
NAMES = ("words", "parts", "since", "tags", "pair")


def test_values_keep_their_types() -> None:
    plain = sealed_fields(WHOLE, NAMES)
    assert plain.isascii()
    fields: dict[str, Any] = opened_fields(plain, Whole, NAMES)
    opened = Whole(**fields)
    assert opened == WHOLE
    assert opened.since.tzinfo is UTC
    assert type(opened.words["b"]) is tuple


def test_a_field_that_came_later_takes_its_default() -> None:
    plain = sealed_fields(WHOLE, NAMES[:3])
    assert "tags" not in opened_fields(plain, Whole, NAMES)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("secret", str),
        ('"secret"', int),
        ("1", str),
        ('"secret"', Reach),
        ('"secret"', datetime),
        ('{"at":"secret","kind":null}', Part),
        ('{"kind":"secret"}', Part),
        ('["secret", "secret"]', tuple[int, ...]),
        ('["secret"]', tuple[str, str]),
        ('"secret"', tuple[str, ...]),
        ('["secret"]', Mapping[str, str]),
        ('{"secret": 5}', Mapping[str, str | tuple[str, ...]]),
        ('"secret"', int | None),
    ],
)
def test_what_does_not_fit_is_refused_in_silence(text: str, hint: object) -> None:
    with pytest.raises(NotStorable) as caught:
        from_json(text, hint)
    assert "secret" not in str(caught.value) + repr(caught.value.__context__)


@pytest.mark.parametrize(
    "value",
    [object(), b"secret", datetime(2026, 1, 1), {1: "secret"}, Strange.ONE, complex(1, 2), [object()]],  # noqa: DTZ001
)
def test_what_no_record_holds_is_refused(value: object) -> None:
    with pytest.raises(NotStorable):
        to_json(value)


def test_optional_values_may_be_absent() -> None:
    assert from_json("null", int | None) is None
    assert json.loads(to_json((None, True, 1.5))) == [None, True, 1.5]
