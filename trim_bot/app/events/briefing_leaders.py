"""Who may lead the group briefing of an event, and what becomes of it when whoever leads it no longer may."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.events.planned import people_of
from trim_bot.app.people.eligible import SERVING, conflict_free, who_is_free_of_each, with_role
from trim_bot.app.seam.work import Concerned, UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.domain.briefings import Briefing, BriefingState
from trim_bot.domain.ids import BriefingId, IncidentId, MemberId
from trim_bot.domain.incidents import Exposure
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung


def briefing_of(work: UnitOfWork, incident: IncidentId) -> Briefing | None:
    """The briefing of an event, also one that was called off; None where none was ever set."""
    return next(iter(work.tx.find(Briefing, incident_id=incident)), None)


def is_over(work: UnitOfWork, briefing: Briefing) -> bool:
    """Whether its time has gone by."""
    return briefing.held_at + POLICY.briefing_lasts < work.now


def to_lead(work: UnitOfWork, id: IncidentId) -> Concerned:
    """The event alone; refused is whoever manages anybody of it: whoever leads sees who comes."""
    serving = with_role(work, *SERVING)
    people = [member.id for _, member in people_of(work, id)]
    free_of_each = who_is_free_of_each(work, serving, [Concerned(one) for one in people])
    free_of_all = set(serving).intersection(*free_of_each)
    return Concerned(None, (id,), tuple(one for one in serving if one not in free_of_all))


def may_lead(work: UnitOfWork, briefing: Briefing, id: MemberId) -> bool:
    """Whether somebody was no part of the event and manages nobody who was."""
    return conflict_free(work, id, to_lead(work, briefing.incident_id))


def find_another(work: UnitOfWork, briefing: Briefing, instead_of: MemberId) -> None:
    """What waits for one leader goes to a lead, then the deputy; at the end of the ladder it stays there."""
    led = briefing.leader == instead_of
    if led:
        work.tx.save(replace(briefing, leader=None))
    steps = waits.open_steps(work, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
    if not steps and led:
        steps = [waits.begin(work, PlannedStep.LEAD_BRIEFING, briefing.id, Rung.ASSIGNED, instead_of)]
    for step in steps:
        if step.holder == instead_of:
            climb(work, replace(step, opens_at=work.now))


def look_again_at_leader(work: UnitOfWork, id: IncidentId) -> None:
    """Whoever leads it, or is asked to, may be part of the event by now, or manage somebody who is."""
    briefing = briefing_of(work, id)
    if briefing is None or briefing.state is not BriefingState.SET or is_over(work, briefing):
        return
    steps = waits.open_steps(work, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
    about = to_lead(work, id)
    for one in dict.fromkeys((briefing.leader, *(step.holder for step in steps))):
        if one is not None and not conflict_free(work, one, about):
            find_another(work, briefing, one)


def look_again_at_briefings(work: UnitOfWork, id: MemberId) -> None:
    """Somebody may have become known under another account: each briefing they lead, are asked to, or were part of."""
    steps = waits.open_steps(work, kind=PlannedStep.LEAD_BRIEFING, holder=id)
    asked = work.tx.get_many(Briefing, (BriefingId(one.subject) for one in steps)).values()
    led = work.tx.find(Briefing, leader=id, limit=None)
    events = {one.incident_id for one in (*asked, *led)}
    events.update(one.incident_id for one in work.tx.find(Exposure, member_id=id, limit=None))
    for event in sorted(events):
        look_again_at_leader(work, event)
