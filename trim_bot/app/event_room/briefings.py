"""Group briefings: set by a lead, led by a colleague who says so, and found by whoever was told on their own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trim_bot.app.cases.state import get_incident
from trim_bot.app.event_room import briefing_screens as screens
from trim_bot.app.event_room.briefing_commands import (
    AgreeToLead,
    CallOffBriefing,
    CannotLead,
    NoteBriefing,
    OpenBriefing,
    OpenLeadBriefing,
    OpenSetBriefing,
    SetBriefing,
)
from trim_bot.app.event_room.briefings_seen import briefing_of, get_briefing, invite_of, invites_to
from trim_bot.app.events.exposed import end_for
from trim_bot.app.people.eligible import SERVING, still_here, who_could_take, with_role
from trim_bot.app.seam import mending
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.words.clocks import clock_of_event, read_time, zone_chosen
from trim_bot.domain.briefings import Briefing, BriefingState
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import BriefingId, IncidentId, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung, StepState


def open_set(work: Work, command: OpenSetBriefing) -> Screen:
    """The form, as it was set before; without anybody who could lead it, that there is nobody."""
    incident = get_incident(work, command.incident)
    leaders = _leaders(work, incident.id)
    found = briefing_of(work, incident.id)
    return screens.set_form(incident, found, leaders, clock_of_event(work, incident))


def set_briefing(work: Work, command: SetBriefing) -> Outcome:
    """Keep it. Whoever was told before finds the change on their page; a new leader is asked. Raises Invalid."""
    incident = get_incident(work, command.incident)
    clock = clock_of_event(work, incident)
    held_at = read_time(clock, command.clock, command.held_on, command.held_at)
    if held_at <= work.now:
        raise Invalid(held_on=mending.DATE_PASSED)
    if held_at - work.now > POLICY.longest_ahead:
        raise Invalid(held_on=mending.DATE_TOO_FAR)
    if command.leader not in {one.id for one in _leaders(work, incident.id)}:
        raise Invalid(leader=mending.NOT_ALLOWED_HOLDER)
    zone = zone_chosen(clock, command.clock)
    found = briefing_of(work, incident.id)
    if found is None:
        briefing = Briefing(
            BriefingId(new_id()), incident.key_id, incident.id, BriefingState.SET, held_at, command.leader,
            command.where, zone,
        )  # fmt: skip
        work.tx.add(briefing)
    else:
        briefing = replace(
            found,
            state=BriefingState.SET,
            held_at=held_at,
            leader=command.leader,
            place=command.where,
            zone=zone,
        )
        work.tx.save(briefing)
    for kind in (PlannedStep.LEAD_BRIEFING, PlannedStep.BRIEFING_TO_COME):
        waits.end(work, StepState.MOVED, kind=kind, subject=briefing.id)
    over = held_at + POLICY.briefing_lasts
    waits.begin(work, PlannedStep.BRIEFING_TO_COME, briefing.id, Rung.PERSON, None, opens_at=over)
    if command.leader == work.who.id:
        _ask_again_before(work, briefing)
    else:
        waits.begin(work, PlannedStep.LEAD_BRIEFING, briefing.id, Rung.ASSIGNED, command.leader)
    return Outcome("briefing_set", {"incident": incident.id})


def call_off(work: Work, command: CallOffBriefing) -> Outcome:
    """It is not held: whoever was told finds that on their page."""
    found = briefing_of(work, command.incident)
    if found is not None and found.state is BriefingState.SET:
        work.tx.save(replace(found, state=BriefingState.CALLED_OFF))
        for kind in (PlannedStep.LEAD_BRIEFING, PlannedStep.BRIEFING_TO_COME):
            waits.end(work, StepState.CANCELLED, kind=kind, subject=found.id)
        for invite in invites_to(work, found):
            waits.end(work, StepState.CANCELLED, kind=PlannedStep.BRIEFING, subject=invite.id)
    return Outcome("briefing_off", {"incident": command.incident})


def open_briefing(work: Work, command: OpenBriefing) -> Screen:
    """When and where, who leads it, and what one noted for oneself."""
    briefing, invite = get_briefing(work, command.briefing), invite_of(work, command.briefing)
    incident = get_incident(work, briefing.incident_id)
    day = end_for(work, incident, work.who.id).astimezone(work.zone).date()
    return screens.briefing_page(_shown(work, briefing), day, invite.answer if invite else None, work)


def note(work: Work, command: NoteBriefing) -> Next:
    """Keep it for oneself alone; it can be changed."""
    invite = invite_of(work, command.briefing)
    if invite is not None:
        work.tx.save(replace(invite, answer=command.answer))
    return OpenBriefing(command.briefing)


def open_lead(work: Work, command: OpenLeadBriefing) -> Screen:
    """When and where, and whether one leads it."""
    briefing = get_briefing(work, command.briefing)
    steps = waits.open_steps(work, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
    asked = any(step.opens_at <= work.now for step in steps)
    return screens.lead_page(_shown(work, briefing), mine=briefing.leader == work.who.id, asked=asked)


def agree(work: Work, command: AgreeToLead) -> Next:
    """Lead it from now on; asked once more the day before, so that somebody else can be found in time."""
    briefing = get_briefing(work, command.briefing)
    if briefing.state is BriefingState.SET and briefing.held_at > work.now:
        led = replace(briefing, leader=work.who.id)
        work.tx.save(led)
        waits.end(work, StepState.DONE, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
        _ask_again_before(work, led)
    return OpenLeadBriefing(briefing.id)


def cannot(work: Work, command: CannotLead) -> Outcome:
    """Let a lead, then the deputy, find it; nobody is asked why."""
    briefing = get_briefing(work, command.briefing)
    if briefing.leader == work.who.id:
        work.tx.save(replace(briefing, leader=None))
    steps = waits.open_steps(work, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
    if not steps:
        steps = [waits.begin(work, PlannedStep.LEAD_BRIEFING, briefing.id, Rung.ASSIGNED, work.who.id)]
    for step in steps:
        climb(work, replace(step, opens_at=work.now))
    return Outcome("briefing_passed_on")


def _ask_again_before(work: UnitOfWork, briefing: Briefing) -> None:
    before = briefing.held_at - POLICY.briefing_asked_before
    if before > work.now:
        waits.begin(
            work, PlannedStep.LEAD_BRIEFING, briefing.id, Rung.ASSIGNED, briefing.leader, opens_at=before
        )


def _leaders(work: Work, incident: IncidentId) -> Sequence[Member]:
    """Colleagues who serve, in date and with room, and were no part of the event, by name."""
    able = who_could_take(work, with_role(work, *SERVING), Concerned(None, (incident,)))
    members = work.tx.get_many(Member, able)
    return sorted(members.values(), key=lambda one: (one.name.casefold(), one.id))


def _shown(work: Work, briefing: Briefing) -> screens.ShownBriefing:
    leader = still_here(work, briefing.leader)
    return screens.ShownBriefing(
        briefing.id,
        briefing.held_at,
        briefing.place,
        briefing.zone,
        leader.name if leader is not None else "",
        off=briefing.state is BriefingState.CALLED_OFF,
        over=briefing.held_at + POLICY.briefing_lasts < work.now,
    )
