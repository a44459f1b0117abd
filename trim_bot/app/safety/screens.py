"""The words of a call for safety, in one file: whoever is with the person and whoever was called read the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.people.screens import REACH
from trim_bot.app.safety.commands import (
    AcknowledgeSafety,
    OpenConcern,
    OpenSafetyCall,
    TakeBackSafety,
)
from trim_bot.app.safety.guide_screens import guide
from trim_bot.app.seam.links import CallForSafety, OpenAfterCall, OpenCase, OpenSafety
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, listed, ours, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import (
    Alert,
    Facts,
    Heading,
    PersonCard,
    Text,
    Tone,
    Weight,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.common_answers import number_line
from trim_bot.app.words.times import spoken
from trim_bot.domain.ids import CaseId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import Site

RING_FIRST = "If a life is in danger, ring the emergency number now. Do not wait for this desk."
NOBODY_CALLED = (
    "Nobody could be told through the desk. Please ring the emergency number or your own professional line."
)
STILL_TRYING = "We keep trying every way there is to write to them."


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who was called, and whether a message has gone out to them."""

    member: Member
    reached: bool


class CallState(Enum):
    """How a safety call of one case stands."""

    NONE = "none"
    """Nobody has been called yet."""
    OPEN = "open"
    """Some were called and nobody has said that they have it."""
    NOBODY = "nobody"
    """It was made, and there was nobody to call."""
    ANSWERED = "answered"
    """Somebody has said that they have it."""
    TAKEN_BACK = "taken_back"
    """It was pressed by mistake, and ended for everybody."""


@dataclass(frozen=True, slots=True)
class CallStands:
    """How a safety call of one case stands, for whoever is with the person."""

    case: CaseId
    state: CallState
    called: Sequence[Called] = ()
    """Those who were called and may have it."""
    wanted: Sequence[Member] = ()
    """Those whom a call would go to now."""
    again_at: datetime | None = None
    """When they are written to again, UTC."""
    mine: bool = False
    """Whether whoever asks made it, and may take it back."""
    has_it: Member | None = None
    since: datetime | None = None
    """Who has said that they have it, and when, UTC."""
    followed: bool = False
    """Whether what followed an answered call can be written down."""


def safety_page(
    whose: PersonCard, stands: CallStands, to_ring: ListPart[Member], site: Site, zone: ZoneInfo
) -> Page:
    """For whoever is with the person. It asks once before it calls, and says who was reached; `to_ring` can be rung."""
    case = stands.case
    blocks: list[Block] = [
        whose,
        Alert(Tone.DANGER, RING_FIRST, tuple(number_line(number) for number in site.numbers)),
        *_call(stands, zone),
        Heading("Who to ring"),
        *counted(to_ring),
        *(_card(member) for member in to_ring.rows),
        *onward(to_ring, lambda after: OpenSafety(case, after)),
        *guide(),
        Text("What you had filled in is kept. You can go on with it later."),
        Text("Afterwards, talk it through with the lead. This was a lot for you too."),
        Button("Back to the person you support", OpenCase(case), Weight.QUIET),
    ]
    return Page("safety", "Stay with them, get help", tuple(blocks))


def concern_page(part: ListPart[tuple[CaseId, str]], site: Site) -> Page:
    """The way to a call where nobody may be named: the cases that may be called for, each with the day it began."""
    blocks: list[Block] = [
        Alert(Tone.DANGER, RING_FIRST, tuple(number_line(number) for number in site.numbers))
    ]
    if not part.rows:
        blocks.append(
            Text("You support nobody through the desk just now, so there is nobody to call about here.")
        )
    elif part.of > 1:
        blocks += (
            Text("Choose who it is about. No names are shown here. Each has the day you can know them by."),
            Text("If you are not sure, take any of them. Those who are called are asked to ring you."),
        )
    blocks += counted(part)
    for number, (case, began) in enumerate(part.rows, part.first):
        blocks += (
            Heading(phrase("Person {number}, since {began}", number=number, began=began)),
            Button(
                "Call the lead and cover",
                CallForSafety(case, check_in=None, at=""),
                Weight.MAIN,
                about=phrase("Person {number}", number=number),
            ),
            Button(
                "What to do and whom to ring",
                OpenSafety(case),
                about=phrase("Person {number}", number=number),
            ),
        )
    if part.rows:
        blocks.append(
            Text(phrase("They are written to at once, at any hour. {may_open}", may_open=ours(MAY_OPEN)))
        )
    blocks += onward(part, OpenConcern)
    blocks += guide()
    return Page("concern", "Safety concern", tuple(blocks))


