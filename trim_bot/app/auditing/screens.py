"""Every sentence of the auditor's pages."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from trim_bot.app.auditing.commands import OpenJournalRows
from trim_bot.app.seam.links import OpenJournal
from trim_bot.app.seam.paging import FROM_THE_FIRST, NEXT
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import Choice, DateInput, Facts, Text, TextInput, Weight, Wording
from trim_bot.domain.journal_search import FoundRows
from trim_bot.domain.records import Action, JournalEntry

KINDS = Wording(
    Action,
    {
        Action.SHOWED: "Read",
        Action.REFUSED: "Refused",
        Action.LOGGED: "An event logged",
        Action.CORRECTED: "A mistake put right",
        Action.OFFERED: "An offer made",
        Action.ANSWERED: "An offer answered",
        Action.ASSIGNED: "Work given to somebody",
        Action.HELD: "A talk recorded",
        Action.SAFETY: "A call for safety",
        Action.TAKEN_BACK: "A call for safety taken back",
        Action.REFERRED: "Other help offered or moved on",
        Action.CLOSED: "Ended",
        Action.REOPENED: "Opened again",
        Action.WITHDRAWN: "Ended by the person",
        Action.REQUESTED: "Support asked for",
        Action.CLIMBED: "Passed on, as nobody acted",
        Action.CHANGED: "Settings, roles or a profile changed",
        Action.ERASED: "Erased",
        Action.SIGNED_IN: "Signed in or out",
        Action.NOTIFIED: "A message came to its end",
    },
)
TITLE = "Search the journal"
ID_LENGTH = 60


def search_form() -> Form:
    """What to look for; what is left empty is not asked."""
    return Form(
        OpenJournal(),
        TITLE,
        (
            Text(
                "The journal says who did, read or was refused what. It has opaque ids, and no name or word."
            ),
            Text("Your search is written down there too.", quiet=True),
            Choice("kind", "What happened", KINDS.options(), required=False, compact=True),
            DateInput("first", "From this day on", required=False),
            DateInput("last", "Until this day", required=False),
            TextInput(
                "about",
                "An opaque id",
                "Rows that it did, or that are about it. Copy it from a row.",
                required=False,
                max_length=ID_LENGTH,
            ),
        ),
        submit="Search",
    )


def rows_page(found: FoundRows, asked: OpenJournalRows, zone: ZoneInfo) -> Page:
    """The rows of one page, newest first, and the way to older ones."""
    blocks: list[Block] = []
    if found.rows:
        blocks.append(Facts(tuple((_when(row, zone), _what(row)) for row in found.rows)))
    elif found.before is None:
        blocks.append(Text("No row fits."))
    else:
        blocks.append(
            Text(
                phrase("No row fits down to row {row}. Older rows were not looked at yet.", row=found.before)
            )
        )
    if found.before is not None:
        blocks.append(Button(NEXT, replace(asked, before=str(found.before))))
    if asked.before:
        blocks.append(Button(FROM_THE_FIRST, replace(asked, before=""), Weight.QUIET))
    blocks.append(Button("Search again", OpenJournal(), Weight.QUIET, to_all=True))
    return Page("journal_rows", "Rows of the journal", tuple(blocks))


def _when(row: JournalEntry, zone: ZoneInfo) -> str:
    return as_given(f"{row.seq}. {row.at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}")


def _what(row: JournalEntry) -> str:
    kind, by = ours(KINDS[row.action]), row.actor or phrase("nobody named")
    if not row.subject:
        return phrase("{kind}: {what}, by {by}", kind=kind, what=row.what, by=by)
    return phrase(
        "{kind}: {what}, about {about}, by {by}", kind=kind, what=row.what, about=row.subject, by=by
    )
