"""What is proposed for each person of an event beforehand, and who could hold the talks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from trim_bot.app.event_room.seen_by import Person, never_listed
from trim_bot.app.people.eligible import (
    loads_seen_by,
    room_to_offer,
    who_could_take,
    who_is_free_of_each,
    with_role,
)
from trim_bot.app.seam.work import Concerned, UnitOfWork, Work
from trim_bot.domain.ids import IncidentId, MemberId
from trim_bot.domain.incidents import Chosen, Directness
from trim_bot.domain.people import Account, Member, Role


def reached(work: UnitOfWork, people: Iterable[Person]) -> frozenset[MemberId]:
    """Those who have an account, so that something to read can be left for them."""
    ids = tuple(member.id for _, member in people)
    return frozenset(one.member_id for one in work.tx.find(Account, member_id=ids)) if ids else frozenset()


def proposed(directness: Directness, *, has_page: bool, briefed: bool = False) -> Chosen:
    """A talk for those directly involved; for those close to it the group briefing if there is one, else a leaflet.

    Nobody without a page is proposed what can only be found there.
    """
    if directness is Directness.DIRECT:
        return Chosen.TALK
    if briefed and has_page:
        return Chosen.BRIEFING
    return Chosen.LEAFLET if has_page else Chosen.NOTHING


def chosen_or_proposed(person: Person, pages: Collection[MemberId], *, briefed: bool = False) -> Chosen:
    """What stands in the field of somebody."""
    exposure, member = person
    lost = exposure.chosen is Chosen.BRIEFING and not briefed and exposure.sent_at is None
    if exposure.chosen is not None and not lost:
        return exposure.chosen
    return proposed(exposure.directness, has_page=member.id in pages, briefed=briefed)


@dataclass(frozen=True, slots=True)
class CouldHold:
    """A practitioner who could hold one of the talks, and how much they hold as far as whoever looks may count."""

    id: MemberId
    name: str
    holds: int


def who_could_hold(work: Work, incident: IncidentId, people: Sequence[MemberId]) -> list[CouldHold]:
    """Practitioners with room and nothing in the way of at least one of these people, the least busy first.

    Nobody whom whoever looks manages is among them, whether they were part of the event or not.
    """
    practitioners = with_role(work, Role.PRACTITIONER)
    hidden = never_listed(work, practitioners)
    able = who_could_take(work, practitioners, Concerned(None, (incident,)))
    able = [id for id in able if id not in hidden]
    free = who_is_free_of_each(work, able, [Concerned(person, (incident,)) for person in people])
    some = [id for id in able if any(id in ids for ids in free)]
    loads = loads_seen_by(work, work.who.id, some)
    members = work.tx.get_many(Member, some)
    found = [CouldHold(id, members[id].name, held) for id, held in loads.items() if id in members]
    with_room = [one for one in found if one.holds < work.site.most_open_cases]
    return sorted(with_room, key=lambda one: (one.holds, one.name.casefold(), one.id))


def shared_out(
    work: UnitOfWork, incident: IncidentId, people: Sequence[MemberId], holders: Sequence[MemberId]
) -> dict[MemberId, MemberId]:
    """For each person one of the holders, in turn, with room and nothing in the way; some have none."""
    able = who_could_take(work, holders, Concerned(None, (incident,)))
    room = {id: room_to_offer(work, id) for id in able}
    free = who_is_free_of_each(work, able, [Concerned(person, (incident,)) for person in people])
    named: dict[MemberId, MemberId] = {}
    given = dict.fromkeys(able, 0)
    for person, ids in zip(people, free, strict=True):
        open_to = [id for id in ids if given[id] < room[id]]
        if open_to:
            holder = min(open_to, key=lambda id: (given[id], able.index(id)))
            given[holder] += 1
            named[person] = holder
    return named
