"""What is shown of talks that ended lately, and of talks that were opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenCases, OpenTeam, ReopenCase
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Heading, Text, Weight
from trim_bot.app.seam.work import Work
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.people import Role


@dataclass(frozen=True, slots=True)
class EndedRow:
    """Talks that ended: a name or a kind of support, and when."""

    case: str
    what: str = field(repr=False)
    ended_at: datetime


def ended_blocks(rows: Sequence[EndedRow], zone: ZoneInfo) -> list[Block]:
    """What ended lately, each with the way to open it again."""
    blocks: list[Block] = [Heading("Ended lately")] if rows else []
    for row in rows:
        day = spoken_day(row.ended_at.astimezone(zone).date())
        blocks += [
            Text(f"{row.what or 'Someone who gave no name'}: ended on {day}."),
            again(row.case),
        ]
    return blocks


def again(case: str) -> Button:
    """Opens talks again."""
    return Button("Ended by mistake: open again", ReopenCase(case), Weight.QUIET)


def own_line(reopened_at: datetime | None, zone: ZoneInfo) -> str:
    """What the person reads of it; empty where nothing was opened again."""
    if reopened_at is None:
        return ""
    day = spoken_day(reopened_at.astimezone(zone).date())
    return f"These talks were ended by mistake, and opened again on {day}. You can stop at any time."


def reopened(work: Work, ids: Mapping[str, str]) -> Screen:
    """Talks were opened again that whoever did it does not hold now: a lead, or a holder without room."""
    leads = bool(work.who.roles & {Role.LEAD, Role.DEPUTY})
    return Page(
        "case_reopened",
        "These talks are open again",
        (
            Text("All that was planned stands as it stood. The person sees on their page that it went on."),
            Text("Whoever held it goes on with it. If they have no room, it waits for somebody else."),
            Button("Back to planning", OpenTeam())
            if leads
            else Button("Back to the people you support", OpenCases()),
        ),
    )
