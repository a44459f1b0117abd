"""The fixed words for a safety concern, for whoever is with the person and for those who were called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from trim_bot.app.people.screens import REACH
from trim_bot.app.safety.commands import AcknowledgeSafety, OpenConcern, OpenSafety, OpenSafetyCall
from trim_bot.app.seam.links import CallForSafety, OpenCase
from trim_bot.app.seam.paging import ListPart, onward
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Alert, Bullets, Heading, PersonCard, Text, Tone, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.common_answers import number_line
from trim_bot.domain.ids import CaseId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import Site

RING_FIRST = "If a life is in danger, ring the emergency number now. Do not wait for this desk."
NOBODY_CALLED = (
    "Nobody could be told through the desk. Please ring the emergency number or your own professional line."
)
ASK = (
    "Ask directly: “Are you thinking about ending your life?” Asking does not put the thought there.",
    "Listen. You do not have to solve it.",
    "Stay with them, or stay on the line, until somebody else is there.",
    "Do not hand this over by message. Ring, and hear that somebody has it.",
    "Keep them away from anything they could use to hurt themselves, if you can do so safely.",
)
WHAT_TO_SHARE = "What to share when you ring"
SHARED = (
    "Share who they are, where they are, and that there is a concern.",
    "Do not share notes, answers, or any score.",
    "Tell the person what you share and with whom, before you do if you can.",
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


def safety_page(
    case: CaseId, call: CallState, called: Sequence[Called], to_ring: ListPart[Member], site: Site
) -> Page:
    """For whoever is with the person. `called` are called through the desk; `to_ring` can be rung."""
    blocks: list[Block] = [
        Alert(Tone.DANGER, RING_FIRST, tuple(number_line(number) for number in site.numbers)),
        Heading("What to do now"),
        Bullets(ASK),
        Heading("Who to ring"),
        *(_card(member) for member in to_ring.rows),
        *onward(to_ring, lambda after: OpenSafety(case, after)),
    ]
    blocks += _call(case, call, called)
    blocks += (
        Heading(WHAT_TO_SHARE),
        Bullets(SHARED),
        Text("What you had filled in is kept. You can go on with it later."),
        Text("Afterwards, talk it through with the lead. This was a lot for you too."),
        Button("Back to the person you support", OpenCase(case), Weight.QUIET),
    )
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
    for number, (case, began) in enumerate(part.rows, part.first):
        blocks += (
            Heading(f"Person {number}, since {began}"),
            Button(
                "Call the lead and cover",
                CallForSafety(case, check_in=None, at=""),
                Weight.MAIN,
                about=f"Person {number}",
            ),
            Button("What to do and whom to ring", OpenSafety(case), about=f"Person {number}"),
        )
    blocks += onward(part, OpenConcern)
    blocks += (Heading("What to do now"), Bullets(ASK))
    return Page("concern", "Safety concern", tuple(blocks))


def _call(case: CaseId, call: CallState, called: Sequence[Called]) -> tuple[Block, ...]:
    again = Button("Call the lead and cover", CallForSafety(case, check_in=None, at=""))
    match call:
        case CallState.NONE:
            return (Text("Nobody has been called through the desk yet."), again)
        case CallState.OPEN:
            return (
                *_reached([one.member for one in called if one.reached]),
                *_not_reached(case, [one.member for one in called if not one.reached]),
                Text(
                    "Whoever is called in can open what is recorded here, until "
                    f"{POLICY.called_in_lasts.days} days after the call has ended. Each opening is noted."
                ),
            )
        case CallState.NOBODY:
            return (Alert(Tone.WAITING, NOBODY_CALLED), again)
        case CallState.ANSWERED:
            return (Text("Somebody who was called has said that they have it."), again)
        case _:
            assert_never(call)


def _reached(members: Sequence[Member]) -> tuple[Block, ...]:
    if not members:
        return ()
    return (Text(f"A message has gone to {_names(members)}. It does not say what for, so please ring too."),)


def _not_reached(case: CaseId, members: Sequence[Member]) -> tuple[Block, ...]:
    if not members:
        return ()
    return (
        Alert(Tone.WAITING, f"Not reached yet: {_names(members)}. Please ring now.", (STILL_TRYING,)),
        Button("Look again who was reached", OpenSafety(case)),
    )


def call_page(case: CaseId, practitioners: Sequence[Member], site: Site, *, waits: bool, opens: bool) -> Page:
    """For somebody who was called: whom to ring, and the button that says one has it.

    `waits` says that nobody has it yet; `opens` that the case is open to whoever looks.
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
            Text(f"You can open it until {days} days after the call has ended.", quiet=True),
        )
    blocks += (
        Alert(Tone.DANGER, RING_FIRST, tuple(number_line(number) for number in site.numbers)),
        Heading("What the practitioner can do now"),
        Bullets(ASK),
        Heading(WHAT_TO_SHARE),
        Bullets(SHARED),
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


def _names(called: Sequence[Member]) -> str:
    *others, last = (member.name for member in called)
    return f"{', '.join(others)} and {last}" if others else last


def _card(member: Member) -> PersonCard:
    return PersonCard(
        member.name, member.phone, "" if member.phone else REACH[member.reach], member.best_time
    )
