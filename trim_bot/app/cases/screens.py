"""Every sentence of a case but its parts, in one file like any subject's: the list, one case, whose hands
it is in, its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.cases import after_call
from trim_bot.app.cases.commands import (
    OpenCases,
    OpenClose,
    OpenSwitch,
    OpenTeam,
    PassCase,
    ReopenCase,
    TakeCase,
)
from trim_bot.app.cases.conversation_screens import (
    check_in_blocks,
    event_day,
    referral_blocks,
    touch,
)
from trim_bot.app.people.screens import REACH, at_the_limit
from trim_bot.app.seam.command import Command
from trim_bot.app.seam.links import OpenAfterCall, OpenCase, OpenSafety
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import (
    Alert,
    Choice,
    Facts,
    Heading,
    PersonCard,
    Text,
    Tone,
    Weight,
    Wording,
)
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.times import spoken, spoken_clock, spoken_day, spoken_wait
from trim_bot.domain.cases import Case, CheckIn, CloseReason
from trim_bot.domain.ids import CaseId, ReferralId
from trim_bot.domain.people import Address, Reach, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import ReferralState
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Step

NO_NAME = "Someone who gave no name"
WORRIED = "Worried that they are not safe?"
NOBODY_YET = (
    "The next page has numbers to ring, and says whom we would call. Nobody is called before you press there."
)


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One check-in with the name of its stage."""

    check_in: CheckIn
    label: str


@dataclass(frozen=True, slots=True)
class NotedRow:
    """What was noted about one event when it was logged."""

    account: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HelpRow:
    """Help that is being arranged."""

    id: ReferralId
    service: str
    state: ReferralState


SheetRow = CheckInRow | HelpRow | NotedRow


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """All that one case form shows."""

    case: Case
    programme: str
    name: str
    phone: str
    reach: Reach
    best_time: str
    chat: Address | None
    rows: ListPart[SheetRow]
    """Its conversations, the help that is arranged, and what was noted about its events."""
    holder: bool
    """Whether it is assigned to whoever looks, who can then pass it on."""
    switchable: bool
    """Whether it could go on as support after a hard event."""
    events: tuple[datetime, ...] = ()
    """When each event ended that they said yes about; empty off the trauma clock."""
    contact: Step | None = None
    """The wait for somebody to get in touch, while it is owed."""
    line: tuple[tuple[str, str], ...] = ()
    """Days and what happened on each, then what is to come."""
    change: tuple[Block, ...] = ()
    """What changed from the first talk to the newest, factor by factor; nothing before there are two."""
    until: datetime | None = None
    """Until when (UTC) it opens to whoever looks, where that is known: called in, or training that has run out."""


def case_page(sheet: CaseSheet, zone: ZoneInfo, now: datetime, site: Site) -> Page:
    """One case: the person first, then what comes next, then the quiet ways."""
    case = sheet.case
    blocks: list[Block] = [
        PersonCard(
            sheet.name or ours(NO_NAME),
            sheet.phone,
            as_given(case.contact) if case.contact else REACH[sheet.reach],
            sheet.best_time,
            sheet.chat,
            sheet.programme,
        ),
        Facts(_facts(sheet, zone, now)),
        *((Alert(Tone.WAITING, _opens_until(sheet.until, zone, holds=sheet.holder)),) if sheet.until else ()),
    ]
    if sheet.line:
        blocks += [Heading("So far, and next"), Facts(sheet.line, in_time=True)]
    if case.account:
        blocks += [Heading("What they wrote"), Text(as_given(case.account))]
    if sheet.contact is not None:
        blocks += [Heading("Get in touch"), *touch(sheet.contact, zone)]
    blocks += counted(sheet.rows) + _rows(sheet, zone, now)
    blocks += onward(sheet.rows, lambda after: OpenCase(case.id, after))
    blocks += sheet.change
    blocks += [
        *after_call_blocks(case, zone),
        Heading("More"),
        *((Button("A hard event came up", OpenSwitch(case.id)),) if sheet.switchable else ()),
        Button("End these talks", OpenClose(case.id)),
        *((Button("Not me", PassCase(case.id), Weight.QUIET),) if sheet.holder else ()),
        Text(
            "Only you see this, and whoever covers for you or is called in. Opening it is recorded. "
            "The person can read what you note in talks on their own page.",
            quiet=True,
        ),
        *way_to_safety(OpenSafety(case.id)),
    ]
    return Page("case", "A person you support", tuple(blocks))


def way_to_safety(leads_to: Command) -> tuple[Block, ...]:
    """Set apart from all that can be done otherwise: the way to a call for safety, which calls nobody yet."""
    return (
        Alert(Tone.DANGER, WORRIED, (NOBODY_YET,)),
        Button("They may not be safe", leads_to, Weight.EQUAL),
    )


def after_call_blocks(case: Case, zone: ZoneInfo) -> tuple[Block, ...]:
    """What followed the last call for safety that somebody answered, and what is still owed after it."""
    call = after_call.last_answered(case)
    if call is None:
        return ()
    told = (
        ("Told outside the desk", as_given(call.told_whom)),
        ("When", as_given(call.told_when)),
        ("Why", as_given(call.told_why)),
        ("Agreed", as_given(call.agreed)),
    )
    rows = tuple((name, what) for name, what in told if what)
    owed = (
        ()
        if call.contact_by is None
        else (Text(phrase("Speak with them again by {when}.", when=spoken(call.contact_by, zone))),)
    )
    return (
        Heading("After the call for safety"),
        *owed,
        *((Facts(rows),) if rows else ()),
        Button("What followed the call", OpenAfterCall(case.id)),
    )


