"""Shows the monthly note and sends it to everybody."""

from __future__ import annotations

from trim_bot.app.commands.oversight import OpenMonthly, SendMonthly
from trim_bot.app.screens import monthly as screens
from trim_bot.app.views import MessageKind, View
from trim_bot.app.work import Outcome, Overview


def open_monthly(overview: Overview, command: OpenMonthly) -> View:
    """The note before it goes out."""
    return screens.preview(overview.sign)


def send(overview: Overview, command: SendMonthly) -> Outcome:
    """Queue the note for every member who has not left."""
    overview.roster.note_to_all(MessageKind.MONTHLY.value, overview.now)
    return Outcome("monthly_sent")
