"""First pages, and the lists of what waits for somebody: danger first, then what is late,
then by time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenCases, OpenCover, OpenTeam
from trim_bot.app.cases.conversation_screens import about
from trim_bot.app.events.commands import OpenCallSheet, OpenLogged
from trim_bot.app.own.commands import OpenWaiting
from trim_bot.app.own.profile_screens import zone_question
from trim_bot.app.people.eligible import SERVES
from trim_bot.app.people.screens import UNTRAINED
from trim_bot.app.seam import views
from trim_bot.app.seam.links import (
    OpenDue,
    OpenHandouts,
    OpenJournal,
    OpenLog,
    OpenMe,
    OpenMonthly,
    OpenRoster,
    OpenSetUp,
    OpenSigning,
    OpenStatus,
    OpenStepWaiting,
    OpenSupport,
)
from trim_bot.app.seam.paging import ListPart, counted, numbered, onward
from trim_bot.app.seam.sentences import joined, ours, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Page
from trim_bot.app.seam.views import Alert, Bullets, Heading, Text, Tone, Weight
from trim_bot.app.words.common_answers import help_now, way_to_help
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.ids import IncidentId, StepId
from trim_bot.domain.people import Role
from trim_bot.domain.site import Site
from trim_bot.domain.steps import AnyStepKind, StepKind

LEADS = frozenset({Role.LEAD, Role.DEPUTY})
KEEPS = frozenset({Role.COORDINATOR})
GRANTS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
SETS_UP = frozenset({Role.ADMINISTRATOR})
SIGNS = frozenset({Role.CLINICAL_LEAD})
AUDITS = frozenset({Role.AUDITOR})

BY_ROLE = (
    (OpenLog(), "Log a hard event", SERVES),
    (OpenLogged(), "Events you logged", SERVES),
    (OpenCases(), "The people you support", SERVES),
    (OpenDue(), "What waits for you", SERVES),
    (OpenCover(), "Covering and handing over", SERVES),
    (OpenTeam(), "Planning", LEADS),
    (OpenStatus(), "Status", KEEPS),
    (OpenSetUp(), "Set up your desk", SETS_UP),
    (OpenSigning(), "What you sign", SIGNS),
    (OpenJournal(), "Search the journal", AUDITS),
    (OpenRoster(), "People who serve", GRANTS),
    (OpenMonthly(), "Monthly note", KEEPS),
    (OpenHandouts(), "Poster and leaflet", GRANTS),
)
"""Entry, label, and the roles it is for."""


def home_view(link: str) -> views.Done:
    """The Home tab of a chat platform: no name, no count, no role, the same for everybody.

    `link` is where the desk's pages are.
    """
    return views.Done(
        "home",
        "Peer Support",
        (
            Text("Work can bring hard days. You can talk with a colleague who is trained to listen."),
            views.Button("support", "", "Ask for support", Weight.MAIN),
            views.Button("me", "", "My talks and choices"),
            Heading("Who can see it"),
            Bullets(
                (
                    "You, and the colleague who talks with you. Managers have no way in.",
                    "This page is the same for everyone who works here.",
                    "Every message from us reads the same. It says nothing about you.",
                    "The owner of this chat can see when we wrote to you. The message does not say why.",
                )
            ),
            Alert(
                Tone.HELP,
                "If someone may be in danger, ring your local emergency number now.",
                ("This desk is not watched round the clock.",),
            ),
            way_to_help(link),
        ),
    )


def home_page(
    site: Site, roles: Collection[Role], waiting: int | None, ask_zone: str = "", *, trained: bool = True
) -> Page:
    """The first page. `waiting` is how many things wait; None where the page around it says so already.

    `ask_zone` is the zone used for somebody who is still to be asked for theirs; else empty. Whoever serves and is not
    `trained` is not offered what they would be refused.
    """
    lapsed = not trained and bool(SERVES.intersection(roles))
    work: tuple[Block, ...] = tuple(
        Button(label, command)
        for command, label, needed in BY_ROLE
        if needed.intersection(roles) and not (lapsed and command == OpenLog())
    )
    if lapsed:
        work = (Text(UNTRAINED), *work)
    own = Weight.EQUAL if work else Weight.MAIN
    mine = (Button("Ask for support", OpenSupport(), own), Button("My talks and choices", OpenMe()))
    # Whoever serves comes for what waits; whoever does not, to ask.
    ways = (Heading("Your work here"), *work, Heading("For yourself"), *mine) if work else mine
    return Page(
        "home",
        "What you can do here",
        (
            *_waiting_blocks(waiting),
            *ways,
            *zone_question(ask_zone),
            help_now(site),
        ),
    )


def _waiting_blocks(waiting: int | None) -> list[Block]:
    if waiting is None:
        return []
    line: list[Block] = [Text(waiting_line(waiting))]
    return [*line, Button("Look at what waits", OpenWaiting(), Weight.MAIN)] if waiting else line


def waiting_line(count: int) -> str:
    """How many things wait, as a sentence."""
    if count == 0:
        return "Nothing waits for you now."
    return phrase_of(count, "One thing is waiting for you.", "{n} things are waiting for you.")


TAKEN = "A request you took"
"""What a request is called that waits for one's answer; to those who may yet take it it is one of somebody's."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One thing that waits, or all the people of one event who are to be told in person."""

    step: StepId
    kind: AnyStepKind
    label: str
    """What it is, without a name."""
    since: datetime
    late: bool = False
    event: IncidentId | None = None
    """The incident whose call sheet it leads to; None for anything else."""
    many: int = 1
    about: datetime | None = None
    """When the event ended that a talk is for, where its case is about several."""
    name: str = field(default="", repr=False)
    """Of the person, where what it is about is open to whoever looks."""
    talk: str = ""
    """What the talk is called, where it is one of theirs."""

    def about_somebody(self, name: str, talk: str) -> WaitingRow:
        """The row with the name of the person, and of the talk if it is one."""
        return replace(self, name=name, talk=talk)

    def and_one(self, *, late: bool) -> WaitingRow:
        """The row with one person more."""
        return replace(self, many=self.many + 1, late=self.late or late)


