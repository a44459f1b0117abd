"""Who may take a case or a request, and whether there is room and staff for it: one file, since both are
asked of one team.

Each rule is asked of several people at once and answers with those it lets through, in the order given: all of a team
are read in as few questions as one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from trim_bot.app.people.roster import TAKE_WORK
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import Concerned, UnitOfWork, Work
from trim_bot.domain.cases import Case, CaseLine, CaseState
from trim_bot.domain.figures import week_of
from trim_bot.domain.ids import IncidentId, MemberId
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.people import (
    Account,
    Availability,
    Grant,
    Member,
    ReportingLine,
    Role,
    Training,
    leave_lasts,
)
from trim_bot.domain.records import Measure, Staffing
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.site import Site

LINE = "reporting_line"
SERVING = TAKE_WORK
SERVES = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})


def with_role(work: UnitOfWork, *roles: Role) -> list[MemberId]:
    """Members holding any of these roles, in a fixed order."""
    grants = work.tx.find(Grant, role=tuple(roles))
    return sorted({grant.member_id for grant in grants})


def who_serves(work: UnitOfWork, ids: Iterable[MemberId]) -> list[MemberId]:
    """Those who hold a role that takes work now."""
    asked = tuple(ids)
    found = work.tx.find(Grant, member_id=asked, role=SERVING) if asked else []
    serving = {grant.member_id for grant in found}
    return [id for id in asked if id in serving]


def serves(work: UnitOfWork, id: MemberId) -> bool:
    """Whether somebody holds a role that takes work now."""
    return bool(who_serves(work, (id,)))


def who_is_still_here(work: UnitOfWork, ids: Iterable[MemberId]) -> list[Member]:
    """Those who are there and serve: none who have left, or hold no role that takes work."""
    asked = tuple(ids)
    members = work.tx.get_many(Member, asked)
    here = [id for id in asked if id in members and not members[id].left]
    return [members[id] for id in who_serves(work, here)]


def still_here(work: UnitOfWork, id: MemberId | None) -> Member | None:
    """Whoever holds something, while they are there and serve; None once they have left, or hold no such role."""
    return next(iter(who_is_still_here(work, (id,) if id is not None else ())), None)


def who_is_in_date(work: UnitOfWork, ids: Iterable[MemberId]) -> list[MemberId]:
    """Those whose newest training attestation has not run out on today's date at the site."""
    return _in_date_on(work.tx, ids, today(work))


def lapsed_on(work: UnitOfWork, id: MemberId) -> date | None:
    """The last day of training that has run out since; None while it counts, or where none was ever recorded."""
    newest = work.tx.find(Training, member_id=id, order_by="-trained_on", limit=1)
    ended = newest[0].expires_on if newest else None
    return ended if ended is not None and ended < today(work) else None


def in_date(work: Work, id: MemberId) -> bool:
    """Whether the newest training attestation has not run out on today's date at the site."""
    return bool(who_is_in_date(work, (id,)))


def today(work: UnitOfWork) -> date:
    """Today's date where the site is."""
    return work.now.astimezone(work.zone_of(None)).date()


def is_away(work: UnitOfWork, member: Member) -> bool:
    """Whether a member said they are away, and that has begun."""
    return member.availability is Availability.AWAY or leave_lasts(member, work.now)


def manages(work: UnitOfWork, manager: MemberId, person: MemberId) -> bool:
    """Whether imported reporting lines say that one is the other's manager, or their manager's manager, and so on."""
    return bool(who_manages(work, (manager,), person))


def who_manages(work: UnitOfWork, ids: Iterable[MemberId], person: MemberId) -> frozenset[MemberId]:
    """Those who stand above a person in the imported reporting lines, at any height.

    Lines hold keyed digests only, so the walk upwards goes from digest to digest, once for all of them.
    """
    return _managers_of_each(work, tuple(ids), (person,)).get(person, frozenset())


