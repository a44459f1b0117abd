"""Parts of the case form, in one file: getting in touch, its conversations, agreeing a time, help being arranged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import ContactOutcome, OpenCases, OpenFirstContact, OpenMove, SkipCheckIn
from trim_bot.app.people.eligible import still_here
from trim_bot.app.seam.command import Opening
from trim_bot.app.seam.links import OpenCase, OpenInterview, OpenReferral, OpenReferralMove, OpenResult
from trim_bot.app.seam.sentences import capitalised, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import (
    Choice,
    DateInput,
    Heading,
    PersonCard,
    Text,
    TimeInput,
    Toggle,
    Weight,
    Wording,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.clocks import ReadBy
from trim_bot.app.words.times import spoken, spoken_day, spoken_event
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, MemberId, ReferralId, StepId
from trim_bot.domain.referrals import ReferralState
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind

REFERRAL_STATES = Wording(
    ReferralState,
    {
        ReferralState.OFFERED: "offered, and they are thinking about it",
        ReferralState.DECLINED: "they do not want it",
        ReferralState.ACCEPTED: "they said yes; to be arranged",
        ReferralState.MADE: "arranged; waiting until they have been seen",
        ReferralState.SEEN: "they have been seen",
        ReferralState.NOT_SEEN: "they have not been seen yet",
        ReferralState.CLOSED: phrase("finished"),
    },
)

HANDED_ON = "Being handed on, since they have left"


@dataclass(frozen=True, slots=True)
class Coming:
    """The conversation that comes next, with the name of its stage."""

    label: str
    check_in: CheckIn


def window_words(label: str, check_in: CheckIn, zone: ZoneInfo) -> str:
    """When a conversation is to be held, in words."""
    return phrase("{label}: {window}.", label=ours(label), window=_window(check_in, zone))


def check_in_blocks(rows: Sequence[tuple[str, CheckIn]], zone: ZoneInfo, now: datetime) -> list[Block]:
    """The conversations of a case: held ones to look at, the next one to hold, move or leave out."""
    blocks: list[Block] = []
    for label, check_in in rows:
        match check_in.state:
            case CheckInState.HELD:
                blocks += [
                    Heading(label),
                    Text(_held(check_in, zone)),
                    Button("Look at it", OpenResult(check_in.id), about=ours(label)),
                ]
            case CheckInState.PLANNED | CheckInState.OPEN:
                blocks += _coming(label, check_in, zone, now)
            case CheckInState.DECLINED:
                blocks += [Heading(label), Text("They did not want this one.")]
            case CheckInState.CANCELLED:
                pass
    return blocks


def _held(check_in: CheckIn, zone: ZoneInfo) -> str:
    shared = check_in.met_by is not None
    if check_in.held_at is None:
        return "Held, as part of another talk." if shared else "Held."
    day = spoken_day(check_in.held_at.astimezone(zone).date())
    if shared:
        return phrase("Held on {day}, as part of another talk.", day=day)
    return phrase("Held on {day}.", day=day)


def referral_blocks(case: CaseId, referrals: Sequence[tuple[ReferralId, str, ReferralState]]) -> list[Block]:
    """Help being arranged, and the way to arrange more."""
    blocks: list[Block] = [Heading("Other help")]
    for id, service, state in referrals:
        blocks += [
            Text(phrase("{service}: {state}.", service=service, state=ours(REFERRAL_STATES[state]))),
            Button("What comes next", OpenReferralMove(id), about=service),
        ]
    blocks.append(Button("Arrange other help", OpenReferral(case)))
    return blocks


def _coming(label: str, check_in: CheckIn, zone: ZoneInfo, now: datetime) -> list[Block]:
    window = _window(check_in, zone)
    blocks: list[Block] = [Heading(label), Text(phrase("{window}.", window=capitalised(window)))]
    if check_in.opens_at <= now:
        blocks.append(Button("Start or go on", OpenInterview(check_in.id), Weight.MAIN, about=ours(label)))
    else:
        blocks.append(Text("It can be held once this time has come.", quiet=True))
    blocks += [
        Button("Agree a time", OpenMove(check_in.id), about=ours(label)),
        Button("They do not want this one", SkipCheckIn(check_in.id), about=ours(label)),
    ]
    return blocks


def _window(check_in: CheckIn, zone: ZoneInfo) -> str:
    if check_in.agreed_at is not None:
        return phrase("agreed for {when}", when=spoken(check_in.agreed_at, zone))
    closes = check_in.closes_at.astimezone(zone)
    return phrase(
        "from {when} to about {day}", when=spoken(check_in.opens_at, zone), day=spoken_day(closes.date())
    )


def about(label: str, ended: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """`First conversation, about Sunday 20 December`; the label alone where there is only one event."""
    return (
        label
        if ended is None
        else phrase("{label}, about {day}", label=ours(label), day=event_day(ended, zone, now))
    )


def event_day(ended: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The day an event ended, in a zone; with its year where it is long ago."""
    return spoken_event(ended.astimezone(zone).date(), now.astimezone(zone).date())


