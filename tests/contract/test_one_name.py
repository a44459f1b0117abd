"""One thing has one name on every screen and in every document, and every title fits where a chat shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.slack import wire
from tests.contract.screens import screens
from tests.reading import texts
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.examples.sample import DEFINITIONS
from trim_bot.app.seam.views import Done, FieldErrors, Form, Text, View
from trim_bot.app.words import adapter_words, page_words

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    path
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if "adr" not in path.parts and path.name != "glossary.md"
)


def other_names(glossary: str) -> Iterator[str]:
    """What the glossary says that a thing is not called."""
    section = glossary.partition("## On screens\n")[2].partition("\n## ")[0]
    for line in re.findall(r"^\| .+ \|$", section, re.MULTILINE)[2:]:
        yield from (one.strip() for one in line.split("|")[2].split(","))


PUBLISHED = frozenset(one.note for one in DEFINITIONS.questionnaires.values())
"""What stands on screens as a published questionnaire has it, which never changes."""
OTHER = tuple(other_names(GLOSSARY))


def wrongly_named(said: str) -> list[str]:
    """Each other name that stands in a text, as a word of its own; the name of a screen begins with a capital."""
    return [name for name in OTHER if re.search(rf"\b{_either(name)}s?\b", said)]


def _either(name: str) -> str:
    return re.escape(name) if name[0].isupper() else f"[{name[0].upper()}{name[0]}]{re.escape(name[1:])}"


def title(view: View) -> str:
    """The title of a view; empty where it has none."""
    match view:
        case FieldErrors(form=form):
            return form.title
        case Form(title=text) | Done(title=text):
            return text
        case _:
            return ""


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_title_fits_where_slack_shows_it(name: str) -> None:
    assert len(title(catalogue()[name])) <= wire.TITLE, title(catalogue()[name])


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_screen_calls_a_thing_by_its_name(name: str) -> None:
    said = "\n".join(one for one in texts(screens()[name]) if one not in PUBLISHED)
    assert wrongly_named(said) == []


@pytest.mark.parametrize("module", [adapter_words, page_words], ids=lambda one: one.__name__)
def test_what_an_adapter_says_itself_does_too(module: object) -> None:
    said = [one for name, one in vars(module).items() if name.isupper() and isinstance(one, str)]
    assert said and wrongly_named("\n".join(said)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_document_does_too(path: Path) -> None:
    prose = re.sub(r"`[^`]*`", "", re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.S | re.M))
    # What is italic is the name of a screen; "who serves" in a sentence is none.
    named = [one for one in wrongly_named(prose) if one != "Who serves" or "*Who serves*" in prose]
    assert named == []


def test_the_glossary_has_them_and_a_wrong_name_is_found() -> None:
    assert {"conversation", "What is mine", "Who serves"} <= set(OTHER)
    assert wrongly_named("Two conversations") == ["conversation"]
    assert title(Form("x", "A title", (Text("x"),))) == "A title"
