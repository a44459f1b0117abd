"""Every sentence of moving work on, in one file like any subject's: planning, giving a case, handing over
one's own work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.cases.commands import HandOverAll, OpenAssign, OpenCover, OpenTeam
from trim_bot.app.cases.conversation_screens import Coming, promised, window_words
from trim_bot.app.cases.list_screens import EndedRow, ended_blocks
from trim_bot.app.event_room.screens import to_plan_lines
from trim_bot.app.events.commands import OpenCallSheet
from trim_bot.app.events.tell_in_person import Event
from trim_bot.app.handover.room_screens import room_lines
from trim_bot.app.requests.commands import OpenRequest
from trim_bot.app.seam.links import OpenGivenRoles, OpenProfile, OpenRoster, OpenStepWaiting, OpenTray
from trim_bot.app.seam.paging import ListPart, counted, numbered, onward
from trim_bot.app.seam.sentences import as_given, joined, ours, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Alert, Choice, Facts, Heading, Option, Text, Toggle, Tone, Weight
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.words.case_names import case_name
from trim_bot.app.words.thresholds import in_force_unsigned
from trim_bot.app.words.times import spoken_day
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import CaseId, IncidentId, MemberId, RequestId, StepId
from trim_bot.domain.steps import AnyStepKind, StepKind

ANY_COVER = "any"
"""The choice of leaving the cover to the desk."""
NO_OWNER_SAFETY = "A safety call has no owner. Please give it to somebody."
CALL_OPEN = "A safety call is open. Those who were called have been told."
NO_OWNER = "Something that waits here has no owner. Please give it to somebody."
STILL_OPEN = "Still open past its time."
LOOSE: dict[AnyStepKind, str] = {
    StepKind.SAFETY: "A safety call has no owner.",
    StepKind.REQUEST: "A request for support has no owner.",
    StepKind.FIRST_CONTACT: "Somebody asked for support, and nobody has got in touch yet.",
}
SOMETHING_ELSE = "Some other work has no owner."


class OpenCall(Enum):
    """How a call for safety stands that is open."""

    LOST = "lost"
    """It has no owner."""
    OPEN = "open"
    """Somebody was called, and has not said that they have it."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What a lead sees of one case: its state, and nothing of whom it is about."""

    case: CaseId
    programme: str
    opened_at: datetime
    coming: Coming | None
    holder: str
    cover: str
    late: bool
    unowned: bool
    call: OpenCall | None = None
    """Whether a call for safety is open about it."""


@dataclass(frozen=True, slots=True)
class Able:
    """A practitioner who can take a case, and how many they hold."""

    id: MemberId
    name: str
    holds: int
    has_it: bool = False
    full: bool = False
    """Whether they hold as many as the site allows."""


@dataclass(frozen=True, slots=True)
class Loose:
    """Work of no case on the board that nobody owns, with its request if it is one."""

    kind: AnyStepKind
    step: StepId
    request: RequestId | None = None


BoardRow = Loose | PlanRow | Event | EndedRow
"""Work that nobody owns, a case, an event with people who are still to be told in person, and what ended lately."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How the whole board stands, as far as whoever looks may see it."""

    calls: int
    """Safety calls that are open."""
    unowned: int
    """Everything else that nobody has."""
    offered: int
    """Cases that practitioners were told of, and nobody holds yet."""
    late: int
    due: int
    """Talks that can be held by the end of the week."""
    until: date
    """The last day of the week."""
    with_room: int
    practitioners: int


@dataclass(frozen=True, slots=True)
class Board:
    """All that the planning list shows."""

    rows: ListPart[BoardRow]
    cases: int
    """How many cases whoever looks may see."""
    room: Sequence[tuple[str, str]] = ()
    """Each practitioner with how much they hold; more than a page of them stand on a page of their own."""
    sums: Sums | None = None
    """What stands above the first part."""
    unsigned: int = 0
    """Thresholds in force that no clinical lead has signed on their own page."""
    to_plan: Sequence[int] = ()
    """Of each event that is planned first, to how many nothing went out, as far as whoever looks may see."""


@dataclass(frozen=True, slots=True)
class Covering:
    """A case or request that one covers; `step` is what has come to oneself, if anything has."""

    what: str
    """What it is, without a name."""
    coming: Coming | None
    step: StepId | None
    event: IncidentId | None = None
    """The incident whose call sheet it leads to; None for anything else."""