def _rows(sheet: CaseSheet, zone: ZoneInfo, now: datetime) -> list[Block]:
    noted = [Text(as_given(row.account)) for row in sheet.rows.rows if isinstance(row, NotedRow)]
    talks = [(row.label, row.check_in) for row in sheet.rows.rows if isinstance(row, CheckInRow)]
    help_rows = [(row.id, row.service, row.state) for row in sheet.rows.rows if isinstance(row, HelpRow)]
    blocks: list[Block] = [Heading("What was noted about the event"), *noted] if noted else []
    blocks += check_in_blocks(talks, zone, now)
    return blocks + referral_blocks(sheet.case.id, help_rows)


def _opens_until(until: datetime, zone: ZoneInfo, *, holds: bool) -> str:
    day = spoken(until, zone)
    if holds:
        return phrase(
            "Your training has run out. You can open this until {day}. Then it goes to a "
            "colleague; a lead knows.",
            day=day,
        )
    return phrase("You were called in for safety. You can open this until {day}.", day=day)


HOW_IT_ENDED = Wording(
    CloseReason,
    {
        CloseReason.FINISHED: "We both think nothing more is needed here",
        CloseReason.MOVED_ON: "Other help has taken over",
        CloseReason.WITHDRAWN: "They do not want to go on",
        CloseReason.UNREACHABLE: "I could not reach them, and left word how to come back",
    },
)


def close_form(whose: PersonCard, case: CaseId) -> Form:
    """Why it ends, in one choice."""
    return Form(
        OpenClose(case),
        "End these talks",
        (
            whose,
            Text("Tell the person first. They can ask again at any time. Nobody else is told."),
            Choice.of("reason", "How did it end?", HOW_IT_ENDED),
        ),
        submit="End",
        back=Button("Back", OpenCase(case)),
    )


def closed_page(whose: PersonCard | None, again_for: CaseId | None) -> Page:
    """A case was ended; with whose it was and the way back, where there is one."""
    back = (again(again_for),) if again_for is not None else ()
    return Page(
        "case_closed",
        "These talks have ended",
        (
            *((whose,) if whose is not None else ()),
            Text("No more reminders go out. What was written is erased after the time your site has set."),
            Button("People you support", OpenCases()),
            *back,
        ),
    )


def _facts(sheet: CaseSheet, zone: ZoneInfo, now: datetime) -> tuple[tuple[str, str], ...]:
    case = sheet.case
    # Above a whole time line, which says it of each with its day, neither is said a second time.
    facts = [] if sheet.line else [("Began", spoken(case.opened_at, zone))]
    several = len(sheet.events) > 1
    events = () if sheet.line and len(sheet.line) < POLICY.rows_on_a_page else sheet.events
    # Of very many the newest: each talk says as well which event it is about.
    for number, ended in list(enumerate(events, 1))[-POLICY.rows_on_a_page :]:
        there = ended.astimezone(zone)
        day = event_day(ended, zone, now)
        name = phrase("Event {number} ended", number=number) if several else "Event ended"
        facts.append((name, phrase("{day}, {time}", day=day, time=spoken_clock(there))))
    facts.append(
        (
            "Privacy notice",
            "They have heard it" if case.notice else "Still to be told, before the first question",
        )
    )
    return tuple(facts)


def again(case: CaseId, about: str = "") -> Button:
    """Opens talks again; `about` says whose in a list."""
    return Button("Ended by mistake: open again", ReopenCase(case), Weight.QUIET, about=about)


def own_line(reopened_at: datetime | None, zone: ZoneInfo) -> str:
    """What the person reads of it; empty where nothing was opened again."""
    if reopened_at is None:
        return ""
    day = spoken_day(reopened_at.astimezone(zone).date())
    return phrase(
        "These talks were ended by mistake, and opened again on {day}. You can stop at any time.", day=day
    )


def reopened(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Talks were opened again that whoever did it does not hold now: a lead, or a holder without room."""
    leads = bool(work.who.roles & {Role.LEAD, Role.DEPUTY})
    whose = "Whoever held it goes on with it. If they have no room, it waits for somebody else."
    if ids.get("held") == "lead":
        whose = "You hold as much as your site allows, so the lead gives it to somebody else."
    if ids.get("held") == "yes":
        whose = "You have no room for it now, so it waits for somebody else."
    return Page(
        "case_reopened",
        "Talks are open again",
        (
            Text("All that was planned stands as it stood. The person sees on their page that it went on."),
            Text(whose),
            Button("Back to planning", OpenTeam())
            if leads
            else Button("Back to the people you support", OpenCases()),
        ),
    )


def take_page(case: CaseId, waited: timedelta, full: int = 0) -> Page:
    """A case waits; no name before it is taken. `full` is the site's limit, once somebody has reached it."""
    take: tuple[Text | Button, ...] = (
        Text("Taking it means you hold the talks and keep in touch. You can give it back at any time."),
        Button("Take it", TakeCase(case), Weight.MAIN),
    )
    return Page(
        "take",
        "Someone said yes",
        (
            Text(
                phrase(
                    "They have waited {waited}. You see their name once you take it.",
                    waited=spoken_wait(waited),
                )
            ),
            *((Text(at_the_limit(full)),) if full else take),
        ),
    )


def passed(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """A case was given back."""
    return Page(
        "case_passed",
        "Back with the others",
        (Text("Another practitioner can take it now. No reason is asked or kept."),),
    )
