"""Examples of what an auditor sees."""

from __future__ import annotations

from trim_bot.app.auditing import screens
from trim_bot.app.auditing.commands import OpenJournalRows
from trim_bot.app.examples.sample import NOW, Example, Mended, Sample
from trim_bot.app.seam import mending
from trim_bot.domain.journal_search import FoundRows
from trim_bot.domain.records import Action, JournalEntry

BY, ABOUT = "k3v9q2m7x4c8n5b6p2r7t9w3y4", "m7x4c8n5b6p2r7t9w3y4k3v9q2"


def views(sample: Sample) -> dict[str, Example]:
    """The form, rows, and a search that found none."""
    rows = tuple(
        JournalEntry(40 - n, NOW, BY, action, "case", ABOUT, 1, "") for n, action in enumerate(Action)
    )
    asked, later = OpenJournalRows(Action.SHOWED, "2026-11-01"), OpenJournalRows(Action.SHOWED, before="20")
    typed = {"kind": "", "first": "2026-11-20", "last": "2026-11-01", "about": ""}
    return {
        "journal/open": screens.search_form(),
        "journal/to_mend": Mended(screens.search_form(), {"last": mending.LAST_BEFORE_FIRST}, typed),
        "journal_rows/some": screens.rows_page(FoundRows(rows[:3], 26), asked, sample.zone),
        "journal_rows/end": screens.rows_page(FoundRows(rows[15:17], None), later, sample.zone),
        "journal_rows/none": screens.rows_page(FoundRows((), None), asked, sample.zone),
        "journal_rows/none_so_far": screens.rows_page(FoundRows((), 80_000), asked, sample.zone),
    }