def people_below(work: UnitOfWork, manager: MemberId) -> frozenset[str]:
    """Digests of everybody below somebody in the reporting lines, at any depth; empty for most.

    For lists: one walk down stands for a walk up from each person.
    """
    found: set[str] = set()
    level = known_by(work.tx, manager)
    while level:
        lines = work.tx.find(ReportingLine, manager=tuple(sorted(level)))
        level = {line.person for line in lines} - found
        found |= level
    return frozenset(found)


def is_among(work: Work, below: frozenset[str], person: MemberId | None) -> bool:
    """Whether a person is one of those whom `people_below` found."""
    return bool(below) and person is not None and not below.isdisjoint(known_by(work.tx, person))


def who_is_free(work: UnitOfWork, ids: Iterable[MemberId], about: Concerned) -> list[MemberId]:
    """Those in whose way no relationship stands: not oneself, not one's manager, not exposed too, not unwanted."""
    return who_is_free_of_each(work, ids, (about,))[0]


def who_is_free_of_each(
    work: UnitOfWork, ids: Iterable[MemberId], abouts: Sequence[Concerned]
) -> list[list[MemberId]]:
    """`who_is_free` for each of several, in as many statements as for one."""
    asked = tuple(ids)
    managers = _managers_of_each(work, asked, {about.person for about in abouts if about.person is not None})
    incidents = {one for about in abouts for one in about.incidents}
    exposed = _exposed_to_each(work, asked, tuple(sorted(incidents)))

    def free(about: Concerned) -> list[MemberId]:
        unwanted = {about.person, *about.refused}
        above = managers.get(about.person, frozenset()) if about.person is not None else frozenset()
        with_them = {id for one in about.incidents for id in exposed.get(one, ())}
        return [id for id in asked if nothing_between(id, unwanted, above, with_them)]

    return [free(about) for about in abouts]


def _managers_of_each(
    work: UnitOfWork, ids: Sequence[MemberId], people: Collection[MemberId]
) -> dict[MemberId, frozenset[MemberId]]:
    """Which of some members stand above each of these people, by one walk upwards for all of them."""
    if not ids or not people:
        return {}
    starts = who_is_known_by(work.tx, tuple(sorted(people)))
    above: dict[str, set[str]] = {}
    level = frozenset(digest for digests in starts.values() for digest in digests)
    while level:
        lines = work.tx.find(ReportingLine, person=tuple(sorted(level)))
        above.update({digest: set() for digest in level})
        for line in lines:
            above[line.person].add(line.manager)
        level = frozenset(line.manager for line in lines) - above.keys()
    if not any(above.values()):
        return {}
    known = who_is_known_by(work.tx, tuple(ids))
    tops = {person: _reached(above, digests) for person, digests in starts.items()}
    return {
        person: frozenset(id for id in ids if not top.isdisjoint(known[id])) for person, top in tops.items()
    }


def _reached(above: Mapping[str, Collection[str]], starts: Iterable[str]) -> frozenset[str]:
    """All that lies above some digests, at any height."""
    found: set[str] = set()
    level = set(starts)
    while level:
        level = {manager for digest in level for manager in above.get(digest, ())} - found
        found |= level
    return frozenset(found)


def nothing_between(
    id: MemberId,
    unwanted: Collection[MemberId | None],
    managers: Collection[MemberId],
    exposed: Collection[MemberId],
) -> bool:
    """The rule itself: not the person or somebody they refused (`unwanted`), above them, or exposed too."""
    return id not in unwanted and id not in managers and id not in exposed


def conflict_free(work: UnitOfWork, id: MemberId, about: Concerned) -> bool:
    """Whether no relationship stands in somebody's way."""
    return bool(who_is_free(work, (id,), about))


def who_may_take(work: UnitOfWork, ids: Iterable[MemberId], about: Concerned) -> list[MemberId]:
    """Those practitioners who may take something new about these people, by room of their own and the site's limit.

    In the order given, and at the cost of asking for one of them however many they are.
    """
    return who_has_room(work, who_could_take(work, ids, about))


