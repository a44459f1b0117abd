"""Writes the template for translators anew, and brings every catalogue up to it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tests.architecture.tree import ROOT
from tests.languages.extracting import sentences
from trim_bot.locale.languages import PATTERN, PATTERNS

FOLDER = ROOT / "trim_bot" / "locale" / "catalogues"
TEMPLATE = FOLDER / "template.pot"
WIDTH = 100
NOT_KEPT = (
    "Generated-By", "Language-Team", "Last-Translator", "PO-Revision-Date", "POT-Creation-Date",
    "Report-Msgid-Bugs-To",
)  # fmt: skip
"""What such files say of when and by whom: the history of the project says it, and it changes with every run."""
COMMENTS = {
    PATTERN: (
        "How a day or a time is put together: the letters are Unicode's (TR 35), their order is the language's. "
        "1 alone is the first of a month, such as 1er."
    ),
}


def template() -> Catalog:
    """Every sentence once, with the files that say it."""
    catalogue = Catalog(project="Peer Support", fuzzy=False, header_comment="# What the desk says.")
    for one in sentences():
        id = (one.english, one.many) if one.many else one.english
        catalogue.add(id, locations=[(one.place, 0)])
    for pattern in PATTERNS:
        catalogue.add(pattern, context=PATTERN, auto_comments=[COMMENTS[PATTERN]])
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """A catalogue as it stands in its file: without days and line numbers, so that only words change it."""
    held = BytesIO()
    write_po(held, catalogue, width=WIDTH, omit_header=catalogue.locale is None, include_lineno=False)
    lines = held.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}: ' for name in NOT_KEPT)))


def read(path: Path) -> Catalog:
    """A language's catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def brought_up(path: Path) -> Catalog:
    """A language's catalogue with every sentence there is now; what is said no more is gone."""
    catalogue, short = read(path), [one for one in read(path) if one.context == "24 letters"]
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    known = {one.id for one in catalogue if not one.context}
    for one in short:
        if one.id in known:
            catalogue.add(one.id, one.string, context=one.context)
    return catalogue


def languages() -> list[Path]:
    """The catalogues there are."""
    return sorted(FOLDER.glob("*.po"))


def write() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_text(as_text(template()), "utf-8")
    for path in languages():
        path.write_text(as_text(brought_up(path)), "utf-8")
