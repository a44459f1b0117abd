"""Puts an incident right: the time it ended, who was exposed, an offer made by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app import waits
from trim_bot.app.commands.incidents import CorrectIncident, OpenIncident, OpenLogged
from trim_bot.app.handlers.exposed import ended_at, members_at, offer_to, unlisted_people
from trim_bot.app.handlers.found import get_incident
from trim_bot.app.handlers.stages import plan_stage, settings_of
from trim_bot.app.screens import incidents as screens
from trim_bot.app.screens import mending
from trim_bot.app.views import View
from trim_bot.app.work import Outcome, Work
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.errors import Invalid
from trim_bot.domain.incidents import Directness, Exposure, Incident, Offer, OfferState
from trim_bot.domain.people import Member
from trim_bot.domain.steps import StepState
from workflows.engine import schedule

UNANSWERED = (OfferState.WAITING, OfferState.NOT_NOW, OfferState.NO_REPLY)
SHOWN = 10


def open_logged(work: Work, command: OpenLogged) -> View:
    """The newest incidents one has logged."""
    logged = work.tx.find(Incident, logged_by=work.who.id, order_by="-logged_at", limit=SHOWN)
    kinds = {kind.id: kind.label for kind in work.site.kinds}
    rows = tuple((one.id, kinds.get(one.kind, one.kind), one.ended_at) for one in logged)
    return screens.logged_page(work.sign, rows, work.zone)


def open_incident(work: Work, command: OpenIncident) -> View:
    """The form for putting it right: people by name, and nothing of how they answered."""
    incident = get_incident(work, command.incident)
    people = tuple((member.id, member.name) for member in _exposed(work, incident))
    return screens.incident_form(work.sign, incident, people, work.zone)


def correct(work: Work, command: CorrectIncident) -> Outcome:
    """Change the time, add people, take back offers not answered yet."""
    incident = get_incident(work, command.incident)
    ended = ended_at(work, command.ended_on, command.ended_at)
    exposed = {member.id for member in _exposed(work, incident)}
    added = members_at(work, command.more, "more")
    if exposed & {member.id for member in added}:
        raise Invalid(more=mending.PERSON_TWICE)
    added += unlisted_people(work, command.unlisted)
    if ended != incident.ended_at:
        incident = replace(incident, ended_at=ended)
        work.tx.save(incident)
        _move_windows(work, incident, ended)
    for id in command.take_out:
        _take_out(work, incident, id)
    for member in added:
        offer_to(work, incident, member, Directness.DIRECT, None)
    return Outcome("incident_corrected", {"incident": incident.id})


def _exposed(work: Work, incident: Incident) -> list[Member]:
    exposures = work.tx.find(Exposure, incident_id=incident.id)
    members = (work.tx.get(Member, exposure.member_id) for exposure in exposures)
    return sorted((one for one in members if one is not None), key=lambda one: (one.name.casefold(), one.id))


def _take_out(work: Work, incident: Incident, member_id: str) -> None:
    """Take one person out, unless they have said yes: then the case is theirs to end."""
    for offer in work.tx.find(Offer, incident_id=incident.id, member_id=member_id, state=UNANSWERED):
        work.tx.save(replace(offer, state=OfferState.WITHDRAWN))
        waits.end(work, StepState.CANCELLED, subject=offer.id)
        for exposure in work.tx.find(Exposure, incident_id=incident.id, member_id=member_id):
            work.tx.drop(Exposure, exposure.id)


def _move_windows(work: Work, incident: Incident, ended: datetime) -> None:
    """Work the windows of its open cases out again, for what has not been held."""
    for offer in work.tx.find(Offer, incident_id=incident.id, state=OfferState.ACCEPTED):
        case = work.tx.get(Case, offer.case_id) if offer.case_id is not None else None
        if case is None or case.state is not CaseState.OPEN:
            continue
        others = [work.tx.get(Incident, id) for id in case.incidents if id != incident.id]
        last = max([ended, *(one.ended_at for one in others if one is not None)])
        moved = replace(case, exposure_ended=last)
        work.tx.save(moved)
        definition = work.definitions.programmes[case.programme]
        planned = {one.stage for one in work.tx.find(CheckIn, case_id=case.id, state=CheckInState.PLANNED)}
        for stage in schedule(
            definition,
            exposure_ended=last,
            opened_at=case.opened_at,
            zone=work.zone_of(work.tx.get(Member, case.member_id)),
            settings=settings_of(work.site, definition),
        ):
            if stage.stage_id in planned:
                plan_stage(work, moved, stage)
