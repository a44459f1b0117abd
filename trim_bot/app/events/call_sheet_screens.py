"""The call sheet of an event: whom to tell in person, with one press for each answer; it prints as a list to ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from trim_bot.app.events.commands import (
    GiveBackCall,
    OfferAnswer,
    OpenCallSheet,
    OpenGiveCalls,
    RecordCall,
    TakeCall,
    TakeCalls,
)
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Bullets, Choice, Heading, Link, Option, PersonCard, Text, Weight, Wording
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.times import spoken_day, spoken_event
from trim_bot.domain.ids import IncidentId, OfferId
from trim_bot.domain.policy import POLICY

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
    """A row that is not one's own; `words` is what whoever logged the event wrote, empty for anybody else."""

    offer: OfferId
    number: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one call sheet shows."""

    incident: IncidentId
    day: date
    own: Sequence[Card]
    free: Sequence[SheetLine]
    taken: Sequence[SheetLine]
    at_once: int
    leads: bool = False
    """Whether whoever looks may give rows to somebody else."""
    room: bool = True
    """Whether whoever looks could hold the talks of one more who says yes."""
    more: int = 0
    """How many of one's own are not in `own`, since chat has no room for them."""
    pages: str = ""
    """Address of the browser pages, without a slash at its end."""


def sheet(shown: Sheet, zone: ZoneInfo, now: datetime) -> Page:
    """The call sheet of one event, as whoever asks may see it."""
    day = spoken_event(shown.day, now.astimezone(zone).date())
    blocks: list[Block] = [Text(f"They were part of what happened on {day}. Chat cannot reach them.")]
    if not (shown.own or shown.free or shown.taken):
        blocks.append(Text(NOBODY_LEFT))
        return Page("call_sheet", TITLE, tuple(blocks))
    blocks.append(Text("Tell them a talk is offered, that it is up to them, and that managers are not told."))
    if not shown.room:
        blocks.append(
            Text("You hold as much as your site allows. After a yes, another colleague talks with them.")
        )
    for card in shown.own:
        blocks += _own(card, zone)
    if shown.more:
        blocks.append(
            Text(f"{shown.more} more of yours follow as you go on. In a browser they are all on one page.")
        )
        blocks.append(Link("All of yours in a browser", f"{shown.pages}/f/waiting"))
    blocks += _free(shown)
    if shown.taken:
        blocks.append(Heading(f"Taken by others: {len(shown.taken)}"))
        named = tuple(f"{line.number}. {line.words}: taken" for line in shown.taken if line.words)
        if named:
            blocks.append(Bullets(named))
    blocks.append(
        Text("A name shows to you and to whoever has taken it. Opening this is recorded.", quiet=True)
    )
    return Page("call_sheet", TITLE, tuple(blocks))


def give_form(incident: IncidentId, free: int, able: Sequence[tuple[str, str]]) -> Form | Page:
    """For a lead: who rings, and how many they are given."""
    back = Button("Back", OpenCallSheet(incident), Weight.QUIET)
    title = "Give some to a colleague"
    if not able or not free:
        words = "Nobody who serves can ring them now." if free else "Every one of them is taken."
        return Page("call_give", title, (Text(words), back))
    counts = [count for count in (1, 5, 10, 25) if count < free]
    options = (*(Option(str(count), str(count)) for count in counts), Option(ALL, f"All {free}"))
    return Form(
        OpenGiveCalls(incident),
        title,
        (
            Text("They alone see name and number then. They can give them back."),
            Choice("holder", "Who rings them?", tuple(Option(id, name) for id, name in able)),
            Choice("many", "How many?", options),
        ),
        submit="Give",
        back=back,
    )


def given(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Some rows were given to a colleague. Every answer reads the same, however many went to another one."""
    return Page(
        "calls_given",
        "That is kept",
        (
            Text("Your colleague finds those they can ring under what waits for them."),
            Text("Another colleague has those whom yours cannot ring. Who comes back is on the sheet again."),
            Button("Back", OpenCallSheet(IncidentId(ids["incident"]))),
        ),
    )


def _own(card: Card, zone: ZoneInfo) -> list[Block]:
    later = (
        [Text(f"Not reached yet. Try again from {spoken_day(card.later.astimezone(zone).date())}.")]
        if card.later is not None
        else []
    )
    return [
        PersonCard(f"{card.number}. {card.name}", card.phone, "", card.best_time),
        *later,
        *(Button(label, RecordCall(card.offer, answer)) for answer, label in ANSWERS.words.items()),
        Button("Give it back", GiveBackCall(card.offer), Weight.QUIET),
    ]


def _free(shown: Sheet) -> list[Block]:
    free = shown.free
    if not free:
        return []
    many = min(len(free), shown.at_once)
    label = (
        "Take it" if len(free) == 1 else f"Take all {many}" if many == len(free) else f"Take the next {many}"
    )
    blocks: list[Block] = [Heading(f"Nobody has taken: {len(free)}")]
    named = any(line.words for line in free)
    if not named:
        blocks.append(Text("You see name and number once you take them."))
    weight = Weight.EQUAL if shown.own else Weight.MAIN
    blocks.append(Button(label, TakeCalls(shown.incident), weight))
    if shown.leads:
        blocks.append(Button("Give some to a colleague", OpenGiveCalls(shown.incident)))
    if named:
        if len(free) <= POLICY.rung_in_one_go and len(free) > 1:
            for line in free:
                blocks += [Text(f"{line.number}. {line.words}"), Button("Take", TakeCall(line.offer))]
        else:
            blocks.append(Bullets(tuple(f"{line.number}. {line.words}" for line in free)))
    return blocks
