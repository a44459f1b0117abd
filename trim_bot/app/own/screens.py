"""Every sentence of one's own record, in one file like any subject's: what is mine, and what is said around
each choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.chats.commands import OpenChats
from trim_bot.app.event_room.own_rows import LeftAfter, left_blocks, left_heading
from trim_bot.app.events.commands import OpenOffer
from trim_bot.app.handover.commands import OpenErase
from trim_bot.app.own.commands import (
    GiveBrowserLink,
    OpenAboutColleague,
    OpenPrivateHere,
    OpenReaders,
    OpenStopOrChange,
    OpenWritten,
    StartMessages,
    StopMessages,
)
from trim_bot.app.own.profile_screens import zone_question
from trim_bot.app.requests.commands import WithdrawRequest
from trim_bot.app.seam.links import OpenMe, OpenProfile, OpenSupport
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, joined, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Bullets, Facts, Heading, Link, Text, Toggle, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.common_answers import help_now
from trim_bot.app.words.times import spoken, spoken_date
from trim_bot.domain.ids import CaseId, OfferId, RequestId
from trim_bot.domain.people import Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.requests import OPEN_REQUESTS, RequestState
from trim_bot.domain.site import Site


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request one made."""

    id: RequestId
    state: RequestState
    asked_at: datetime
    reply: str = field(repr=False)
    contact: str = field(default="", repr=False)
    """Who gets in touch, and by when, in words; empty once they have."""
    said: str = ""
    """Where it stands, in words."""


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """An offer that can still be answered."""

    id: OfferId
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OwnTalk:
    """A case about oneself."""

    id: CaseId
    colleague: str = field(repr=False)
    """Name of the practitioner; empty while one is looked for."""
    agreed_at: datetime | None
    ended_at: datetime | None
    contact: str = field(default="", repr=False)
    """Who gets in touch, and by when, in words; empty once they have."""
    left: bool = False
    """Whether whoever held it is not there any more, so that it is being handed on."""
    reopened: str = ""
    """That these talks were opened again after they had been ended by mistake, in words."""
    reach: str = field(default="", repr=False)
    """How the colleague is reached: their number, or in words."""
    planned: tuple[str, ...] = ()
    """Each talk to come with its time, and its event where there is more than one, in words."""


@dataclass(frozen=True, slots=True)
class Newly:
    """The first time that one of the others opened something of one's own."""

    at: datetime
    role: Role | None
    """None for somebody who does not serve any more, or never did."""


