"""Finds rows of one organisation's journal by kind, time or opaque id, a bounded stretch of the chain at a time."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from trim_bot.domain.journal_search import FoundRows, JournalSearch
from trim_bot.domain.records import Action, JournalEntry
from trim_bot.storage.tables import journal

STRETCH = 20_000
"""Numbers of the chain that one search looks through."""


def found_in(
    connection: Connection, organisation: str, wanted: JournalSearch, before: int | None, limit: int
) -> FoundRows:
    """At most `limit` rows that fit, newest first, with lower numbers than `before`."""
    mine = journal.c.organisation == organisation
    if before is None:
        last = connection.scalar(select(journal.c.seq).where(mine).order_by(journal.c.seq.desc()).limit(1))
        before = (last or 0) + 1
    lowest = max(before - STRETCH, 1)
    query = select(journal).where(mine, journal.c.seq >= lowest, journal.c.seq < before)
    if wanted.action is not None:
        query = query.where(journal.c.action == wanted.action.value)
    if wanted.since is not None:
        query = query.where(journal.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(journal.c.at < wanted.until)
    if wanted.about:
        query = query.where(
            or_(
                journal.c.actor == wanted.about,
                journal.c.subject == wanted.about,
                journal.c.what.contains(f" {wanted.about}", autoescape=True),
            )
        )
    rows = connection.execute(query.order_by(journal.c.seq.desc()).limit(limit + 1)).mappings().all()
    found = [
        JournalEntry(
            row["seq"],
            row["at"],
            row["actor"],
            Action(row["action"]),
            row["what"],
            row["subject"],
            1,
            row["digest"],
        )
        for row in rows
    ]
    shown = tuple(one for one in found[:limit] if wanted.fits(one))
    if len(found) > limit:
        return FoundRows(shown, found[limit - 1].seq)
    return FoundRows(shown, lowest if lowest > 1 else None)
