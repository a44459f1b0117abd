"""Every sentence of the lists of cases: the people one supports, how to find one of them, and what ended lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenCases, OpenFindCase
from trim_bot.app.cases.conversation_screens import window_words
from trim_bot.app.cases.screens import NO_NAME, CheckInRow, again
from trim_bot.app.people.screens import UNTRAINED
from trim_bot.app.seam.links import OpenCase, OpenDue, OpenLog
from trim_bot.app.seam.paging import ListPart, by_name, finding, found, onward
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import Alert, Heading, Text, Tone, Weight
from trim_bot.app.words.case_names import case_name
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.ids import CaseId

SAFETY_OPEN = "A call for safety is open."
STILL_OPEN = "Something about this is still open."


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list of cases; `name` is empty when none was given."""

    id: CaseId
    name: str
    coming: CheckInRow | None
    late: bool = False
    danger: bool = False
    """Whether a call for safety about it is open."""


@dataclass(frozen=True, slots=True)
class EndedRow:
    """Talks that ended: a name or a kind of support, and when."""

    case: CaseId
    what: str = field(repr=False)
    ended_at: datetime


def ended_blocks(rows: Sequence[EndedRow], zone: ZoneInfo, *, headed: bool = True) -> list[Block]:
    """What ended lately, each with the way to open it again; under a heading unless it stands above already."""
    blocks: list[Block] = [Heading("Ended lately")] if rows and headed else []
    for row in rows:
        day = spoken_day(row.ended_at.astimezone(zone).date())
        blocks += [
            Text(phrase("{what}: ended on {day}.", what=row.what or ours(NO_NAME), day=day)),
            again(row.case, phrase("{what}, ended on {day}", what=row.what or ours(NO_NAME), day=day)),
        ]
    return blocks


TITLE = "People you support"


def cases_page(
    part: ListPart[CaseRow | EndedRow], zone: ZoneInfo, held: str = "", *, trained: bool = True
) -> Page:
    """The people one supports, and after them what one ended lately.

    `held` says how much one holds, of what the site allows. Whoever is not `trained` is not offered to log an event.
    """
    log: tuple[Block, ...] = (Button("Log a hard event", OpenLog()),) if trained else (Text(UNTRAINED),)
    if not any(isinstance(row, CaseRow) for row in part.rows) and part.first == 1:
        return Page(
            "cases",
            TITLE,
            (
                Text("You hold no case just now. What comes to you waits here."),
                *log,
                Button("What waits for you", OpenDue()),
                *_rows(part, zone),
                *onward(part, OpenCases),
            ),
        )
    return Page(
        "cases",
        TITLE,
        (
            *finding(part, OpenFindCase()),
            *_rows(part, zone),
            *onward(part, OpenCases),
            *((Text(held, quiet=True),) if held else ()),
            *((Button("Log a hard event", OpenLog(), Weight.QUIET),) if trained else log),
        ),
    )


def find_form() -> Form:
    """For finding one of the people one supports by name."""
    return by_name(
        OpenFindCase(),
        "Find someone you support",
        OpenCases(),
        "Those who gave no name are in the list alone.",
    )


def found_page(part: ListPart[CaseRow | EndedRow], zone: ZoneInfo) -> Page:
    """Those found by a part of their name."""
    blocks = found(part, _rows(part, zone), OpenFindCase(), Button(TITLE, OpenCases(), Weight.QUIET))
    return Page("find_case", TITLE, blocks)


def _rows(part: ListPart[CaseRow | EndedRow], zone: ZoneInfo) -> list[Block]:
    blocks: list[Block] = []
    ended = False
    for row in part.rows:
        match row:
            case CaseRow():
                blocks += _case_row(row, zone)
            case EndedRow():
                blocks += ended_blocks((row,), zone, headed=not ended)
                ended = True
            case _:
                assert_never(row)
    return blocks


def _case_row(row: CaseRow, zone: ZoneInfo) -> list[Block]:
    coming = row.coming
    # Of those who gave no name there may be several: each is told apart by the name that leads call the case.
    who = row.name or phrase("{someone} ({name})", someone=ours(NO_NAME), name=case_name(row.id))
    return [
        Heading(as_given(row.name) if row.name else who),
        *((Alert(Tone.DANGER, SAFETY_OPEN),) if row.danger else ()),
        *((Alert(Tone.WAITING, STILL_OPEN),) if row.late else ()),
        Text(window_words(coming.label, coming.check_in, zone) if coming else "Nothing is planned."),
        Button(phrase("Open: {name}", name=who), OpenCase(row.id)),
    ]
