"""The call sheet of an event: whom to tell in person, taken, given, given back, and answered with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trim_bot.app.cases.entitled import LEADING
from trim_bot.app.cases.state import get_incident, get_member
from trim_bot.app.events import call_sheet_screens as screens
from trim_bot.app.events.commands import (
    FindCall,
    GiveBackCall,
    GiveCalls,
    OpenCallSheet,
    OpenFindCall,
    OpenGiveCalls,
    RecordAnswer,
    RecordCall,
    TakeCall,
    TakeCalls,
)
from trim_bot.app.events.offers import record_answer
from trim_bot.app.events.tell_in_person import (
    SheetRow,
    give,
    hold_back,
    may_tell,
    row_of,
    rows_for,
    take,
    typed_of,
    was_part_of,
)
from trim_bot.app.people.eligible import SERVING, has_room, with_role
from trim_bot.app.people.screens import told_apart
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import found_part, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, Subject, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.waiting.ladder import reachable, who_is_reachable
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Rung, StepKind


def open_sheet(work: Work, command: OpenCallSheet) -> Screen:
    """Names and numbers of one's own rows; of the others how many there are, and to whoever logged them, who."""
    incident = get_incident(work, command.incident)
    rows = rows_for(work, incident)
    seen = _named_rows(work, incident, rows)
    part = part_of(seen, lambda row: _place(work, row), command.after)
    return screens.sheet(
        screens.Sheet(
            incident=incident.id,
            day=incident.ended_at.astimezone(work.zone).date(),
            rows=part.holding(_entries(work, incident, part.rows)),
            free=sum(row.taker is None for row in rows),
            taken=sum(row.taker not in (None, work.who.id) for row in rows),
            at_once=POLICY.rung_in_one_go,
            leads=bool(work.who.roles & LEADING),
            room=has_room(work, work.who.id),
        ),
        work.zone,
        work.now,
    )


def open_find(work: Work, command: OpenFindCall) -> Screen:
    """The form for finding somebody on the sheet."""
    return screens.find_form(command.incident)


def find(work: Work, command: FindCall) -> Screen:
    """Those of the sheet whose name whoever asks may see, and has what was typed."""
    incident = get_incident(work, command.incident)
    seen = sorted(_named_rows(work, incident, rows_for(work, incident)), key=lambda row: _place(work, row))
    typed = typed_of(work, incident, [row.offer.member_id for row in seen])
    part = found_part(seen, lambda row: typed[row.offer.member_id][0], command.typed)
    return screens.found_page(incident.id, part.holding(_entries(work, incident, part.rows)), work.zone)


def _named_rows(work: Work, incident: Incident, rows: Sequence[SheetRow]) -> list[SheetRow]:
    """Those whose names whoever asks may see: their own, and all of them where they logged the event."""
    return [row for row in rows if row.taker == work.who.id or incident.logged_by == work.who.id]


def _place(work: Work, row: SheetRow) -> ListPlace:
    """One's own that can be rung now, then later; what nobody has taken; what others have."""
    own, later = row.taker == work.who.id, row.step.opens_at > work.now
    return placed(not own, row.taker is not None and not own, own and later, row.number, row.offer.id)


def _entries(work: Work, incident: Incident, rows: Sequence[SheetRow]) -> list[screens.SheetEntry]:
    """The rows as they are read, two of one name told apart; of people, no more are opened."""
    work.lists(row.offer for row in rows)
    typed = typed_of(work, incident, [row.offer.member_id for row in rows])
    names = told_apart([typed[row.offer.member_id][:2] for row in rows])
    return [
        _card(work, row, typed[row.offer.member_id])
        if row.taker == work.who.id
        else screens.SheetLine(
            row.offer.id,
            row.number,
            ", ".join(part for part in (name, *typed[row.offer.member_id][1:]) if part),
            taken=row.taker is not None,
        )
        for row, name in zip(rows, names, strict=True)
    ]