def team_page(board: Board, zone: ZoneInfo, *, roster: bool) -> Page:
    """Danger first, then what has no owner, then every open case by its state, and who has room."""
    blocks: list[Block] = _sums(board.sums) if board.sums is not None else []
    if board.unsigned and board.rows.first == 1:
        blocks.append(Text(in_force_unsigned(board.unsigned)))
    blocks += to_plan_lines(board.to_plan)
    blocks.append(Text("You see where each case stands. Whom it is about is not shown here.", quiet=True))
    blocks += counted(board.rows)
    ended = [row for row in board.rows.rows if isinstance(row, EndedRow)]
    loose = 0
    for row in board.rows.rows:
        match row:
            case Loose():
                loose += 1
                blocks += _loose(row, loose)
            case PlanRow():
                blocks += _row(row, zone)
            case Event():
                blocks += _to_tell(row, zone)
            case EndedRow():
                pass
            case _:
                assert_never(row)
    if not board.cases and board.rows.first == 1:
        blocks.append(Text("No case is open now."))
    blocks += ended_blocks(ended, zone)
    blocks += onward(board.rows, OpenTeam)
    if board.rows.first == 1:
        # Without a heading these would stand beside the way to what follows, and hide it.
        blocks += [] if board.rows.is_whole else [Heading("More of planning")]
        blocks += room_lines(board.room)
        blocks.append(Button("Asked without a name", OpenTray(), Weight.QUIET))
        blocks.append(Button("Roles given lately", OpenGivenRoles(), Weight.QUIET))
        if roster:
            blocks.append(Button("People who serve", OpenRoster(), Weight.QUIET))
    return Page("team", "Planning", tuple(blocks))


def _sums(sums: Sums) -> list[Block]:
    calls = phrase_of(sums.calls, "{n} safety call is open.", "{n} safety calls are open.")
    day = spoken_day(sums.until)
    rows = (
        ("Nobody has", str(sums.unowned)),
        ("Offered, not taken yet", str(sums.offered)),
        ("Open past their time", str(sums.late)),
        (phrase("Talks by {day}", day=day), str(sums.due)),
        (
            "With room",
            phrase(
                "{with_room} of {practitioners}", with_room=sums.with_room, practitioners=sums.practitioners
            ),
        ),
    )
    danger = [Alert(Tone.DANGER, calls)] if sums.calls else []
    return [*danger, Facts(rows), Text("Safety first, then what nobody has, then the soonest talk.")]


def _loose(one: Loose, number: int) -> list[Block]:
    tone = Tone.DANGER if one.kind is StepKind.SAFETY else Tone.WAITING
    said, about = LOOSE.get(one.kind, SOMETHING_ELSE), phrase("number {number}", number=number)
    button = Button("Look at it", OpenStepWaiting(one.step), about=about)
    if one.request is not None:
        button = Button("Look at it", OpenRequest(one.request), about=about)
    return [Alert(tone, phrase("{number}. {said}", number=number, said=ours(said))), button]


def _to_tell(event: Event, zone: ZoneInfo) -> list[Block]:
    """One line for all the people of an event, however many they are."""
    day = spoken_day(event.ended_at.astimezone(zone).date())
    line = phrase_of(
        event.many,
        "One person is still to be told in person of an offer. The event was on {day}.",
        "{n} people are still to be told in person of an offer. The event was on {day}.",
        day=day,
    )
    unowned = phrase("Nobody has {number} of them.", number=event.unowned)
    if event.unowned == event.many:
        unowned = phrase("Nobody has any of them.")
    told = Alert(Tone.WAITING, joined((line, unowned))) if event.unowned else Text(line)
    return [
        told,
        Button(
            phrase("Take or give them: {day}", day=day),
            OpenCallSheet(event.incident),
            about=phrase("{many} of them", many=event.many),
        ),
    ]


def _row(row: PlanRow, zone: ZoneInfo) -> list[Block]:
    facts = (
        ("Open since", spoken_day(row.opened_at.astimezone(zone).date())),
        ("What comes next", _coming(row.coming, zone)),
        ("Who holds it", as_given(row.holder) if row.holder else "Nobody yet"),
        ("Who covers", as_given(row.cover) if row.cover else "Chosen when needed"),
    )
    name = case_name(row.case)
    blocks: list[Block] = [
        Heading(phrase("{name}: {programme}", name=name, programme=ours(row.programme))),
        Facts(facts),
    ]
    if row.call is not None:
        blocks.append(Alert(Tone.DANGER, NO_OWNER_SAFETY if row.call is OpenCall.LOST else CALL_OPEN))
    elif row.unowned:
        blocks.append(Alert(Tone.WAITING, NO_OWNER))
    elif row.late:
        blocks.append(Alert(Tone.WAITING, STILL_OPEN))
    blocks.append(Button(phrase("Assign {name}", name=name), OpenAssign(row.case)))
    return blocks