def move_form(whose: PersonCard, check_in: CheckIn, label: str, clock: ReadBy) -> Form:
    """Day and time, and whether the person wants a message."""
    zone = ZoneInfo(clock.zone)
    agreed = check_in.agreed_at.astimezone(zone) if check_in.agreed_at is not None else None
    return Form(
        OpenMove(check_in.id),
        "Agree a time",
        (
            whose,
            Text(window_words(label, check_in, zone)),
            DateInput("day", "Day", value=agreed.date().isoformat() if agreed else ""),
            TimeInput("at", clock.label("Time"), value=f"{agreed:%H:%M}" if agreed else "", day="day"),
            *clock.choice(),
            Toggle(
                "tell",
                "Show it on their page when it is near",
                hint="A message goes only to those who asked to hear of changes.",
            ),
        ),
        submit="Save",
        back=Button("Back", OpenCase(check_in.case_id)),
    )


HOW_IT_WENT = Wording(
    ContactOutcome,
    {
        ContactOutcome.REACHED: "I have reached them",
        ContactOutcome.LEFT_WORD: "I left word",
        ContactOutcome.NOT_YET: "Not yet",
    },
)


def contact_form(
    step: Step,
    person: PersonCard | None,
    coming: CheckIn | None,
    zone: ZoneInfo,
    back: Opening,
) -> Form:
    """Whom to get in touch with, and how it went. `coming` is a talk whose time has not come yet."""
    wait = (
        (
            Text(
                phrase(
                    "A call or a message is fine now. The talk itself waits until {when}.",
                    when=spoken(coming.opens_at, zone),
                )
            ),
        )
        if coming is not None
        else ()
    )
    return Form(
        OpenFirstContact(step.id),
        "Get in touch",
        (
            person if person is not None else Text("Your written reply is the only way to reach them."),
            Text(promised(step.promised_at, zone)),
            *wait,
            Choice.of("outcome", "How did it go?", HOW_IT_WENT),
            Text(
                "After three tries we ask the lead to help. Nobody thinks less of you or of them.", quiet=True
            ),
        ),
        submit="Save",
        back=Button("Back", back),
    )


def promised(by: datetime | None, zone: ZoneInfo) -> str:
    """By when the person expects to hear from somebody."""
    if by is None:
        return "They wait to hear from you."
    return phrase("They were told that they hear from a colleague by {day}.", day=_day(by, zone))


def kept(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """How it went is kept."""
    step = work.tx.get(Step, StepId(ids["step"]))
    words = "Thank you. It is off your list."
    if step is not None and step.state in OPEN_STATES:
        again = spoken(step.opens_at, work.zone)
        words = phrase("Thank you. We remind you again from {again}.", again=again)
    return Page(
        "contact_kept",
        "That is saved",
        (Text(words), Button("People you support", OpenCases())),
    )


def own_line(colleague: str, by: datetime, now: datetime, zone: ZoneInfo, *, tried: bool) -> str:
    """Who gets in touch with oneself, and by when."""
    who = colleague or phrase("A colleague")
    if tried:
        return phrase("{who} has tried to reach you, and tries again.", who=who)
    if now > by:
        return phrase(
            "You were to hear from us by {day}. We are sorry. {who} is still to get in touch.",
            day=_day(by, zone),
            who=who,
        )
    return phrase("{who} gets in touch with you by {day}.", who=who, day=_day(by, zone))


def owed_line(work: UnitOfWork, record: Case | SupportRequest, holder: MemberId | None) -> str:
    """Who gets in touch and by when, in a case or a request about oneself; empty where nothing is owed.

    It names whoever is to get in touch, who is not its holder where they are at work too late.
    """
    if record.contact_by is None:
        return ""
    steps = work.tx.find(Step, kind=StepKind.FIRST_CONTACT, subject=record.id)
    # Whoever waited for it may have changed since: that somebody tried stays true.
    tried = any(step.tries for step in steps)
    waits = next((step for step in steps if step.state in OPEN_STATES), None)
    colleague = still_here(work, waits.holder if waits is not None else holder)
    other = waits is not None and waits.holder != holder
    name = "" if colleague is None or (tried and other) else colleague.name
    return own_line(name, record.contact_by, work.now, work.zone, tried=tried)


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return spoken_day(instant.astimezone(zone).date())


def touch(step: Step | None, zone: ZoneInfo) -> tuple[Block, ...]:
    """That the person waits to hear from one, and the way to say how it went."""
    if step is None:
        return ()
    return (
        Text(promised(step.promised_at, zone)),
        Button("Say how getting in touch went", OpenFirstContact(step.id)),
    )