def take_one(work: Work, command: TakeCall) -> Next:
    """Take a row that nobody has; where somebody was quicker, the sheet says so."""
    row = row_of(work, command.offer)
    if row.taker is None:
        take(work, row)
    return OpenCallSheet(row.offer.incident_id)


def take_some(work: Work, command: TakeCalls) -> Next:
    """Take the next rows that nobody has."""
    incident = get_incident(work, command.incident)
    for row in [row for row in rows_for(work, incident) if row.taker is None][: POLICY.rung_in_one_go]:
        take(work, row)
        _note(work, row, "call_take_some")
    return OpenCallSheet(incident.id)


def give_back(work: Work, command: GiveBackCall) -> Next:
    """Give a row back: to whoever logged the event where they can, else to the next in line."""
    row = row_of(work, command.offer)
    incident = get_incident(work, row.offer.incident_id)
    if row.taker == work.who.id:
        work.tx.save(replace(row.offer, taken_by=None))
        logger = incident.logged_by
        if logger != work.who.id and reachable(work, logger) and may_tell(work, logger, row.offer):
            waits.pass_to(work, row.step, Rung.ASSIGNED, logger)
        else:
            climb(work, row.step)
    return OpenCallSheet(incident.id)


def record(work: Work, command: RecordCall) -> Next:
    """Record what somebody said, and go on with the sheet."""
    row = row_of(work, command.offer)
    record_answer(work, RecordAnswer(command.offer, command.answer))
    return OpenCallSheet(row.offer.incident_id)


def open_give(work: Work, command: OpenGiveCalls) -> Screen:
    """Colleagues who can ring, and how many rows they may be given."""
    incident = get_incident(work, command.incident)
    free = sum(row.taker is None for row in rows_for(work, incident))
    return screens.give_form(incident.id, free, [(one.id, one.name) for one in _able(work, incident)])


def give_some(work: Work, command: GiveCalls) -> Outcome:
    """Give rows that nobody has. Of people whom the colleague may not ring, another one has them.

    Whatever the reason, whoever gives reads the same and sees the same rows taken: which of them went elsewhere, or to
    nobody, would tell whose manager somebody is.
    """
    incident = get_incident(work, command.incident)
    able = [one.id for one in _able(work, incident)]
    if command.holder not in able:
        raise Invalid(holder=mending.NOT_ALLOWED_HOLDER)
    holder = MemberId(command.holder)
    free = [row for row in rows_for(work, incident) if row.taker is None]
    most = len(free) if command.many == screens.ALL else int(command.many)
    others = sorted((id for id in able if id != holder), key=lambda id: (_calls(work, id), id))
    for row in free[:most]:
        to = next((id for id in (holder, *others) if may_tell(work, id, row.offer)), None)
        if to is None:
            hold_back(work, row, holder)
            _note(work, row, "call_hold_back")
        else:
            give(work, row, to)
            _note(work, row, "call_give")
    return Outcome("calls_given", {"incident": incident.id})


def _calls(work: Work, id: MemberId) -> int:
    return len(waits.open_steps(work, kind=StepKind.CONTACT, holder=id))


def _note(work: Work, row: SheetRow, what: str) -> None:
    """One row of the journal for each person, whose record says who came to see their name."""
    work.journal(Action.ASSIGNED, what, Subject(row.offer.key_id, row.offer.id))


def _able(work: Work, incident: Incident) -> list[Member]:
    """Colleagues who serve, are at work, and were no part of the event."""
    others = [id for id in with_role(work, *SERVING) if id != work.who.id]
    found = [
        get_member(work, id) for id in who_is_reachable(work, others) if not was_part_of(work, id, incident)
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _card(work: Work, row: SheetRow, typed: tuple[str, str, str]) -> screens.Card:
    """Somebody one has taken. What they told the desk of themselves counts only where nothing was typed of them."""
    name, phone, best_time = typed
    if not (phone or best_time):
        member = get_member(work, row.offer.member_id)
        phone, best_time = member.phone, member.best_time
    later = row.step.opens_at if row.step.opens_at > work.now else None
    return screens.Card(row.offer.id, row.number, name, phone, best_time, later)
