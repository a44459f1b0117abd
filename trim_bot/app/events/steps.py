"""What waits after an event: somebody's answer to an offer, and people to be told in person."""

from __future__ import annotations

from trim_bot.app.events.commands import OpenCallSheet, OpenContact, OpenOffer
from trim_bot.app.events.tell_in_person import own_call_row, rows_for
from trim_bot.app.seam.work import Concerned, Next, StepRule, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.steps import Step, StepKind


def tells(work: Work, offer: str) -> bool:
    """Whether whom to tell may be shown to whoever asks without their taking it first."""
    try:
        own_call_row(work, {"offer": offer})
    except NotOpen:
        return False
    return True


def _offer(work: Work, step: Step) -> Next:
    return OpenOffer(step.subject)


def _to_tell(work: Work, step: Step) -> Next:
    """The form for the one person of an event who is to be told, else the event's call sheet. Raises NotOpen."""
    offer = work.tx.get(Offer, step.subject)
    incident = work.tx.get(Incident, offer.incident_id) if offer is not None else None
    rows = rows_for(work, incident) if incident is not None else []
    if incident is None or not rows:
        raise NotOpen("offer")
    if len(rows) == 1 and tells(work, rows[0].offer.id):
        return OpenContact(rows[0].offer.id)
    return OpenCallSheet(incident.id)


def _can_be_answered(work: Work, step: Step) -> bool:
    offer = work.tx.get(Offer, step.subject)
    return offer is not None and offer.state in (OfferState.WAITING, OfferState.NOT_NOW)


def _exposed(work: Work, step: Step) -> Concerned:
    offer = work.tx.get(Offer, step.subject)
    return Concerned(offer.member_id, (offer.incident_id,)) if offer else Concerned()


STEPS = (
    StepRule(
        StepKind.OFFER,
        "Something is offered to you",
        _offer,
        still_wanted=_can_be_answered,
        concerns=_exposed,
        # What they answered stays theirs to look at.
        once_ended=_offer,
    ),
    StepRule(
        StepKind.CONTACT,
        "Someone to tell in person",
        _to_tell,
        still_wanted=_can_be_answered,
        concerns=_exposed,
    ),
)