def assign_form(
    case: CaseId,
    facts: Facts,
    able: Sequence[Able],
    covers: Sequence[Able],
) -> Form | Page:
    """Choose who holds a case and who covers. Only practitioners nothing stands in the way of are listed."""
    back = Button("Back to planning", OpenTeam(), Weight.QUIET)
    if not able:
        nobody = Text(
            "No practitioner can take this now. Please ring one who has room, or ask the coordinator."
        )
        return Page("assign", "Give it to somebody", (facts, nothing_sent(), nobody, back))
    holders = tuple(Option(one.id, _able(one)) for one in able)
    cover = (Option(ANY_COVER, "Choose for me"), *(Option(one.id, _able(one)) for one in covers))
    return Form(
        OpenAssign(case),
        "Give it to somebody",
        (
            facts,
            Text(
                "Listed are those with training in date, who have not said they are full, with no tie to it."
            ),
            Choice(
                "holder", "Who holds it?", holders, value=next((one.id for one in able if one.has_it), "")
            ),
            Choice("cover", "Who covers?", cover, required=False, value=ANY_COVER, compact=True),
            *((_beyond(),) if any(one.full for one in able) else ()),
        ),
        submit="Assign",
        back=back,
    )


def _beyond() -> Toggle:
    return Toggle(
        "beyond",
        "They have agreed to hold one more than your site allows",
        hint="Only for somebody at the limit. Without anybody else, this is better than nobody.",
        required=False,
    )


def case_facts(case: CaseId, programme: str, coming: Coming | None, zone: ZoneInfo) -> Facts:
    """What a lead sees of a case while giving it to somebody, called as on the board."""
    return Facts(
        (
            ("Case", as_given(case_name(case))),
            ("Kind of support", programme),
            ("What comes next", _coming(coming, zone)),
        )
    )


def nothing_sent() -> Text:
    """Nothing has changed yet."""
    return Text("Nothing was changed, and nobody was told.", quiet=True)


def assigned(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """A case was given to a practitioner."""
    case = work.tx.get(Case, CaseId(ids["case"]))
    return Page(
        "case_assigned",
        "It is in their hands",
        (
            Text("They find it on their page. The person it is about is not told by us."),
            *((Text(promised(case.contact_by, work.zone)),) if case is not None and case.contact_by else ()),
            Button("Back to planning", OpenTeam()),
        ),
    )


def cover_page(part: ListPart[Covering], zone: ZoneInfo) -> Page:
    """What one covers, and the way to hand over one's own work."""
    blocks: list[Block] = counted(part)
    if not part.rows:
        blocks.append(Text("You cover nothing now."))
    for row, what in zip(part.rows, numbered([row.what for row in part.rows]), strict=True):
        blocks.append(Heading(what))
        if row.coming is not None:
            blocks.append(Text(_coming(row.coming, zone)))
        if row.step is not None:
            to = OpenStepWaiting(row.step) if row.event is None else OpenCallSheet(row.event)
            blocks += (Text("This has come to you."), Button(phrase("Open: {what}", what=what), to))
        else:
            blocks.append(Text("Somebody holds this. It comes to you only if they cannot.", quiet=True))
    blocks += onward(part, OpenCover)
    blocks += (
        Heading("If you cannot work"),
        Text("Your open work moves to whoever covers, and no new work comes to you. No reason is asked."),
        Button("I cannot work: hand my work over", HandOverAll(), Weight.QUIET),
    )
    return Page("cover", "What you cover", tuple(blocks))


def handed_over(work: UnitOfWork, ids: Mapping[str, str]) -> Screen:
    """One's own work has moved on."""
    blocks: list[Block] = [Text(_moved(int(ids["moved"])))]
    if ids["unowned"] == "yes":
        blocks.append(Alert(Tone.WAITING, "For some of it nobody is free. Please ring the lead if you can."))
    blocks += (
        Text(
            "You are away now, so no new work comes to you. You were not asked why, and nobody is told why."
        ),
        Button("When you are back, say so here", OpenProfile(), Weight.QUIET, to_all=True),
    )
    return Page("handed_over", "Your work is handed over", tuple(blocks))


def _moved(conversations: int) -> str:
    if conversations == 0:
        return "You had no open work, so nothing had to move."
    return phrase_of(
        conversations,
        "One piece of work has moved to somebody else.",
        "{n} pieces of work have moved to others.",
    )


def _coming(coming: Coming | None, zone: ZoneInfo) -> str:
    return window_words(coming.label, coming.check_in, zone) if coming is not None else "Nothing is planned"


def _able(one: Able) -> str:
    name, held = (
        one.name,
        phrase("holds {number}", number=one.holds) if one.holds else phrase("holds nothing"),
    )
    if one.has_it:
        return phrase("{name}, {held}, has this one", name=name, held=held)
    if one.full:
        return phrase("{name}, {held}, at the limit", name=name, held=held)
    return phrase("{name}, {held}", name=name, held=held)
