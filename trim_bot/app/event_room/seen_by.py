"""Who may plan an event, and whom of its people they see: never themselves, nor anybody they manage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from trim_bot.app.cases.entitled import LEADING, OfIncident, logged_incident
from trim_bot.app.event_room.briefings_seen import events_with_briefings
from trim_bot.app.events.planned import people_of, planned_event
from trim_bot.app.events.tell_in_person import was_part_of
from trim_bot.app.people.eligible import who_manages, whom_they_manage
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import IncidentId, MemberId
from trim_bot.domain.incidents import Chosen, Directness, Exposure, Incident
from trim_bot.domain.people import Member
from trim_bot.domain.planned_events import PlannedEvent, PlannedState, PlannedStep
from trim_bot.domain.policy import POLICY

Person = tuple[Exposure, Member]
"""Somebody who was part of an event: their exposure, and who they are."""


def people_seen(work: Work, id: IncidentId) -> list[Person]:
    """The people of an event whom whoever asks may see, by name."""
    found = people_of(work, id)
    hidden = {work.who.id, *whom_they_manage(work, work.who.id, [member.id for _, member in found])}
    return [(one, member) for one, member in found if member.id not in hidden]


def never_listed(work: Work, ids: Sequence[MemberId]) -> frozenset[MemberId]:
    """Those of some colleagues who stand in no list for whoever asks: whom they manage, and who manages them.

    Left out of one event's list alone, it would say that they, or somebody of theirs, were part of it.
    """
    return whom_they_manage(work, work.who.id, ids) | who_manages(work, ids, work.who.id)


def plans_event(work: Work, asked: OfIncident) -> None:
    """The event is planned first, whoever asks was no part of it, and may see at least one of its people."""
    incident = work.tx.get(Incident, asked.incident)
    if incident is None or planned_event(work, incident.id) is None:
        raise NotOpen("incident")
    if was_part_of(work, work.who.id, incident) or not people_seen(work, incident.id):
        raise NotOpen("incident")
    work.about(incident)


def may_correct(work: Work, asked: OfIncident) -> None:
    """Whoever asks logged the event, or leads and may plan it."""
    if work.who.roles & LEADING and planned_event(work, asked.incident) is not None:
        try:
            plans_event(work, asked)
        except NotOpen:
            logged_incident(work, asked)
    else:
        logged_incident(work, asked)


def people_to_correct(work: Work, incident: Incident) -> list[Person]:
    """Everybody who was part of it, for whoever logged it and typed them; for a lead those she may see."""
    return (
        people_of(work, incident.id) if incident.logged_by == work.who.id else people_seen(work, incident.id)
    )


def planned_events_seen(work: Work) -> list[tuple[PlannedEvent, Incident, list[Person]]]:
    """Each event that waits to be planned, with those whom whoever asks may see and to whom nothing went out.

    One whose group briefing is still to come is there as well, so that the briefing can be changed or called off.
    """
    steps = waits.open_steps(work, kind=PlannedStep.BY_ITSELF)
    briefed = events_with_briefings(work)
    ids = tuple(dict.fromkeys((*(IncidentId(step.subject) for step in steps), *briefed)))
    waiting = work.tx.find(PlannedEvent, incident_id=ids, order_by="opened_at", limit=None) if ids else []
    incidents = work.tx.get_many(Incident, [one.incident_id for one in waiting])
    found = []
    for one in waiting:
        incident = incidents.get(one.incident_id)
        if incident is None or was_part_of(work, work.who.id, incident):
            continue
        people = people_seen(work, incident.id)
        open_still = one.state is PlannedState.PLANNED
        left = [person for person in people if open_still and person[0].sent_at is None]
        if left or (people and incident.id in briefed):
            found.append((one, incident, left))
    return found


def own_leaflet(work: Work, asked: OfIncident) -> None:
    """Something to read was left for whoever asks, and not taken back."""
    exposure = leaflet_of(work, asked.incident)
    if exposure is None:
        raise NotOpen("leaflet")
    work.about(work.who.member)


def leaflet_of(work: Work, id: IncidentId) -> Exposure | None:
    """The exposure for which a leaflet was left for whoever asks, after one event."""
    found = work.tx.find(Exposure, incident_id=id, member_id=work.who.id)
    return next((one for one in found if is_leaflet(one)), None)


def leaflets_of(work: Work) -> list[tuple[Exposure, datetime]]:
    """What was left for whoever asks to read and is still of use, with when (UTC)."""
    found = work.tx.find(Exposure, member_id=work.who.id)
    left = [(one, one.sent_at) for one in found if is_leaflet(one)]
    since = work.now - POLICY.leaflet_waits
    return [(one, at) for one, at in left if at is not None and at > since]


def is_leaflet(exposure: Exposure) -> bool:
    """Whether a leaflet went out for an exposure that was no mistake."""
    sent = exposure.chosen is Chosen.LEAFLET and exposure.sent_at is not None
    return sent and exposure.directness is not Directness.MISTAKEN


def digest_of(people: Iterable[Person]) -> str:
    """A digest of what somebody has seen of an event, so that nobody overwrites what another has chosen since."""
    stands = [(one.id, one.chosen, one.sent_at, one.directness) for one, _ in people]
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:16]
