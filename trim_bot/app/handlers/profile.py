"""One's own profile: hours, zone, how to be reached, and being away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from trim_bot.app.commands.own import OpenProfile, SaveProfile
from trim_bot.app.eligible import SERVING, is_away
from trim_bot.app.handlers.moving_on import move_on
from trim_bot.app.screens import mending
from trim_bot.app.screens.profile import Kept, profile_form
from trim_bot.app.usual_hours import HoursNotRead, read_hours, write_hours
from trim_bot.app.views import View
from trim_bot.app.work import Outcome, Work
from trim_bot.domain.calendar import WorkingHours, at_local, known_zone
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.people import Availability, Member, Reach


def open_profile(work: Work, command: OpenProfile) -> View:
    """The profile as it stands."""
    me = _member(work)
    hours, days = write_hours(me.hours)
    return profile_form(
        work.sign,
        Kept(
            zone=me.zone,
            hours=hours,
            days=days,
            phone=me.phone,
            reach=me.reach,
            best_time=me.best_time,
            away_until=_last_day(work, me),
            availability=_shown(work, me) if _serves(work) else None,
            language=me.language,
            languages=work.site.languages,
            site_zone=work.site.zone,
        ),
    )


def save(work: Work, command: SaveProfile) -> Outcome:
    """Keep the profile; somebody who is away from now on gives what waits for them to the next on the ladder.

    Away with a last day ends by itself: the room declared before counts again the day after.
    """
    me = _member(work)
    saved = replace(
        me,
        zone=_zone(command),
        hours=_hours(work, command),
        phone=command.phone,
        reach=Reach(command.reach),
        best_time=command.best_time,
        language=command.language or me.language,
    )
    saved = _away(work, saved, command)
    work.tx.save(saved)
    if is_away(work, saved) and not is_away(work, me):
        move_on(work, me.id, saved.away_until)
    return Outcome("profile_saved")


def _away(work: Work, me: Member, command: SaveProfile) -> Member:
    back_at = _back_at(work, me, command)
    if not _serves(work):
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


def _last_day(work: Work, me: Member) -> str:
    if me.away_until is None or me.away_until <= work.now:
        return ""
    return (me.away_until - timedelta(seconds=1)).astimezone(work.zone_of(me)).date().isoformat()


def _shown(work: Work, me: Member) -> Availability:
    return Availability.AWAY if is_away(work, me) else me.availability


def _zone(command: SaveProfile) -> str:
    if command.zone and not known_zone(command.zone):
        raise Invalid(zone=mending.ZONE_UNKNOWN)
    return command.zone


def _hours(work: Work, command: SaveProfile) -> WorkingHours | None:
    try:
        hours = read_hours(command.hours, command.days, command.zone or work.site.zone)
    except HoursNotRead:
        raise Invalid(hours=mending.HOURS_NOT_READ) from None
    if hours is not None and not any(hours.week):
        raise Invalid(days=mending.CHOOSE_AT_LEAST_ONE)
    return hours


def _serves(work: Work) -> bool:
    return bool(work.who.roles.intersection(SERVING))


def _member(work: Work) -> Member:
    if work.who.member is None:
        raise NotOpen("signed_out")
    return work.who.member
