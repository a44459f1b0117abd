"""The auditor's search: its form, and the rows it finds."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.auditing import handlers
from trim_bot.app.auditing.commands import OpenJournalRows, SearchJournal
from trim_bot.app.auditing.scope import AUDITS
from trim_bot.app.seam.links import OpenJournal
from trim_bot.app.seam.route import OutcomeScreen, Route, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    form(
        "journal",
        OpenJournal,
        handlers.open_journal,
        SearchJournal,
        handlers.search,
        Action.SHOWED,
        allow=AUDITS,
        to_all=True,
    ),
    page("journal_rows", OpenJournalRows, handlers.open_rows, allow=AUDITS, reads=True),
)
OUTCOMES: Mapping[str, OutcomeScreen] = {}
STEPS: tuple[StepRule, ...] = ()
RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
