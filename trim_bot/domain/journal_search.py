"""What can be looked for in the journal, and what a search found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim_bot.domain.records import Action, JournalEntry


@dataclass(frozen=True, slots=True)
class JournalSearch:
    """Which rows of the journal are looked for; what is empty is not asked."""

    action: Action | None = None
    since: datetime | None = None
    """The first moment, UTC."""
    until: datetime | None = None
    """The moment before which, UTC."""
    about: str = ""
    """An opaque id that did it, or that it was about, alone or in a list."""

    def fits(self, entry: JournalEntry) -> bool:
        """Whether a row is looked for."""
        return (
            self.action in (None, entry.action)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and (not self.about or self.about in (entry.actor, entry.subject, *entry.what.split()[1:]))
        )


@dataclass(frozen=True, slots=True)
class FoundRows:
    """What was found of the journal, newest first, in the part of it that was looked through."""

    rows: tuple[JournalEntry, ...]
    before: int | None
    """Rows with lower numbers than this were not looked at; None where none is left."""
