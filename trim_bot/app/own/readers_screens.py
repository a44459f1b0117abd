"""Every sentence of the list of those who opened one's own record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.own.commands import OpenReaders
from trim_bot.app.seam.links import OpenMe
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.unsigned import Button, Page
from trim_bot.app.seam.views import Facts, Text, Weight
from trim_bot.app.words.times import spoken, spoken_date

SOMEONE = "A practitioner"
OTHER_CHAT = "Your other chat, before it was joined"
WHAT = {
    "case": "your talks",
    "close": "your talks",
    "move": "your talks",
    "switch": "your talks",
    "talk_to_lead": "your talks",
    "notice": "your talks",
    "ending": "notes of a talk",
    "interview": "notes of a talk",
    "questions": "notes of a talk",
    "result": "the result of a talk",
    "safety": "your talks, for safety",
    "safety_call": "called for help for you",
    "safety_mistake": "took back a call for help for you",
    "safety_called": "your talks, for safety",
    "safety_have": "your talks, for safety",
    "referral": "help arranged for you",
    "referral_next": "help arranged for you",
    "request_taken": "your request",
    "offer": "an offer to you",
    "contact": "an offer to you, to tell you in person",
    "chat_code": "your name, with a code you made",
}
"""What was opened, by the name of the screen."""
RECORD = "your record"


@dataclass(frozen=True, slots=True)
class Reading:
    """One time, or several close together, that somebody opened something."""

    at: datetime
    name: str = field(repr=False)
    what: str


def readers_page(zone: ZoneInfo, part: ListPart[Reading | datetime]) -> Page:
    """Newest first, then when each chat was joined; one's own visits are left out, so that is told for good."""
    readings = [row for row in part.rows if isinstance(row, Reading)]
    rows = tuple(
        (
            spoken(one.at, zone),
            phrase("{name}: {what}", name=one.name or ours(SOMEONE), what=ours(WHAT.get(one.what, RECORD))),
        )
        for one in readings
    )
    nobody = not rows and part.first == 1
    return Page(
        "readers",
        "Who opened my record",
        (
            Text("Each time someone else opens something of yours, it is written down here."),
            *counted(part),
            *((Facts(rows),) if rows else ()),
            *((Text("Nobody else has opened anything of yours."),) if nobody else ()),
            *(_joined(row, zone) for row in part.rows if isinstance(row, datetime)),
            *onward(part, OpenReaders),
            Text("If something here worries you, tell the person who runs the scheme.", quiet=True),
            Button("My talks and choices", OpenMe(), Weight.QUIET),
        ),
    )


def _joined(at: datetime, zone: ZoneInfo) -> Text:
    day = spoken_date(at.astimezone(zone).date())
    return Text(
        phrase(
            "Another chat was joined with your record on {day}. What it opened since then counts as you.",
            day=day,
        )
    )
