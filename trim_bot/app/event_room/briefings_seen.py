"""Which briefing is whose: of an event, of whoever was told of it, of whoever leads it or is asked to."""

from __future__ import annotations

from typing import Protocol

from trim_bot.app.cases.entitled import LEADING
from trim_bot.app.events.briefing_leaders import briefing_of, is_over, may_lead
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.briefings import Briefing, BriefingInvite, BriefingState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import BriefingId, IncidentId
from trim_bot.domain.incidents import Chosen, Directness, Exposure, Incident
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.steps import Rung


class OfBriefing(Protocol):
    """Any command that names a group briefing."""

    @property
    def briefing(self) -> BriefingId: ...


def to_be_held(work: UnitOfWork, incident: IncidentId) -> Briefing | None:
    """The briefing of an event that people can still be told of."""
    found = briefing_of(work, incident)
    held = found is not None and found.state is BriefingState.SET and found.held_at > work.now
    return found if held else None


def events_with_briefings(work: Work) -> list[IncidentId]:
    """The events whose briefing is still to come, or is being held."""
    steps = waits.open_steps(work, kind=PlannedStep.BRIEFING_TO_COME)
    found = work.tx.get_many(Briefing, [BriefingId(step.subject) for step in steps])
    return [one.incident_id for one in found.values()]


def get_briefing(work: UnitOfWork, id: BriefingId) -> Briefing:
    """A briefing by its id. Raises NotOpen."""
    found = work.tx.get(Briefing, id)
    if found is None:
        raise NotOpen("briefing")
    return found


def invites_to(work: UnitOfWork, briefing: Briefing) -> list[BriefingInvite]:
    """Everybody who was told of a briefing; for the program alone."""
    return work.tx.find(BriefingInvite, briefing_id=briefing.id, limit=None)


def invite_of(work: Work, id: BriefingId) -> BriefingInvite | None:
    """What whoever asks was told of a briefing."""
    return next(iter(work.tx.find(BriefingInvite, briefing_id=id, member_id=work.who.id)), None)


def own_briefing(work: Work, asked: OfBriefing) -> None:
    """Whoever asks was told of it, and was not named for the event by mistake."""
    briefing, invite = work.tx.get(Briefing, asked.briefing), invite_of(work, asked.briefing)
    if briefing is None or invite is None or not is_told(work, briefing, invite):
        raise NotOpen("briefing")
    work.about(invite)


def is_told(work: UnitOfWork, briefing: Briefing, invite: BriefingInvite) -> bool:
    """Whether somebody's part in the event still stands, with the briefing chosen for them.

    That it was called off they find whatever was chosen for them since.
    """
    found = work.tx.find(Exposure, incident_id=briefing.incident_id, member_id=invite.member_id)
    off = briefing.state is BriefingState.CALLED_OFF
    return any(
        (off or one.chosen is Chosen.BRIEFING) and one.directness is not Directness.MISTAKEN for one in found
    )


def leads_briefing(work: Work, asked: OfBriefing) -> None:
    """Whoever asks leads it, is asked to, or leads here where nobody has it; none who may not lead it."""
    briefing = work.tx.get(Briefing, asked.briefing)
    incident = work.tx.get(Incident, briefing.incident_id) if briefing is not None else None
    if briefing is None or incident is None or not may_lead(work, briefing, work.who.id):
        raise NotOpen("briefing")
    steps = waits.open_steps(work, kind=PlannedStep.LEAD_BRIEFING, subject=briefing.id)
    asked_to = any(step.holder == work.who.id for step in steps)
    free = bool(work.who.roles & LEADING) and any(step.rung is Rung.NOBODY for step in steps)
    if briefing.leader != work.who.id and not asked_to and not free:
        raise NotOpen("briefing")
    work.about(incident)


def briefings_led(work: Work) -> list[Briefing]:
    """Those that whoever asks leads and still may, and that are not over."""
    found = work.tx.find(Briefing, leader=work.who.id, order_by="held_at", limit=None)
    held = [one for one in found if one.state is BriefingState.SET and not is_over(work, one)]
    return [one for one in held if may_lead(work, one, work.who.id)]