OwnRow = OwnOffer | LeftAfter | OwnRequest | OwnTalk
"""Something of one's own that can be answered, taken back or looked at."""


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything on the page."""

    rows: ListPart[OwnRow]
    stopped: bool
    several: bool = False
    """Whether there is more than one chat to use the desk in."""
    ask_zone: str = ""
    """The zone used as long as they told none, where they are still to be asked; else empty."""
    newly: Sequence[Newly] = ()
    """Who opened something of theirs for the first time lately."""


def me_page(site: Site, zone: ZoneInfo, mine: Mine) -> Page:
    """The page; nobody else can open it."""
    return Page(
        "me",
        "My talks and choices",
        (
            Text("Only you can open this page. Your manager cannot see it."),
            *zone_question(mine.ask_zone),
            *counted(mine.rows),
            *_rows(zone, mine.rows),
            *onward(mine.rows, OpenMe),
            *_nothing(mine),
            *_newly(zone, mine.newly),
            Heading("Your choices"),
            Button("Ask for support", OpenSupport(), Weight.MAIN),
            Button("Who opened my record", OpenReaders()),
            Button("What stays private", OpenPrivateHere()),
            Button("About a colleague here", OpenAboutColleague()),
            Button("My profile", OpenProfile()),
            Button("Open in the browser", GiveBrowserLink()),
            *_chats(mine),
            _messages(stopped=mine.stopped),
            Button("Erase my record", OpenErase(), Weight.QUIET),
            help_now(site),
        ),
    )


def _rows(zone: ZoneInfo, part: ListPart[OwnRow]) -> Iterator[Block]:
    above = ""
    kinds = Counter(type(row) for row in part.rows)
    seen = Counter[type]()
    for row in part.rows:
        seen[type(row)] += 1
        # Where several of a kind stand on the page, what a button is about is told by its number.
        which = phrase("number {number}", number=seen[type(row)]) if kinds[type(row)] > 1 else ""
        heading = _heading(row)
        if heading != above:
            yield Heading(heading)
            above = heading
        match row:
            case OwnOffer():
                yield from _offer(zone, row, which)
            case LeftAfter():
                yield from left_blocks(zone, row, which)
            case OwnRequest():
                yield from _request(zone, row, which)
            case OwnTalk():
                yield from _talk(zone, row, which)
            case _:
                assert_never(row)


def _heading(row: OwnRow) -> str:
    match row:
        case OwnOffer():
            return "Offered to you"
        case LeftAfter():
            return left_heading(row)
        case OwnRequest(state=state):
            return "What you asked for" if state in OPEN_REQUESTS else "Earlier"
        case OwnTalk(ended_at=ended_at):
            return "Your talks" if ended_at is None else "Earlier"
        case _:
            assert_never(row)


def _offer(zone: ZoneInfo, offer: OwnOffer, which: str) -> Iterator[Block]:
    yield Text(phrase("A talk was offered to you on {day}. It is up to you.", day=_day(offer.made_at, zone)))
    yield Button("Look at the offer", OpenOffer(offer.id), about=which)


def _request(zone: ZoneInfo, request: OwnRequest, which: str) -> Iterator[Block]:
    yield Text(
        phrase("You asked on {day}. {said}", day=_day(request.asked_at, zone), said=ours(request.said))
    )
    if request.contact:
        yield Text(as_given(request.contact))
    if request.reply:
        yield Text(phrase("They wrote:\n{reply}", reply=request.reply))
    if request.state in OPEN_REQUESTS:
        yield Button("Take it back", WithdrawRequest(request.id), about=which)


def _talk(zone: ZoneInfo, talk: OwnTalk, which: str) -> Iterator[Block]:
    if talk.ended_at is not None:
        yield Text(
            phrase(
                "Talks with us ended on {day}. You can ask again at any time.", day=_day(talk.ended_at, zone)
            )
        )
        yield Button("Read what is written", OpenWritten(talk.id), about=which)
        return
    who = phrase("We are finding a colleague for you.")
    if talk.left:
        who = phrase("The colleague until now has left. Your talks are being handed on to another one.")
    elif talk.colleague:
        who = phrase("Your colleague is {colleague}.", colleague=talk.colleague)
    said = [who, talk.contact] if talk.contact else [who]
    if talk.agreed_at is not None:
        said.append(phrase("Your next talk is on {when}.", when=spoken(talk.agreed_at, zone)))
    yield Text(joined(said))
    if talk.colleague and talk.reach:
        yield Facts((("To reach them", talk.reach),))
    if talk.reopened:
        yield Text(talk.reopened)
    if talk.planned:
        yield Bullets(talk.planned)
    yield Button("Read what is written", OpenWritten(talk.id), about=which)
    yield Button("Stop, or somebody else", OpenStopOrChange(talk.id), about=which)


def _nothing(mine: Mine) -> Iterator[Block]:
    if not mine.rows.rows:
        yield Text("There is nothing here yet. You can ask for a talk at any time.")


def _newly(zone: ZoneInfo, newly: Sequence[Newly]) -> Iterator[Block]:
    if newly:
        yield Heading("Somebody new opened your record")
        rows = tuple((spoken(one.at, zone), _opener(one.role)) for one in newly[: POLICY.rows_on_a_page])
        yield Facts(rows)
        if len(newly) > len(rows):
            yield Text(
                phrase("{number} more stand under Who opened my record.", number=len(newly) - len(rows))
            )
        yield Text(
            phrase("It stays here for {days} days. Only you see this.", days=POLICY.newly_opened_shown.days),
            quiet=True,
        )


def _opener(role: Role | None) -> str:
    match role:
        case Role.LEAD:
            return "A lead, for the first time"
        case Role.DEPUTY:
            return "A deputy lead, for the first time"
        case Role.PRACTITIONER:
            return "A practitioner, for the first time"
        case _:
            return "Somebody who does not serve now, for the first time"


def _messages(*, stopped: bool) -> Button:
    if stopped:
        return Button("Start messages again", StartMessages())
    return Button("Stop messages", StopMessages())


def _chats(mine: Mine) -> Iterator[Block]:
    if mine.several:
        yield Button("I also use another chat", OpenChats())


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return spoken_date(instant.astimezone(zone).date())


def erased(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Erasure was asked for."""
    gone = _backups_gone(work.site, work.now, work.zone)
    return Page(
        "erased",
        "Erasing your record",
        (
            Text("Everything you had open with us has ended. What we hold on you is erased within minutes."),
            Text(phrase("Backups are gone by {day}. After that nobody can bring it back.", day=gone)),
            Text("Nothing was sent to your manager. You can ask us at any time, as someone new."),
            help_now(work.site),
        ),
    )


def messages_stopped(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """After the person stopped all chat messages: where things wait from now on."""
    return Page(
        "stopped",
        "You get no more messages",
        (
            Text(
                "We will not write to you in chat. Anything offered to you stays open under My talks and choices."
            ),
            Text("If you serve as a practitioner, what waited for you moves to a colleague."),
            Button("Start messages again", StartMessages(), Weight.QUIET),
            _mine(work),
            help_now(work.site),
        ),
    )


def messages_started(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """Chat messages again."""
    return Page(
        "started",
        "You get messages again",
        (
            Text(
                "Every message reads the same, whether or not something waits. It never says what it is about."
            ),
            Button("Stop messages", StopMessages(), Weight.QUIET),
            _mine(work),
        ),
    )


def browser_link(url: str) -> Page:
    """A one-time link; drawn once and never stored."""
    return Page(
        "browser",
        "Open in the browser",
        (
            Text("This link signs you in on one device. It works once, in the next 30 minutes."),
            Link("Open my page", url),
            Text("Please do not pass it on. You can ask for a new one at any time.", quiet=True),
        ),
    )


def _mine(work: UnitOfWork) -> Button:
    return Button("My talks and choices", OpenMe(), Weight.QUIET)


def _backups_gone(site: Site, now: datetime, zone: ZoneInfo) -> str:
    return _day(now + timedelta(days=site.erase_days), zone)


def erase_form(site: Site, now: datetime, zone: ZoneInfo) -> Form:
    """One tick, so that nobody erases by a slip."""
    return Form(
        OpenErase(),
        "Erase my record",
        (
            Text("We erase everything we hold on you. Nobody can bring it back, and we ask no reason."),
            Bullets(
                (
                    "Requests, offers and talks that are open end at once.",
                    "Notes, answers and how to reach you are erased within minutes.",
                    phrase("Backups are gone by {day}.", day=_backups_gone(site, now, zone)),
                    "Counts of the whole scheme stay. They name nobody.",
                )
            ),
            Text("If you serve as a practitioner, your work moves to colleagues."),
            Toggle("sure", "Yes, erase my record", required=True),
            Button("Leave it as it is", OpenMe(), Weight.QUIET),
        ),
        submit="Erase it",
    )
