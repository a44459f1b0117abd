"""The lists of what waits for somebody, without a name: danger first, then what is late, then by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.conversation_screens import about
from trim_bot.app.events.commands import OpenCallSheet
from trim_bot.app.own.home_screens import waiting_line
from trim_bot.app.seam.links import OpenStepWaiting
from trim_bot.app.seam.unsigned import Block, Button, Page
from trim_bot.app.seam.views import Alert, Text, Tone
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.steps import StepKind


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits, or all the people of one event who are to be told in person."""

    step: str
    kind: StepKind
    label: str
    """What it is, without a name."""
    since: datetime
    late: bool = False
    event: str = ""
    """Id of the incident whose call sheet it leads to; empty for anything else."""
    many: int = 1
    about: datetime | None = None
    """When the event ended that a talk is for, where its case is about several."""

    def and_one(self, *, late: bool) -> Row:
        """The row with one person more."""
        return replace(self, many=self.many + 1, late=self.late or late)


def waiting_page(rows: Sequence[Row]) -> Page:
    """What waits, as buttons."""
    count = sum(row.many for row in rows)
    return Page(
        "waiting",
        "What is waiting for you",
        (Text(waiting_line(count)), *(_button(row, _label(row)) for row in rows)),
    )


def due_page(rows: Sequence[Row], zone: ZoneInfo, now: datetime) -> Page:
    """What waits, with since when; a name shows only once it is opened."""
    if not rows:
        return Page("due", "What waits for you", (Text("Nothing waits for you now."),))
    blocks: list[Block] = []
    for row in rows:
        still = " It is still open." if row.late else ""
        since = spoken_day(row.since.astimezone(zone).date())
        words = f"{about(_label(row), row.about, zone, now)}, since {since}.{still}"
        danger = row.kind is StepKind.SAFETY
        blocks += [Alert(Tone.DANGER, words) if danger else Text(words), _button(row, "Open")]
    return Page("due", "What waits for you", tuple(blocks))


def _button(row: Row, label: str) -> Button:
    if row.event and row.many > 1:
        return Button(label, OpenCallSheet(row.event))
    return Button(label, OpenStepWaiting(row.step))


def _label(row: Row) -> str:
    return row.label if row.many == 1 else f"People to tell in person: {row.many}"