MAY_OPEN = phrase(
    "Whoever is called in can open what is recorded of the person, until {days} days "
    "after the call has ended. Each opening is noted.",
    days=POLICY.called_in_lasts.days,
)
NO_ANSWER = "Written to, no answer yet"
NOT_REACHED = "Not reached yet, please ring"
MOST_NAMED = 2
"""As many names as fit on a button."""
MOST_SAID = 6
"""As many as one sentence holds."""


def _call(stands: CallStands, zone: ZoneInfo) -> tuple[Block, ...]:
    case = stands.case
    match stands.state:
        case CallState.NONE:
            return (Heading("Call for help"), *_before_calling(stands))
        case CallState.OPEN:
            return (
                Heading("Who has been called"),
                *_reached(stands.called),
                *_not_reached([one.member for one in stands.called if not one.reached]),
                Text("The message does not say what for, so please ring too."),
                *_again(stands.again_at, zone),
                Button("Look who has answered", OpenSafety(case)),
                Text(MAY_OPEN, quiet=True),
                *_mistake(stands),
            )
        case CallState.NOBODY:
            return (Alert(Tone.WAITING, NOBODY_CALLED), _caller(stands), *_mistake(stands))
        case CallState.ANSWERED:
            after = (Button("Write down what followed", OpenAfterCall(case)),) if stands.followed else ()
            return (Heading("Who has been called"), Text(_answered(stands, zone)), *after, _caller(stands))
        case CallState.TAKEN_BACK:
            return (Heading("The call was taken back"), Text(TOOK_BACK), *_before_calling(stands))
        case _:
            assert_never(stands.state)


TOOK_BACK = (
    "Nobody is called any more. Whoever was written to reads that it was a mistake. A lead asks you once whether "
    "everybody is safe."
)


def _before_calling(stands: CallStands) -> tuple[Block, ...]:
    if not stands.wanted:
        return (
            Text("Nobody can be told through the desk just now. Please ring the emergency number."),
            Text("If you call, it stands first for whoever leads next."),
            _caller(stands),
        )
    return (
        Text(
            phrase_of(
                len(stands.wanted),
                "If you call, {names} is written to at once, at any hour. Nobody is called yet.",
                "If you call, {names} are written to at once, at any hour. Nobody is called yet.",
                names=_names(stands.wanted),
            )
        ),
        Text("The message does not say what for, so please ring too."),
        Text(MAY_OPEN),
        _caller(stands),
    )


def _caller(stands: CallStands) -> Button:
    few = 0 < len(stands.wanted) <= MOST_NAMED
    whom = _names(stands.wanted) if few else phrase("the lead and cover")
    again = stands.state is CallState.ANSWERED
    label = phrase("Call {whom} again", whom=whom) if again else phrase("Call {whom} now", whom=whom)
    short = label if len(label) <= POLICY.label_letters else "Call the lead and cover now"
    return Button(
        short, CallForSafety(stands.case, check_in=None, at=""), Weight.EQUAL if again else Weight.MAIN
    )


def _answered(stands: CallStands, zone: ZoneInfo) -> str:
    if stands.has_it is None or stands.since is None:
        return "Somebody who was called has said that they have it."
    return phrase(
        "{name} has said that they have it, {when}.", name=stands.has_it.name, when=spoken(stands.since, zone)
    )


