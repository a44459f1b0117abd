"""Who serves at this moment: the kept figures, put right for leave that began or ended since the last sweep."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.people import Availability, Grant, Member, Role, Training, leave_lasts
from trim_bot.domain.records import Staffing


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
    for member in tx.find(Member, id=tuple(sorted(granted)), left=False) if granted else ():
        lasts = leave_lasts(member, now)
        if lasts is not member.on_leave and _in_date(tx, member, today):
            rooms[_room(member, on_leave=member.on_leave)] -= 1
            rooms[_room(member, on_leave=lasts)] += 1
    return replace(
        kept,
        with_room=rooms[Availability.ROOM],
        full=rooms[Availability.FULL],
        away=rooms[Availability.AWAY],
    )


def _room(member: Member, *, on_leave: bool) -> Availability:
    return Availability.AWAY if on_leave else member.availability


def _in_date(tx: Tx, member: Member, today: date) -> bool:
    newest = tx.find(Training, member_id=member.id, order_by="-trained_on", limit=1)
    return bool(newest) and newest[0].expires_on >= today
