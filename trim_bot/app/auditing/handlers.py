"""Searches the journal for an auditor; what the ids stand for is nowhere here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.auditing import screens
from trim_bot.app.auditing.commands import OpenJournalRows, SearchJournal
from trim_bot.app.auditing.scope import Auditing
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenJournal
from trim_bot.app.seam.unsigned import Screen
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.journal_search import JournalSearch

DAY = timedelta(days=1)


def open_journal(auditing: Auditing, command: OpenJournal) -> Screen:
    """The form for a search."""
    return screens.search_form()


def search(auditing: Auditing, command: SearchJournal) -> Screen:
    """The newest rows that fit. Raises Invalid for days the wrong way round."""
    if command.first is not None and command.last is not None and command.last < command.first:
        raise Invalid(last=mending.LAST_BEFORE_FIRST)
    return _found(
        auditing,
        OpenJournalRows(
            command.kind,
            command.first.isoformat() if command.first is not None else "",
            command.last.isoformat() if command.last is not None else "",
            command.about.strip(),
        ),
    )


def open_rows(auditing: Auditing, command: OpenJournalRows) -> Screen:
    """What follows a row of a search. Raises NotOpen for what no search is."""
    return _found(auditing, command)


def _found(auditing: Auditing, asked: OpenJournalRows) -> Screen:
    zone = auditing.zone
    try:
        wanted = JournalSearch(
            asked.kind,
            _begin(date.fromisoformat(asked.since), zone) if asked.since else None,
            _begin(date.fromisoformat(asked.until) + DAY, zone) if asked.until else None,
            asked.about,
        )
        before = int(asked.before) if asked.before else None
    except ValueError:
        raise NotOpen("search") from None
    return screens.rows_page(auditing.journal.found(wanted, before), asked, zone)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
