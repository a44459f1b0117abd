"""The form for getting in touch, what follows it, and what the person reads of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenCases, OpenFirstContact
from trim_bot.app.people.eligible import still_here
from trim_bot.app.seam.links import Opening
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Choice, Option, PersonCard, Text
from trim_bot.app.seam.work import Work
from trim_bot.app.words.times import spoken, spoken_day
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.ids import MemberId
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind


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
                f"A call or a message is fine now. The talk itself waits until {spoken(coming.opens_at, zone)}."
            ),
        )
        if coming is not None
        else ()
    )
    return Form(
        OpenFirstContact(step.id),
        "Get in touch",
        (
            Text(promised(step.promised_at, zone)),
            person if person is not None else Text("Your written reply is the only way to reach them."),
            *wait,
            Choice(
                "outcome",
                "How did it go?",
                (
                    Option("reached", "I have reached them"),
                    Option("left_word", "I left word"),
                    Option("not_yet", "Not yet"),
                ),
            ),
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
    return f"They were told that they hear from a colleague by {_day(by, zone)}."


def kept(work: Work, ids: Mapping[str, str]) -> Screen:
    """How it went is kept."""
    step = work.tx.get(Step, ids["step"])
    words = "Thank you. It is off your list."
    if step is not None and step.state in OPEN_STATES:
        again = spoken(step.opens_at, work.zone)
        words = f"Thank you. We remind you again from {again}."
    return Page(
        "contact_kept",
        "That is kept",
        (Text(words), Button("People you support", OpenCases())),
    )


def own_line(colleague: str, by: datetime, now: datetime, zone: ZoneInfo, *, tried: bool) -> str:
    """Who gets in touch with oneself, and by when."""
    who = colleague or "A colleague"
    if tried:
        return f"{who} has tried to reach you, and tries again."
    if now > by:
        return f"You were to hear from us by {_day(by, zone)}. We are sorry. {who} is still to get in touch."
    return f"{who} gets in touch with you by {_day(by, zone)}."


def owed_line(work: Work, record: Case | SupportRequest, holder: MemberId | None) -> str:
    """The same of a case or a request about oneself; empty where nothing is owed.

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
