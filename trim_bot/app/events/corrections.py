"""Puts an incident right: the time it ended, who was exposed, an offer made by mistake."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trim_bot.app.cases.replanning import recheck, replan
from trim_bot.app.cases.state import get_incident
from trim_bot.app.events import screens
from trim_bot.app.events.briefing_leaders import look_again_at_leader
from trim_bot.app.events.commands import CorrectIncident, OpenIncident, OpenLogged
from trim_bot.app.events.exposed import (
    end_for,
    ended_at,
    members_at,
    members_elsewhere,
    note_exposure,
    offer_to,
)
from trim_bot.app.events.planned import plan, planned_event, undecided
from trim_bot.app.events.tell_in_person import events_to_tell, move_on_from, typed_of
from trim_bot.app.people.meeting import unlisted_people
from trim_bot.app.people.other_chats import elsewhere
from trim_bot.app.people.screens import told_apart
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import newest_first, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.clocks import clock_of_event, zone_chosen
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Directness, Exposure, Incident, IncidentLine, Offer, OfferState
from trim_bot.domain.listed_rows import PersonRow
from trim_bot.domain.people import Member
from trim_bot.domain.steps import Rung, StepKind, StepState

UNANSWERED = (OfferState.WAITING, OfferState.NOT_NOW, OfferState.NO_REPLY)


def open_logged(work: Work, command: OpenLogged) -> Screen:
    """The incidents one has logged, those first of which people are still to be told, then the newest."""
    to_tell = {event.incident: event.many for event in events_to_tell(work)}
    lines = work.tx.lines(IncidentLine, Incident, logged_by=work.who.id)

    def place(line: IncidentLine) -> ListPlace:
        return placed(line.id not in to_tell, newest_first(line.logged_at), line.id)

    part = part_of(lines, place, command.after)
    logged = work.tx.get_many(Incident, [line.id for line in part.rows]).values()
    kinds = {kind.id: kind.label for kind in work.site.kinds}
    rows = (
        screens.Logged(one.id, kinds.get(one.kind, one.kind), one.ended_at, to_tell.get(one.id, 0))
        for one in logged
    )
    return screens.logged_page(part.holding(rows), work.zone)


def open_incident(work: Work, command: OpenIncident) -> Screen:
    """The form for putting it right: people by name, and nothing of how they answered."""
    incident = get_incident(work, command.incident)
    exposed = _exposed(work, incident)
    typed = typed_of(work, incident, [member.id for member in exposed])
    names = told_apart([typed[member.id][:2] for member in exposed])
    people = tuple((member.id, name) for member, name in zip(exposed, names, strict=True))
    others = elsewhere(work)
    return screens.incident_form(incident, people, clock_of_event(work, incident), others)


def correct(work: Work, command: CorrectIncident) -> Outcome:
    """Change the time, add people, take back offers not answered yet."""
    incident = get_incident(work, command.incident)
    clock = clock_of_event(work, incident)
    ended = ended_at(work, clock, command.clock, command.ended_on, command.ended_at)
    exposed = {member.id for member in _exposed(work, incident)}
    added = members_at(work, command.more, "more")
    if exposed & {member.id for member in added}:
        raise Invalid(more=mending.PERSON_TWICE)
    added += members_elsewhere(work, command.elsewhere, (*added, *_exposed(work, incident)))
    unlisted = {
        one.member.id: one for one in unlisted_people(work, command.unlisted) if one.member.id not in exposed
    }
    added += [one.member for one in unlisted.values()]
    moved = ended != incident.ended_at
    if moved:
        incident = replace(incident, ended_at=ended, zone=zone_chosen(clock, command.clock))
        work.tx.save(incident)
        move_windows(work, incident)
    for id in command.take_out:
        _take_out(work, incident, id)
    planned = planned_event(work, incident.id) is not None
    for member in added:
        if not _put_back(work, incident, member):
            typed = unlisted[member.id].typed if member.id in unlisted else PersonRow("", "")
            if planned:
                note_exposure(work, incident, member, Directness.DIRECT, typed)
            else:
                offer_to(work, incident, member, Directness.DIRECT, None, typed)
    if planned and added and undecided(work, incident.id):
        plan(work, incident)
    if added:
        _recheck_cases(work, incident)
        look_again_at_leader(work, incident.id)
        move_on_from(work, incident, added)
    told = {
        "planned": "yes" if planned else "no",
        "moved": "yes" if moved else "no",
        "added": str(len(added)),
        "out": str(len(command.take_out)),
    }
    return Outcome("incident_corrected", {"incident": incident.id} | told)


def _exposed(work: Work, incident: Incident) -> list[Member]:
    exposures = work.tx.find(Exposure, incident_id=incident.id)
    meant = (one for one in exposures if one.directness is not Directness.MISTAKEN)
    members = (work.tx.get(Member, exposure.member_id) for exposure in meant)
    return sorted((one for one in members if one is not None), key=lambda one: (one.name.casefold(), one.id))


def _take_out(work: Work, incident: Incident, member_id: MemberId) -> None:
    """Take one person off the list. An offer not answered is taken back; an answer stays theirs, and unseen."""
    for exposure in work.tx.find(Exposure, incident_id=incident.id, member_id=member_id):
        work.tx.save(replace(exposure, directness=Directness.MISTAKEN))
    for offer in work.tx.find(Offer, incident_id=incident.id, member_id=member_id, state=UNANSWERED):
        work.tx.save(replace(offer, state=OfferState.WITHDRAWN))
        waits.end(work, StepState.CANCELLED, subject=offer.id)


def _put_back(work: Work, incident: Incident, member: Member) -> bool:
    """Somebody taken out before is put back, with the offer they had; it is made once more at most."""
    found = work.tx.find(Exposure, incident_id=incident.id, member_id=member.id)
    for exposure in found:
        work.tx.save(replace(exposure, directness=Directness.DIRECT))
    for offer in work.tx.find(
        Offer, incident_id=incident.id, member_id=member.id, state=OfferState.WITHDRAWN
    ):
        work.tx.save(replace(offer, state=OfferState.WAITING, offered_again=True))
        if not offer.offered_again:
            waits.begin(work, StepKind.OFFER, offer.id, Rung.PERSON, member.id)
    return bool(found)


def move_windows(work: UnitOfWork, incident: Incident, of: Collection[MemberId] | None = None) -> None:
    """Work the windows of its open cases out again, for what has not been held; of some people alone, if given."""
    for offer in work.tx.find(Offer, incident_id=incident.id, state=OfferState.ACCEPTED):
        case = work.tx.get(Case, offer.case_id) if offer.case_id is not None else None
        if case is None or case.state is not CaseState.OPEN or (of is not None and offer.member_id not in of):
            continue
        replan(work, case, incident.id, end_for(work, incident, offer.member_id))


def _recheck_cases(work: Work, incident: Incident) -> None:
    """Somebody added may hold a case of the same event, which they no longer can."""
    for offer in work.tx.find(Offer, incident_id=incident.id, state=OfferState.ACCEPTED):
        case = work.tx.get(Case, offer.case_id) if offer.case_id is not None else None
        if case is not None and case.state is CaseState.OPEN:
            recheck(work, case)
