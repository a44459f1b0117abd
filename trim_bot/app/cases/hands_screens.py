"""What is shown of whose hands a case is in: taken, given back, talked over with a lead, opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenAssign, OpenCases, OpenTeam, ReopenCase, SuperviseCase, TakeCase
from trim_bot.app.cases.conversation_screens import HANDED_ON
from trim_bot.app.people.screens import at_the_limit
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Bullets, Facts, Heading, Text, Weight
from trim_bot.app.seam.work import Work
from trim_bot.app.words.times import spoken_day, spoken_wait
from trim_bot.domain.cases import Case
from trim_bot.domain.people import Member, Role
from workflows.effects import Reason


@dataclass(frozen=True, slots=True)
class EndedRow:
    """Talks that ended: a name or a kind of support, and when."""

    case: str
    what: str = field(repr=False)
    ended_at: datetime


def ended_blocks(rows: Sequence[EndedRow], zone: ZoneInfo) -> list[Block]:
    """What ended lately, each with the way to open it again."""
    blocks: list[Block] = [Heading("Ended lately")] if rows else []
    for row in rows:
        day = spoken_day(row.ended_at.astimezone(zone).date())
        blocks += [
            Text(f"{row.what or 'Someone who gave no name'}: ended on {day}."),
            again(row.case),
        ]
    return blocks


def again(case: str) -> Button:
    """Opens talks again."""
    return Button("Ended by mistake: open again", ReopenCase(case), Weight.QUIET)


def own_line(reopened_at: datetime | None, zone: ZoneInfo) -> str:
    """What the person reads of it; empty where nothing was opened again."""
    if reopened_at is None:
        return ""
    day = spoken_day(reopened_at.astimezone(zone).date())
    return f"These talks were ended by mistake, and opened again on {day}. You can stop at any time."


def reopened(work: Work, ids: Mapping[str, str]) -> Screen:
    """Talks were opened again that whoever did it does not hold now: a lead, or a holder without room."""
    leads = bool(work.who.roles & {Role.LEAD, Role.DEPUTY})
    whose = "Whoever held it goes on with it. If they have no room, it waits for somebody else."
    if ids.get("held") == "yes":
        whose = "You have no room for it now, so it waits for somebody else."
    return Page(
        "case_reopened",
        "These talks are open again",
        (
            Text("All that was planned stands as it stood. The person sees on their page that it went on."),
            Text(whose),
            Button("Back to planning", OpenTeam())
            if leads
            else Button("Back to the people you support", OpenCases()),
        ),
    )


def take_page(case: str, waited: timedelta, full: int = 0) -> Page:
    """A case waits; no name before it is taken. `full` is the site's limit, once somebody has reached it."""
    take: tuple[Text | Button, ...] = (
        Text("Taking it means you hold the talks and keep in touch. You can give it back at any time."),
        Button("Take it", TakeCase(case), Weight.MAIN),
    )
    return Page(
        "take",
        "Someone said yes to a talk",
        (
            Text(f"They have waited {spoken_wait(waited)}. You see their name once you take it."),
            *((Text(at_the_limit(full)),) if full else take),
        ),
    )


def passed(work: Work, ids: Mapping[str, str]) -> Screen:
    """A case was given back."""
    return Page(
        "case_passed",
        "It is back with the others",
        (Text("Another practitioner can take it now. No reason is asked or kept."),),
    )


REASONS = {
    Reason.SAFETY: "There was a worry about safety.",
    Reason.CANNOT_FUNCTION: "The person cannot manage daily life.",
    Reason.PERSON_ASKS: "The person asks for professional help.",
    Reason.UNEASY: "Your colleague is uneasy, whatever the answers say.",
    Reason.SCORE: "Your clinical lead asks for a talk like this at this point.",
    Reason.SECOND_EXPOSURE: "Another hard event came while they support this person.",
    Reason.NOT_REACHED: "Several tries to get in touch with the person came to nothing.",
    Reason.CONTACTS_USED: "The usual number of talks is used up. Other help may suit better now.",
}
"""Why, without a word of what was said."""


def supervision_page(step: str, case: Case, programme: str, holder: Member | None) -> Page:
    """Whom to talk with and why; the person it is about is not shown. `holder` is None once they have left."""
    nobody = HANDED_ON if case.holder is not None else "Nobody holds it yet"
    rows = [("Who holds it", holder.name if holder is not None else nobody)]
    if holder is not None:
        rows.append(("How to reach them", holder.phone or "by chat or in person"))
    rows.append(("Kind of support", programme))
    return Page(
        "supervision",
        "Talk something over with a colleague",
        (
            Facts(tuple(rows)),
            Text("Why we ask you:"),
            Bullets(tuple(REASONS[reason] for reason in case.asks) or ("It was asked for earlier.",)),
            Text("Whom it is about is not shown. Your colleague need not say it.")
            if holder is not None
            else Text(
                "Whom it is about is not shown. Give the case to somebody, and talk it over with them."
            ),
            Button("We have talked it over", SuperviseCase(step), Weight.MAIN),
            Button("Give this case to somebody", OpenAssign(case.id)),
            Text("Your colleague goes on with their work meanwhile. Nobody else is told.", quiet=True)
            if holder is not None
            else Text("Nobody else is told.", quiet=True),
        ),
    )


def talked_over(work: Work, ids: Mapping[str, str]) -> Screen:
    """It was talked over."""
    return Page(
        "talked_over",
        "Thank you, that is kept",
        (
            Text("It is off your list. Nothing of what you said is kept."),
            Button("Back to planning", OpenTeam(), Weight.QUIET),
        ),
    )
