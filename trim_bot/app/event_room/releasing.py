"""Lets what was chosen go out, by a lead or by the clock: each once, and nothing to whoever is not here any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from trim_bot.app.event_room.briefings_seen import invites_to, to_be_held
from trim_bot.app.event_room.proposing import reached
from trim_bot.app.event_room.seen_by import Person
from trim_bot.app.events.exposed import make_offer
from trim_bot.app.events.planned import ask_another, planned_event, undecided
from trim_bot.app.seam.work import Subject, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.read_ahead import read_people
from trim_bot.domain.briefings import Briefing, BriefingInvite
from trim_bot.domain.ids import BriefingInviteId, IncidentId, MemberId, new_id
from trim_bot.domain.incidents import Chosen, Directness, Exposure, Incident
from trim_bot.domain.people import Member
from trim_bot.domain.planned_events import PlannedState, PlannedStep
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Rung, Step, StepState

GOES_OUT = (Chosen.TALK, Chosen.BRIEFING, Chosen.LEAFLET)


@dataclass(frozen=True, slots=True)
class Sent:
    """How many of each went out."""

    talks: int = 0
    leaflets: int = 0
    briefings: int = 0


def can_go(work: UnitOfWork, incident: Incident, people: Iterable[Person]) -> list[Person]:
    """Those for whom something was chosen that has not gone out; a briefing only while there is one to come."""
    goes = GOES_OUT if to_be_held(work, incident.id) is not None else (Chosen.TALK, Chosen.LEAFLET)
    return [one for one in people if one[0].chosen in goes and one[0].sent_at is None]


def send(
    work: UnitOfWork, incident: Incident, people: Sequence[Person], holders: Mapping[MemberId, MemberId]
) -> Sent:
    """Let what is chosen for these people go out. `holders` are those named in an offer, by whom it is for.

    Somebody who has lost every account since gets an offer of a talk, in person, in place of something to read.
    """
    read_people(work, (member.id for _, member in people))
    pages = reached(work, people)
    briefing = to_be_held(work, incident.id)
    invited = {one.member_id: one for one in invites_to(work, briefing)} if briefing is not None else {}
    talks = leaflets = briefings = 0
    for exposure, member in people:
        chosen = exposure.chosen if member.id in pages else Chosen.TALK
        work.tx.save(replace(exposure, chosen=chosen, sent_at=work.now))
        if chosen is Chosen.LEAFLET:
            waits.begin(work, PlannedStep.LEAFLET, exposure.id, Rung.PERSON, member.id)
            leaflets += 1
        elif chosen is Chosen.BRIEFING and briefing is not None:
            invite = _invited(work, briefing, member, invited)
            waits.begin(work, PlannedStep.BRIEFING, invite.id, Rung.PERSON, member.id)
            briefings += 1
        else:
            make_offer(work, incident, member, holders.get(member.id))
            talks += 1
    return Sent(talks, leaflets, briefings)


def _invited(
    work: UnitOfWork, briefing: Briefing, member: Member, before: Mapping[MemberId, BriefingInvite]
) -> BriefingInvite:
    """One invitation a person: told of it again, since it was called off between, they answer anew."""
    found = before.get(member.id)
    if found is not None:
        again = replace(found, told_at=work.now, answer=None)
        work.tx.save(again)
        return again
    invite = BriefingInvite(BriefingInviteId(new_id()), member.key_id, briefing.id, member.id, work.now)
    work.tx.add(invite)
    return invite


def settle(work: Work, incident: Incident, seen: Sequence[Person]) -> None:
    """After a release: it is over once something went to everybody; whom the asker may not see waits for another lead.

    For whom nothing is chosen yet, whoever released it has decided that; the clock looks again at its time.
    """
    left = undecided(work, incident.id)
    if not left:
        _over(work, incident, StepState.DONE)
        return
    known = {member.id for _, member in seen}
    if any(member.id not in known for _, member in left):
        ask_another(work, incident, work.who.id)
    else:
        waits.end(work, StepState.DONE, kind=PlannedStep.TO_PLAN, subject=incident.id)


def go_by_itself(work: UnitOfWork, step: Step) -> None:
    """At its time all that was chosen goes out, and those directly involved for whom nothing was get an offer.

    Whom a group briefing was chosen for that is off or past gets what would be proposed without one.
    """
    incident = work.tx.get(Incident, IncidentId(step.subject))
    if incident is None:
        return
    briefed = to_be_held(work, incident.id) is not None
    people = [(_by_degree(one, briefed=briefed), member) for one, member in undecided(work, incident.id)]
    send(work, incident, can_go(work, incident, people), {})
    _over(work, incident, StepState.CANCELLED)
    work.journal(Action.OFFERED, step.kind.value, Subject(incident.key_id, incident.id))


def _by_degree(exposure: Exposure, *, briefed: bool) -> Exposure:
    lost = exposure.chosen is Chosen.BRIEFING and not briefed
    nothing = exposure.chosen not in GOES_OUT or lost
    if nothing and exposure.directness is Directness.DIRECT:
        return replace(exposure, chosen=Chosen.TALK)
    if lost:
        return replace(exposure, chosen=Chosen.LEAFLET)
    return exposure


def _over(work: UnitOfWork, incident: Incident, ended: StepState) -> None:
    found = planned_event(work, incident.id)
    if found is not None:
        work.tx.save(replace(found, state=PlannedState.RELEASED, released_at=work.now))
    for kind in (PlannedStep.TO_PLAN, PlannedStep.BY_ITSELF):
        waits.end(work, ended, kind=kind, subject=incident.id)
