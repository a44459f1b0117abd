"""What leads read while they plan: the events that wait, and the people of one with a choice for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenTeam
from trim_bot.app.event_room.briefing_commands import OpenSetBriefing
from trim_bot.app.event_room.commands import (
    ChooseProposed,
    OpenEventRoom,
    OpenEventsToPlan,
)
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.links import OpenOwnEnds
from trim_bot.app.seam.paging import ListPart, counted, numbered, onward
from trim_bot.app.seam.sentences import as_given, joined, ours, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import Choice, Facts, Heading, Option, Text, Weight
from trim_bot.app.words.times import spoken, spoken_day
from trim_bot.domain.ids import IncidentId
from trim_bot.domain.incidents import Chosen, Directness

WHO_SEES = "Only leads see this page. Nobody sees who answers what, here or later."
DEGREES = {
    Directness.DIRECT: "directly involved",
    Directness.PERIPHERAL: "close to it",
}
CHOICES = {
    Chosen.TALK: "An offer of a talk",
    Chosen.BRIEFING: "A group briefing",
    Chosen.LEAFLET: "Something to read",
    Chosen.NOTHING: "Nothing yet",
}
SENT = {
    Chosen.LEAFLET: "Something to read was left",
    Chosen.BRIEFING: "The group briefing was put on their page",
}
FIELD = "for_"


def field_of(exposure: str) -> str:
    """The name of the field for one person."""
    return f"{FIELD}{exposure}"


@dataclass(frozen=True, slots=True)
class ToPlan:
    """One event that waits to be planned, and how many of its people nothing has gone out to."""

    incident: IncidentId
    kind: str
    ended_at: datetime
    left: int
    goes_at: datetime
    """When it goes out by itself, UTC."""


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """One person of an event, with what is chosen or proposed for them."""

    exposure: str
    name: str
    degree: Directness
    chosen: Chosen
    has_page: bool = True
    """Whether they have a page on which something could be left to read."""
    sent: bool = False
    ended: str = ""
    """When it ended for them, with its zone, where that is another time than for the others."""


@dataclass(frozen=True, slots=True)
class Room:
    """All that the page of one event shows."""

    incident: IncidentId
    kind: str
    ended_at: datetime
    goes_at: datetime
    people: ListPart[PlannedPerson]
    after: ListPlace
    seen: str
    left: int
    """How many nothing has gone out to, as far as whoever looks may see."""
    briefing: bool = False
    """Whether a group briefing is set that people can be told of."""
    none_chosen: bool = True
    """Whether there is somebody for whom nobody has chosen."""


def to_plan_lines(left: Sequence[int]) -> tuple[Button, ...]:
    """The way from planning to the events, by how many of each nothing went out to; nothing where there is none."""
    waiting = sum(1 for many in left if many)
    if not left:
        return ()
    label = phrase_of(waiting, "{n} event to plan", "{n} events to plan") if waiting else "A briefing to come"
    return (Button(label, OpenEventsToPlan(), to_all=True),)


def events_page(part: ListPart[ToPlan], zone: ZoneInfo) -> Page:
    """Each event that waits to be planned, those first that have waited longest."""
    back = Button("Back to planning", OpenTeam(), Weight.QUIET)
    if not part.rows:
        return Page("events_to_plan", "Events to plan", (Text("No event waits to be planned."), back))
    blocks: list[Block] = [Text(WHO_SEES, quiet=True), *counted(part)]
    names = [_name(row.kind, row.ended_at, zone) for row in part.rows]
    for row, said in zip(part.rows, numbered(names), strict=True):
        if row.left:
            many = phrase_of(
                row.left, "Nothing has gone out to one person.", "Nothing has gone out to {n} people."
            )
            goes = phrase("It goes out by itself on {when}.", when=spoken(row.goes_at, zone))
            stands = joined((many, goes))
        else:
            stands = phrase("It has gone out. A group briefing is still to come.")
        to = OpenEventRoom(row.incident)
        blocks += (
            Heading(said),
            Text(stands),
            Button("Plan it" if row.left else "Look at it", to, about=said),
        )
    return Page("events_to_plan", "Events to plan", (*blocks, *onward(part, OpenEventsToPlan), back))


def room_form(room: Room, zone: ZoneInfo) -> Form:
    """The people of one event, and for each what they are to be offered."""
    return Form(
        OpenEventRoom(room.incident, room.after, room.seen),
        "Plan an event",
        (
            *_about(room, zone),
            *counted(room.people),
            *_people(room.people.rows, briefing=room.briefing),
            *_shortcut(room),
            _briefing(room),
            Button("Some left at another time", OpenOwnEnds(room.incident), Weight.QUIET),
            *onward(room.people, lambda after: OpenEventRoom(room.incident, after)),
            Button("Events to plan", OpenEventsToPlan(), Weight.QUIET, to_all=True),
        ),
        submit="Save and go on",
    )


def all_sent(room: Room, zone: ZoneInfo) -> Page:
    """Something has gone out to everybody, or the time for choosing is over."""
    rows = tuple((row.name, _sent(row)) for row in room.people.rows)
    return Page(
        "event_room",
        "Plan an event",
        (
            Facts(((ours("Event"), _name(room.kind, room.ended_at, zone)),)),
            Text("It has gone out. Nothing more can be chosen here."),
            Text(WHO_SEES, quiet=True),
            *counted(room.people),
            Facts(rows),
            *((_briefing(room),) if room.briefing else ()),
            *onward(room.people, lambda after: OpenEventRoom(room.incident, after)),
            Button("Events to plan", OpenEventsToPlan(), Weight.QUIET, to_all=True),
        ),
    )


def _briefing(room: Room) -> Button:
    label = "The group briefing" if room.briefing else "Set up a group briefing"
    return Button(label, OpenSetBriefing(room.incident), Weight.QUIET)


def _about(room: Room, zone: ZoneInfo) -> Iterator[Block]:
    yield Facts(
        (
            ("Event", _name(room.kind, room.ended_at, zone)),
            ("Ended", spoken(room.ended_at, zone)),
            ("Goes out by itself", spoken(room.goes_at, zone)),
        )
    )
    yield Text("Nothing is sent until you release it. What stands below is only proposed until you save it.")
    yield Text(
        "At the time above it goes out by itself, with an offer of a talk for those directly involved."
    )
    yield Text(WHO_SEES, quiet=True)


def _people(rows: Sequence[PlannedPerson], *, briefing: bool) -> Iterator[Block]:
    for row in rows:
        said = phrase("{name}, {degree}", name=row.name, degree=ours(DEGREES[row.degree]))
        if row.sent:
            yield Text(phrase("{person}: {sent}", person=said, sent=ours(_sent(row))))
            continue
        fit = [one for one in CHOICES if row.has_page or one not in (Chosen.LEAFLET, Chosen.BRIEFING)]
        fit = [one for one in fit if briefing or one is not Chosen.BRIEFING]
        options = tuple(Option(one.value, CHOICES[one]) for one in fit)
        no_page = () if row.has_page else (phrase("They have no page here, so a talk is offered in person."),)
        own_end = (phrase("Ended for them: {when}.", when=row.ended),) if row.ended else ()
        hint = joined((*own_end, *no_page))
        yield Choice(field_of(row.exposure), said, options, hint, value=row.chosen.value, compact=True)


def _sent(row: PlannedPerson) -> str:
    if not row.sent:
        return "Nothing went out"
    return SENT.get(row.chosen, "A talk was offered")


def _shortcut(room: Room) -> Iterator[Button]:
    if room.none_chosen:
        yield Button("Choose what is proposed for all", ChooseProposed(room.incident), Weight.QUIET)


def _name(kind: str, ended_at: datetime, zone: ZoneInfo) -> str:
    return phrase("{kind}, {day}", kind=as_given(kind), day=spoken_day(ended_at.astimezone(zone).date()))
