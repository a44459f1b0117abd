"""Finds or enters the people named in a form, and makes each an offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.people.counting import count_person
from trim_bot.app.people.eligible import conflict_free
from trim_bot.app.people.meeting import greeting_id, is_at_home, meet, member_at
from trim_bot.app.people.staff_rows import still_here
from trim_bot.app.seam import mending
from trim_bot.app.seam.work import Concerned, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import contact_in_person
from trim_bot.app.waiting.read_ahead import read_people
from trim_bot.app.words.clocks import ReadBy, read_time, zone_chosen
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import MemberId, OfferId, PlaceId, new_id
from trim_bot.domain.incidents import Directness, Exposure, Incident, Offer, OfferState
from trim_bot.domain.listed_rows import PersonRow
from trim_bot.domain.people import Account, Address, Member, Profile
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Greeting, Measure
from trim_bot.domain.steps import Rung, StepKind


def ended_at(work: Work, clock: ReadBy, chosen: PlaceId | None, day: date, at: time) -> datetime:
    """When the exposure ended, UTC, from a day and time by the clock of a form, or the one chosen. Raises Invalid."""
    ended = read_time(clock, chosen, day, at)
    if ended > work.now:
        today = work.now.astimezone(ZoneInfo(zone_chosen(clock, chosen))).date()
        raise Invalid(**{"ended_on" if day > today else "ended_at": mending.DATE_IN_FUTURE})
    if work.now - ended > POLICY.longest_ago:
        raise Invalid(ended_on=mending.DATE_LONG_AGO)
    return ended


def members_at(work: Work, addresses: Iterable[Address], field: str) -> list[Member]:
    """The members with these addresses; people of the organisation's own workspaces are met.

    Raises Invalid at `field`, also for somebody unknown whose workspace belongs to nobody here.
    """
    found: list[Member] = []
    named = _read_ahead(work, addresses)
    for address in named:
        profile = work.profiles.get(address.text)
        member = member_at(work.tx, address)
        if (profile is not None and profile.left) or (member is not None and member.left):
            raise Invalid(**{field: _why_not(work, profile, member)})
        if member is None and not is_at_home(address, work.workspaces):
            raise Invalid(**{field: mending.PERSON_UNKNOWN})
        if member is None and profile is not None:
            member = meet(work.tx, profile, work.now)
        if member is None:
            text = mending.PERSON_UNKNOWN if address.workspace == "" else mending.PERSON_NOT_CHECKED
            raise Invalid(**{field: text})
        found.append(member)
    if len({member.id for member in found}) != len(found):
        raise Invalid(**{field: mending.PERSON_TWICE})
    return found


def _why_not(work: Work, profile: Profile | None, member: Member | None) -> str:
    """Of somebody who is about to be erased no more than if their platform had not answered: they work here, and can
    be named again once they are."""
    left = profile.left if profile is not None else member is None or not still_here(work.tx, {member.id})
    return mending.PERSON_LEFT if left else mending.PERSON_NOT_CHECKED


def _read_ahead(work: Work, addresses: Iterable[Address]) -> list[Address]:
    """Who has these addresses, and whether whoever has none of ours was greeted before; gives the addresses back."""
    named = list(addresses)
    if named:
        accounts = work.tx.find(Account, address=tuple(address.text for address in named))
        read_people(work, (account.member_id for account in accounts))
        known = {account.address for account in accounts}
        new = [address.text for address in named if address.text not in known]
        work.tx.expect_keys(len(new))
        work.tx.get_many(Greeting, [greeting_id(work.tx, text) for text in new])
    return named


def members_elsewhere(work: Work, ids: Iterable[MemberId], named: Iterable[Member]) -> list[Member]:
    """The members chosen from the list of those whom the asker's own chat cannot show.

    Raises Invalid for somebody who is named already, or is not here any more.
    """
    seen = {member.id for member in named}
    found: list[Member] = []
    asked = list(ids)
    members = work.tx.get_many(Member, asked)
    for id in asked:
        member = members.get(id)
        if member is None or member.left:
            raise Invalid(elsewhere=_why_not(work, None, member))
        if member.id in seen:
            raise Invalid(elsewhere=mending.PERSON_TWICE)
        found.append(member)
    return found


def end_for(work: UnitOfWork, incident: Incident, person: MemberId) -> datetime:
    """When an event ended for one of its people, UTC: their own time, or that of the event."""
    found = work.tx.find(Exposure, incident_id=incident.id, member_id=person)
    return next((one.ended_at for one in found if one.ended_at is not None), incident.ended_at)


def offer_to(
    work: Work,
    incident: Incident,
    member: Member,
    directness: Directness,
    proposed: MemberId | None,
    typed: PersonRow = PersonRow("", ""),  # noqa: B008 - frozen
) -> Offer:
    """Note an exposure and make the offer; somebody without an account is to be told in person.

    `typed` is what was written of somebody without an account; whoever logged the event sees that and no more.
    """
    note_exposure(work, incident, member, directness, typed)
    return make_offer(work, incident, member, proposed)


def note_exposure(
    work: UnitOfWork, incident: Incident, member: Member, directness: Directness, typed: PersonRow
) -> None:
    """Note that somebody was exposed; nothing goes out by it."""
    work.tx.add(
        Exposure(
            new_id(), incident.key_id, incident.id, member.id, directness, typed.name, typed.phone, typed.best_time
        )
    )  # fmt: skip


def make_offer(work: UnitOfWork, incident: Incident, member: Member, proposed: MemberId | None) -> Offer:
    """Make the offer to somebody whose exposure is noted, with a practitioner named where nothing stands between."""
    rules = work.definitions.programmes[incident.programme].offer
    if proposed is not None and not conflict_free(work, proposed, Concerned(member.id, (incident.id,))):
        proposed = None
    offer = Offer(
        OfferId(new_id()), member.key_id, incident.id, member.id, incident.programme, OfferState.WAITING, work.now,
        work.now + timedelta(days=rules.closes_after_days), proposed,
    )  # fmt: skip
    work.tx.add(offer)
    count_person(work, Measure.OFFERED, member.id)
    if work.tx.find(Account, member_id=member.id, limit=1):
        waits.begin(work, StepKind.OFFER, offer.id, Rung.PERSON, member.id)
    else:
        contact_in_person(work, offer.id)
    return offer
