"""Puts people of an event where it is planned first: noted, with nothing sent, until a lead releases it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.people.eligible import conflict_free, who_manages, with_role
from trim_bot.app.seam.work import Concerned, UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import count_no_owner
from trim_bot.app.waiting.ladder import next_owner
from trim_bot.domain.ids import IncidentId, MemberId, PlannedEventId, StepId, new_id
from trim_bot.domain.incidents import Directness, Exposure, Incident
from trim_bot.domain.people import Member, Role
from trim_bot.domain.planned_events import PlannedEvent, PlannedState, PlannedStep
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung, Step, StepState


def planned_event(work: UnitOfWork, id: IncidentId) -> PlannedEvent | None:
    """How the planning of an event stands; None where it was never planned."""
    return next(iter(work.tx.find(PlannedEvent, incident_id=id)), None)


def people_of(work: UnitOfWork, id: IncidentId) -> list[tuple[Exposure, Member]]:
    """Who was part of an event and is still here, by name; none that was named by mistake."""
    exposures = work.tx.find(Exposure, incident_id=id, limit=None)
    members = work.tx.get_many(Member, [one.member_id for one in exposures])
    meant = [one for one in exposures if one.directness is not Directness.MISTAKEN]
    here = [(one, members[one.member_id]) for one in meant if one.member_id in members]
    return sorted(
        ((one, member) for one, member in here if not member.left),
        key=lambda pair: (pair[1].name.casefold(), pair[0].id),
    )


def undecided(work: UnitOfWork, id: IncidentId) -> list[tuple[Exposure, Member]]:
    """Those of them to whom nothing has gone out."""
    return [(one, member) for one, member in people_of(work, id) if one.sent_at is None]


def plan(work: UnitOfWork, incident: Incident) -> PlannedEvent:
    """Let an event wait to be planned, with a lead to be asked and a time at which it goes out by itself.

    Where it waits already its times stay as they are.
    """
    found = planned_event(work, incident.id)
    if found is None:
        found = PlannedEvent(PlannedEventId(new_id()), incident.id, PlannedState.PLANNED, work.now)
        work.tx.add(found)
    elif found.state is PlannedState.RELEASED:
        found = replace(found, state=PlannedState.PLANNED, opened_at=work.now, released_at=None)
        work.tx.save(found)
    _wait_for_lead(work, incident)
    if not waits.open_steps(work, kind=PlannedStep.BY_ITSELF, subject=incident.id):
        goes = found.opened_at + POLICY.planned_goes_after
        waits.begin(work, PlannedStep.BY_ITSELF, incident.id, Rung.PERSON, None, opens_at=goes)
    return found


def asked_at(work: UnitOfWork, incident: Incident, opened_at: datetime) -> datetime:
    """When a lead is asked of an event that came to be planned then (UTC): at once where its kind is a trigger."""
    trigger = any(kind.trigger for kind in work.site.kinds if kind.id == incident.kind)
    return opened_at if trigger else opened_at + POLICY.planned_asked_after


def ask_another(work: UnitOfWork, incident: Incident, instead_of: MemberId | None) -> None:
    """Give what a lead cannot plan, since they manage whom it is about, to another one: from now on it waits there."""
    waits.end(work, StepState.MOVED, kind=PlannedStep.TO_PLAN, subject=incident.id)
    _begin(work, incident, instead_of)


def concerns(work: UnitOfWork, step: Step) -> Concerned:
    """The event alone; refused are those who lead and would see nobody of it, or were part of it themselves."""
    id = IncidentId(step.subject)
    left = [member.id for _, member in undecided(work, id)]
    leading = with_role(work, Role.LEAD, Role.DEPUTY)
    refused = frozenset(leading if left else ())
    for person in left:
        if not refused:
            # Of most events the first person settles it.
            break
        refused &= who_manages(work, tuple(refused), person)
    exposed = work.tx.find(Exposure, incident_id=id, member_id=tuple(leading)) if leading else []
    part_of_it = {one.member_id for one in exposed if one.directness is not Directness.MISTAKEN}
    return Concerned(None, (id,), tuple(sorted(refused | part_of_it)))


def _wait_for_lead(work: UnitOfWork, incident: Incident) -> None:
    """One lead is asked; where whoever was is part of the event by now, another one."""
    steps = waits.open_steps(work, kind=PlannedStep.TO_PLAN, subject=incident.id)
    for step in steps:
        if step.holder is not None and not conflict_free(work, step.holder, concerns(work, step)):
            ask_another(work, incident, step.holder)
    if not steps:
        _begin(work, incident, None)


def _begin(work: UnitOfWork, incident: Incident, instead_of: MemberId | None) -> None:
    found = planned_event(work, incident.id)
    asked = asked_at(work, incident, found.opened_at if found is not None else work.now)
    below = Step(
        StepId(""), PlannedStep.TO_PLAN, incident.id, None, StepState.WAITING, Rung.COVER, instead_of, work.now,
        work.now,
    )  # fmt: skip
    rung, holder = next_owner(work, below)
    if rung is Rung.NOBODY and asked > work.now:
        # Nobody leads here now. Its time is not yet: whoever does then is asked, and only then is it counted.
        rung = Rung.COVER
    waits.begin(work, PlannedStep.TO_PLAN, incident.id, rung, holder, opens_at=max(asked, work.now))
    if rung is Rung.NOBODY:
        count_no_owner(work)
