"""The call sheet of an event: whom to tell in person, with one press for each answer; it prints as a list to ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from trim_bot.app.screens.times import spoken_day, spoken_event
from trim_bot.app.views import (
    Block,
    Bullets,
    Button,
    Choice,
    Done,
    Form,
    Heading,
    Option,
    PersonCard,
    Text,
    View,
    Weight,
)
from trim_bot.app.work import Sign, Work

TITLE = "People to tell in person"
ALL = "all"
FEW = 10
"""Up to so many free rows have a button each; more would not fit in chat."""
ANSWERS = (("no", "No"), ("not_now", "Not now"), ("yes", "Yes"), ("not_reached", "Not reached"))
NOBODY_LEFT = "Nobody is left to tell. What they said is kept, and you do not see it here."


@dataclass(frozen=True, slots=True)
class Card:
    """A row of one's own. `later` is when they are to be tried again, if that is still to come."""

    offer: str
    number: int
    name: str
    phone: str
    best_time: str
    later: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not one's own; `words` is what whoever logged the event wrote, empty for anybody else."""

    offer: str
    number: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one call sheet shows."""

    incident: str
    day: date
    own: Sequence[Card]
    free: Sequence[Line]
    taken: Sequence[Line]
    at_once: int
    leads: bool = False
    """Whether whoever looks may give rows to somebody else."""
    room: bool = True
    """Whether whoever looks could hold the talks of one more who says yes."""


def sheet(sign: Sign, shown: Sheet, zone: ZoneInfo, now: datetime) -> Done:
    """The page."""
    day = spoken_event(shown.day, now.astimezone(zone).date())
    blocks: list[Block] = [Text(f"They were part of what happened on {day}. Chat cannot reach them.")]
    if not (shown.own or shown.free or shown.taken):
        blocks.append(Text(NOBODY_LEFT))
        return Done("call_sheet", TITLE, tuple(blocks))
    blocks.append(Text("Tell them a talk is offered, that it is up to them, and that managers are not told."))
    if not shown.room:
        blocks.append(
            Text("You hold as much as your site allows. After a yes, another colleague talks with them.")
        )
    for card in shown.own:
        blocks += _own(sign, card, zone)
    blocks += _free(sign, shown)
    if shown.taken:
        blocks.append(Heading(f"Taken by others: {len(shown.taken)}"))
        named = tuple(f"{line.number}. {line.words}: taken" for line in shown.taken if line.words)
        if named:
            blocks.append(Bullets(named))
    blocks.append(
        Text("A name shows to you and to whoever has taken it. Opening this is recorded.", quiet=True)
    )
    return Done("call_sheet", TITLE, tuple(blocks))


def give_form(sign: Sign, incident: str, free: int, able: Sequence[tuple[str, str]]) -> Form | Done:
    """For a lead: who rings, and how many they are given."""
    back = Button("call_sheet", sign.press("call_sheet", incident=incident), "Back", Weight.QUIET)
    title = "Give some to a colleague"
    if not able or not free:
        words = "Nobody who serves can ring them now." if free else "Every one of them is taken."
        return Done("call_give", title, (Text(words), back))
    counts = [count for count in (1, 5, 10, 25) if count < free]
    options = (*(Option(str(count), str(count)) for count in counts), Option(ALL, f"All {free}"))
    return Form(
        "call_give",
        title,
        (
            Text("They alone see name and number then. They can give them back."),
            Choice("holder", "Who rings them?", tuple(Option(id, name) for id, name in able)),
            Choice("many", "How many?", options),
        ),
        token=sign.form("call_give", incident=incident),
        submit="Give",
        back=back,
    )


def given(work: Work, ids: Mapping[str, str]) -> View:
    """Some rows were given to a colleague."""
    count = int(ids["given"])
    words = "One person is theirs to tell now." if count == 1 else f"{count} people are theirs to tell now."
    if count == 0:
        words = "They cannot ring any of these people, so nothing was given."
    return Done(
        "calls_given",
        "That is kept",
        (
            Text(words),
            Text("They find them under what waits for them."),
            Button("call_sheet", work.sign.press("call_sheet", incident=ids["incident"]), "Back"),
        ),
    )


def _own(sign: Sign, card: Card, zone: ZoneInfo) -> list[Block]:
    later = (
        [Text(f"Not reached yet. Try again from {spoken_day(card.later.astimezone(zone).date())}.")]
        if card.later is not None
        else []
    )
    return [
        PersonCard(f"{card.number}. {card.name}", card.phone, "", card.best_time),
        *later,
        *(
            Button(f"call_{answer}", sign.press(f"call_{answer}", offer=card.offer, answer=answer), label)
            for answer, label in ANSWERS
        ),
        Button("call_back", sign.press("call_back", offer=card.offer), "Give it back", Weight.QUIET),
    ]


def _free(sign: Sign, shown: Sheet) -> list[Block]:
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
    blocks.append(
        Button("call_take_some", sign.press("call_take_some", incident=shown.incident), label, weight)
    )
    if shown.leads:
        give = sign.press("call_give", incident=shown.incident)
        blocks.append(Button("call_give", give, "Give some to a colleague"))
    if named:
        if len(free) <= FEW and len(free) > 1:
            for line in free:
                take = sign.press("call_take", offer=line.offer)
                blocks += [Text(f"{line.number}. {line.words}"), Button("call_take", take, "Take")]
        else:
            blocks.append(Bullets(tuple(f"{line.number}. {line.words}" for line in free)))
    return blocks
