"""The exposures a case is about, each with its own date; cases of older desks are given theirs here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.domain.cases import UNMARKED, AcceptedExposure, Case, CheckIn
from trim_bot.domain.ids import ExposureId, IncidentId
from trim_bot.domain.incidents import Incident, Offer, OfferState


def exposures_of(work: UnitOfWork, case: Case) -> tuple[AcceptedExposure, ...]:
    """Every exposure of a case, the first first.

    In a case from before each had its own, they are its incidents in the order in which they joined. What had been
    planned in it belongs to the first.
    """
    if case.exposures or case.exposure_ended is None:
        return case.exposures
    found = [incident for id in case.incidents if (incident := work.tx.get(Incident, id)) is not None]
    if not found:
        return (AcceptedExposure(UNMARKED, case.exposure_ended, case.opened_at),)
    return tuple(
        AcceptedExposure(
            ExposureId(str(number)) if number else UNMARKED,
            incident.ended_at,
            _accepted_at(work, case, incident.id) if number else case.opened_at,
            incident.id,
        )
        for number, incident in enumerate(found)
    )


def exposure_of(work: Work, case: Case, check_in: CheckIn) -> AcceptedExposure | None:
    """The exposure a conversation is for; None off the trauma clock."""
    found = exposures_of(work, case)
    return next((one for one in found if one.id == check_in.exposure), found[0] if found else None)


def ended_at(work: Work, case: Case, check_in: CheckIn) -> datetime | None:
    """The end of the event a conversation is for, where the case has several to tell apart; else None."""
    found = exposures_of(work, case)
    about = exposure_of(work, case, check_in)
    programme = check_in.programme or case.programme
    return about.ended_at if about is not None and len(found) > 1 and programme == case.programme else None


def with_moved(case: Case, exposure: AcceptedExposure, ended: datetime) -> Case:
    """The case with the end of one of its exposures put right."""
    moved = tuple(replace(one, ended_at=ended) if one.id == exposure.id else one for one in case.exposures)
    return replace(case, exposures=moved, exposure_ended=moved[0].ended_at)


def _accepted_at(work: UnitOfWork, case: Case, incident: IncidentId) -> datetime:
    """When the person said yes about an event, as their offer tells; else when the case opened."""
    for offer in work.tx.find(Offer, incident_id=incident, case_id=case.id, state=OfferState.ACCEPTED):
        if offer.answered_at is not None:
            return offer.answered_at
    return case.opened_at
