"""Screens for logging a hard event, putting it right, and finding one in a talk about stress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenSwitch
from trim_bot.app.events.commands import OpenCallSheet, OpenIncident, OpenLogged
from trim_bot.app.people.other_chats import Elsewhere
from trim_bot.app.seam.links import OpenCase, OpenLog, OpenOwnEnds
from trim_bot.app.seam.paging import ListPart, counted, numbered, onward
from trim_bot.app.seam.sentences import as_given, joined, ours, phrase, phrase_of
from trim_bot.app.seam.text_kinds import Column, TextKind
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import (
    Choice,
    Choices,
    DateInput,
    Option,
    PeopleInput,
    PersonCard,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    Weight,
)
from trim_bot.app.words.clocks import ReadBy
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.ids import CaseId, IncidentId, MemberId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.listed_rows import MOST_NAME, MOST_PHONE
from trim_bot.domain.site import Site

PLANNED_FIRST = "A lead plans first what each person is offered. Nothing is sent when you log it."
WHO_SEES_PLANNED = "You, the person and leads see this. Managers do not. Coordinators see only totals."
WHO_SEES = "You and the person see this. Managers do not. Coordinators see only totals."
UNLISTED_HINT = "You will be asked to tell them in person."
NAME_AND_PHONE = (Column("Name", max_length=MOST_NAME), Column("Phone", TextKind.PHONE, MOST_PHONE))


def _unlisted(label: str) -> TextInput:
    """People without an account: a row each."""
    return TextInput(
        "unlisted",
        label,
        UNLISTED_HINT,
        required=False,
        multiline=True,
        columns=NAME_AND_PHONE,
    )


def log_form(site: Site, clock: ReadBy, others: Elsewhere | None = None, room: int | None = None) -> Form:
    """What happened, when it ended, who was there. `others` are colleagues whom a chat's own list cannot show.

    `room` is how many of the talks whoever logs it can offer to hold; the site's whole limit unless given.
    """
    kinds = tuple(Option(kind.id, as_given(kind.label)) for kind in site.kinds)
    return Form(
        OpenLog(),
        "Log a hard event",
        (
            Text(
                PLANNED_FIRST
                if site.plan_first
                else "Each person gets an offer of a talk, theirs to take or leave."
            ),
            Text("Only the colleague who talks with them sees a yes."),
            Choice("kind", "What kind of event", kinds, compact=True),
            *clock.day("ended_on", "When did it end for them?", "The day their part in it was over."),
            TimeInput(
                "ended_at",
                clock.label("Time it ended"),
                hint="Roughly is fine. Talks start 72 hours after this.",
                day="ended_on",
            ),
            *clock.choice(),
            PeopleInput("direct", "Who was directly involved", required=False),
            PeopleInput(
                "peripheral", "Who was close to it", required=False, hint="They saw, heard or handled part."
            ),
            *_elsewhere(others),
            _unlisted("Someone not listed"),
            TextInput(
                "account",
                "A short account",
                "Facts only, no names. You can leave this empty.",
                required=False,
                multiline=True,
                readers="practitioners of those who say yes",
            ),
            *_mine(site, site.most_open_cases if room is None else room),
            Text(WHO_SEES_PLANNED if site.plan_first else WHO_SEES, quiet=True),
            Button("Events you logged", OpenLogged(), Weight.QUIET, to_all=True),
        ),
        submit="Log it" if site.plan_first else "Log and offer",
    )


def _mine(site: Site, room: int) -> Iterator[Toggle | Text]:
    """Whether whoever logs it can hold the talks; where a lead plans first, the lead asks who can."""
    if site.plan_first:
        return
    if room == 0:
        yield Text("You hold or have offered as many talks as your site allows. Others hold these.")
        return
    yield Toggle(
        "mine",
        "I can hold these talks",
        hint=phrase_of(
            room,
            "You have room for one talk. The rest go to others.",
            "You have room for {n} talks. The rest go to others.",
        ),
    )


def training_first() -> Page:
    """Training has run out, so nothing new can be begun."""
    return Page(
        "training_first",
        "Your training date",
        (
            Text("There is no training on record for you that is in date, so you cannot log an event now."),
            Text("The coordinator can put this right. Ask another practitioner to log the event meanwhile."),
            Text("What you hold already stays open to you."),
        ),
    )


@dataclass(frozen=True, slots=True)
class Logged:
    """One event somebody logged, and how many people of it are still to be told in person."""

    incident: IncidentId
    kind: str
    ended_at: datetime
    to_tell: int = 0


LOGGED_ORDER = "Those with people still to tell come first, then what you logged last."


def logged_page(part: ListPart[Logged], zone: ZoneInfo) -> Page:
    """Events one has logged, those with people still to be told first."""
    if not part.rows:
        return Page("logged", "Events you logged", (Text("There are none that are still kept."),))
    order = joined((phrase("Open one to put it right."), ours(LOGGED_ORDER)))
    blocks: list[Block] = [Text(order), *counted(part)]
    named = [
        phrase("{kind}, {day}", kind=row.kind, day=spoken_day(row.ended_at.astimezone(zone).date()))
        for row in part.rows
    ]
    for row, said in zip(part.rows, numbered(named), strict=True):
        blocks.append(Button(said, OpenIncident(row.incident)))
        if row.to_tell:
            to_tell = phrase("People to tell in person: {number}", number=row.to_tell)
            blocks.append(Button(to_tell, OpenCallSheet(row.incident), about=said))
    return Page("logged", "Events you logged", (*blocks, *onward(part, OpenLogged)))


def incident_form(
    incident: Incident,
    people: tuple[tuple[MemberId, str], ...],
    clock: ReadBy,
    others: Elsewhere | None = None,
) -> Form:
    """Put the time or the people right."""
    take_out = (
        Choices(
            "take_out",
            "Take out",
            tuple(Option(id, as_given(name)) for id, name in people),
            hint="For someone named by mistake. An offer that was not answered is taken back.",
        ),
    )
    return Form(
        OpenIncident(incident.id),
        "Put an event right",
        (
            Text("People who said yes keep their talks. You cannot see here who did."),
            *end_of(incident, clock),
            *(
                Button("Some left at another time", OpenOwnEnds(incident.id), Weight.QUIET)
                for _ in people[:1]
            ),
            PeopleInput("more", "Add people", required=False),
            *_elsewhere(others),
            _unlisted("Add someone not listed"),
            *(take_out if people else ()),
        ),
        submit="Save",
    )


def end_of(incident: Incident, clock: ReadBy) -> tuple[Block, ...]:
    """The fields for a day and time, with when the event ended in them."""
    there = incident.ended_at.astimezone(ZoneInfo(clock.zone))
    at = f"{there.hour:02d}:{there.minute:02d}"
    return (
        DateInput("ended_on", "Day it ended for them", value=there.date().isoformat()),
        TimeInput("ended_at", clock.label("Time it ended"), value=at, day="ended_on"),
        *clock.choice(),
    )


def _elsewhere(others: Elsewhere | None) -> tuple[Choices, ...]:
    if others is None or not others.people:
        return ()
    hint = phrase("Colleagues the list above cannot show, if they were directly involved.")
    if others.more:
        hint = joined((hint, phrase("Not everyone fits here. In the browser you can name anyone.")))
    people = tuple(Option(value, as_given(name)) for value, name in others.people)
    return (Choices("elsewhere", "More colleagues", people, hint),)


def switch_form(whose: PersonCard, case: CaseId, clock: ReadBy) -> Form:
    """When the event ended; everything else is kept."""
    return Form(
        OpenSwitch(case),
        "A hard event came up",
        (
            whose,
            Text(
                "You can go on as support after a hard event. What you wrote so far stays, and is not asked again."
            ),
            Text(
                "Ask the person first. The first talk about the event starts 72 hours after it ended, or now."
            ),
            *clock.day("ended_on", "When did the event end for them?"),
            TimeInput("ended_at", clock.label("Time it ended"), hint="Roughly is fine.", day="ended_on"),
            *clock.choice(),
        ),
        submit="Go on this way",
        back=Button("Back", OpenCase(case)),
    )
