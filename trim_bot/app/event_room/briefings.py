"""Group briefings: set by a lead, led by a colleague who says so, and found by whoever was told on their own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

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
from trim_bot.app.event_room.briefings_seen import get_briefing, invite_of, invites_to, is_told
from trim_bot.app.event_room.seen_by import never_listed
from trim_bot.app.events.briefing_leaders import briefing_of, find_another, is_over, to_lead
from trim_bot.app.events.exposed import end_for
from trim_bot.app.events.planned import plan, undecided
from trim_bot.app.people.eligible import SERVING, people_below, still_here, who_could_take, with_role
from trim_bot.app.seam import mending
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.clocks import clock_of_event, read_time, zone_chosen
from trim_bot.domain.briefings import Briefing, BriefingState
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import BriefingId, IncidentId, MemberId, new_id
from trim_bot.domain.incidents import Chosen, Exposure, Incident
from trim_bot.domain.people import Member
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung, StepState


def open_set(work: Work, command: OpenSetBriefing) -> Screen:
    """The form, as it was set before; without anybody who could lead it, that there is nobody."""
    incident = get_incident(work, command.incident)
    leaders = _leaders(work, incident.id)
    found = briefing_of(work, incident.id)
    if found is not None:
        found = replace(found, leader=_asked(work, found))
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
    said = found is not None and _has_said(found, command.leader, held_at)
    own = command.leader == work.who.id
    # Whoever is asked is named to nobody before they have said that they lead it.
    leader = command.leader if own or said else None
    briefing = Briefing(
        found.id if found is not None else BriefingId(new_id()), incident.key_id, incident.id, BriefingState.SET,
        held_at, leader, command.where, zone,
    )  # fmt: skip
    told = _keep(work, found, briefing)
    if not said:
        waits.end(work, StepState.MOVED, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
        if own:
            _ask_again_before(work, briefing)
        else:
            waits.begin(work, PlannedStep.LEAD_BRIEFING, briefing.id, Rung.ASSIGNED, command.leader)
    ids = {
        "incident": incident.id,
        "leader": "own" if own else "said" if said else "asked",
        "told": "yes" if told else "no",
    }
    return Outcome("briefing_set", ids)


def _has_said(found: Briefing, leader: MemberId, held_at: datetime) -> bool:
    """Whether somebody has said that they lead it at that time (UTC)."""
    return found.state is BriefingState.SET and found.leader == leader and found.held_at == held_at


def _keep(work: UnitOfWork, found: Briefing | None, briefing: Briefing) -> bool:
    """Keep it as it is set, and until it is over; gives whether somebody was told of it as it was before.

    What somebody noted is about the time they read, and goes with it.
    """
    if found is None:
        work.tx.add(briefing)
    else:
        work.tx.save(briefing)
    told = [one for one in invites_to(work, briefing) if is_told(work, briefing, one)] if found else []
    if found is not None and found.held_at != briefing.held_at:
        for invite in told:
            work.tx.save(replace(invite, answer=None))
    waits.end(work, StepState.MOVED, kind=PlannedStep.BRIEFING_TO_COME, subject=briefing.id)
    over = briefing.held_at + POLICY.briefing_lasts
    waits.begin(work, PlannedStep.BRIEFING_TO_COME, briefing.id, Rung.PERSON, None, opens_at=over)
    return bool(told)


def call_off(work: Work, command: CallOffBriefing) -> Outcome:
    """It is not held: whoever was told finds that on their page, and is planned again: nobody is left without."""
    found = briefing_of(work, command.incident)
    if found is not None and found.state is BriefingState.SET and not is_over(work, found):
        work.tx.save(replace(found, state=BriefingState.CALLED_OFF))
        for kind in (PlannedStep.LEAD_BRIEFING, PlannedStep.BRIEFING_TO_COME):
            waits.end(work, StepState.CANCELLED, kind=kind, subject=found.id)
        for invite in invites_to(work, found):
            waits.end(work, StepState.CANCELLED, kind=PlannedStep.BRIEFING, subject=invite.id)
        _plan_again(work, get_incident(work, command.incident))
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
    find_another(work, briefing, work.who.id)
    return Outcome("briefing_passed_on")


def _plan_again(work: UnitOfWork, incident: Incident) -> None:
    """What was chosen stands, and has not gone out: a lead chooses again, or the clock goes by how close each was."""
    for exposure in work.tx.find(Exposure, incident_id=incident.id, limit=None):
        if exposure.chosen is Chosen.BRIEFING and exposure.sent_at is not None:
            work.tx.save(replace(exposure, sent_at=None))
    if undecided(work, incident.id):
        plan(work, incident)


def _ask_again_before(work: UnitOfWork, briefing: Briefing) -> None:
    before = briefing.held_at - POLICY.briefing_asked_before
    if before > work.now:
        waits.begin(
            work, PlannedStep.LEAD_BRIEFING, briefing.id, Rung.ASSIGNED, briefing.leader, opens_at=before
        )


def _leaders(work: Work, incident: IncidentId) -> Sequence[Member]:
    """Colleagues who serve, in date and with room, were no part of the event and manage nobody of it, by name.

    Whoever asks is not among them where they manage anybody at all: left out of one event, it would say of whom.
    """
    serving = with_role(work, *SERVING)
    hidden = set(never_listed(work, serving))
    if people_below(work, work.who.id):
        hidden.add(work.who.id)
    able = who_could_take(work, serving, to_lead(work, incident))
    members = work.tx.get_many(Member, [id for id in able if id not in hidden])
    return sorted(members.values(), key=lambda one: (one.name.casefold(), one.id))


def _asked(work: UnitOfWork, briefing: Briefing) -> MemberId | None:
    """Whoever leads it, or is asked to."""
    if briefing.leader is not None:
        return briefing.leader
    steps = waits.open_steps(work, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
    return next((step.holder for step in steps if step.holder is not None), None)


def _shown(work: Work, briefing: Briefing) -> screens.ShownBriefing:
    leader = still_here(work, briefing.leader)
    return screens.ShownBriefing(
        briefing.id,
        briefing.held_at,
        briefing.place,
        briefing.zone,
        leader.name if leader is not None else "",
        off=briefing.state is BriefingState.CALLED_OFF,
        over=is_over(work, briefing),
    )
