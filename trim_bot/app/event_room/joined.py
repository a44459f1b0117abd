"""Of two records of one person made one: their part in an event, what went out to them, and what they were told of."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.briefings import BriefingInvite
from trim_bot.domain.ids import BriefingId, IncidentId, MemberId
from trim_bot.domain.incidents import Directness, Exposure
from trim_bot.domain.planned_events import PlannedStep
from trim_bot.domain.steps import StepState

NEAREST = (Directness.DIRECT, Directness.PERIPHERAL, Directness.MISTAKEN)


def one_exposure_each(work: UnitOfWork, id: MemberId) -> None:
    """Of several exposures to one event one stays: what has gone out stays gone out, and the nearest says how close."""
    of_each: dict[IncidentId, list[Exposure]] = {}
    for exposure in work.tx.find(Exposure, member_id=id, limit=None):
        of_each.setdefault(exposure.incident_id, []).append(exposure)
    for found in of_each.values():
        found.sort(key=lambda one: (one.sent_at is None, NEAREST.index(one.directness), one.id))
        first, *others = found
        if others:
            work.tx.save(_joined(first, found))
        for other in others:
            waits.end(work, StepState.MOVED, kind=PlannedStep.LEAFLET, subject=other.id)
            work.tx.drop(Exposure, other.id)


def _joined(first: Exposure, found: list[Exposure]) -> Exposure:
    return replace(
        first,
        directness=min((one.directness for one in found), key=NEAREST.index),
        chosen=next((one.chosen for one in found if one.chosen is not None), None),
        ended_at=next((one.ended_at for one in found if one.ended_at is not None), None),
        name=next((one.name for one in found if one.name), ""),
        phone=next((one.phone for one in found if one.phone), ""),
        best_time=next((one.best_time for one in found if one.best_time), ""),
    )


def one_invite_each(work: UnitOfWork, id: MemberId) -> None:
    """Of several invitations to one briefing the one they answered stays, else the one told first."""
    invites = work.tx.find(BriefingInvite, member_id=id, limit=None)
    invites.sort(key=lambda one: (one.answer is None, one.told_at, one.id))
    seen: set[BriefingId] = set()
    for invite in invites:
        if invite.briefing_id in seen:
            waits.end(work, StepState.MOVED, kind=PlannedStep.BRIEFING, subject=invite.id)
            work.tx.drop(BriefingInvite, invite.id)
        seen.add(invite.briefing_id)
