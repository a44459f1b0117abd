"""One's own profile: hours as people write them, zone, how to be reached, and being away."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import time

from trim_bot.app.chats.own_chats import choose_place, chosen_place, places_of
from trim_bot.app.handover.commands import SaveProfile
from trim_bot.app.handover.leave import first_day_away, last_day_away, serves, shown_room, with_leave
from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.own.commands import PutZoneAside
from trim_bot.app.own.profile_screens import MAIN, Kept, profile_form
from trim_bot.app.people.capacity import note_staffing
from trim_bot.app.people.eligible import is_away
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenProfile
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.waiting.steady import hears_daily
from trim_bot.domain.calendar import DayHours, WorkingHours, known_zone
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.people import Member, Reach


def open_profile(work: Work, command: OpenProfile) -> Screen:
    """The profile as it stands."""
    me = _member(work)
    hours, days = write_hours(me.hours)
    return profile_form(
        Kept(
            zone=me.zone,
            hours=hours,
            days=days,
            phone=me.phone,
            reach=me.reach,
            best_time=me.best_time,
            away_from=first_day_away(work, me),
            away_until=last_day_away(work, me),
            sites=_sites(work),
            site=work.place_of(me).id or MAIN,
            availability=shown_room(work, me) if serves(work) else None,
            language=me.language,
            languages=work.site.languages,
            site_zone=work.place_of(me).zone,
            places=tuple((one, label) for one, label in places_of(work, me)),
            first=chosen_place(work, me),
            changes=None if hears_daily(work, me.id) else me.told_of_changes,
        ),
    )


def save(work: Work, command: SaveProfile) -> Outcome:
    """Keep the profile; somebody who is away from now on gives what waits for them to the next in line."""
    me = _member(work)
    saved = replace(
        me,
        zone=_zone(command),
        hours=_hours(work, command),
        phone=command.phone,
        reach=Reach(command.reach),
        best_time=command.best_time,
        place="" if command.place == MAIN else command.place or me.place,
        language=command.language or me.language,
        asked=True,
        told_of_changes=me.told_of_changes if hears_daily(work, me.id) else command.changes,
    )
    saved = with_leave(work, saved, command)
    work.tx.save(saved)
    if (saved.availability, saved.on_leave) != (me.availability, me.on_leave):
        note_staffing(work.tx, work.now)
    if command.first:
        choose_place(work, me, command.first)
    if is_away(work, saved) and not is_away(work, me):
        move_on(work, me.id, saved.away_until)
    return Outcome("profile_saved")


def _sites(work: Work) -> tuple[tuple[str, str], ...]:
    if not work.site.places:
        return ()
    return ((MAIN, work.site.name), *((place.id, place.name) for place in work.site.places))


def asked_zone(work: Work, me: Member) -> str:
    """The zone that is used for somebody who is still to be asked for theirs; empty when there is nothing to ask."""
    return "" if me.zone or me.hours is not None or me.asked else work.place_of(me).zone


def put_zone_aside(work: Work, command: PutZoneAside) -> Outcome:
    """Not asked again."""
    work.tx.save(replace(_member(work), asked=True))
    return Outcome("zone_put_aside")


def _zone(command: SaveProfile) -> str:
    if command.zone and not known_zone(command.zone):
        raise Invalid(zone=mending.ZONE_UNKNOWN)
    return command.zone


def _hours(work: Work, command: SaveProfile) -> WorkingHours | None:
    try:
        hours = read_hours(command.hours, command.days, command.zone or work.zone.key)
    except HoursNotRead:
        raise Invalid(hours=mending.HOURS_NOT_READ) from None
    if hours is not None and not any(hours.week):
        raise Invalid(days=mending.CHOOSE_AT_LEAST_ONE)
    return hours


def _member(work: Work) -> Member:
    if work.who.member is None:
        raise NotOpen("signed_out")
    return work.who.member


SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|to)\s*(\d{1,2})[:.](\d{2})", re.ASCII)
SEPARATOR = re.compile(r"\s*[,;\n]\s*|\s+and\s+")
MONDAY_TO_FRIDAY = ("0", "1", "2", "3", "4")


class HoursNotRead(ValueError):
    """The text is not hours; it is not repeated here."""

    def __init__(self) -> None:
        super().__init__("These hours could not be read")


def read_hours(text: str, days: Collection[str], zone: str) -> WorkingHours | None:
    """Hours for some weekdays (`0` is Monday) in an IANA zone; None for empty text.

    Several stretches are separated by commas; one that ends at or before its start runs into the next day.
    Raises HoursNotRead.
    """
    if not text.strip():
        return None
    spans = tuple(_span(part) for part in SEPARATOR.split(text.strip()))
    return WorkingHours(zone, tuple(spans if str(day) in days else () for day in range(7)))


def write_hours(hours: WorkingHours | None) -> tuple[str, tuple[str, ...]]:
    """The hours of the first worked day, and the worked days; empty and Monday to Friday for none."""
    if hours is None:
        return "", MONDAY_TO_FRIDAY
    worked = tuple(str(day) for day, spans in enumerate(hours.week) if spans)
    spans: DayHours = hours.week[int(worked[0])] if worked else ()
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans), worked


def _span(text: str) -> tuple[time, time]:
    found = SPAN.fullmatch(text.strip())
    if found is None:
        raise HoursNotRead
    numbers = [int(group) for group in found.groups()]
    try:
        return time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except ValueError:
        raise HoursNotRead from None
