"""Who may take a case or a request: trained, free of conflict, and not someone the person does not want."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trim_bot.app.people.capacity import has_room
from trim_bot.app.people.roster import TAKE_WORK
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import Work
from trim_bot.domain.ids import IncidentId, MemberId
from trim_bot.domain.incidents import Directness, Exposure
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

LINE = "reporting_line"
SERVING = TAKE_WORK
SERVES = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})


def with_role(work: Work, *roles: Role) -> list[MemberId]:
    """Members holding any of these roles, in a fixed order."""
    grants = work.tx.find(Grant, role=tuple(roles))
    return sorted({grant.member_id for grant in grants})


def serves(work: Work, id: MemberId) -> bool:
    """Whether somebody holds a role that takes work now."""
    return bool(work.tx.find(Grant, member_id=id, role=SERVING, limit=1))


def still_here(work: Work, id: MemberId | None) -> Member | None:
    """Whoever holds something, while they are there and serve; None once they have left, or hold no such role."""
    member = work.tx.get(Member, id) if id is not None else None
    return member if member is not None and not member.left and serves(work, member.id) else None


def in_date(work: Work, id: MemberId) -> bool:
    """Whether the newest training attestation has not run out on today's date at the site."""
    newest = work.tx.find(Training, member_id=id, order_by="-trained_on", limit=1)
    return bool(newest) and newest[0].expires_on >= today(work)


def today(work: Work) -> date:
    """Today's date where the site is."""
    return work.now.astimezone(work.zone_of(None)).date()


def is_away(work: Work, member: Member) -> bool:
    """Whether a member said they are away, and that has begun."""
    return member.availability is Availability.AWAY or leave_lasts(member, work.now)


def manages(work: Work, manager: MemberId, person: MemberId) -> bool:
    """Whether imported reporting lines say that one is the other's manager, or their manager's manager, and so on.

    Lines hold keyed digests only, so the walk upwards goes from digest to digest.
    """
    above = _managers_of(work, known_by(work.tx, person))
    if not above:
        return False
    boss = known_by(work.tx, manager)
    seen: set[str] = set()
    while above - seen:
        if above & boss:
            return True
        seen |= above
        above = _managers_of(work, above)
    return False


def people_below(work: Work, manager: MemberId) -> frozenset[str]:
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


def _managers_of(work: Work, level: set[str]) -> set[str]:
    lines = work.tx.find(ReportingLine, person=tuple(sorted(level))) if level else []
    return {line.manager for line in lines}


def conflict_free(
    work: Work,
    id: MemberId,
    person: MemberId | None,
    incidents: Iterable[IncidentId],
    refused: Iterable[MemberId],
) -> bool:
    """No relationship stands in the way: not oneself, not one's manager, not exposed too, not unwanted."""
    if id == person or id in tuple(refused):
        return False
    if person is not None and manages(work, id, person):
        return False
    return not any(
        exposure.directness is not Directness.MISTAKEN
        for incident in incidents
        for exposure in work.tx.find(Exposure, incident_id=incident, member_id=id)
    )


def may_take(
    work: Work,
    id: MemberId,
    person: MemberId | None,
    incidents: Iterable[IncidentId] = (),
    refused: Iterable[MemberId] = (),
) -> bool:
    """Whether a practitioner may take something new from this person, by room of their own and the site's limit."""
    return could_take(work, id, person, incidents, refused) and has_room(work, id)


def could_take(
    work: Work,
    id: MemberId,
    person: MemberId | None,
    incidents: Iterable[IncidentId] = (),
    refused: Iterable[MemberId] = (),
) -> bool:
    """The same without the site's limit, beyond which a lead may go on purpose."""
    member = work.tx.get(Member, id)
    return (
        member is not None
        and not member.left
        and member.availability is Availability.ROOM
        and not is_away(work, member)
        and serves(work, id)
        and in_date(work, id)
        and conflict_free(work, id, person, incidents, refused)
    )


def known_by(tx: Tx, id: MemberId) -> set[str]:
    """What reporting lines call somebody: digests of their addresses, those they took off included."""
    member = tx.get(Member, id)
    taken_off = member.lines if member is not None else ()
    return {line_key(tx, account.address) for account in tx.find(Account, member_id=id)} | set(taken_off)


def line_key(tx: Tx, address: str) -> str:
    """What reporting lines call an address."""
    return tx.keyed(LINE, address)
