"""What is written for those who decide is true: each proof is there, and what the program can say, it says itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import retention
from tests.architecture.test_docs import unknown_files
from tests.architecture.test_promises import NAMED, defined
from tests.architecture.tree import ROOT, name
from trim_bot.app.own.breach_report import KEPT_OF
from trim_bot.app.own.what_was_taken import Taken
from trim_bot.domain.people import Account, Joined
from trim_bot.domain.records import Erasure, Session
from trim_bot.domain.steps import Outgoing
from trim_bot.storage import tables
from trim_bot.storage.keys.key_tables import metadata as key_tables
from trim_bot.storage.ledger.ledger_tables import metadata as ledger_tables

TRUST = ROOT / "docs" / "trust"
DOCUMENTS = [*sorted(TRUST.glob("*.md")), ROOT / "SECURITY.md"]
WANTED = dict(line.split() for line in (ROOT / "tests/architecture/asvs.txt").read_text("utf-8").splitlines())
"""The numbers of the requirements of OWASP ASVS 5.0 at levels 1 and 2, each with its level."""
STATES = {"met", "site", "in part", "not met", "not here"}
EVIDENCE = re.compile(r"`[^`]+`|\]\([^)]+\)")
KNOWN_ONLY = {Account, Joined, Session, Outgoing, Erasure}
"""Records that say no more of somebody than that the desk knows them, or is about to write to them or erase them."""
HEADS = ("| If ", "| # ", "| --- ", "| Who ", "| What ")


def rows(text: str) -> Iterator[tuple[str, ...]]:
    """The cells of every line of a table, but for its head."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(HEADS):
            yield tuple(cell.strip() for cell in line.strip("| ").split(" | "))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_proof_that_is_named_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    gone = [f"{file}::{test}" for file, test in NAMED.findall(text) if test not in defined(ROOT / file)]
    assert gone == []
    assert unknown_files(text) == []
    # A name that the pattern above does not read would be looked at by nobody.
    assert len(re.findall(r"`tests/[^`]+::", text)) == len(NAMED.findall(text))


def test_every_line_of_the_threats_has_a_proof_or_says_that_it_has_none() -> None:
    found = list(rows((TRUST / "threats.md").read_text("utf-8")))
    bare = [
        row[0]
        for row in found
        if len(row) != 4 or not (NAMED.search(row[3]) or row[3].startswith("No proof"))
    ]
    assert bare == []
    assert len(found) >= 17


def test_whatever_can_be_taken_has_its_line_among_the_threats() -> None:
    text = (TRUST / "threats.md").read_text("utf-8").casefold()
    assert {one.value for one in Taken if f"`{one.value}`" not in text} == set()


def test_every_requirement_of_the_standard_has_one_line() -> None:
    found = Counter(row[0] for row in rows((TRUST / "asvs.md").read_text("utf-8")))
    assert {id: found[id] for id in {*WANTED, *found} if found[id] != 1 or id not in WANTED} == {}


def test_each_of_them_says_its_level_where_it_stands_and_by_what() -> None:
    wrong = []
    for id, level, about, state, evidence in rows((TRUST / "asvs.md").read_text("utf-8")):
        proven = EVIDENCE.search(evidence) if state in ("met", "in part") else len(evidence) > 10
        if WANTED.get(id) != level or not about or state not in STATES or not proven:
            wrong.append(id)
    assert wrong == []


def test_the_sums_of_the_standard_are_those_of_its_lines() -> None:
    text = (TRUST / "asvs.md").read_text("utf-8")
    states = Counter(row[3] for row in rows(text))
    assert {state: f"{states[state]} {state}" in text for state in STATES} == dict.fromkeys(STATES, True)


def test_what_is_kept_and_how_long_is_what_the_program_says() -> None:
    stores = (
        (tables.metadata, retention.DATA),
        (key_tables, retention.KEYS),
        (ledger_tables, retention.LEDGER),
    )
    for metadata, told in stores:
        assert set(metadata.tables) == set(told), "say in tests/architecture/retention.py how long it is kept"
    written = (TRUST / "retention.md").read_text("utf-8")
    assert written == retention.document(), "run make retention, and read what changed"


def test_gaps_for_the_site_are_marked() -> None:
    for one in ("dpia.md", "processing-records.md"):
        assert "**Yours:**" in (TRUST / one).read_text("utf-8"), one


def test_every_record_about_somebody_is_told_after_a_breach() -> None:
    about = {kind for kind in tables.RECORDS if {"MemberId", "MemberId | None"} & {_hint(kind, "member_id")}}
    assert about - KNOWN_ONLY == {record for records in KEPT_OF.values() for record in records}


def _hint(kind: type[object], field: str) -> str:
    return str(getattr(kind, "__annotations__", {}).get(field))


def test_what_is_missing_is_found() -> None:
    assert list(rows("| # | a |\n| --- | --- |\n| 1.1.1 | 2 |\n")) == [("1.1.1", "2")]
    assert NAMED.findall("`tests/no.py::test_it`") == [("tests/no.py", "test_it")]
    assert "test_it" not in defined(ROOT / "tests/no.py")