def waiting_page(part: ListPart[WaitingRow], count: int, zone: ZoneInfo) -> Page:
    """What waits, as buttons; `count` is how many things there are in all."""
    return Page(
        "waiting",
        "What waits for you",
        (
            Text(waiting_line(count)),
            *counted(part),
            *(_button(row, label) for row, label in zip(part.rows, _labels(part.rows, zone), strict=True)),
            *onward(part, OpenWaiting),
        ),
    )


def due_page(part: ListPart[WaitingRow], zone: ZoneInfo, now: datetime) -> Page:
    """What waits, with since when."""
    if not part.rows:
        return Page("due", "What waits for you", (Text("Nothing waits for you now."),))
    blocks: list[Block] = counted(part)
    for row, label in zip(part.rows, _labels(part.rows, zone), strict=True):
        since = spoken_day(row.since.astimezone(zone).date())
        what = ours(_label(row) if row.talk else about(_label(row), row.about, zone, now))
        words = phrase("{what}, since {day}.", what=what, day=since)
        if row.late:
            words = joined((words, phrase("It is still open.")))
        danger = row.kind is StepKind.SAFETY
        blocks += [
            Alert(Tone.DANGER, words) if danger else Text(words),
            _button(row, phrase("Open: {label}", label=ours(label))),
        ]
    return Page("due", "What waits for you", (*blocks, *onward(part, OpenDue)))


def _button(row: WaitingRow, label: str) -> Button:
    if row.event is not None and row.many > 1:
        return Button(label, OpenCallSheet(row.event))
    return Button(label, OpenStepWaiting(row.step))


def _labels(rows: Sequence[WaitingRow], zone: ZoneInfo) -> list[str]:
    """What each button is called, no two alike: by the name where there is one, else by day, else by number."""
    said = [_label(row) for row in rows]
    same = Counter(said)
    dated = [
        label
        if same[label] == 1
        else phrase(
            "{label}, since {day}", label=ours(label), day=spoken_day(row.since.astimezone(zone).date())
        )
        for label, row in zip(said, rows, strict=True)
    ]
    return numbered(dated)


def _label(row: WaitingRow) -> str:
    if row.many > 1:
        return phrase("People to tell in person: {number}", number=row.many)
    if row.name and row.talk:
        return phrase("{talk} with {name}", talk=ours(row.talk), name=row.name)
    return phrase("{label}: {name}", label=ours(row.label), name=row.name) if row.name else row.label
