"""The copy of one's own record in other languages: every name and answer in it is said, nothing of anybody's is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import get_args, get_type_hints

import pytest

from tests.app.beginnings import open_case_for
from tests.app.conftest import peopled
from tests.languages.pseudo import Pseudo
from tests.languages.test_catalogues import COMPLETE
from trim_bot.app.desk.reader_language import of_member
from trim_bot.app.desk.routes import RECORD_RULES
from trim_bot.app.own import copy_words
from trim_bot.app.own.copy_words import ANSWERS, NAMES, copy_in
from trim_bot.app.own.subject_access_copy import _LEFT_OUT, subject_access_copy
from trim_bot.app.seam.languages import ENGLISH
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case, CheckIn, Interview
from trim_bot.domain.incidents import Exposure, Offer
from trim_bot.domain.people import Grant, Member, Training
from trim_bot.domain.records import Action
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import SupportRequest
from trim_bot.locale.languages import LANGUAGES

COPIED: tuple[type[object], ...] = (
    Member, Grant, Training, Exposure, Offer, SupportRequest, Case, CheckIn, Interview, Referral,
    *(rule.kind for rule in RECORD_RULES),
)  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def within(kind: object, seen: set[object]) -> Iterator[str | type[Enum]]:
    """Names of what a record holds, and the kinds of its closed answers, all the way down."""
    if kind in seen:
        return
    seen.add(kind)
    for one in get_args(kind):
        yield from within(one, seen)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            if field.name not in _LEFT_OUT:
                yield field.name
                yield from within(hints[field.name], seen)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield kind


def lacking() -> set[str]:
    """What the copy could hold and has no words for."""
    found = [one for kind in COPIED for one in within(kind, set())]
    names = {one for one in found if isinstance(one, str)} | {rule.table for rule in RECORD_RULES}
    answers = {str(one.value) for kind in (*found, Action) if isinstance(kind, type) for one in kind}
    return (names - NAMES.keys()) | (answers - ANSWERS.keys())


def test_all_that_a_copy_can_hold_has_words() -> None:
    assert lacking() == set()


def test_a_name_and_an_answer_without_words_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    names, answers = dict(NAMES), dict(ANSWERS)
    del names["best_time"], answers["declined"]
    monkeypatch.setitem(globals(), "NAMES", names)
    monkeypatch.setitem(globals(), "ANSWERS", answers)
    assert lacking() == {"best_time", "declined"}
    assert copy_words.NAMES is not names


@pytest.mark.parametrize("code", sorted(COMPLETE))
def test_no_two_names_are_called_the_same_so_that_neither_is_lost(code: str) -> None:
    language = LANGUAGES.of(code)
    assert language is not None
    said = [language.sentence(words) for words in NAMES.values()]
    assert sorted(said) == sorted(set(said))


def names_in(told: object) -> Iterator[str]:
    match told:
        case dict():
            for name, one in told.items():
                yield str(name)
                yield from names_in(one)
        case list():
            for one in told:
                yield from names_in(one)


@pytest.mark.anyio
async def test_a_copy_is_said_in_the_language_of_whoever_it_is_about() -> None:
    town = await peopled()
    await open_case_for(town, "nurse", holder="priya")
    address = town.actor("nurse").address
    copy = await town.write(lambda tx: subject_access_copy(tx, address, town.clock.now(), RECORD_RULES))
    language = Pseudo()
    said = copy_in(copy, language)
    assert language.unknown == []
    assert [name for name in names_in(said) if not name.startswith("[")] == []
    text = json.dumps(said, ensure_ascii=False)
    assert "Nurse" in text and " UTC" in text
    assert json.loads(json.dumps(copy))["person"]["name"] == "Nurse"
    assert json.dumps(copy_in(copy, ENGLISH)) == json.dumps(copy)
    french = LANGUAGES.of("fr")
    assert french is not None
    read = json.loads(json.dumps(copy_in(copy, french)))
    assert read["Personne"]["Nom"] == "Nurse"
    assert read["Accompagnements"][0]["État"] == "en cours"


@pytest.mark.anyio
async def test_the_language_is_theirs_else_that_of_their_site() -> None:
    town = await peopled()
    await town.settle(languages=("fr", "en"))

    def body(work: UnitOfWork) -> list[str]:
        nurse = work.tx.get(Member, town.ids["nurse"])
        assert nurse is not None
        members = [nurse, replace(nurse, reads="en"), None]
        return [of_member(member, work.site, LANGUAGES).code for member in members]

    assert await town.work(body) == ["fr", "en", "fr"]
