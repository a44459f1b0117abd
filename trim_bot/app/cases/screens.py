"""Screens of a practitioner's cases: the list, what is due, one case, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import OpenCases, OpenClose, OpenSwitch, PassCase
from trim_bot.app.cases.conversation_screens import check_in_blocks, event_day, referral_blocks, window_words
from trim_bot.app.cases.first_contact_screens import touch
from trim_bot.app.cases.hands_screens import EndedRow, again, ended_blocks
from trim_bot.app.cases.state import may_open_again
from trim_bot.app.people.screens import REACH
from trim_bot.app.seam.links import CallForSafety, OpenCase, OpenDue, OpenLog
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Alert, Choice, Facts, Heading, Option, PersonCard, Text, Tone, Weight
from trim_bot.app.seam.work import Work
from trim_bot.app.words.times import spoken
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.people import Address, Reach
from trim_bot.domain.referrals import ReferralState
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Step

NO_NAME = "Someone who gave no name"
SAFETY_OPEN = "A call for safety is open."
STILL_OPEN = "Something about this is still open."


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One check-in with the name of its stage."""

    check_in: CheckIn
    label: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list of cases; `name` is empty when none was given."""

    id: str
    name: str
    coming: CheckInRow | None
    late: bool = False
    danger: bool = False
    """Whether a call for safety about it is open."""


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
    accounts: tuple[str, ...]
    """What was noted about the events when they were logged."""
    check_ins: tuple[CheckInRow, ...]
    referrals: tuple[tuple[str, str, ReferralState], ...]
    holder: bool
    """Whether it is assigned to whoever looks, who can then pass it on."""
    switchable: bool
    """Whether it could go on as support after a hard event."""
    events: tuple[datetime, ...] = ()
    """When each event ended that they said yes about; empty off the trauma clock."""
    contact: Step | None = None
    """The wait for somebody to get in touch, while it is owed."""


def cases_page(
    rows: tuple[CaseRow, ...], zone: ZoneInfo, held: str = "", ended: tuple[EndedRow, ...] = ()
) -> Page:
    """The people one supports, and what one ended lately. `held` says how much one holds, of what the site allows."""
    if not rows:
        return Page(
            "cases",
            "People you support",
            (
                Text("You hold no case just now. We tell you when something waits."),
                Button("Log a hard event", OpenLog()),
                Button("What waits for you", OpenDue()),
                *ended_blocks(ended, zone),
            ),
        )
    blocks: list[Block] = []
    for row in rows:
        next_words = (
            window_words(row.coming.label, row.coming.check_in, zone) if row.coming else "Nothing is planned."
        )
        blocks += [
            Heading(row.name or NO_NAME),
            *((Alert(Tone.DANGER, SAFETY_OPEN),) if row.danger else ()),
            *((Alert(Tone.WAITING, STILL_OPEN),) if row.late else ()),
            Text(next_words),
            Button("Open", OpenCase(row.id), Weight.MAIN),
        ]
    if held:
        blocks.append(Text(held, quiet=True))
    blocks.append(Button("Log a hard event", OpenLog(), Weight.QUIET))
    blocks += ended_blocks(ended, zone)
    return Page("cases", "People you support", tuple(blocks))


def case_page(sheet: CaseSheet, zone: ZoneInfo, now: datetime, site: Site) -> Page:
    """One case: the person first, then what comes next, then the quiet ways."""
    case = sheet.case
    blocks: list[Block] = [
        PersonCard(
            sheet.name or NO_NAME,
            sheet.phone,
            case.contact or REACH[sheet.reach],
            sheet.best_time,
            sheet.chat,
        ),
        Facts(_facts(sheet, zone, now)),
    ]
    if case.account:
        blocks += [Heading("What they wrote"), Text(case.account)]
    if sheet.accounts:
        blocks += [Heading("What was noted about the event"), *(Text(account) for account in sheet.accounts)]
    if sheet.contact is not None:
        blocks += [Heading("Get in touch"), *touch(sheet.contact, zone)]
    blocks += check_in_blocks([(row.label, row.check_in) for row in sheet.check_ins], zone, now)
    blocks += referral_blocks(case.id, sheet.referrals)
    blocks += [
        Heading("More"),
        Button("Safety concern", CallForSafety(case=case.id, check_in="", at="")),
        *((Button("A hard event came up", OpenSwitch(case.id)),) if sheet.switchable else ()),
        Button("End these talks", OpenClose(case.id)),
        *((Button("Not me", PassCase(case.id), Weight.QUIET),) if sheet.holder else ()),
        Text(
            "Only you see this, and whoever covers for you or is called in. Opening it is recorded.",
            quiet=True,
        ),
    ]
    return Page("case", "A person you support", tuple(blocks))


def close_form(case: str) -> Form:
    """Why it ends, in one choice."""
    return Form(
        OpenClose(case),
        "End these talks",
        (
            Text("Tell the person first. They can ask again at any time. Nobody else is told."),
            Choice(
                "reason",
                "How did it end?",
                (
                    Option("finished", "We both think nothing more is needed here"),
                    Option("moved_on", "Other help has taken over"),
                    Option("withdrawn", "They do not want to go on"),
                    Option("unreachable", "I could not reach them, and left word how to come back"),
                ),
            ),
        ),
        submit="End",
        back=Button("Back", OpenCase(case)),
    )


def closed(work: Work, ids: Mapping[str, str]) -> Screen:
    """A case was ended."""
    case = work.tx.get(Case, ids["case"])
    return closed_page(ids["case"] if case is not None and may_open_again(work, case) else None)


def closed_page(again_for: str | None) -> Page:
    """A case was ended; with the way back, where there is one."""
    back = (again(again_for),) if again_for is not None else ()
    return Page(
        "case_closed",
        "These talks have ended",
        (
            Text("No more reminders go out. What was written is erased after the time your site has set."),
            Button("People you support", OpenCases()),
            *back,
        ),
    )


def _facts(sheet: CaseSheet, zone: ZoneInfo, now: datetime) -> tuple[tuple[str, str], ...]:
    case = sheet.case
    facts = [("Kind of support", sheet.programme), ("Began", spoken(case.opened_at, zone))]
    several = len(sheet.events) > 1
    for number, ended in enumerate(sheet.events, 1):
        there = ended.astimezone(zone)
        day = event_day(ended, zone, now)
        name = f"Event {number} ended" if several else "Event ended"
        facts.append((name, f"{day}, {there.hour}:{there.minute:02d}"))
    facts.append(
        (
            "Privacy notice",
            "They have heard it" if case.notice else "Still to be told, before the first question",
        )
    )
    return tuple(facts)
