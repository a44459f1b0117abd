"""Room and leave: away until one says otherwise, or until a day, after which it ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from trim_bot.app.handover.commands import SaveProfile
from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.people.eligible import SERVING, is_away, note_staffing
from trim_bot.app.seam import mending
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.domain.errors import Invalid
from trim_bot.domain.people import Availability, Grant, Member, leave_lasts
from trim_bot.domain.policy import POLICY
from trim_bot.domain.zones import at_local


def serves(work: Work) -> bool:
    """Whether whoever is asking holds a role that takes work."""
    return bool(work.who.roles.intersection(SERVING))


def with_leave(work: Work, me: Member, command: SaveProfile) -> Member:
    """The member with the room and leave that were typed. Raises Invalid.

    Away with a last day ends by itself: the room declared before counts again the day after.
    """
    back_at = _back_at(work, me, command)
    begins = _begins(work, me, command)
    if begins is not None and (back_at is None or back_at <= begins):
        raise Invalid(away_until=mending.AWAY_IN_ORDER)
    me = replace(me, away_from=begins, away_until=back_at)
    me = replace(me, on_leave=leave_lasts(me, work.now))
    chosen = command.availability
    if not serves(work) or chosen is None:
        return me
    if chosen is not Availability.AWAY:
        if back_at is not None and begins is None:
            raise Invalid(away_until=mending.AWAY_OR_NOT)
        return replace(me, availability=chosen)
    if back_at is None:
        return replace(me, availability=chosen)
    before = Availability.ROOM if me.availability is Availability.AWAY else me.availability
    return replace(me, availability=before)


def begin_and_end_leaves(work: UnitOfWork) -> datetime | None:
    """Leave that was entered ahead begins: what waits for whoever is away now goes to the next in line.

    Figures count somebody as away from then until the last day is over. Returns when leave begins or ends next (UTC),
    if any does.
    """
    coming: list[datetime] = []
    serving = {grant.member_id for grant in work.tx.find(Grant, role=SERVING)}
    for id, member in work.tx.get_many(Member, sorted(serving)).items():
        begins = member.away_from is not None and member.away_from <= work.now
        now = replace(
            member,
            away_from=None if begins else member.away_from,
            on_leave=leave_lasts(member, work.now),
        )
        if now != member:
            work.tx.save(now)
        if begins and is_away(work, now):
            move_on(work, id, now.away_until)
        coming += [at for at in (now.away_from, now.away_until) if at is not None and at > work.now]
    note_staffing(work.tx, work.now)
    return min(coming, default=None)


def _begins(work: Work, me: Member, command: SaveProfile) -> datetime | None:
    """The first moment of the first day away, in their zone; None where that is today or was not said."""
    if command.away_from is None:
        return None
    zone = work.zone_of(me)
    today = work.now.astimezone(zone).date()
    return at_local(command.away_from, time(), zone.key) if command.away_from > today else None


def _back_at(work: Work, me: Member, command: SaveProfile) -> datetime | None:
    """Midnight after the last day away, in their zone."""
    if command.away_until is None:
        return None
    zone = work.zone_of(me)
    today = work.now.astimezone(zone).date()
    if command.away_until < today:
        raise Invalid(away_until=mending.DATE_PASSED)
    if command.away_until > today + POLICY.longest_day_ahead:
        raise Invalid(away_until=mending.DATE_TOO_FAR)
    return at_local(command.away_until + timedelta(days=1), time(), zone.key)


def first_day_away(work: Work, me: Member) -> str:
    """ISO date of the first day of leave that is to come, or empty."""
    if me.away_from is None or me.away_from <= work.now:
        return ""
    return me.away_from.astimezone(work.zone_of(me)).date().isoformat()


def last_day_away(work: Work, me: Member) -> str:
    """ISO date of the last day away, or empty when they are not, or without an end."""
    if me.away_until is None or me.away_until <= work.now:
        return ""
    return (me.away_until - timedelta(seconds=1)).astimezone(work.zone_of(me)).date().isoformat()


def shown_room(work: Work, me: Member) -> Availability:
    """Room as the form shows it: away also while leave with an end lasts."""
    return Availability.AWAY if is_away(work, me) else me.availability
