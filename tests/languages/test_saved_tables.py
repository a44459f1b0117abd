"""A table that can be saved is in its reader's language, says what its page says, and is never run by a spreadsheet."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest

from tests.languages.pseudo import Pseudo
from tests.reading import words_of
from trim_bot.app.bulletins.table_file import BEGINS_A_FORMULA, table_text
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.in_language import in_language, translated
from trim_bot.app.seam.languages import Language
from trim_bot.app.seam.sentences import Sentence, as_given, phrase
from trim_bot.app.seam.views import Done
from trim_bot.locale.languages import LANGUAGES, CatalogueLanguage

WITH_TABLES = {
    name: view
    for name, view in catalogue().items()
    if isinstance(view, Done) and any(file.media_type == "text/csv" for file in view.files)
}
AN_ID = re.compile(r"[a-z_]+|[\d–. -]*|[12]\d{3}-\S+")
"""Numbers, days, and the names that programs know a figure by: the same in every language."""


def french() -> Language:
    found = LANGUAGES.of("fr")
    assert found is not None
    return found


def table_of(view: Done, language: Language) -> tuple[Done, list[list[str]]]:
    """A page in a language, and the rows of the table that is saved from it."""
    said = in_language(view, language)
    assert isinstance(said, Done)
    [text] = [file.text for file in said.files if file.media_type == "text/csv"]
    return said, list(csv.reader(StringIO(text, newline="")))


def test_there_are_such_pages() -> None:
    assert {"status", "bulletin"} <= {view.name for view in WITH_TABLES.values()}


@pytest.mark.parametrize("name", sorted(WITH_TABLES))
def test_no_cell_of_a_saved_table_is_forgotten(name: str) -> None:
    language = Pseudo()
    _, [head, *rows] = table_of(WITH_TABLES[name], language)
    assert language.unknown == []
    assert all(cell.startswith("[") for cell in head)
    in_english = [cell for row in rows for cell in row if not cell.startswith("[")]
    assert [cell for cell in in_english if not AN_ID.fullmatch(cell)] == []


@pytest.mark.parametrize("name", sorted(WITH_TABLES))
@pytest.mark.parametrize("language", [Pseudo(), french()], ids=["pseudo", "fr"])
def test_it_says_what_the_page_says(name: str, language: Language) -> None:
    page, [_, *rows] = table_of(WITH_TABLES[name], language)
    said = words_of(page).replace("\xa0", " ")
    told = [cell.replace("\xa0", " ") for row in rows for cell in row if not AN_ID.fullmatch(cell)]
    assert told and [cell for cell in told if cell not in said] == []


def test_what_was_put_together_by_hand_is_found() -> None:
    language = Pseudo()
    translated(table_text([(phrase("part"), f"{3} people"), (as_given("came"), 3)]), language)
    assert language.unknown == ["3 people"]


@pytest.mark.parametrize("start", BEGINS_A_FORMULA)
def test_a_translation_is_made_safe_as_well(start: str) -> None:
    """Whoever writes a catalogue could put a formula into it, knowing or not."""
    french_of = {("", "Full"): f"{start}HYPERLINK(1)"}
    language = CatalogueLanguage("xx", "X", False, french_of, {}, frozenset(), lambda n: 0)
    [[cell]] = csv.reader(StringIO(translated(table_text([("Full",)]), language), newline=""))
    assert cell == f"'{start}HYPERLINK(1)"


def test_every_other_file_is_for_programs() -> None:
    """A bulletin's data as it was signed, and the settings as the command line reads them: alike for everybody."""
    files = [file for view in catalogue().values() if isinstance(view, Done) for file in view.files]
    kinds = {file.media_type for file in files if not isinstance(file.text, Sentence)}
    assert kinds == {"application/json", "application/toml"}
