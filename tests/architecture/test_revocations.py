"""Every state, flag and pair of hands of a record has a decision on what a restore does with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from enum import Enum
from typing import get_args

import pytest

from tests.architecture.tree import ROOT
from trim_bot.app.desk.routes import STEPS
from trim_bot.domain.ids import MemberId
from trim_bot.domain.revocations import DROPPED, WRITTEN_WHEN_ADDED, RevocationKind
from trim_bot.domain.steps import AnyStepKind
from trim_bot.storage.backup.taking_backup import LEFT_OUT
from trim_bot.storage.records.codec import hints_of
from trim_bot.storage.tables import RECORDS, kept_pages, sessions, takings_back

PAGE = (ROOT / "docs" / "takings-back.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `(\w+)\.(\w+)` \| ([^|]*)\| (.+) \|$", re.MULTILINE)
_GOES = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)
_KIND = re.compile(r"`([a-z_]+)`")
KINDS = {kind.__name__: kind for kind in RECORDS}


def _parts(hint: object) -> Iterator[object]:
    yield hint
    for part in get_args(hint):
        yield from _parts(part)


def decided_fields(kind: type) -> dict[str, tuple[str, ...]]:
    """Fields of a record that need a decision, each with the values of its enums."""
    hints = hints_of(kind)
    found: dict[str, tuple[str, ...]] = {}
    for field in fields(kind):
        parts = list(_parts(hints[field.name]))
        enums = [part for part in parts if isinstance(part, type) and issubclass(part, Enum)]
        if enums or bool in parts or MemberId in parts:
            found[field.name] = tuple(str(member.value) for enum in enums for member in _members(enum))
    return found


def _members(enum: type[Enum]) -> Iterable[Enum]:
    """Those of an enum; of the kinds of step, every subject's."""
    return tuple(STEPS) if enum is AnyStepKind else enum


def _written() -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (record, field): tuple(state.strip() for state in states.split(",") if state.strip())
        for record, field, states, _ in _ROW.findall(PAGE)
    }


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_state_flag_and_pair_of_hands_is_decided(kind: type) -> None:
    written = _written()
    for field, states in decided_fields(kind).items():
        decision = written.get((kind.__name__, field))
        assert decision is not None, f"decide in docs/takings-back.md what a restore does with {field}"
        assert decision == states, f"decide in docs/takings-back.md on every state of {field}"


def test_nothing_is_decided_that_is_not_there() -> None:
    for record, field in _written():
        assert field in hints_of(KINDS[record])


def test_every_kind_stands_in_the_tables_and_no_other() -> None:
    decisions = [
        *(row[3] for row in _ROW.findall(PAGE)),
        *(row[1] for row in _GOES.findall(PAGE)),
        PAGE[-400:],
    ]
    named = {kind for decision in decisions for kind in _KIND.findall(decision)}
    assert {kind.value for kind in RevocationKind} - named == set()


def test_every_record_that_is_dropped_somewhere_is_decided() -> None:
    written = dict(_GOES.findall(PAGE))
    dropped = set()
    for path in (ROOT / "trim_bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="drop"), args=[ast.Name(id=kind), *_]):
                    dropped.add(kind)
    known = {name for name in dropped if name in KINDS}
    assert known - written.keys() == set(), "decide in docs/takings-back.md what their deletion means"
    assert {kind.__name__ for kind in (*DROPPED, *WRITTEN_WHEN_ADDED)} <= written.keys()


def test_sessions_links_and_codes_are_in_no_backup() -> None:
    assert {sessions.name, kept_pages.name, takings_back.name} == LEFT_OUT


def test_a_new_state_without_a_decision_is_found() -> None:
    written = _written()
    planted = {**written, ("Offer", "state"): written["Offer", "state"][:-1]}
    assert planted["Offer", "state"] != decided_fields(KINDS["Offer"])["state"]
