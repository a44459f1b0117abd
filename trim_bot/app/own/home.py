"""What waits for oneself, as things and as lines, and its ways in: one file, since every way in looks at
the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases.entitled import LEADING
from trim_bot.app.cases.exposures import ended_at
from trim_bot.app.cases.state import is_late
from trim_bot.app.events.commands import OpenContact
from trim_bot.app.events.tell_in_person import offers_behind, read_events, rows_for, tells
from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.own import home_screens as screens
from trim_bot.app.own.commands import OpenHome, OpenWaiting, StartMessages, StopMessages
from trim_bot.app.own.handlers import asked_zone
from trim_bot.app.own.home_screens import WaitingRow
from trim_bot.app.own.named_rows import named
from trim_bot.app.people.eligible import SERVES, in_date
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.links import OpenDue, OpenStatus, OpenStepWaiting
from trim_bot.app.seam.paging import ListPart, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.delivery import message_behind, step_behind
from trim_bot.app.waiting.draw import which_are_for
from trim_bot.app.waiting.ladder import concerned, of_managed_people
from trim_bot.app.waiting.read_ahead import read_subjects
from trim_bot.domain.cases import Case, CaseLine, CaseState, CheckIn
from trim_bot.domain.ids import CheckInId, OfferId, StepId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Platform, Role
from trim_bot.domain.requests import RequestLine, RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState


def open_home(work: Work, command: OpenHome) -> Screen:
    """What waits and what one may do."""
    in_browser = work.who.address.platform is Platform.WEB
    count = None if in_browser else len(waiting_for(work))
    # Asked only of those who serve: nobody else is trained for anything.
    trained = not SERVES.intersection(work.who.roles) or in_date(work, work.who.id)
    zone = asked_zone(work, work.who.member)
    return screens.home_page(work.site, work.who.roles, count, zone, trained=trained)


def open_waiting(work: Work, command: OpenWaiting) -> Screen:
    """What waits, as buttons; a name stands on what is open to whoever asks."""
    rows = waiting_rows(work)
    part = _part(work, rows, command.after)
    return screens.waiting_page(part, sum(row.many for row in rows), work.zone)


def stop_messages(work: Work, command: StopMessages) -> Outcome:
    """No more chat messages. What a practitioner owns moves on; an offer stays on the person's own page."""
    me = work.who.member
    if not me.messages_stopped:
        work.tx.save(replace(me, messages_stopped=True))
        move_on(work, me.id, None)
    return Outcome("messages_stopped")


def start_messages(work: Work, command: StartMessages) -> Outcome:
    """Chat messages again."""
    me = work.who.member
    if me.messages_stopped:
        work.tx.save(replace(me, messages_stopped=False))
    return Outcome("messages_started")


def open_due(work: Work, command: OpenDue) -> Screen:
    """What waits for oneself, danger and what is late first, named where it is open to whoever asks."""
    return screens.due_page(_part(work, waiting_rows(work), command.after), work.zone, work.now)


def _part(work: Work, rows: Sequence[WaitingRow], after: ListPlace) -> ListPart[WaitingRow]:
    """The rows that follow a place, each with the event that it is about."""
    part = part_of(rows, _place, after)
    return part.holding(named(work, [replace(row, about=_event_of(work, row.step)) for row in part.rows]))


def _place(row: WaitingRow) -> ListPlace:
    return placed(row.kind is not StepKind.SAFETY, not row.late, row.since, row.step)


NOTES = {MessageKind.WELCOME.value: "welcome", MessageKind.MONTHLY.value: "monthly_note"}
"""The page behind a message that everybody gets, as long as nothing waits for whoever opens it."""


def open_step(work: Work, command: OpenStepWaiting) -> Next:
    """A step of a page, or whatever waits for whoever presses: the one thing, or the list of all that waits.

    Messages of older desks name a step. Where it has ended they open what waits now, like any other message.
    """
    named = work.tx.get(Step, command.step) if command.step else None
    if named is not None and named.state in OPEN_STATES:
        offer = OfferId(named.subject)
        own = named.kind is StepKind.CONTACT and tells(work, offer)
        return OpenContact(offer) if own else _leads_to(work, named)
    message = message_behind(work, command.m)
    waiting = waiting_for(work)
    if not waiting and message is not None and message.kind in NOTES:
        return Outcome(NOTES[message.kind])
    ended = named
    if not waiting and ended is None and message is not None:
        ended = step_behind(work, message, command.m)
    if not waiting and ended is not None and ended.holder == work.who.id:
        place = work.steps[ended.kind].once_ended(work, ended)
        if place is not None:
            return place
    if not waiting and Role.COORDINATOR in work.who.roles and not work.who.roles & SERVES:
        return OpenStatus()
    places = [_leads_to(work, one) for one in waiting]
    # Several things about one case or one request wait in one place.
    return places[0] if places and all(one == places[0] for one in places) else OpenWaiting()


def _leads_to(work: Work, step: Step) -> Next:
    """The form or page a step waits in."""
    others = step.rung is not Rung.PERSON and step.holder != work.who.id
    if others and Role.COORDINATOR in work.who.roles and not work.who.roles & SERVES:
        # Whatever an old message named, and whoever has it by now.
        return OpenStatus()
    return work.steps[step.kind].opens(work, step)


def _is_shown(work: Work, step: Step) -> bool:
    """From when its time comes; of a time that was agreed, from when its owner was told of it."""
    return step.opens_at <= work.now or step.state is StepState.TOLD


def waiting_for(work: Work) -> list[Step]:
    """Open steps whose time has come: danger first, then what is late, then those longest due.

    One's own, those of what one holds wherever the ladder has taken them, those to take that one is told of, and for
    leads what stands at the end of the ladder.
    """
    return [step for step, _ in waiting_and_late(work)]


