"""A sentence that a language lacks is shown in English and counted, with no word of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from integrations.web.figures import LACKING_STEP, ProcessFigures
from trim_bot.app.seam.in_language import translated
from trim_bot.app.seam.languages import ENGLISH, DayForm
from trim_bot.app.seam.sentences import as_given, capitalised, joined, listed, phrase, phrase_of
from trim_bot.app.words.times import spoken
from trim_bot.locale.languages import LANGUAGES, CatalogueLanguage, missing

HALF = CatalogueLanguage(
    "xx", "Half", False, {("", "Open"): "Ouvert"}, {}, frozenset({("", "Close")}), lambda n: int(n > 1)
)


@pytest.fixture(autouse=True)
def counted() -> Iterator[None]:
    missing.clear()
    yield
    missing.clear()


def test_it_is_shown_in_english_and_counted() -> None:
    assert [translated(text, HALF) for text in ("Open", "Close", "Close")] == ["Ouvert", "Close", "Close"]
    assert translated(phrase_of(2, "One thing", "{n} things"), HALF) == "2 things"
    assert missing == {"xx": 3}


def test_what_is_no_sentence_of_ours_is_neither_translated_nor_counted() -> None:
    assert translated("Alex Byrne", HALF) == "Alex Byrne"
    assert translated(as_given("Open"), HALF) == "Open"
    assert missing == {}


def test_how_often_is_told_in_whole_hundreds() -> None:
    missing["xx"] = 2 * LACKING_STEP + 7
    figures = [one for one in ProcessFigures().collect() if one.name == "trim_bot_sentences_missing"]
    assert [(one.labels, one.value) for one in figures[0].samples] == [({"language": "xx"}, 200.0)]


def test_english_needs_no_catalogue_and_other_codes_lead_to_no_file() -> None:
    assert LANGUAGES.of("en-GB") is ENGLISH
    assert [LANGUAGES.of(code) for code in ("", "xx", "../fr", "template", "fr.po")] == [None] * 5


def test_values_are_somebodys_own_and_braces_in_them_are_left_alone() -> None:
    assert phrase("Hello, {name}", name="{name} {day}") == "Hello, {name} {day}"
    assert phrase("A brace { and {unknown}") == "A brace { and {unknown}"


def test_days_times_and_lists_are_the_languages_own() -> None:
    french = LANGUAGES.of("fr")
    assert french is not None
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert spoken(at, ZoneInfo("Europe/Paris")) == "Tuesday 24 November, 10:00"
    assert translated(spoken(at, ZoneInfo("Europe/Paris")), french) == "mardi 24 novembre, 10:00"
    assert french.day(date(2026, 11, 24), DayForm.DATE) == "24 novembre 2026"
    assert french.day(date(2026, 12, 1), DayForm.DAY) == "mardi 1er décembre"
    assert french.day(date(2001, 12, 11), DayForm.DAY_AND_YEAR) == "mardi 11 décembre 2001"
    assert translated(listed(["Maya", "Priya", phrase("nobody")]), french) == "Maya, Priya et personne"
    assert translated(capitalised(joined((phrase("nobody"), "Maya"))), french) == "Personne Maya"


@pytest.mark.parametrize(("n", "said"), [(0, "0 jour"), (1, "1 jour"), (2, "2 jours"), (21, "21 jours")])
def test_what_counts_has_the_form_of_its_number(n: int, said: str) -> None:
    french = LANGUAGES.of("fr")
    assert french is not None
    assert translated(phrase_of(n, "1 day", "{n} days"), french) == said
