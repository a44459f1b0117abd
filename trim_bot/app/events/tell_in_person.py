"""Whom chat cannot reach: which rows of an event's call sheet somebody may see, and who has each of them.

A row is shared between whoever logged the event, leads, and whoever the ladder has given it to, until one of them
takes it. From then on it is theirs alone. Nobody who was part of the event sees any, and nobody one of a person they
manage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from trim_bot.app.cases.entitled import LEADING, OfIncident, OfOffer
from trim_bot.app.people.eligible import conflict_free, is_among, people_below
from trim_bot.app.seam.work import Concerned, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.app.waiting.ladder import note_left
from trim_bot.app.waiting.read_ahead import read_people
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import IncidentId, MemberId, OfferId
from trim_bot.domain.incidents import Directness, Exposure, Incident, Offer
from trim_bot.domain.people import Member
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person who is still to be told, for whoever asks."""

    step: Step
    offer: Offer
    taker: MemberId | None
    """Whoever has it for themselves alone, or None."""
    number: int
    """Its place among the people of the event, from 1; the same for everybody."""

    def is_free(self) -> bool:
        """Whether anybody who sees it may take it."""
        return self.taker is None


def rows_for(work: Work, incident: Incident) -> list[SheetRow]:
    """The rows that are still open and that whoever asks may see, in the order of the sheet."""
    me = work.who.id
    if was_part_of(work, me, incident):
        return []
    offers = sorted(work.tx.find(Offer, incident_id=incident.id), key=lambda one: (one.made_at, one.id))
    numbers = {offer.id: number for number, offer in enumerate(offers, 1)}
    known = {offer.id: offer for offer in offers}
    subjects = tuple(known)
    steps = work.tx.find(Step, kind=StepKind.CONTACT, subject=subjects, state=OPEN_STATES) if subjects else []
    shared = incident.logged_by == me or bool(work.who.roles & LEADING)
    below = people_below(work, me)
    rows: list[SheetRow] = []
    for step in steps:
        offer = known[OfferId(step.subject)]
        mine = shared or step.holder == me
        if mine and offer.member_id != me and not is_among(work, below, offer.member_id):
            rows.append(SheetRow(step, offer, taker_of(step, offer), numbers[offer.id]))
    return sorted(rows, key=lambda row: row.number)


def taker_of(step: Step, offer: Offer) -> MemberId | None:
    """Whoever took a row; once the ladder has moved it on from them, it is shared again."""
    return offer.taken_by if offer.taken_by is not None and offer.taken_by == step.holder else None


def was_part_of(work: Work, id: MemberId, incident: Incident) -> bool:
    """Whether somebody was exposed to the event themselves."""
    found = work.tx.find(Exposure, incident_id=incident.id, member_id=id)
    return any(one.directness is not Directness.MISTAKEN for one in found)


def offers_behind(work: Work, steps: Iterable[Step]) -> Mapping[str, Offer]:
    """The offers that some steps of telling in person are about, by id."""
    ids = tuple(step.subject for step in steps)
    return {offer.id: offer for offer in work.tx.find(Offer, id=ids)} if ids else {}


def take(work: Work, row: SheetRow) -> None:
    """Put a free row into the asker's hands. They are at it now, so they are next told a rung later."""
    note_left(work, row.step)
    due = working_days_on(work, work.who.member, work.site.rung_working_days)
    work.tx.save(replace(row.offer, taken_by=work.who.id))
    work.tx.save(
        replace(
            row.step, state=StepState.TOLD, rung=Rung.ASSIGNED, holder=work.who.id, due_at=due, reminders=1,
            lease_until=None, unowned_since=None,
        )
    )  # fmt: skip


def give(work: Work, row: SheetRow, to: MemberId) -> None:
    """Put a free row into somebody else's hands, theirs alone; they are told when their hours allow."""
    work.tx.save(replace(row.offer, taken_by=to))
    waits.pass_to(work, row.step, Rung.ASSIGNED, to)


def hold_back(work: Work, row: SheetRow, of: MemberId) -> None:
    """Let a row that nobody can be given look taken, until the next working day: then it is free again.

    It stands under somebody who may not ring them, and so does not see it; rows given back come free like that, too.
    """
    note_left(work, row.step)
    work.tx.save(replace(row.offer, taken_by=of))
    work.tx.save(
        replace(
            row.step, state=StepState.TOLD, rung=Rung.ASSIGNED, holder=of, due_at=working_days_on(work, None, 1),
            reminders=1, lease_until=None, unowned_since=None,
        )
    )  # fmt: skip


def may_tell(work: Work, id: MemberId, offer: Offer) -> bool:
    """Whether nothing stands between somebody and the person: not themselves, no line, not part of the event."""
    member = work.tx.get(Member, id)
    here = member is not None and not member.left
    return here and conflict_free(work, id, Concerned(offer.member_id, (offer.incident_id,)))


