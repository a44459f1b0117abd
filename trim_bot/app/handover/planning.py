"""Planning for leads: who holds what, giving a case to a practitioner, and handing over one's own work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from trim_bot.app.cases.commands import AssignCase, HandOverAll, OpenAssign, OpenCover
from trim_bot.app.cases.conversation_screens import Coming
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.state import get_case, get_member
from trim_bot.app.events.tell_in_person import offers_behind
from trim_bot.app.handover import screens
from trim_bot.app.handover.reassignment import OWNED, move_on
from trim_bot.app.handover.screens import Able, Covering
from trim_bot.app.people.eligible import (
    SERVING,
    conflict_free,
    is_away,
    loads_seen_by,
    note_staffing,
    who_could_take,
    whom_they_manage,
    with_role,
)
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import part_of, placed
from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.draw import offered
from trim_bot.app.waiting.in_time import who_is_first_in_time
from trim_bot.app.waiting.ladder import concerned, of_managed_people
from trim_bot.app.words.case_names import case_name
from trim_bot.app.words.talk_names import talk_name
from trim_bot.domain.cases import Case, CaseLine, CaseState, CheckIn, CheckInState
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import CaseId, IncidentId, MemberId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Availability, Member
from trim_bot.domain.steps import Rung, Step, StepKind

OF_REQUESTS = (StepKind.REQUEST, StepKind.FIRST_CONTACT)
CLIMBED = (Rung.COVER, Rung.LEAD, Rung.DEPUTY)


def open_assign(work: Work, command: OpenAssign) -> Screen:
    """Some of the practitioners a case can be given to."""
    case = get_case(work, command.case)
    able = _able(work, case)
    covers = [one for one in able if not one.has_it] + [one for one in able if one.has_it]
    facts = screens.case_facts(case.id, _programme(work, case), _coming(work, case), work.zone)
    return screens.assign_form(case.id, facts, able, covers)


def assign(work: Work, command: AssignCase) -> Outcome:
    """Give a case to a practitioner nothing stands in the way of, as is checked again here."""
    case = get_case(work, command.case)
    able = {one.id: one for one in _able(work, case)}
    allowed = set(able)
    if command.holder not in allowed:
        raise Invalid(holder=mending.NOT_ALLOWED_HOLDER)
    if able[MemberId(command.holder)].full and not command.beyond:
        raise Invalid(beyond=mending.BEYOND_THE_LIMIT)
    cover = None if command.cover in ("", screens.ANY_COVER) else MemberId(command.cover)
    if cover is not None and cover not in allowed:
        raise Invalid(cover=mending.NOT_ALLOWED_HOLDER)
    if cover == command.holder:
        raise Invalid(cover=mending.COVER_IS_HOLDER)
    give(work, case, MemberId(command.holder), cover)
    return Outcome("case_assigned", {"case": case.id})


def open_cover(work: Work, command: OpenCover) -> Screen:
    """What one covers or what has climbed to oneself; that first, and danger before all."""
    mine = [step for step in waits.open_steps(work, holder=work.who.id) if step.rung in CLIMBED]
    managed = of_managed_people(work, work.who.id, mine)
    climbed = [step for step in mine if not is_own(work, step) and step.id not in managed]
    named = work.tx.lines(CaseLine, Case, cover=work.who.id, state=CaseState.OPEN)
    hidden = {work.who.id, *whom_they_manage(work, work.who.id, [case.member_id for case in named])}
    come = {step.case_id for step in climbed}
    offers = offers_behind(work, [step for step in climbed if step.kind is StepKind.CONTACT])
    events = Counter(offer.incident_id for offer in offers.values())
    met: set[IncidentId] = set()
    entries: list[tuple[ListPlace, Step | CaseId]] = []
    for step in sorted(climbed, key=lambda one: (one.due_at, one.id)):
        event = offers[step.subject].incident_id if step.subject in offers else None
        # All the people of one event are one row, which stands where the first of them would.
        if event is None or event not in met:
            entries.append((placed(0, step.kind is not StepKind.SAFETY, step.due_at, step.id), step))
        met |= set() if event is None else {event}
    entries += [
        (placed(1, 0, case.opened_at, case.id), case.id)
        for case in named
        if case.id not in come and case.member_id not in hidden
    ]
    part = part_of(entries, lambda entry: entry[0], command.after)
    ids = [row if isinstance(row, str) else row.case_id for _, row in part.rows]
    cases = work.tx.get_many(Case, [id for id in ids if id is not None])
    rows = part.holding(_covering(work, row, cases, offers, events) for _, row in part.rows)
    return screens.cover_page(rows, work.zone)


def hand_over_all(work: Work, command: HandOverAll) -> Outcome:
    """Become away and pass one's work on. Safety calls stay: they ignore leave, and others have them."""
    me = get_member(work, work.who.id)
    work.tx.save(replace(me, availability=Availability.AWAY))
    note_staffing(work.tx, work.now)
    mine = [step for step in waits.open_steps(work, holder=me.id) if step.rung in OWNED]
    move_on(work, me.id, None)
    after = work.tx.get_many(Step, (step.id for step in mine))
    moved = [step for step in after.values() if step.holder != me.id]
    pieces = {step.case_id or step.subject for step in moved}
    unowned = any(step.rung is Rung.NOBODY for step in moved)
    return Outcome("handed_over", {"moved": str(len(pieces)), "unowned": "yes" if unowned else "no"})


