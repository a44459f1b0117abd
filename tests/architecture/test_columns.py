"""Every column says what it gives away, and every field that can hold a person's words is sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import NewType, get_args, get_type_hints

import pytest
from sqlalchemy import Boolean, Column, Date, LargeBinary, Table, Text

from tests.fakes.privacy import KEYED, SEALED, searchable, sortable
from trim_bot.domain.ids import CaseId, KeyId, MemberId
from trim_bot.domain.records import RecordRule
from trim_bot.storage.columns import FIELDS, PRIVACY, Instant, Privacy, columns_of
from trim_bot.storage.records.bound_columns import BOUND, NOT_BOUND
from trim_bot.storage.records.rows import shape_of
from trim_bot.storage.tables import RECORDS, metadata

# Plain text on purpose: names of ours, of definitions, of screens and states, and handles of a platform.
OPEN_WORDS = {
    # Bands, such as 10–14.
    "week_status.practitioners",
    "week_status.leads",
    "incident.programme",
    "offer.programme",
    "support_case.programme",
    "support_case.notice",
    "check_in.stage",
    "check_in.programme",
    "interview.questionnaire",
    "step.subject",
    "outgoing.kind",
    "outgoing.about",
    "outgoing.handle",
    "stored_outcome.screen",
    "stored_outcome.ids",
    "reporting_line.person",  # digests already, so that the line can be followed upwards
    "reporting_line.manager",
    "session.purpose",
    "kept_page.holder",  # a digest
    "kept_page.member_id",  # an id, or nothing
    "kept_page.kept",  # ciphertext, sealed with a secret that is in none of the stores
    "bulletin.period",  # published, and so are its figures
    "bulletin.body",
    "bulletin.signature",
    "counted_person.cell",
    "account.listed_as",  # a keyed digest
}


def _columns() -> Iterator[tuple[Table, Column]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            yield table, column


@pytest.mark.parametrize(("table", "column"), list(_columns()), ids=str)
def test_a_column_is_marked_and_has_the_type_of_its_mark(table: Table, column: Column) -> None:
    match column.info[PRIVACY]:
        case Privacy.SEALED:
            assert isinstance(column.type, LargeBinary)
            assert column.info[FIELDS]
            assert "key_id" in table.columns
        case Privacy.KEYED:
            assert isinstance(column.type, Text)
            assert len(column.info[FIELDS]) == 1
        case Privacy.OPEN:
            assert not isinstance(column.type, LargeBinary)
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_a_table_carries_the_organisation(table: Table) -> None:
    assert "organisation" in table.columns


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_field_of_a_record_is_kept_once(kind: type[object]) -> None:
    assert is_dataclass(kind)
    shape = shape_of(kind)
    kept = [
        *shape.plain,
        *shape.lists,
        *shape.sealed,
        *(name for name in shape.keyed if name not in shape.sealed),
    ]
    assert sorted(kept) == sorted(field.name for field in fields(kind))
    marks = {column.name for column in shape.table.columns if column.info[PRIVACY] is Privacy.OPEN}
    assert marks == {"organisation", *shape.plain, *shape.lists}


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_open_text_is_an_id_or_on_the_list(kind: type[object]) -> None:
    shape = shape_of(kind)
    hints = get_type_hints(kind)
    words = {
        name
        for name in [*shape.plain, *shape.lists]
        if name != "id" and not _is_id(hints[name]) and _may_hold_words(shape.table.c[name])
        and shape.plain.get(name) is None
    }  # fmt: skip
    assert {f"{shape.table.name}.{name}" for name in words} <= OPEN_WORDS


def test_the_list_names_nothing_that_is_not_there() -> None:
    assert {f"{table.name}.{column.name}" for table, column in _columns()} >= OPEN_WORDS


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_the_store_of_the_tests_seals_the_same_fields(kind: type[object]) -> None:
    shape = shape_of(kind)
    assert frozenset(shape.sealed) == SEALED.get(kind, frozenset())
    assert frozenset(shape.keyed) == KEYED.get(kind, frozenset())
    assert sortable(kind) == set(shape.plain)
    assert searchable(kind) == set(shape.plain) | set(shape.keyed)


@dataclass(frozen=True)
class Kept:
    id: str
    key_id: KeyId
    member_id: MemberId
    case_id: CaseId | None
    companion: MemberId | None
    said: str
    at: datetime


@dataclass(frozen=True)
class Many:
    id: str
    key_id: KeyId
    walkers: tuple[MemberId, ...]


BOTH = ("member_id", "case_id")
ERASED = "becomes of it"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: RecordRule(Kept, "kept", ("said",), goes_with=BOTH), ERASED),
        (lambda: RecordRule(Kept, "kept", ("said", "companion"), goes_with=BOTH), ERASED),
        (lambda: RecordRule(Kept, "kept", ("said",), goes_with=(*BOTH, "at"), lets_go_of=("companion",)), ERASED),
        (lambda: RecordRule(Kept, "kept", ("said",), goes_with=("case_id", "companion"), lets_go_of=("member_id",)),
         "lets go only"),
        (lambda: RecordRule(Kept, "kept", ("said",), goes_with=("member_id", "companion"), lets_go_of=("case_id",)),
         "lets go only"),
        (lambda: RecordRule(Kept, "kept", ("words",), goes_with=BOTH, lets_go_of=("companion",)), "not there"),
        (lambda: RecordRule(Many, "many", ("walkers",)), ERASED),
        (lambda: RecordRule(Many, "many"), ERASED),
        (lambda: columns_of(RecordRule(Kept, "kept", goes_with=BOTH, lets_go_of=("companion",))), "kept.said may hold"),
    ],
)  # fmt: skip
def test_a_rule_of_a_subject_that_leaves_something_out_is_refused(
    wrong: Callable[[], object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        wrong()


def test_a_rule_that_leaves_nothing_out_has_its_columns() -> None:
    rule = RecordRule(Kept, "kept", ("said",), goes_with=BOTH, lets_go_of=("companion",))
    open_ones = {"id", "key_id", "member_id", "case_id", "companion", "at"}
    assert {column.name for column in columns_of(rule)} == open_ones | {"sealed"}


def _is_id(hint: object) -> bool:
    return any(isinstance(part, NewType) for part in (hint, *get_args(hint)))


def _may_hold_words(column: Column) -> bool:
    return not isinstance(column.type, Boolean | Date | Instant) and isinstance(column.type, Text)


def test_every_table_is_bound_by_the_journal_or_says_why_not() -> None:
    told = {*BOUND, *NOT_BOUND}
    assert told == set(metadata.tables)
    assert not {*BOUND} & {*NOT_BOUND}
    assert all(set(names) <= set(metadata.tables[table].columns.keys()) for table, names in BOUND.items())
