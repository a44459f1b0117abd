"""Shows the monthly note and sends it to everybody, once a month."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.oversight import monthly_screens as screens
from trim_bot.app.oversight.commands import SendMonthly
from trim_bot.app.people.overview import Overview
from trim_bot.app.seam.links import OpenMonthly
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome
from trim_bot.domain.message_kinds import MessageKind

APART = timedelta(days=25)
"""A second note sooner than this would be a note too many."""


def open_monthly(overview: Overview, command: OpenMonthly) -> Screen:
    """The note before it goes out, and when it last did."""
    last = _last(overview)
    zone = ZoneInfo(overview.site.zone)
    day = last.astimezone(zone).date() if last is not None else None
    return screens.preview(day, again=_may_go(overview, last))


def send(overview: Overview, command: SendMonthly) -> Next:
    """Queue the note for every member who has not left; too soon after the last, show when that was instead."""
    if not _may_go(overview, _last(overview)):
        return OpenMonthly()
    overview.roster.note_to_all(MessageKind.MONTHLY.value, overview.now)
    return Outcome("monthly_sent")


def _last(overview: Overview) -> datetime | None:
    return overview.roster.last_note(MessageKind.MONTHLY.value)


def _may_go(overview: Overview, last: datetime | None) -> bool:
    return last is None or overview.now - last >= APART