def may_take(work: UnitOfWork, id: MemberId, about: Concerned) -> bool:
    """Whether a practitioner may take something new about these people, by room of their own and the site's limit."""
    return bool(who_may_take(work, (id,), about))


def who_could_take(work: UnitOfWork, ids: Iterable[MemberId], about: Concerned) -> list[MemberId]:
    """Those practitioners who may take something new about these people but for the site's limit.

    A lead may go beyond that on purpose.
    """
    asked = tuple(ids)
    members = work.tx.get_many(Member, asked)
    here = [id for id in asked if id in members and _takes_new_work(work, members[id])]
    able = who_is_in_date(work, who_serves(work, here))
    return who_is_free(work, able, about)


def could_take(work: UnitOfWork, id: MemberId, about: Concerned) -> bool:
    """Whether a practitioner may take something new, but for the site's limit."""
    return bool(who_could_take(work, (id,), about))


def known_by(tx: Tx, id: MemberId) -> set[str]:
    """What reporting lines call somebody: digests of their addresses, those they took off included."""
    return who_is_known_by(tx, (id,))[id]


def who_is_known_by(tx: Tx, ids: Iterable[MemberId]) -> dict[MemberId, set[str]]:
    """What reporting lines call each of these members."""
    asked = tuple(dict.fromkeys(ids))
    members = tx.get_many(Member, asked)
    known = {id: set(members[id].lines if id in members else ()) for id in asked}
    for account in tx.find(Account, member_id=asked):
        known[account.member_id].add(line_key(tx, account.address))
    return known


def line_key(tx: Tx, address: str) -> str:
    """What reporting lines call an address."""
    return tx.keyed(LINE, address)


def whom_they_manage(work: UnitOfWork, manager: MemberId, people: Iterable[MemberId]) -> frozenset[MemberId]:
    """Those of some people whom somebody manages, at any depth. For lists: one walk down and no look at most."""
    below = people_below(work, manager)
    known = who_is_known_by(work.tx, people) if below else {}
    return frozenset(id for id, digests in known.items() if not below.isdisjoint(digests))


def events_they_were_part_of(work: UnitOfWork, id: MemberId) -> frozenset[IncidentId]:
    """The events somebody went through themselves, directly or not."""
    found = work.tx.find(Exposure, member_id=id)
    return frozenset(one.incident_id for one in found if one.directness is not Directness.MISTAKEN)


def _takes_new_work(work: UnitOfWork, member: Member) -> bool:
    return not member.left and member.availability is Availability.ROOM and not is_away(work, member)


def _exposed_to_each(
    work: UnitOfWork, ids: Sequence[MemberId], incidents: tuple[IncidentId, ...]
) -> dict[IncidentId, set[MemberId]]:
    """Who of some members went through each of these events themselves, directly or not."""
    found = work.tx.find(Exposure, incident_id=incidents, member_id=tuple(ids)) if incidents and ids else []
    exposed: dict[IncidentId, set[MemberId]] = {}
    for one in found:
        if one.directness is not Directness.MISTAKEN:
            exposed.setdefault(one.incident_id, set()).add(one.member_id)
    return exposed


CAN_SAY_YES = (OfferState.WAITING, OfferState.NOT_NOW)


def loads(work: UnitOfWork, ids: Iterable[MemberId]) -> dict[MemberId, int]:
    """Open cases each of these holds, and requests they have taken that are no case yet."""
    asked = tuple(ids)
    if not asked:
        return {}
    cases = work.tx.tally(Case, "holder", holder=asked, state=CaseState.OPEN)
    requests = work.tx.tally(SupportRequest, "taken_by", taken_by=asked, state=RequestState.TAKEN)
    return {id: cases.get(id, 0) + requests.get(id, 0) for id in asked}