def waiting_and_late(work: Work) -> list[tuple[Step, bool]]:
    """What waits for oneself, each with whether it is one's own and should have happened by now."""
    own = [step for step in waits.open_steps(work, holder=work.who.id) if _is_shown(work, step)]
    calls = _to_tell(work, own)
    own = [step for step in own if step.kind is not StepKind.CONTACT or step.id in calls]
    mine = (*own, *_held(work))
    managed = of_managed_people(work, work.who.id, [step for step in mine if step.id not in calls])
    found = read_subjects(work, [step for step in mine if step.id not in managed])
    late = {step.id for step in found if is_late(work, step)}
    every = {
        step.id: (step, step.id in late) for step in (*found, *_to_take(work), *_lost(work), *calls.values())
    }.values()
    return sorted(
        every, key=lambda one: (one[0].kind is not StepKind.SAFETY, not one[1], one[0].opens_at, one[0].id)
    )


def _to_tell(work: Work, own: list[Step]) -> dict[str, Step]:
    """People to tell in person: what has come to oneself, and for leads what has come to nobody.

    Asked for each event at once: nobody sees those of an event they were part of, nor of people they manage.
    """
    steps = [step for step in own if step.kind is StepKind.CONTACT]
    if work.who.roles & LEADING:
        lost = waits.open_steps(work, kind=StepKind.CONTACT, rung=Rung.NOBODY)
        steps += [step for step in lost if step.opens_at <= work.now]
    events = dict.fromkeys(offer.incident_id for offer in offers_behind(work, steps).values())
    read_events(work, tuple(events))
    incidents = work.tx.get_many(Incident, events).values()
    seen = {row.step.id for one in incidents for row in rows_for(work, one)}
    return {step.id: step for step in steps if step.id in seen}


def _held(work: Work) -> list[Step]:
    """Steps of the cases and requests one holds that are somebody else's by now, or nobody's.

    A call for safety is in the hands of those who were called; the holder sees it where it has nobody.
    """
    cases = tuple(case.id for case in work.tx.lines(CaseLine, Case, holder=work.who.id, state=CaseState.OPEN))
    requests = work.tx.find(SupportRequest, taken_by=work.who.id, state=RequestState.TAKEN)
    asked = tuple(request.id for request in requests)
    found = work.tx.find(Step, case_id=cases, state=OPEN_STATES) if cases else []
    found += work.tx.find(Step, subject=asked, state=OPEN_STATES) if asked else []
    return [
        step
        for step in found
        if step.opens_at <= work.now
        and step.rung is not Rung.PERSON
        and work.steps[step.kind].is_the_holders
        and (step.kind is not StepKind.SAFETY or step.rung is Rung.NOBODY)
    ]


def _to_take(work: Work) -> list[Step]:
    if Role.PRACTITIONER not in work.who.roles:
        return []
    come = [step for step in waits.open_steps(work, rung=Rung.POOL) if step.opens_at <= work.now]
    return which_are_for(work, work.who.id, come)


def _lost(work: Work) -> list[Step]:
    """For leads, what has come to the end of the ladder; never about themselves or whom they manage."""
    if not work.who.roles & LEADING:
        return []
    lost = [step for step in waits.open_steps(work, rung=Rung.NOBODY) if step.kind is not StepKind.CONTACT]
    managed = of_managed_people(work, work.who.id, lost)
    return [step for step in lost if step.id not in managed and not _in_the_way(work, step)]


def _in_the_way(work: Work, step: Step) -> bool:
    about = concerned(work, step)
    return work.who.id in (about.person, *about.refused)


def waiting_rows(work: Work) -> tuple[WaitingRow, ...]:
    """What waits for whoever asks, in the order of `waiting_for`; people to tell in person stand under their event."""
    found = waiting_and_late(work)
    offers = offers_behind(work, [step for step, _ in found if step.kind is StepKind.CONTACT])
    taken = _taken(work, [step for step, _ in found])
    rows: dict[str, WaitingRow] = {}
    for step, late in found:
        offer = offers.get(step.subject) if step.kind is StepKind.CONTACT else None
        event = offer.incident_id if offer is not None else None
        label = screens.TAKEN if step.id in taken else work.steps[step.kind].label
        place = event or step.id
        if place in rows:
            rows[place] = rows[place].and_one(late=late)
        else:
            rows[place] = WaitingRow(step.id, step.kind, label, step.opens_at, late, event)
    return tuple(rows.values())


def _taken(work: Work, steps: Iterable[Step]) -> set[StepId]:
    """Those about a request that whoever asks has taken, and is to answer; none of them is opened."""
    mine = [step for step in steps if step.kind is StepKind.REQUEST and step.holder == work.who.id]
    ids = tuple(step.subject for step in mine if step.rung is Rung.ASSIGNED)
    found = work.tx.lines(RequestLine, SupportRequest, id=ids, state=RequestState.TAKEN) if ids else []
    ids_taken = {line.id for line in found}
    return {step.id for step in mine if step.subject in ids_taken}


def _event_of(work: Work, id: StepId) -> datetime | None:
    """When the event ended that a talk in one's own hands is for, where its case is about several."""
    step = work.tx.get(Step, id)
    if step is None or step.kind is not StepKind.CHECK_IN or step.case_id is None:
        return None
    check_in, case = work.tx.get(CheckIn, CheckInId(step.subject)), work.tx.get(Case, step.case_id)
    if check_in is None or case is None or work.who.id not in (step.holder, case.holder):
        return None
    return ended_at(work, case, check_in)
