"""Every sentence around what is written about oneself, and of the notice as one can read it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.cases.conversation_screens import event_day
from trim_bot.app.notices import Notice
from trim_bot.app.own.commands import OpenReaders, OpenWritten, OpenWrittenTalk
from trim_bot.app.seam.links import OpenMe
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Page
from trim_bot.app.seam.views import Bullets, Facts, Heading, Text, Weight, Wording
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.ids import CaseId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import ReferralState

ONLY_YOU = "Only you see this page. Your colleague is not told that you read it."
NOTHING_YET = "No notes of a talk are kept yet. They show here once a talk is finished."
NO_SCORE = "There is no score here. Your colleague sees one made of these answers. It is an aid, and decides nothing."
IN_THE_COPY = (
    "What was noted about danger is not on this page. It stands in the copy of your record. "
    "Whoever makes the copy looks first whether reading it could put anybody in danger."
)
ASK_FOR_COPY = "You can ask the administrator for the copy at any time."
HELP_STATES = Wording(
    ReferralState,
    {
        ReferralState.OFFERED: "offered to you",
        ReferralState.DECLINED: "you did not want it",
        ReferralState.ACCEPTED: "you said yes; to be arranged",
        ReferralState.MADE: "arranged for you",
        ReferralState.SEEN: "you have been there",
        ReferralState.NOT_SEEN: "you have not been there yet",
        ReferralState.CLOSED: "finished",
    },
)


@dataclass(frozen=True, slots=True)
class NotedGroup:
    """One step of a talk: each answer that was given, and the line of notes."""

    title: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)
    note: str = field(repr=False)

    @property
    def has_something(self) -> bool:
        """Whether anything was noted."""
        return bool(self.answers or self.note)


@dataclass(frozen=True, slots=True)
class HeldTalk:
    """A talk that was held, with its name."""

    check_in: CheckIn
    label: str


@dataclass(frozen=True, slots=True)
class Written:
    """What is kept of one case, for the person it is about."""

    case: Case
    programme: str
    events: Sequence[datetime]
    """When each event ended (UTC); empty where it is about none."""
    agreed: NotedGroup | None
    talks: ListPart[HeldTalk]
    help: Sequence[tuple[str, ReferralState, datetime]] = ()
    """The name of each service, where it stands, and since when (UTC)."""


@dataclass(frozen=True, slots=True)
class WrittenTalk:
    """The notes of one talk."""

    case: CaseId
    label: str
    held_at: datetime | None
    """UTC."""
    groups: tuple[NotedGroup, ...]
    note: str = field(repr=False)
    asks_about_danger: bool = False


def written_page(written: Written, zone: ZoneInfo, now: datetime) -> Page:
    """What is kept of one case; then the ways to the notes, to who read them, and back."""
    case, talks = written.case, written.talks
    facts = [("Kind of talks", written.programme), ("Began", _day(case.opened_at, zone))]
    facts += [
        ("About the event of", event_day(at, zone, now)) for at in written.events[-POLICY.rows_on_a_page :]
    ]
    facts += [("How to reach you", as_given(case.contact))] if case.contact else []
    facts += [("Ended", _day(case.closed_at, zone))] if case.closed_at is not None else []
    blocks: list[Block] = [Text(ONLY_YOU), Facts(tuple(facts))]
    blocks += [Heading("What you wrote"), Text(as_given(case.account))] if case.account else []
    blocks += _group(written.agreed) if written.agreed is not None else []
    blocks += [Heading("Notes of your talks"), *counted(talks)]
    if not talks.rows:
        blocks.append(Text(NOTHING_YET))
    for talk in talks.rows:
        held = talk.check_in.held_at
        which = (
            phrase("{label}, {day}", label=ours(talk.label), day=_day(held, zone))
            if held is not None
            else talk.label
        )
        blocks += [Text(which), Button("Read the notes", OpenWrittenTalk(talk.check_in.id), about=which)]
    blocks += onward(talks, lambda after: OpenWritten(case.id, after))
    if written.help:
        told = written.help[-POLICY.rows_on_a_page :]
        rows = tuple(
            (name, phrase("{state}, {day}", state=ours(HELP_STATES[state]), day=_day(at, zone)))
            for name, state, at in told
        )
        blocks += [Heading("Other help"), Facts(rows)]
    return Page(
        "written",
        "What is written",
        (
            *blocks,
            Text(
                phrase(
                    "{in_the_copy} {ask_for_copy}",
                    in_the_copy=ours(IN_THE_COPY),
                    ask_for_copy=ours(ASK_FOR_COPY),
                ),
                quiet=True,
            ),
            Button("Who opened my record", OpenReaders(), Weight.QUIET),
            _mine(),
        ),
    )


def written_talk_page(talk: WrittenTalk, zone: ZoneInfo) -> Page:
    """The notes of one talk, in the words in which they were kept."""
    label = ours(talk.label)
    if talk.held_at is not None:
        label = phrase("{label}, {day}", label=label, day=_day(talk.held_at, zone))
    blocks: list[Block] = [
        Text(phrase("{label}. Your colleague wrote this down.", label=label)),
        Text(ONLY_YOU),
    ]
    for group in talk.groups:
        blocks += _group(group)
    blocks += [Heading("Kept besides"), Text(as_given(talk.note))] if talk.note else []
    if not talk.groups and not talk.note:
        blocks.append(Text("Nothing was noted in this talk."))
    blocks.append(
        Text(
            "Is something not as you said it? Tell your colleague, who can note it in the next talk.",
            quiet=True,
        )
    )
    blocks.append(Text(NO_SCORE, quiet=True))
    if talk.asks_about_danger:
        blocks.append(
            Text(
                phrase(
                    "{in_the_copy} {ask_for_copy}",
                    in_the_copy=ours(IN_THE_COPY),
                    ask_for_copy=ours(ASK_FOR_COPY),
                ),
                quiet=True,
            )
        )
    back = Button("Back to what is written", OpenWritten(talk.case), Weight.QUIET)
    return Page("written_talk", "Notes of a talk", (*blocks, back, _mine()))


def private_page(notice: Notice, *, heard: bool) -> Page:
    """The notice; `heard` says that the colleague has told it."""
    when = "Your colleague told you this before the first question." if heard else BEFORE
    return Page(
        "private", "What stays private", (Text(when), Text(notice.title), Bullets(notice.lines), _mine())
    )


BEFORE = "Whoever talks with you tells you this before the first question."


def _group(group: NotedGroup) -> list[Block]:
    answers = (Facts(group.answers),) if group.answers else ()
    return [Heading(group.title), *answers, *((Text(group.note),) if group.note else ())]


def _mine() -> Button:
    return Button("My talks and choices", OpenMe(), Weight.QUIET)


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return spoken_date(instant.astimezone(zone).date())
