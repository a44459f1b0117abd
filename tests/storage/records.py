"""Records of every type with values as nasty as their fields allow, led by the type hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from tests.fakes.privacy import KEYED, SEALED
from trim_bot.domain.calendar import Shift, WorkingHours

MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLOCK = st.times()
TIDY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["\0", "\ud800", "'; DROP TABLE member; --", "%s :id {}", "é" * 3000, "\U0001f469‍\U0001f692"]
    ),
)


def records(kind: type[object]) -> st.SearchStrategy[Any]:
    """Records of a type; only sealed fields may hold text that no open column could keep."""
    return _built(kind, SEALED.get(kind, frozenset()) | KEYED.get(kind, frozenset()))


def _built(kind: type[object], nasty: frozenset[str]) -> st.SearchStrategy[Any]:
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{field.name: _of(hints[field.name], field.name in nasty) for field in fields(kind)}
    )


def _of(hint: Any, nasty: bool) -> st.SearchStrategy[Any]:
    if isinstance(hint, NewType):
        return _of(hint.__supertype__, nasty)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of(*(_of(part, nasty) for part in parts))
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(_of(parts[0], nasty), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(_of(part, nasty) for part in parts))
    if origin is Mapping:
        return st.dictionaries(_of(parts[0], nasty), _of(parts[1], nasty), max_size=3)
    if hint is WorkingHours:
        week = st.lists(st.lists(st.tuples(CLOCK, CLOCK), max_size=2).map(tuple), min_size=7, max_size=7)
        zones = st.sampled_from(["Europe/London", "Pacific/Chatham", "UTC"])
        return st.builds(WorkingHours, zone=zones, week=week.map(tuple))
    if hint is Shift:
        lengths = st.timedeltas(timedelta(seconds=1), timedelta(days=2))
        return st.tuples(MOMENTS, lengths).map(lambda shift: Shift(shift[0], shift[0] + shift[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        # An enum that subjects add to has no members of its own, only classes that have.
        return st.sampled_from([one for kind in (hint, *hint.__subclasses__()) for one in kind])
    if isinstance(hint, type) and is_dataclass(hint):
        return _built(hint, frozenset(field.name for field in fields(hint)) if nasty else frozenset())
    simple: dict[object, st.SearchStrategy[Any]] = {
        NoneType: st.none(),
        bool: st.booleans(),
        int: st.integers(-(2**40), 2**40),
        str: NASTY if nasty else TIDY,
        datetime: MOMENTS,
        date: st.dates(date(1950, 1, 1), date(2200, 1, 1)),
        time: CLOCK,
    }
    return simple[hint]
