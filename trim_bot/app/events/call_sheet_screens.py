"""The call sheet of an event, one file as it is one screen: whom to tell in person, and a press for each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from trim_bot.app.events.commands import (
    GiveBackCall,
    OfferAnswer,
    OpenCallSheet,
    OpenFindCall,
    OpenGiveCalls,
    RecordCall,
    TakeCall,
    TakeCalls,
)
from trim_bot.app.seam.paging import ListPart, by_name, finding, found, onward
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Bullets, Choice, Heading, Option, PersonCard, Text, Weight, Wording
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.times import spoken_day, spoken_event
from trim_bot.domain.ids import IncidentId, OfferId

TITLE = "People to tell in person"
ALL = "all"
ANSWERS = Wording(
    OfferAnswer,
    {
        OfferAnswer.NO: "No",
        OfferAnswer.NOT_NOW: "Not now",
        OfferAnswer.YES: "Yes",
        OfferAnswer.NOT_REACHED: "Not reached",
    },
)
"""One press each."""
NOBODY_LEFT = "Nobody is left to tell. What they said is kept, and you do not see it here."


@dataclass(frozen=True, slots=True)
class Card:
    """A row of one's own. `later` is when they are to be tried again, if that is still to come."""

    offer: OfferId
    number: int
    name: str
    phone: str
    best_time: str
    later: datetime | None = None


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row that is not one's own; `words` is what whoever logged the event wrote."""

    offer: OfferId
    number: int
    words: str
    taken: bool = False
    """Whether somebody else has taken it."""


SheetEntry = Card | SheetLine


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one call sheet shows."""

    incident: IncidentId
    day: date
    rows: ListPart[SheetEntry]
    """One's own first, then what nobody has taken, then what others have; of these, only for whoever logged them."""
    free: int
    """How many nobody has taken."""
    taken: int
    """How many others have taken."""
    at_once: int
    leads: bool = False
    """Whether whoever looks may give rows to somebody else."""
    room: bool = True
    """Whether whoever looks could hold the talks of one more who says yes."""


def sheet(shown: Sheet, zone: ZoneInfo, now: datetime) -> Page:
    """The call sheet of one event, as whoever asks may see it."""
    day = spoken_event(shown.day, now.astimezone(zone).date())
    blocks: list[Block] = [
        Text(phrase("They were part of what happened on {day}. Chat cannot reach them.", day=day))
    ]
    if not (shown.rows.rows or shown.free or shown.taken):
        blocks.append(Text(NOBODY_LEFT))
        return Page("call_sheet", TITLE, tuple(blocks))
    blocks.append(Text("Tell them a talk is offered, that it is up to them, and that managers are not told."))
    if not shown.room:
        blocks.append(
            Text("You hold as much as your site allows. After a yes, another colleague talks with them.")
        )
    blocks += finding(shown.rows, OpenFindCall(shown.incident))
    for card in _own_cards(shown.rows):
        blocks += _own(card, zone)
    blocks += _free(shown)
    if shown.taken:
        blocks.append(Heading(phrase("Taken by others: {taken}", taken=shown.taken)))
        blocks += _lines([line for line in _others(shown.rows) if line.taken])
    blocks += onward(shown.rows, lambda after: OpenCallSheet(shown.incident, after))
    blocks.append(
        Text("A name shows to you and to whoever has taken it. Opening this is recorded.", quiet=True)
    )
    return Page("call_sheet", TITLE, tuple(blocks))


def find_form(incident: IncidentId) -> Form:
    """For finding one of the people of an event by name."""
    return by_name(OpenFindCall(incident), "Find somebody to tell", OpenCallSheet(incident))


def found_page(incident: IncidentId, part: ListPart[SheetEntry], zone: ZoneInfo) -> Page:
    """Those found by a part of their name, as far as whoever asks may see it."""
    blocks: list[Block] = []
    for card in _own_cards(part):
        blocks += _own(card, zone)
    for line in _others(part):
        blocks += _lines([line]) if line.taken else _to_take(line)
    back = Button(TITLE, OpenCallSheet(incident), Weight.QUIET)
    return Page("find_call", TITLE, found(part, blocks, OpenFindCall(incident), back))