def _again(at: datetime | None, zone: ZoneInfo) -> tuple[Block, ...]:
    if at is None:
        return ()
    return (
        Text(
            phrase(
                "If nobody says that they have it, they are written to again {when}.", when=spoken(at, zone)
            )
        ),
    )


def _mistake(stands: CallStands) -> tuple[Block, ...]:
    if not stands.mine:
        return ()
    return (
        Text(
            "Pressed by mistake? Then nobody is called any more, and a lead asks you once whether all is well."
        ),
        Button("It was a mistake", TakeBackSafety(stands.case), Weight.QUIET),
    )


def _not_reached(members: Sequence[Member]) -> tuple[Block, ...]:
    if not members:
        return ()
    return (
        Alert(
            Tone.WAITING,
            phrase("Not reached yet: {names}. Please ring now.", names=_names(members)),
            (STILL_TRYING,),
        ),
    )


def call_page(case: CaseId, practitioners: Sequence[Member], site: Site, *, waits: bool, opens: bool) -> Page:
    """For somebody who was called: whom to ring, and the button that says one has it.

    `waits` says that nobody has it yet; `opens` that the case is open to whoever looks.

    Whom it is about is not said: whoever needs to know opens the case, and the person sees who did.
    """
    blocks: list[Block] = [
        Text("A practitioner is worried about someone's safety. Please ring the practitioner now."),
        *(_card(member) for member in practitioners),
    ]
    if not practitioners:
        blocks.append(Text("Nobody holds this now. Open it to see whom to ring."))
    if waits:
        blocks.append(Button("I have it", AcknowledgeSafety(case), Weight.MAIN))
    else:
        blocks.append(Text("Somebody has said that they have it. Ring if you are not sure."))
    if opens:
        days = POLICY.called_in_lasts.days
        blocks += (
            Button("Open what is recorded", OpenCase(case), Weight.QUIET),
            Text(
                phrase("You can open it until {days} days after the call has ended.", days=days), quiet=True
            ),
        )
    blocks += (
        Alert(Tone.DANGER, RING_FIRST, tuple(number_line(number) for number in site.numbers)),
        *guide(),
    )
    return Page("safety_called", "A safety concern", tuple(blocks))


def acknowledged(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Somebody has it."""
    return Page(
        "safety_acknowledged",
        "You have it",
        (
            Text("The others are not reminded any more. Please ring the practitioner if you have not yet."),
            Text("Say when you will speak again, and keep to it."),
            Button("Whom to ring", OpenSafetyCall(CaseId(ids["case"]))),
        ),
    )


def already(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Somebody else had said so before."""
    return Page(
        "safety_already",
        "Somebody has it already",
        (
            Text("Somebody who was called has said that they have it."),
            Text("If you are not sure, ring the practitioner. Twice is better than not at all."),
            Button("Whom to ring", OpenSafetyCall(CaseId(ids["case"]))),
        ),
    )


def taken_back(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """For somebody who was called, and opens it once it was taken back."""
    return Page(
        "safety_taken_back",
        "The call was taken back",
        (
            Text("A colleague called for safety and then said that it was pressed by mistake."),
            Text("You need do nothing. A lead asks them once whether everybody is safe."),
        ),
    )


def _reached(called: Sequence[Called]) -> tuple[Block, ...]:
    """How far each was reached, those who were not first; whoever comes later stands among those to ring."""
    rows = sorted(called, key=lambda one: one.reached)[: POLICY.rows_on_a_page]
    return (
        Facts(tuple((as_given(one.member.name), NO_ANSWER if one.reached else NOT_REACHED) for one in rows)),
    )


def _names(called: Sequence[Member]) -> str:
    named, more = called[:MOST_SAID], len(called) - MOST_SAID
    rest = [phrase("{more} more", more=more)] if more > 0 else []
    return listed([*(member.name for member in named), *rest])


def _card(member: Member) -> PersonCard:
    return PersonCard(
        member.name, member.phone, "" if member.phone else REACH[member.reach], member.best_time
    )
