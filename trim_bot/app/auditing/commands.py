"""What an auditor can ask of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trim_bot.app.seam.command import Command, Opening
from trim_bot.domain.records import Action


@dataclass(frozen=True, slots=True)
class OpenJournalRows(Opening):
    """Show what was found of the journal, from a row on; days are ISO, empty for any."""

    kind: Action | None = None
    since: str = ""
    until: str = ""
    about: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class SearchJournal(Command):
    """Look for rows of one kind, of some days, or about one opaque id."""

    kind: Action | None
    first: date | None
    last: date | None
    about: str