def _own_cards(part: ListPart[SheetEntry]) -> list[Card]:
    return [row for row in part.rows if isinstance(row, Card)]


def _others(part: ListPart[SheetEntry]) -> list[SheetLine]:
    return [row for row in part.rows if isinstance(row, SheetLine)]


def give_form(incident: IncidentId, free: int, able: Sequence[tuple[str, str]]) -> Form | Page:
    """For a lead: who rings, and how many they are given."""
    back = Button("Back", OpenCallSheet(incident), Weight.QUIET)
    title = "Give some to a colleague"
    if not able or not free:
        words = "Nobody who serves can ring them now." if free else "Every one of them is taken."
        return Page("call_give", title, (Text(words), back))
    counts = [count for count in (1, 5, 10, 25) if count < free]
    options = (
        *(Option(str(count), str(count)) for count in counts),
        Option(ALL, phrase("All {free}", free=free)),
    )
    return Form(
        OpenGiveCalls(incident),
        title,
        (
            Text("They alone see name and number then. They can give them back."),
            Choice("holder", "Who rings them?", tuple(Option(id, as_given(name)) for id, name in able)),
            Choice("many", "How many?", options),
        ),
        submit="Give",
        back=back,
    )


def given(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Some rows were given to a colleague. Every answer reads the same, however many went to another one."""
    return Page(
        "calls_given",
        "That is saved",
        (
            Text("Your colleague finds those they can ring under what waits for them."),
            Text("Another colleague has those whom yours cannot ring. Who comes back is on the sheet again."),
            Button("Back", OpenCallSheet(IncidentId(ids["incident"]))),
        ),
    )


def _own(card: Card, zone: ZoneInfo) -> list[Block]:
    later = (
        [
            Text(
                phrase(
                    "Not reached yet. Try again from {day}.",
                    day=spoken_day(card.later.astimezone(zone).date()),
                )
            )
        ]
        if card.later is not None
        else []
    )
    return [
        PersonCard(
            phrase("{number}. {name}", number=card.number, name=card.name), card.phone, "", card.best_time
        ),
        *later,
        *(
            Button(
                label,
                RecordCall(card.offer, answer),
                about=phrase("{number}. {name}", number=card.number, name=card.name),
            )
            for answer, label in ANSWERS.words.items()
        ),
        Button(
            "Give it back",
            GiveBackCall(card.offer),
            Weight.QUIET,
            about=phrase("{number}. {name}", number=card.number, name=card.name),
        ),
    ]


def _free(shown: Sheet) -> list[Block]:
    free = shown.free
    if not free:
        return []
    many = min(free, shown.at_once)
    label = (
        "Take it"
        if free == 1
        else phrase("Take all {many}", many=many)
        if many == free
        else phrase("Take the next {many}", many=many)
    )
    own, lines = _own_cards(shown.rows), [line for line in _others(shown.rows) if not line.taken]
    blocks: list[Block] = [Heading(phrase("Nobody has taken: {free}", free=free))]
    if not lines:
        blocks.append(Text("You see name and number once you take them."))
    blocks.append(Button(label, TakeCalls(shown.incident), Weight.EQUAL if own else Weight.MAIN))
    if shown.leads:
        blocks.append(Button("Give some to a colleague", OpenGiveCalls(shown.incident)))
    for line in lines:
        blocks += _to_take(line) if free > 1 else _lines([line])
    return blocks


def _to_take(line: SheetLine) -> list[Block]:
    return [
        Text(phrase("{number}. {words}", number=line.number, words=line.words)),
        Button(
            "Take",
            TakeCall(line.offer),
            about=phrase("{number}. {words}", number=line.number, words=line.words),
        ),
    ]


def _lines(lines: Sequence[SheetLine]) -> list[Block]:
    said = tuple(
        phrase("{number}. {words}: taken", number=line.number, words=line.words)
        if line.taken
        else phrase("{number}. {words}", number=line.number, words=line.words)
        for line in lines
    )
    return [Bullets(said)] if said else []
