"""Room and leave: away until one says otherwise, or until a day, after which it ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from trim_bot.app.commands.own import SaveProfile
from trim_bot.app.eligible import SERVING, is_away
from trim_bot.app.screens import mending
from trim_bot.app.work import Work
from trim_bot.domain.calendar import at_local
from trim_bot.domain.errors import Invalid
from trim_bot.domain.people import Availability, Member


def serves(work: Work) -> bool:
    """Whether whoever is asking holds a role that takes work."""
    return bool(work.who.roles.intersection(SERVING))


def with_leave(work: Work, me: Member, command: SaveProfile) -> Member:
    """The member with the room and leave that were typed. Raises Invalid.

    Away with a last day ends by itself: the room declared before counts again the day after.
    """
    back_at = _back_at(work, me, command)
    if not serves(work):
        return replace(me, away_until=back_at)
    chosen = Availability(command.availability)
    if chosen is not Availability.AWAY:
        if back_at is not None:
            raise Invalid(away_until=mending.AWAY_OR_NOT)
        return replace(me, availability=chosen, away_until=None)
    if back_at is None:
        return replace(me, availability=chosen, away_until=None)
    before = Availability.ROOM if me.availability is Availability.AWAY else me.availability
    return replace(me, availability=before, away_until=back_at)


def _back_at(work: Work, me: Member, command: SaveProfile) -> datetime | None:
    """Midnight after the last day away, in their zone."""
    if command.away_until is None:
        return None
    zone = work.zone_of(me)
    today = work.now.astimezone(zone).date()
    if command.away_until < today:
        raise Invalid(away_until=mending.DATE_PASSED)
    if command.away_until > today + timedelta(days=366):
        raise Invalid(away_until=mending.DATE_TOO_FAR)
    return at_local(command.away_until + timedelta(days=1), time(), zone.key)


def last_day_away(work: Work, me: Member) -> str:
    """ISO date of the last day away, or empty when they are not, or without an end."""
    if me.away_until is None or me.away_until <= work.now:
        return ""
    return (me.away_until - timedelta(seconds=1)).astimezone(work.zone_of(me)).date().isoformat()


def shown_room(work: Work, me: Member) -> Availability:
    """Room as the form shows it: away also while leave with an end lasts."""
    return Availability.AWAY if is_away(work, me) else me.availability
