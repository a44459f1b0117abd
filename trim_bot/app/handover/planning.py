"""Planning for leads: who holds what, giving a case to a practitioner, and handing over one's own work."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.commands import AssignCase, HandOverAll, OpenAssign, OpenCover, OpenTeam
from trim_bot.app.cases.conversation_screens import HANDED_ON, Coming
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.opening import ended_lately
from trim_bot.app.cases.state import get_case, get_member
from trim_bot.app.events.tell_in_person import events_to_tell
from trim_bot.app.handover import screens
from trim_bot.app.handover.reassignment import OWNED, move_on
from trim_bot.app.handover.screens import Able, Covering, OpenCall, PlanRow
from trim_bot.app.people.eligible import (
    SERVING,
    conflict_free,
    is_among,
    is_away,
    loads_seen_by,
    manages,
    note_staffing,
    people_below,
    still_here,
    who_could_take,
    who_is_still_here,
    with_role,
)
from trim_bot.app.seam import mending
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.draw import offered
from trim_bot.app.waiting.in_time import who_is_first_in_time
from trim_bot.app.waiting.ladder import concerned, of_managed_people
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import MemberId, RequestId
from trim_bot.domain.people import Availability, Member, Role
from trim_bot.domain.steps import Rung, Step, StepKind

OF_REQUESTS = (StepKind.REQUEST, StepKind.FIRST_CONTACT)
CLIMBED = (Rung.COVER, Rung.LEAD, Rung.DEPUTY)


def open_team(work: Work, command: OpenTeam) -> Screen:
    """Danger first, then what has no owner; then every open case but one's own and those of people one manages."""
    unowned = waits.open_steps(work, rung=Rung.NOBODY)
    without = {step.case_id for step in unowned}
    calls = {step.case_id: step for step in waits.open_steps(work, kind=StepKind.SAFETY)}
    calls |= {step.case_id: step for step in unowned if step.kind is StepKind.SAFETY}
    below = people_below(work, work.who.id)
    cases = [
        case
        for case in work.tx.find(Case, state=CaseState.OPEN)
        if case.member_id != work.who.id and not is_among(work, below, case.member_id)
    ]
    rows = [_plan_row(work, case, case.id in without, calls.get(case.id)) for case in cases]
    rows.sort(
        key=lambda row: (
            row.call is not OpenCall.LOST,
            row.call is None,
            not row.unowned,
            not row.late,
            row.opened_at,
        )
    )
    managed = of_managed_people(work, work.who.id, unowned)
    loose = [
        screens.Loose(step.kind, step.id, _request(step))
        for step in unowned
        if _loose(step, cases) and not _own(work, step) and step.id not in managed
    ]
    keeps = bool(work.who.roles & {Role.COORDINATOR, Role.ADMINISTRATOR})
    board = screens.Board(rows, loose, events_to_tell(work), _room(work), ended_lately(work))
    return screens.team_page(board, work.zone, roster=keeps)


def open_assign(work: Work, command: OpenAssign) -> Screen:
    """Some of the practitioners a case can be given to."""
    case = get_case(work, command.case)
    able = _able(work, case)
    covers = [one for one in able if not one.has_it] + [one for one in able if one.has_it]
    facts = screens.case_facts(_programme(work, case), _coming(work, case), work.zone)
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
    return Outcome("case_assigned")


def open_cover(work: Work, command: OpenCover) -> Screen:
    """What one covers or what has climbed to oneself."""
    mine = waits.open_steps(work, holder=work.who.id)
    managed = of_managed_people(work, work.who.id, mine)
    climbed = [
        step for step in mine if step.rung in CLIMBED and not _own(work, step) and step.id not in managed
    ]
    climbed.sort(key=lambda step: step.kind is not StepKind.SAFETY)
    named = work.tx.find(Case, cover=work.who.id, state=CaseState.OPEN, order_by="opened_at")
    come = {step.case_id for step in climbed}
    rows = [_climbed_row(work, step) for step in climbed]
    rows += [
        Covering(_programme(work, case), _coming(work, case), None)
        for case in named
        if case.id not in come
        and case.member_id != work.who.id
        and not manages(work, work.who.id, case.member_id)
    ]
    return screens.cover_page(rows, work.zone)


def hand_over_all(work: Work, command: HandOverAll) -> Outcome:
    """Become away and pass one's work on. Safety calls stay: they ignore leave, and others have them."""
    me = get_member(work, work.who.id)
    work.tx.save(replace(me, availability=Availability.AWAY))
    note_staffing(work.tx, work.now)
    mine = [step for step in waits.open_steps(work, holder=me.id) if step.rung in OWNED]
    move_on(work, me.id, None)
    after = [step for step in (work.tx.get(Step, one.id) for one in mine) if step is not None]
    moved = [step for step in after if step.holder != me.id]
    pieces = {step.case_id or step.subject for step in moved}
    unowned = any(step.rung is Rung.NOBODY for step in moved)
    return Outcome("handed_over", {"moved": str(len(pieces)), "unowned": "yes" if unowned else "no"})


def _room(work: Work) -> list[str]:
    """How much each practitioner holds who could take more, the least busy first, as far as the asker may see."""
    here = who_is_still_here(work, with_role(work, Role.PRACTITIONER))
    held_by = loads_seen_by(work, work.who.id, [member.id for member in here])
    found = [(held_by[member.id], member.name) for member in here]
    most = work.site.most_open_cases
    return [
        f"{name}: {held} of {most}"
        for held, name in sorted(found, key=lambda one: (one[0], one[1].casefold()))
    ]


def _plan_row(work: Work, case: Case, unowned: bool, call: Step | None) -> PlanRow:
    coming = _coming(work, case)
    return PlanRow(
        case=case.id,
        programme=_programme(work, case),
        opened_at=case.opened_at,
        coming=coming,
        holder=_hands(work, case.holder),
        cover=_hands(work, case.cover),
        late=coming is not None and coming.check_in.closes_at < work.now,
        unowned=unowned,
        call=None if call is None else OpenCall.LOST if call.rung is Rung.NOBODY else OpenCall.OPEN,
    )


def _climbed_row(work: Work, step: Step) -> Covering:
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    if case is None:
        return Covering(screens.LOOSE_COVERED.get(step.kind, screens.OTHER_COVERED), None, step.id)
    return Covering(_programme(work, case), _coming(work, case), step.id)


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
    return Coming(work.definitions.programmes[case.programme].stage(found[0].stage).label, found[0])


def _programme(work: Work, case: Case) -> str:
    return work.definitions.programmes[case.programme].name


def _hands(work: Work, id: MemberId | None) -> str:
    """The name of whoever has it; of somebody who has left, that it is being handed on."""
    return HANDED_ON if id is not None and still_here(work, id) is None else _name(work, id)


def _name(work: Work, id: MemberId | None) -> str:
    member = work.tx.get(Member, id) if id is not None else None
    return member.name if member is not None else ""


def _loose(step: Step, cases: list[Case]) -> bool:
    """Whether nothing of the board stands for a step: it has no case, or is a safety call of one that has ended."""
    return (step.case_id is None and step.kind is not StepKind.CONTACT) or (
        step.kind is StepKind.SAFETY and all(case.id != step.case_id for case in cases)
    )


def _request(step: Step) -> RequestId | None:
    return RequestId(step.subject) if step.case_id is None and step.kind in OF_REQUESTS else None


def _own(work: Work, step: Step) -> bool:
    """Whether a step is about whoever is asking, who must not meet their own record here."""
    if step.case_id is not None and work.tx.get(Case, step.case_id) is None:
        return True
    return concerned(work, step).person == work.who.id