def _covering(
    work: Work,
    row: Step | CaseId,
    cases: Mapping[CaseId, Case],
    offers: Mapping[str, Offer],
    events: Mapping[IncidentId, int],
) -> Covering:
    if not isinstance(row, Step):
        case = cases.get(row)
        what = (
            phrase("{name}: {programme}", name=case_name(row), programme=ours(_programme(work, case)))
            if case is not None
            else case_name(row)
        )
        return Covering(what, _coming(work, case) if case is not None else None, None)
    label = work.steps[row.kind].label
    if row.subject in offers:
        event = offers[row.subject].incident_id
        return Covering(
            phrase("{label}: {number}", label=ours(label), number=events[event]), None, row.id, event
        )
    if row.case_id is None or row.case_id not in cases:
        return Covering(label, None, row.id)
    return Covering(
        phrase("{name}: {label}", name=case_name(row.case_id), label=ours(label)),
        _coming(work, cases[row.case_id]),
        row.id,
    )


def _able(work: Work, case: Case) -> list[Able]:
    """Half of those who may take the case; whoever holds it may keep it without room.

    Those at work before what is due first come first, then the least busy; nothing on the list says why.

    Only half, since whoever were missing from all of them would be known to be near the person, or to be them. What is
    not the asker's to see is not counted, nor does it make anybody full.
    """
    serving = [id for id in with_role(work, *SERVING) if id != case.holder]
    could = who_could_take(work, serving, Concerned(case.member_id, case.incidents, case.refused))
    found = offered(work, case.id, could)
    if case.holder is not None and _keeps(work, case, case.holder):
        found.append(case.holder)
    most = work.site.most_open_cases
    able = [
        Able(id, _name(work, id), held, has_it=id == case.holder, full=held >= most and id != case.holder)
        for id, held in loads_seen_by(work, work.who.id, found).items()
    ]
    early = who_is_first_in_time(work, waits.open_steps(work, case_id=case.id), case.contact_by, found)
    return sorted(able, key=lambda one: (one.id not in early, one.holds, one.name.casefold(), one.id))


def _keeps(work: Work, case: Case, id: MemberId) -> bool:
    member = work.tx.get(Member, id)
    return (
        id == case.holder
        and member is not None
        and not member.left
        and not is_away(work, member)
        and conflict_free(work, id, Concerned(case.member_id, case.incidents, case.refused))
    )


def _coming(work: Work, case: Case) -> Coming | None:
    waiting = (CheckInState.PLANNED, CheckInState.OPEN)
    found = work.tx.find(CheckIn, case_id=case.id, state=waiting, order_by="opens_at", limit=1)
    if not found:
        return None
    label = work.definitions.programmes[case.programme].stage(found[0].stage).label
    return Coming(talk_name(label), found[0])


def _programme(work: Work, case: Case) -> str:
    return work.definitions.programmes[case.programme].name


def _name(work: Work, id: MemberId | None) -> str:
    member = work.tx.get(Member, id) if id is not None else None
    return member.name if member is not None else ""


def is_own(work: Work, step: Step) -> bool:
    """Whether a step is about whoever is asking, who must not meet their own record here."""
    if step.case_id is not None and work.tx.get(Case, step.case_id) is None:
        return True
    return concerned(work, step).person == work.who.id