def loads_seen_by(work: UnitOfWork, viewer: MemberId, ids: Iterable[MemberId]) -> dict[MemberId, int]:
    """The same as `loads`, but for what is about the viewer or somebody they manage: that is not theirs to count."""
    asked = tuple(ids)
    hidden: Counter[MemberId] = Counter()
    pieces: list[tuple[MemberId | None, MemberId | None]] = []
    if asked:
        cases = work.tx.lines(CaseLine, Case, holder=asked, state=CaseState.OPEN)
        pieces += [(one.member_id, one.holder) for one in cases]
        taken = work.tx.find(SupportRequest, taken_by=asked, state=RequestState.TAKEN)
        pieces += [(one.member_id, one.taken_by) for one in taken]
    managed = whom_they_manage(work, viewer, dict.fromkeys(about for about, _ in pieces if about is not None))
    hidden.update(
        holder for about, holder in pieces if holder is not None and (about == viewer or about in managed)
    )
    return {id: held - hidden[id] for id, held in loads(work, asked).items()}


def load(work: UnitOfWork, id: MemberId) -> int:
    """Open cases somebody holds, and requests they have taken that are no case yet."""
    return loads(work, (id,))[id]


def who_has_room(work: UnitOfWork, ids: Iterable[MemberId]) -> list[MemberId]:
    """Those whom the site's limit lets hold one more, in the order given."""
    return [id for id, held in loads(work, ids).items() if held < work.site.most_open_cases]


def has_room(work: UnitOfWork, id: MemberId) -> bool:
    """Whether the site's limit lets somebody hold one more."""
    return bool(who_has_room(work, (id,)))


def room_to_offer(work: UnitOfWork, id: MemberId) -> int:
    """In how many more offers somebody can be named: each that names them already may still become a case."""
    named = work.tx.tally(Offer, "proposed", proposed=id, state=CAN_SAY_YES)
    return max(0, work.site.most_open_cases - load(work, id) - named.get(id, 0))


def is_short(site: Site, staffing: Staffing) -> bool:
    """Whether staffing is below the declared minimum: practitioners in date and not away, and leads with deputies."""
    here = staffing.in_date - staffing.away
    return here < site.least_practitioners or staffing.leads + staffing.deputies < site.least_leads


def note_staffing(tx: Tx, now: datetime) -> None:
    """Mark this week if staffing is too low at this moment (`now`, UTC); once is enough."""
    site = tx.get_many(Site, ["site"]).get("site")
    if site is None:
        return
    today = now.astimezone(ZoneInfo(site.zone)).date()
    if not tx.counts.totals(week_of(today))[Measure.UNDERSTAFFED] and is_short(
        site, staffing_now(tx, today, now)
    ):
        tx.count(Measure.UNDERSTAFFED, today)


def staffing_now(tx: Tx, today: date, now: datetime) -> Staffing:
    """Staffing with training as it stands on a day, and leave as its dates say at `now` (UTC).

    The figures read no sealed day, and so are only as true as the last sweep.
    """
    kept = tx.counts.staffing(today)
    rooms = Counter(
        {
            Availability.ROOM: kept.with_room,
            Availability.FULL: kept.full,
            Availability.AWAY: kept.away,
        }
    )
    granted = {grant.member_id for grant in tx.find(Grant, role=Role.PRACTITIONER)}
    members = tx.get_many(Member, sorted(granted))
    moved = [id for id, one in members.items() if not one.left and leave_lasts(one, now) is not one.on_leave]
    for id in _in_date_on(tx, moved, today):
        member = members[id]
        rooms[_room(member, on_leave=member.on_leave)] -= 1
        rooms[_room(member, on_leave=not member.on_leave)] += 1
    return replace(
        kept,
        with_room=rooms[Availability.ROOM],
        full=rooms[Availability.FULL],
        away=rooms[Availability.AWAY],
    )


def _room(member: Member, *, on_leave: bool) -> Availability:
    return Availability.AWAY if on_leave else member.availability


def _in_date_on(tx: Tx, ids: Iterable[MemberId], day: date) -> list[MemberId]:
    asked = tuple(ids)
    newest: dict[MemberId, Training] = {}
    for one in tx.find(Training, member_id=asked, order_by="-trained_on") if asked else ():
        newest.setdefault(one.member_id, one)
    return [id for id in asked if id in newest and newest[id].expires_on >= day]
