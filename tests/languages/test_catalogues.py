"""The catalogues: up to what the desk says, with the same values in every language, complete where it is promised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tests.languages.catalogues import TEMPLATE, as_text, brought_up, languages, read, template
from trim_bot.app.seam.languages import DayForm
from trim_bot.locale.languages import LANGUAGES

FIELD = re.compile(r"\{\w+\}")
COMPLETE = frozenset({"fr"})
"""Languages that are promised to be complete."""


def test_the_template_has_every_sentence() -> None:
    assert TEMPLATE.read_text("utf-8") == as_text(template()), "run: make words"


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_a_catalogue_has_every_sentence_and_no_other(path: Path) -> None:
    assert path.read_text("utf-8") == as_text(brought_up(path)), "run: make words"


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_the_values_of_a_sentence_are_the_same_in_every_language(path: Path) -> None:
    assert [message.id for message in read(path) if message.id and list(faults(message))] == []


def faults(message: Message) -> Iterator[str]:
    """Values that a translation lacks, or that no sentence gives."""
    english = (message.id,) if isinstance(message.id, str) else message.id
    said = (message.string,) if isinstance(message.string, str) else message.string or ()
    given = [set(FIELD.findall(text)) for text in english]
    for number, text in enumerate(said):
        named = set(FIELD.findall(text))
        # Where it counts, a form may leave the number out, as the English for one does.
        needed = set.intersection(*given) if number == 0 else given[-1]
        if text and not (needed <= named <= set.union(*given)):
            yield text


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_a_complete_language_lacks_no_sentence(path: Path) -> None:
    if path.stem in COMPLETE:
        waiting = [message.id for message in read(path) if message.id and not said(message)]
        assert not waiting


def said(message: Message) -> bool:
    """Whether a sentence is translated, in each of its forms."""
    found = message.string
    return not message.fuzzy and (bool(found) if isinstance(found, str) else bool(found) and all(found or ()))


def test_a_lost_value_is_found() -> None:
    assert list(faults(Message("Hello, {name}", "Bonjour"))) == ["Bonjour"]
    assert list(faults(Message("Hello, {name}", "Bonjour {nom}"))) == ["Bonjour {nom}"]
    assert list(faults(Message("Hello, {name}", "Bonjour, {name}"))) == []


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.stem)
def test_the_patterns_of_days_and_times_can_be_read(path: Path) -> None:
    language = LANGUAGES.of(path.stem)
    assert language is not None
    for day in (date(2026, 1, 1), date(2026, 5, 11), date(2024, 2, 29)):
        for form in DayForm:
            said = language.day(day, form)
            assert re.search(r"\d", said) and not re.search(r"[EMdy]{2,}", said)
            assert ("2" in said and str(day.year) in said) is (form is not DayForm.DAY)
    assert {digit for digit in language.clock(14, 5) if digit.isdigit()} == {"1", "4", "0", "5"}
