"""The screens around the monthly note to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trim_bot.app.oversight.commands import SendMonthly
from trim_bot.app.seam.links import OpenRoster
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Facts, Text, Weight
from trim_bot.app.words.messages import MESSAGE_TEXT, MONTHLY
from trim_bot.app.words.times import spoken_day


def preview(last: date | None = None, *, again: bool = True) -> Page:
    """The whole note as it will be sent, when it last went out, and the button that sends it, once a month."""
    blocks: list[Block] = [
        Text("Everyone who works here gets the same note, in their own working hours."),
        Facts((("The message", MESSAGE_TEXT), ("What opens", " ".join(MONTHLY)))),
        Text("Because everyone gets it, a note from this desk tells nothing about anyone."),
    ]
    if last is not None:
        blocks.append(Facts((("Last sent", spoken_day(last)),)))
    if again:
        blocks += (
            Button("Send it to everyone", SendMonthly(), Weight.MAIN),
            Button("Not now", OpenRoster(), Weight.QUIET, to_all=True),
        )
    else:
        blocks += (
            Text("It has just gone out, so it cannot be sent again yet. Once a month is enough."),
            Button("Back", OpenRoster(), Weight.QUIET, to_all=True),
        )
    return Page("monthly", "The monthly note", tuple(blocks))


def sent(_work: object, _ids: Mapping[str, str]) -> Screen:
    """The note is on its way."""
    return Page(
        "monthly_sent",
        "The note is on its way",
        (Text("It goes to everyone who works here. Nobody is told who pressed the button."),),
    )