@dataclass(frozen=True, slots=True)
class Event:
    """An event with people who are still to be told, as far as whoever asks may see them."""

    incident: IncidentId
    ended_at: datetime
    many: int
    unowned: int
    """How many of them have come to the end of the ladder."""
    free: int
    """How many nobody has taken."""


def read_events(work: Work, ids: tuple[IncidentId, ...]) -> None:
    """Read together what the sheets of some events need; each then finds its own among it."""
    if ids:
        work.tx.find(Exposure, incident_id=ids, member_id=work.who.id)
        read_people(work, (offer.member_id for offer in work.tx.find(Offer, incident_id=ids)))


def events_to_tell(work: Work) -> list[Event]:
    """Every event whose call sheet is open to whoever asks, those without an owner first."""
    steps = waits.open_steps(work, kind=StepKind.CONTACT)
    ids = tuple(dict.fromkeys(offer.incident_id for offer in offers_behind(work, steps).values()))
    incidents = work.tx.get_many(Incident, ids)
    read_events(work, ids)
    found: list[Event] = []
    for id, incident in incidents.items():
        if rows := rows_for(work, incident):
            unowned = sum(row.step.rung is Rung.NOBODY for row in rows)
            found.append(
                Event(id, incident.ended_at, len(rows), unowned, sum(row.taker is None for row in rows))
            )
    return sorted(found, key=lambda event: (not event.unowned, event.incident))


def as_typed(work: Work, incident: Incident, member: Member) -> tuple[str, str, str]:
    """Name, phone and best time of somebody exposed, as whoever logged the event wrote them.

    Of somebody who was picked from a list, the name alone: the rest is theirs.
    """
    return typed_of(work, incident, [member.id])[member.id]


def typed_of(
    work: Work, incident: Incident, ids: Sequence[MemberId]
) -> Mapping[MemberId, tuple[str, str, str]]:
    """The same of several by id, at the cost of one; of somebody who is not there any more, nothing."""
    exposures = work.tx.find(Exposure, incident_id=incident.id, member_id=tuple(ids)) if ids else []
    typed = {one.member_id: (one.name, one.phone, one.best_time) for one in reversed(exposures) if one.name}
    members = work.tx.get_many(Member, [id for id in ids if id not in typed])
    picked = {id: (members[id].name if id in members else "", "", "") for id in ids}
    return picked | typed


def move_on_from(work: Work, incident: Incident, added: Iterable[Member]) -> None:
    """Somebody found to be part of the event tells nobody else of it: what they had goes to others."""
    for member in added:
        for step in waits.open_steps(work, kind=StepKind.CONTACT, holder=member.id):
            offer = work.tx.get(Offer, OfferId(step.subject))
            if offer is not None and offer.incident_id == incident.id:
                climb(work, step)


def call_sheet(work: Work, asked: OfIncident) -> None:
    """Logged the event, or may see a row of its sheet; never somebody who was part of it themselves."""
    incident = work.tx.get(Incident, asked.incident)
    if incident is None or was_part_of(work, work.who.id, incident):
        raise NotOpen("incident")
    if incident.logged_by != work.who.id and not rows_for(work, incident):
        raise NotOpen("incident")
    work.about(incident)


def call_row(work: Work, asked: OfOffer) -> None:
    """May see the row; whether it is still to be had, the sheet says."""
    row_of(work, asked.offer)


def own_call_row(work: Work, asked: OfOffer) -> None:
    """Has taken the row, or logged the event while nobody has."""
    _check_tells(work, row_of(work, asked.offer))


def tells(work: Work, offer: OfferId) -> bool:
    """Whether whom to tell may be shown to whoever asks without their taking it first."""
    try:
        _check_tells(work, row_of(work, offer))
    except NotOpen:
        return False
    return True


def _check_tells(work: Work, row: SheetRow) -> None:
    """Raise NotOpen unless whoever asks may see whom a row is about and record what they said."""
    incident = work.tx.get(Incident, row.offer.incident_id)
    logged = incident is not None and incident.logged_by == work.who.id
    if row.taker != work.who.id and not (logged and row.taker is None):
        raise NotOpen("offer")


def row_of(work: Work, id: OfferId) -> SheetRow:
    """The row of an offer, as far as whoever asks may see it; names it for the journal. Raises NotOpen."""
    offer = work.tx.get(Offer, id)
    incident = work.tx.get(Incident, offer.incident_id) if offer is not None else None
    rows = rows_for(work, incident) if incident is not None else []
    for row in rows:
        if row.offer.id == id:
            work.about(row.offer)
            return row
    raise NotOpen("offer")
